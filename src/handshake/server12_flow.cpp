// The server's TLS 1.2 handshake from the choice on. RFC 5246 §7.3, figure 1:
//
//                                                 ServerHello
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
#include "handshake/flows.hpp"
#include "handshake/server12_session.hpp"
#include "handshake/server12_steps.hpp"
#include "handshake/server_steps.hpp"

namespace handfast::handshake {

Flow server12_flow(Context& hs, Message<message::ClientHello> hello, Negotiated12 choice) {
  Transcript12 transcript = make_transcript12(hs, choice);
  co_await add(transcript, hello);
  auto hellos = co_await make_server_hello12(hs, choice, hello.value);  // §7.4.1.3
  co_await send(hs, transcript, hellos.message);
  hello = {};

  co_await send_server_certificate12(hs, transcript, choice);  // §7.4.2, RFC 6066 §8
  ServerExchange12 own;
  if (needs_key_exchange(choice)) {  // §7.4.3
    own = co_await make_key_exchange(hs, choice);
    auto content = co_await key_exchange_content(hellos, own);
    auto signature = co_await sign(hs, choice, content);
    auto parameters = co_await make_server_key_exchange(choice, own, signature);
    co_await send(hs, transcript, parameters);
  }
  co_await send_hello_done(hs, transcript);  // §7.4.4, §7.4.5

  std::optional<VerifiedChain> chain;
  if (asks_for_certificate(hs)) {  // §7.4.6
    auto certificate = co_await hs.receive<message::Certificate12>();
    auto presented = co_await read_client_certificates12(hs, certificate.value);
    co_await add(transcript, certificate);
    if (!presented->chain.empty()) {
      auto verdict = co_await verify_client(hs, presented);
      chain = co_await accept_verdict(presented, std::move(verdict));
    }
  }
  if (!chain) transcript.forget_messages();

  auto exchange = co_await hs.receive<message::ClientKeyExchange>();  // §7.4.7
  co_await add(transcript, exchange);
  auto premaster = co_await finish_key_exchange(hs, choice, own, exchange.value);
  auto secret = co_await derive_main_secret(hs, choice, hellos, std::move(premaster), transcript);
  std::optional<PeerProof> proof;
  if (chain) {  // §7.4.8
    const ByteString messages = transcript.take_messages();
    auto verify = co_await hs.receive<message::CertificateVerify>();
    VerifiedChain believed = std::move(*chain);
    proof = co_await check_client_signature12(hs, std::move(believed), verify.value, messages);
    co_await add(transcript, verify);
  }
  auto keys = co_await derive_keys12(hs, choice, hellos, secret);
  co_await hs.receive_change_cipher_spec();
  co_await change_read_keys(hs, choice, keys);
  const Side client = Side::client;
  auto finished = co_await hs.receive<message::Finished>();  // §7.4.9
  auto confirmed = co_await Proofs12::finished(client, secret, finished.value, transcript);
  co_await add(transcript, finished);

  Established outcome = server_outcome12(choice, hellos, own.finite_field_bits, std::move(proof), secret);
  co_await send_ticket12(hs, transcript, choice, outcome, secret);  // RFC 5077 §3.3
  co_await change_write_keys(hs, choice, keys);
  const Side server = Side::server;
  auto own_finished = co_await make_finished12(server, secret, transcript);
  co_await send(hs, transcript, own_finished);
  co_await store_session12(hs, choice, hellos, outcome, secret);
  co_return hs.establish(confirmed, std::move(outcome));
}

}  // namespace handfast::handshake
