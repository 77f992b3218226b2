// The client's hello flow with recorded hellos: the lines of client_hello_flow.cpp, less the making of
// hellos.
#include "handshake/client_psk.hpp"
#include "handshake/client_steps.hpp"
#include "rfc8448_client.hpp"

namespace handfast::test {

using namespace handshake;

Flow recorded_client_flow(Context& hs, RecordedHellos recorded) {
  SentHello hello = std::move(recorded.hellos.front());
  co_await send_client_hello(hs, hello);
  auto answer = co_await hs.receive<message::ServerHello>();
  ServerAnswer choice;
  choice.suite = co_await check_server_choice(hello, answer.value);
  keys::Transcript transcript(choice.suite->hash);
  transcript.add(hello.message);
  if (answer.value.is_hello_retry_request) {
    auto retry = co_await check_hello_retry_request(hs, hello, answer.value);
    co_await restart_transcript(transcript, answer);
    hello = std::move(recorded.hellos.back());
    co_await send_client_hello(hs, hello);
    transcript.add(hello.message);
    answer = co_await hs.receive<message::ServerHello>();
    co_await check_after_retry(retry, answer.value);
    choice.suite = co_await check_server_choice(hello, answer.value);
    choice.hello_retry = true;
  }
  const keys::SuiteParameters* const suite = choice.suite;
  choice.group = co_await check_server_hello(hello, answer.value);
  auto psk = co_await accept_psk(hs, hello, answer.value, suite);
  co_return client13_flow(hs, std::move(hello), std::move(answer), choice, std::move(psk),
                          std::move(transcript));
}

}  // namespace handfast::test
