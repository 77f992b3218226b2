// Loopback: a client and a server joined in memory, with a hook to see and change what goes between them.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <handfast/connection.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/authority.hpp"

namespace handfast::test {

inline std::shared_ptr<const ClientConfig> client_config(ClientSettings settings) {
  return must(ClientConfig::create(std::move(settings)));
}
inline std::shared_ptr<const ServerConfig> server_config(ServerSettings settings) {
  return must(ServerConfig::create(std::move(settings)));
}

// One end with the bytes that wait for it.
struct Endpoint {
  Connection connection;
  ByteString inbox;
  ByteString received;  // application data
  std::optional<Error> error;
  std::optional<Event> last_event;
  bool closed = false;
  ByteString early_received = {};
  std::vector<ClientAnswer> answers = {};

  // Everything that the connection has to say.
  ByteString drain() {
    ByteString out;
    ByteString buffer(2048);
    for (;;) {
      auto produced = connection.flush(buffer);
      if (!produced || *produced == 0) return out;
      out.insert(out.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(*produced));
    }
  }
  // Takes what is in the inbox, event by event.
  void digest() {
    for (;;) {
      if (error) return;
      auto got = connection.receive(inbox);
      if (!got) {
        error = got.error();
        inbox.clear();
        return;
      }
      last_event = got->event;
      ByteString& into = got->event == Event::early_data ? early_received : received;
      into.insert(into.end(), got->data.begin(), got->data.end());
      inbox.erase(inbox.begin(), inbox.begin() + static_cast<std::ptrdiff_t>(got->consumed));
      if (got->event == Event::closed) closed = true;
      if (got->event == Event::client_answered) answers.push_back(*connection.take_client_answer());
      const bool goes_on = got->event == Event::data || got->event == Event::early_data ||
                           got->event == Event::established || got->event == Event::client_answered;
      if (!goes_on) return;
    }
  }
  // Seals `text`; the records.
  ByteString say(std::string_view text) {
    ByteString out(text.size() + 10 * kMaxRecordSize);
    Bytes rest = as_bytes(text);
    std::size_t size = 0;
    while (!rest.empty()) {
      const Sent sent = must(connection.send(rest, MutableBytes(out).subspan(size)));
      EXPECT_NE(sent.consumed, 0U);
      if (sent.consumed == 0) break;
      rest = rest.subspan(sent.consumed);
      size += sent.produced;
    }
    out.resize(size);
    return out;
  }
};

class Loopback {
 public:
  // Changes bytes on their way; may be empty.
  using Hook = std::function<void(Direction direction, ByteString& bytes)>;

  Loopback(std::shared_ptr<const ClientConfig> client_side, std::shared_ptr<const ServerConfig> server_side,
           const std::string& name = "server.test", ConnectionOptions client_options = {},
           ConnectionOptions server_options = {})
      : client{must(
                   Connection::client(std::move(client_side), must(ServerName::parse(name)), client_options)),
               {},
               {},
               {},
               {},
               false},
        server{must(Connection::server(std::move(server_side), server_options)), {}, {}, {}, {}, false} {}

  // Carries bytes until nobody has anything to say. Direction::sent is client to server.
  void run(const Hook& hook = {}) {
    for (int round = 0; round < 100; ++round) {
      const bool client_spoke = carry(client, server, Direction::sent, hook);
      const bool server_spoke = carry(server, client, Direction::received, hook);
      if (!client_spoke && !server_spoke) return;
    }
    ADD_FAILURE() << "the two ends never came to rest";
  }
  [[nodiscard]] bool established() const {
    return client.connection.is_established() && server.connection.is_established();
  }

  Endpoint client;
  Endpoint server;

 private:
  static bool carry(Endpoint& from, Endpoint& to, Direction direction, const Hook& hook) {
    ByteString bytes = from.drain();
    const bool spoke = !bytes.empty();
    if (hook && spoke) hook(direction, bytes);
    to.inbox.insert(to.inbox.end(), bytes.begin(), bytes.end());
    to.digest();
    return spoke;
  }
};

}  // namespace handfast::test
