// A server that has asked a client for its certificate after the handshake. RFC 9846 §4.7.2:
//
//   Certificate             -------->
//   CertificateVerify*
//   Finished
//
// "All of the client's messages for a given response MUST appear consecutively on the wire": so all of them
// are taken before the verifier is asked, and data goes on while it thinks.
#include "handshake/flows.hpp"

namespace handfast::handshake {

Flow server_authentication_flow(Context& hs, AskedClient asked, HashSecret base_key) {
  auto certificate = co_await hs.receive<message::Certificate>();  // §4.5.1
  auto presented = co_await read_late_certificates(hs, asked, certificate.value);
  asked.transcript.add(certificate.bytes());
  certificate = {};
  if (presented->chain.empty()) {
    auto refusal = co_await hs.receive<message::Finished>();
    auto agreed = co_await check_finished(base_key, refusal.value, asked.transcript);
    co_return hs.believe(agreed, ClientAnswer());
  }

  const keys::Transcript signed_part = asked.transcript;
  auto verify = co_await hs.receive<message::CertificateVerify>();  // §4.5.2
  asked.transcript.add(verify.bytes());
  auto finished = co_await hs.receive<message::Finished>();  // §4.5.3
  auto confirmed = co_await check_finished(base_key, finished.value, asked.transcript);
  auto verdict = co_await verify_client(hs, presented);
  auto chain = co_await accept_verdict(presented, std::move(verdict));
  auto proof = co_await check_client_signature(hs, std::move(chain), verify.value, signed_part);
  co_return hs.believe(confirmed, client_answer(std::move(proof)));
}

}  // namespace handfast::handshake
