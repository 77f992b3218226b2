// A client that is asked for its certificate after the handshake. RFC 9846 §4.7.2:
//
//                           <--------          CertificateRequest
//   Certificate
//   CertificateVerify*
//   Finished                -------->
//
// Must not send: by the time of the signature the keys may be others, so Finished is made where they are, and
// the messages go together ("with no intervening messages").
#include "handshake/flows.hpp"

namespace handfast::handshake {

Flow client_authentication_flow(Context& hs, keys::Transcript transcript) {
  auto request = co_await hs.receive<message::CertificateRequest>();  // §4.4.2
  auto demand = co_await read_late_request(hs, request.value);
  transcript.add(request.bytes());
  request = {};

  auto certificate = co_await make_client_certificate(demand);  // §4.5.1
  transcript.add(certificate);
  ByteString verify;
  if (demand.credential != nullptr) {
    auto content = co_await client_signed_content(transcript);
    auto signature = co_await sign(hs, demand, content);
    verify = co_await make_client_verify(demand, signature);  // §4.5.2
    transcript.add(verify);
  }
  auto hash = co_await transcript.current();
  PreparedAnswer answer{std::move(certificate), std::move(verify), hash};
  co_return hs.answer(std::move(answer));
}

}  // namespace handfast::handshake
