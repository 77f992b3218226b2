// The server's TLS 1.2 handshake from the choice on, if it resumes a session. RFC 5246 §7.3, figure 2;
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
#include "handshake/flows.hpp"
#include "handshake/server12_session.hpp"
#include "handshake/server12_steps.hpp"

namespace handfast::handshake {

Flow server12_resumed_flow(Context& hs, Message<message::ClientHello> hello, Negotiated12 choice) {
  Transcript12 transcript(choice.suite->hash, false);
  co_await add(transcript, hello);
  auto hellos = co_await make_server_hello12(hs, choice, hello.value);  // §7.4.1.3
  co_await send(hs, transcript, hellos.message);
  hello = {};
  auto secret = co_await resume_main_secret(choice.suite, choice.resumed);
  auto keys = co_await derive_keys12(hs, choice, hellos, secret);
  Established outcome = server_resumed_outcome12(choice, hellos, secret);
  co_await send_ticket12(hs, transcript, choice, outcome, secret);  // RFC 5077 §3.3
  co_await change_write_keys(hs, choice, keys);
  const Side server = Side::server;
  auto own_finished = co_await make_finished12(server, secret, transcript);  // §7.4.9
  co_await send(hs, transcript, own_finished);

  co_await hs.receive_change_cipher_spec();
  co_await change_read_keys(hs, choice, keys);
  const Side client = Side::client;
  auto finished = co_await hs.receive<message::Finished>();
  auto confirmed = co_await Proofs12::finished(client, secret, finished.value, transcript);
  co_return hs.establish(confirmed, std::move(outcome));
}

}  // namespace handfast::handshake
