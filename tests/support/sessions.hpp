// For tests of sessions in both versions: what went over the wire, where sessions are kept, a store that
// misbehaves.
#pragma once

#include <gtest/gtest.h>

#include <handfast/observer.hpp>
#include <handfast/session_store.hpp>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "message/server_hello.hpp"
#include "support/authority.hpp"

namespace handfast::test {

// Which handshake messages went by, and the hellos among them.
class MessageWitness final : public Observer {
 public:
  void on_message(const MessageEvent& event) override {
    seen.insert(event.type);
    if (event.type == HandshakeType::client_hello) client_hello = copy_of(event.bytes);
    if (event.type == HandshakeType::server_hello) server_hello = copy_of(event.bytes);
  }
  [[nodiscard]] bool saw(HandshakeType type) const { return seen.contains(type); }
  [[nodiscard]] message::ServerHello answer() const {
    return must(message::decode_server_hello(server_hello));
  }

  std::multiset<HandshakeType> seen;
  ByteString client_hello;
  ByteString server_hello;
};

enum class Keeping : std::uint8_t { tickets, store };

inline std::string name_of_keeping(const testing::TestParamInfo<Keeping>& info) {
  return info.param == Keeping::tickets ? "Tickets" : "Store";
}

// Keeps everything, and answers as the test says.
class StrangeStore final : public SessionStore {
 public:
  enum class Mood : std::uint8_t { right, forgets, fails, drops, garbage, late };
  void put(ByteString, ByteString session, Time) override {
    last = std::move(session);
    ++puts;
  }
  void take(ByteString, Completion<std::optional<ByteString>> done) override {
    ++takes;
    switch (mood) {
      case Mood::right:
        done.complete(last);
        return;
      case Mood::forgets:
        done.complete(std::nullopt);
        return;
      case Mood::fails:
        done.complete(failure(ErrorCode::io_failed));
        return;
      case Mood::drops:
        return;
      case Mood::garbage:
        done.complete(ByteString(200, 7));
        return;
      case Mood::late:
        pending.emplace(std::move(done));
        return;
    }
  }
  Mood mood = Mood::right;
  ByteString last;
  int puts = 0;
  int takes = 0;
  std::optional<Completion<std::optional<ByteString>>> pending;
};

}  // namespace handfast::test
