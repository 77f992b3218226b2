// The server's TLS 1.3 handshake from the choice on. RFC 9846 §2, §A.2:
//
//                                                  ServerHello
//                                          EncryptedExtensions
//                                          CertificateRequest*
//                                                 Certificate*
//                                           CertificateVerify*
//                           <--------                 Finished
//   EndOfEarlyData*
//   Certificate*
//   CertificateVerify*
//   Finished                -------->
//                           <--------        NewSessionTicket*
//
// A pre-shared key that both hold proves who they are: then no certificates are shown.
#include "handshake/flows.hpp"
#include "handshake/post_handshake_auth.hpp"
#include "handshake/server_psk.hpp"
#include "handshake/server_steps.hpp"

namespace handfast::handshake {

Flow server13_flow(Context& hs, Message<message::ClientHello> hello, Negotiated choice,
                   std::optional<SelectedPsk> psk, keys::Transcript transcript, bool hello_retry) {
  auto exchange = co_await answer_key_share(hs, choice, hello.value);  // §4.3.8
  auto server_hello = co_await make_server_hello(hs, choice, hello.value, exchange, psk);
  co_await send(hs, transcript, server_hello);
  if (!hello_retry) co_await answer_change_cipher_spec(hs, hello.value);  // §E.4
  const HelloSummary client = summarize(hs, hello.value, psk);
  hello = {};

  const auto hash = choice.suite->hash;
  auto early = co_await take_early_secret(psk, hash);
  auto secrets =
      co_await derive_handshake_secrets(hs, client.random, early, exchange.secret, transcript);  // §7.1
  co_await install_handshake_keys(hs, choice, secrets, psk);
  auto extensions = co_await make_encrypted_extensions(hs, choice, client);  // §4.4.1
  co_await send(hs, transcript, extensions);
  if (!psk) {
    co_await send_certificate_request(hs, transcript);                    // §4.4.2
    auto certificate = co_await make_server_certificate(choice, client);  // §4.5.1
    co_await send(hs, transcript, certificate);
    auto content = co_await server_signed_content(transcript);
    auto signature = co_await sign(hs, choice, content);
    auto verify = co_await make_server_verify(choice, signature);  // §4.5.2
    co_await send(hs, transcript, verify);
  }
  auto finished = co_await make_finished(secrets.server_traffic, transcript);  // §4.5.3
  co_await send(hs, transcript, finished);
  auto application = co_await derive_application_secrets(hs, client.random, secrets, transcript);
  co_await install_application_write_keys(hs, choice, application);

  if (takes_early_data(psk)) {  // §4.6
    auto end = co_await hs.receive<message::EndOfEarlyData>();
    transcript.add(end.bytes());
    co_await install_handshake_read_keys(hs, choice, secrets);
  }
  std::optional<PeerProof> proof;
  if (!psk && asks_for_certificate(hs)) {
    const ExpectedMessages expected = certificate_messages(hs);
    auto answer = co_await hs.receive_among<message::Certificate, message::CompressedCertificate>(expected);
    const CertificateMessage certificate = certificate_in(answer);  // RFC 8879 §4
    auto presented = co_await read_client_certificates(hs, choice, certificate);
    transcript.add(bytes_of(answer));
    if (!presented->chain.empty()) {
      auto verdict = co_await verify_client(hs, presented);
      auto chain = co_await accept_verdict(presented, std::move(verdict));
      auto client_verify = co_await hs.receive<message::CertificateVerify>();
      proof = co_await check_client_signature(hs, std::move(chain), client_verify.value, transcript);
      transcript.add(client_verify.bytes());
    }
  }

  auto client_finished = co_await hs.receive<message::Finished>();
  auto confirmed = co_await check_finished(secrets.client_traffic, client_finished.value, transcript);
  co_await install_application_read_keys(hs, choice, application);
  transcript.add(client_finished.bytes());
  auto outcome = co_await server_outcome(choice, client, hello_retry, std::move(proof), psk);
  co_await send_tickets(hs, choice, client, outcome, application, transcript);  // §4.7.1
  allow_requests(hs, client, outcome, transcript);                              // §4.7.2
  co_return hs.establish(confirmed, with_exporter(std::move(outcome), std::move(application)));
}

}  // namespace handfast::handshake
