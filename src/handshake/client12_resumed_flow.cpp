// The client's TLS 1.2 handshake from a ServerHello on that resumes a session. RFC 5246 §7.3, figure 2;
// RFC 5077 §3.1, figure 2:
//
//   ClientHello             -------->
//                                                 ServerHello
//                                           NewSessionTicket*
//                                          [ChangeCipherSpec]
//                           <--------                Finished
//   [ChangeCipherSpec]
//   Finished                -------->
//
// Nobody shows a certificate: who holds the main secret is who it was.
#include "handshake/client12_session.hpp"
#include "handshake/client12_steps.hpp"
#include "handshake/client_psk.hpp"
#include "handshake/flows.hpp"

namespace handfast::handshake {

Flow client12_resumed_flow(Context& hs, SentHello hello, Message<message::ServerHello> answer) {
  auto choice = co_await accept_server_hello12(hs, hello, answer.value);  // §7.4.1.3
  if (verifies_again(hs, choice.resumed)) co_await verify_again(hs, choice.resumed);
  Transcript12 transcript(choice.suite->hash, false);
  co_await add_hellos(transcript, hello, answer);
  auto secret = co_await resume_main_secret(choice.suite, choice.resumed);
  auto keys = co_await derive_keys12(hs, choice, secret);

  NewTicket12 renewed;
  if (choice.session_ticket) {  // RFC 5077 §3.3
    auto ticket = co_await hs.receive<message::NewSessionTicket12>();
    renewed = co_await read_ticket12(ticket.value);
    co_await add(transcript, ticket);
  }
  co_await hs.receive_change_cipher_spec();
  co_await change_read_keys(hs, choice, keys);
  const Side server = Side::server;
  auto finished = co_await hs.receive<message::Finished>();  // §7.4.9
  auto confirmed = co_await Proofs12::finished(server, secret, finished.value, transcript);
  co_await add(transcript, finished);

  co_await change_write_keys(hs, choice, keys);
  const Side client = Side::client;
  auto own_finished = co_await make_finished12(client, secret, transcript);
  co_await send(hs, transcript, own_finished);
  Established outcome = client_resumed_outcome12(hs, choice, secret);
  co_await keep_session12(hs, choice, outcome, secret, std::move(renewed));
  hello.session12->prove_good();
  co_return hs.establish(confirmed, std::move(outcome));
}

}  // namespace handfast::handshake
