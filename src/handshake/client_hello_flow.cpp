// The client's first flight, up to the ServerHello that settles the version. RFC 9846 §4.2, §A.1:
//
//   ClientHello             -------->
//                           <--------          HelloRetryRequest   (if the server wants another share)
//   ClientHello             -------->
//                           <--------                ServerHello
//
// Must not derive keys: that is the next flow's, which the version decides.
#include "handshake/client_psk.hpp"
#include "handshake/client_steps.hpp"
#include "handshake/flows.hpp"
#include "handshake/server_answer12.hpp"

namespace handfast::handshake {

Flow client_hello_flow(Context& hs) {
  auto hello = co_await make_client_hello(hs);  // §4.2.2
  co_await send_client_hello(hs, hello);
  if (verifies_before_early_data(hs, hello)) co_await verify_again(hs, hello);
  co_await begin_early_data(hs, hello);  // §4.3.10

  auto answer = co_await hs.receive<message::ServerHello>();  // §4.2.3
  auto version = co_await check_server_version(hs, answer.value);
  co_await check_version_of_early_data(hs, hello, version);
  if (version == ProtocolVersion::tls1_2) {
    if (!resumes_session12(hello, answer.value)) {
      co_return client12_flow(hs, std::move(hello), std::move(answer));
    }
    co_return client12_resumed_flow(hs, std::move(hello), std::move(answer));
  }
  auto suite = co_await check_server_choice(hello, answer.value);
  keys::Transcript transcript(suite->hash);
  transcript.add(hello.message);

  bool hello_retry = false;
  if (answer.value.is_hello_retry_request) {  // §4.2.4
    auto retry = co_await check_hello_retry_request(hs, hello, answer.value);
    co_await restart_transcript(transcript, answer);
    co_await send_change_cipher_spec(hs, hello);
    give_up_early_data(hs, hello);
    co_await retry_client_hello(hs, hello, retry, transcript);
    co_await send_client_hello(hs, hello);
    transcript.add(hello.message);

    answer = co_await hs.receive<message::ServerHello>();
    co_await check_after_retry(retry, answer.value);
    suite = co_await check_server_choice(hello, answer.value);
    hello_retry = true;
  }

  auto group = co_await check_server_hello(hello, answer.value);
  const ServerAnswer choice{.suite = suite, .group = group, .hello_retry = hello_retry};
  auto psk = co_await accept_psk(hs, hello, answer.value, suite);  // §4.3.11
  co_return client13_flow(hs, std::move(hello), std::move(answer), choice, std::move(psk),
                          std::move(transcript));
}

}  // namespace handfast::handshake
