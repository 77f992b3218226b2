// The client's TLS 1.2 handshake from the ServerHello on. RFC 5246 §7.3, figure 1:
//
//                                                 Certificate
//                                          CertificateStatus*
//                                          ServerKeyExchange*
//                                         CertificateRequest*
//                           <--------         ServerHelloDone
//   Certificate*
//   ClientKeyExchange
//   CertificateVerify*
//   [ChangeCipherSpec]
//   Finished                -------->
//                                           NewSessionTicket*
//                                          [ChangeCipherSpec]
//                           <--------                Finished
#include "handshake/client12_session.hpp"
#include "handshake/client12_steps.hpp"
#include "handshake/client_steps.hpp"
#include "handshake/flows.hpp"

namespace handfast::handshake {

Flow client12_flow(Context& hs, SentHello hello, Message<message::ServerHello> answer) {
  auto choice = co_await accept_server_hello12(hs, hello, answer.value);  // §7.4.1.3
  const bool may_sign = !hs.client().credentials.empty();
  Transcript12 transcript(choice.suite->hash, may_sign);
  co_await add_hellos(transcript, hello, answer);

  auto certificate = co_await hs.receive<message::Certificate12>();  // §7.4.2
  auto certificates = co_await read_server_certificates12(choice, certificate.value);
  co_await add(transcript, certificate);

  auto expected = after_certificate(choice);
  auto next = co_await hs.receive_among<message::CertificateStatus, message::ServerKeyExchange,
                                        message::CertificateRequest12, message::ServerHelloDone>(expected);
  if (std::holds_alternative<Message<message::CertificateStatus>>(next)) {  // RFC 6066 §8
    auto status = std::get<Message<message::CertificateStatus>>(std::move(next));
    co_await add_staple(certificates, status.value);
    co_await add(transcript, status);
    expected = after_status(choice);
    next = co_await hs.receive_among<message::CertificateStatus, message::ServerKeyExchange,
                                     message::CertificateRequest12, message::ServerHelloDone>(expected);
  }
  Message<message::ServerKeyExchange> parameters;
  if (std::holds_alternative<Message<message::ServerKeyExchange>>(next)) {  // §7.4.3
    parameters = std::get<Message<message::ServerKeyExchange>>(std::move(next));
    co_await add(transcript, parameters);
    expected = after_key_exchange();
    next = co_await hs.receive_among<message::CertificateStatus, message::ServerKeyExchange,
                                     message::CertificateRequest12, message::ServerHelloDone>(expected);
  }
  std::optional<CertificateDemand> demand;
  if (std::holds_alternative<Message<message::CertificateRequest12>>(next)) {  // §7.4.4
    auto request = std::get<Message<message::CertificateRequest12>>(std::move(next));
    demand = co_await read_certificate_request12(hs, request.value);
    co_await add(transcript, request);
    expected = after_request();
    next = co_await hs.receive_among<message::CertificateStatus, message::ServerKeyExchange,
                                     message::CertificateRequest12, message::ServerHelloDone>(expected);
  }
  auto done = std::get<Message<message::ServerHelloDone>>(std::move(next));  // §7.4.5
  co_await add(transcript, done);

  // The server is believed, and its parameters are, before anything is answered.
  auto presented = co_await present(hs, choice, std::move(certificates));
  auto verdict = co_await verify_server(hs, presented);
  auto chain = co_await accept_verdict(presented, std::move(verdict));
  auto exchange = co_await exchange_keys(hs, choice, std::move(chain), parameters);
  co_await send_client_certificate12(hs, transcript, demand);  // §7.4.6
  co_await send(hs, transcript, exchange.message);             // §7.4.7
  auto secret = co_await derive_main_secret(hs, choice, exchange, transcript);
  if (demand && demand->credential != nullptr) {
    const CertificateDemand asked = *demand;
    const ByteString content = transcript.take_messages();
    auto signature = co_await sign(hs, asked, content);
    auto verify = co_await make_client_verify(asked, signature);  // §7.4.8
    co_await send(hs, transcript, verify);
  }
  auto keys = co_await derive_keys12(hs, choice, secret);
  co_await change_write_keys(hs, choice, keys);
  const Side client = Side::client;
  auto finished = co_await make_finished12(client, secret, transcript);  // §7.4.9
  co_await send(hs, transcript, finished);

  NewTicket12 kept;
  if (choice.session_ticket) {  // RFC 5077 §3.3
    auto ticket = co_await hs.receive<message::NewSessionTicket12>();
    kept = co_await read_ticket12(ticket.value);
    co_await add(transcript, ticket);
  }
  co_await hs.receive_change_cipher_spec();
  co_await change_read_keys(hs, choice, keys);
  const Side server = Side::server;
  auto server_finished = co_await hs.receive<message::Finished>();
  auto confirmed = co_await Proofs12::finished(server, secret, server_finished.value, transcript);
  Established outcome = client_outcome12(hs, choice, std::move(exchange), confirmed, demand, secret);
  co_await keep_session12(hs, choice, outcome, secret, std::move(kept));
  co_return hs.establish(confirmed, std::move(outcome));
}

}  // namespace handfast::handshake
