// The server's part of the hellos, up to the choice that settles the version. RFC 9846 §4.2, §A.2:
//
//   ClientHello             -------->
//                           <--------          HelloRetryRequest   (if no share of the chosen group came)
//   ClientHello             -------->
//
// Must not derive keys: that is the next flow's, which the version decides.
#include "handshake/flows.hpp"
#include "handshake/server12_session.hpp"
#include "handshake/server12_steps.hpp"
#include "handshake/server_psk.hpp"
#include "handshake/server_steps.hpp"

namespace handfast::handshake {

Flow server_hello_flow(Context& hs) {
  auto hello = co_await hs.receive<message::ClientHello>();  // §4.2.2
  auto version = co_await choose_version(hs, hello.value);   // §4.3.1
  if (version == ProtocolVersion::tls1_2) {
    auto stored12 = co_await look_up_session12(hs, hello.value);
    auto session12 = co_await find_session12(hs, hello.value, std::move(stored12));
    auto choice12 = co_await negotiate12(hs, hello.value, session12);
    if (!session12) co_return server12_flow(hs, std::move(hello), choice12);
    co_return server12_resumed_flow(hs, std::move(hello), choice12);
  }
  auto stored = co_await look_up_session(hs, hello.value);
  auto psk = co_await choose_psk(hs, hello.value, stored);  // §4.3.11
  auto choice = co_await negotiate(hs, hello.value, psk);   // §4.2.1
  keys::Transcript transcript(choice.suite->hash);
  co_await check_binder(psk, hello.value, transcript);
  transcript.add(hello.bytes());
  auto verdict = co_await judge_early_data(hs, hello.value, choice, psk);  // §8
  co_await settle_early_data(hs, hello.value, choice, psk, verdict, transcript);
  const bool needs_retry = choice.needs_retry;

  if (needs_retry) {  // §4.2.4
    auto retry = co_await make_hello_retry_request(hs, choice, hello.value);
    co_await transcript.replace_with_message_hash();
    co_await send(hs, transcript, retry.message);
    co_await answer_change_cipher_spec(hs, hello.value);

    auto second = co_await hs.receive<message::ClientHello>();
    psk = co_await find_again(hs, std::move(psk), second.value);
    choice = co_await negotiate_again(hs, choice, retry, hello.value, second.value, psk);
    hello = std::move(second);
    co_await check_binder(psk, hello.value, transcript);
    transcript.add(hello.bytes());
  }

  co_return server13_flow(hs, std::move(hello), choice, std::move(psk), std::move(transcript), needs_retry);
}

}  // namespace handfast::handshake
