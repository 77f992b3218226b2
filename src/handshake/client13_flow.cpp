// The client's TLS 1.3 handshake from the ServerHello on. RFC 9846 §2, §A.1:
//
//                           <--------      EncryptedExtensions
//                                          CertificateRequest*
//                                                 Certificate*  (or CompressedCertificate)
//                                           CertificateVerify*
//                                                     Finished
//   EndOfEarlyData*
//   Certificate*
//   CertificateVerify*
//   Finished                -------->
//
// A pre-shared key that both hold proves who the server is: then it shows no certificate and asks for none.
#include "handshake/client_psk.hpp"
#include "handshake/client_steps.hpp"
#include "handshake/flows.hpp"
#include "handshake/post_handshake_auth.hpp"

namespace handfast::handshake {

Flow client13_flow(Context& hs, SentHello hello, Message<message::ServerHello> answer, ServerAnswer choice,
                   std::optional<SelectedPsk> psk, keys::Transcript transcript) {
  auto shared = co_await finish_key_exchange(hello, answer.value);  // §4.3.8
  transcript.add(answer.bytes());
  const auto hash = choice.suite->hash;
  auto early = co_await take_early_secret(psk, hash);
  auto secrets = co_await derive_handshake_secrets(hs, hello.random, early, shared, transcript);  // §7.1
  // Before the first protected record, which may be an alert (§E.4).
  if (!choice.hello_retry) co_await send_change_cipher_spec(hs, hello);
  co_await install_handshake_keys(hs, hello, choice, secrets);

  auto extensions = co_await hs.receive<message::EncryptedExtensions>();  // §4.4.1
  auto parameters = co_await accept_encrypted_extensions(hs, hello, extensions.value, choice, psk);
  transcript.add(extensions.bytes());
  co_await settle_early_data(hs, hello, parameters, choice, secrets);  // §4.3.10

  std::optional<CertificateDemand> demand;
  std::optional<PeerProof> proof;
  if (!psk) {
    const ExpectedMessages certificates = certificate_messages(hs);
    ExpectedMessages expected = certificates;
    expected.add(HandshakeType::certificate_request);
    auto next = co_await hs.receive_among<message::CertificateRequest, message::Certificate,
                                          message::CompressedCertificate>(expected);
    if (std::holds_alternative<Message<message::CertificateRequest>>(next)) {  // §4.4.2
      auto request = std::get<Message<message::CertificateRequest>>(std::move(next));
      demand = co_await read_certificate_request(hs, parameters, request.value);
      transcript.add(request.bytes());
      next = co_await hs.receive_among<message::CertificateRequest, message::Certificate,
                                       message::CompressedCertificate>(certificates);
    }
    const CertificateMessage certificate = certificate_in(next);  // §4.5.1, RFC 8879 §4
    auto presented = co_await read_server_certificates(hs, parameters, certificate);
    transcript.add(bytes_of(next));
    auto verdict = co_await verify_server(hs, presented);
    auto chain = co_await accept_verdict(presented, std::move(verdict));
    auto signature = co_await hs.receive<message::CertificateVerify>();  // §4.5.2
    proof = co_await check_server_signature(hs, std::move(chain), signature.value, transcript);
    transcript.add(signature.bytes());
  } else if (verifies_again(hs, psk->key.session) && !parameters.early_data) {
    co_await verify_again(hs, psk);
  }

  auto finished = co_await hs.receive<message::Finished>();  // §4.5.3
  auto confirmed = co_await check_finished(secrets.server_traffic, finished.value, transcript);
  transcript.add(finished.bytes());
  auto application = co_await derive_application_secrets(hs, hello.random, secrets, transcript);
  co_await install_application_read_keys(hs, choice, application);

  if (parameters.early_data) {  // §4.6
    auto end = co_await make_end_of_early_data();
    co_await send(hs, transcript, end);
    co_await install_handshake_write_keys(hs, choice, secrets);
  }
  if (demand) {
    const CertificateDemand asked = *demand;
    auto own_certificate = co_await make_client_certificate(asked);
    co_await send(hs, transcript, own_certificate);
    if (asked.credential != nullptr) {
      auto content = co_await client_signed_content(transcript);
      auto own_signature = co_await sign(hs, asked, content);
      auto own_verify = co_await make_client_verify(asked, own_signature);
      co_await send(hs, transcript, own_verify);
    }
  }
  auto own_finished = co_await make_finished(secrets.client_traffic, transcript);
  co_await send(hs, transcript, own_finished);
  co_await install_application_write_keys(hs, choice, application);
  auto outcome = co_await client_outcome(hs, choice, std::move(parameters), std::move(proof), psk, demand);
  co_await expect_tickets(hs, outcome, psk, application, transcript);  // §4.7.1
  expect_request(hs, outcome, transcript);                             // §4.7.2
  co_return hs.establish(confirmed, with_exporter(std::move(outcome), std::move(application)));
}

}  // namespace handfast::handshake
