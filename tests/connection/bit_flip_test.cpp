// Every bit of every flight turned over, and every flight cut at every byte, in both directions: no crash, no
// hang, and no two ends that believe to have spoken with each other. RFC 9846 §6.1, §F.1.
#include <gtest/gtest.h>

#include <set>

#include "support/hostile.hpp"

namespace handfast {
namespace {

using test::Endpoint;
using test::kDirections;
using test::Loopback;
using enum Direction;
using E = ErrorCode;

class BitFlip : public test::Hostile {
 protected:
  struct Setting {
    std::shared_ptr<const ClientConfig> client;
    std::shared_ptr<const ServerConfig> server;
  };
  Setting plain() { return {test::client_config(client_settings()), test::server_config(server_settings())}; }
  // With a retry, a cookie and a client certificate.
  Setting full() {
    ClientSettings client = client_settings();
    client.credentials = {client_};
    ServerSettings server = retrying_server();
    server.hello_retry_cookie = true;
    server.client_authentication = ClientAuthentication::required;
    server.client_verifier = authority_.verifier();
    return {test::client_config(std::move(client)), test::server_config(std::move(server))};
  }

  // What goes in `direction` in a handshake that nobody disturbs.
  static ByteString stream(const Setting& setting, Direction direction) {
    ByteString all;
    Loopback loopback(setting.client, setting.server);
    loopback.run([&](Direction way, ByteString& bytes) {
      if (way == direction) all.insert(all.end(), bytes.begin(), bytes.end());
    });
    EXPECT_TRUE(loopback.established());
    return all;
  }

  // Offsets of bytes that mean nothing: the version in the header of a record without protection, which "MUST
  // be ignored for all purposes" (§5.1), but for the major number of the first, which tells TLS from other
  // protocols. Everything else is in the transcript or under the AEAD.
  static std::set<std::size_t> ignored(const ByteString& stream) {
    std::set<std::size_t> out;
    for (std::size_t at = 0; at + 5 <= stream.size();) {
      if (stream[at] != 23 && at > 0) out.insert(at + 1);
      if (stream[at] != 23) out.insert(at + 2);
      at += 5U + (static_cast<std::size_t>(stream[at + 3]) << 8U | stream[at + 4]);
    }
    return out;
  }

  // However it ended, the end of the transport ends it.
  static void expect_terminates(Endpoint& end) {
    if (end.error) return;
    const auto ended = end.connection.receive_end();
    ASSERT_FALSE(ended);
    EXPECT_TRUE(ended.error().code() == E::truncated || ended.error().code() == E::no_tls_answer);
    EXPECT_FALSE(end.connection.receive(end.inbox));
  }

  static void flip(const Setting& setting, Direction direction, std::size_t offset, unsigned bit,
                   bool may_establish) {
    Loopback loopback(setting.client, setting.server);
    std::size_t seen = 0;
    loopback.run([&](Direction way, ByteString& bytes) {
      if (way != direction) return;
      if (offset >= seen && offset - seen < bytes.size()) {
        bytes[offset - seen] = static_cast<std::uint8_t>(bytes[offset - seen] ^ 1U << bit);
      }
      seen += bytes.size();
    });
    EXPECT_EQ(loopback.established(), may_establish) << "offset " << offset << ", bit " << bit;
    expect_terminates(loopback.client);
    expect_terminates(loopback.server);
  }
};

TEST_F(BitFlip, EachBitOfEachFlight) {
  const Setting setting = plain();
  for (const Direction direction : kDirections) {
    SCOPED_TRACE(test::text_of(direction));
    const ByteString bytes = stream(setting, direction);
    const std::set<std::size_t> free = ignored(bytes);
    for (std::size_t offset = 0; offset < bytes.size(); ++offset) {
      for (unsigned bit = 0; bit < 8; ++bit) flip(setting, direction, offset, bit, free.contains(offset));
    }
  }
}

TEST_F(BitFlip, EachByteOfALongHandshake) {
  const Setting setting = full();
  for (const Direction direction : kDirections) {
    SCOPED_TRACE(test::text_of(direction));
    const ByteString bytes = stream(setting, direction);
    const std::set<std::size_t> free = ignored(bytes);
    for (std::size_t offset = 0; offset < bytes.size(); ++offset) {
      flip(setting, direction, offset, static_cast<unsigned>(offset) % 8, free.contains(offset));
    }
  }
}

TEST_F(BitFlip, CutAtEachByte) {
  for (const Setting& setting : {plain(), full()}) {
    for (const Direction direction : kDirections) {
      const ByteString bytes = stream(setting, direction);
      for (std::size_t length = 0; length <= bytes.size(); ++length) {
        SCOPED_TRACE(std::string(test::text_of(direction)) + std::to_string(length) + " bytes");
        Loopback loopback(setting.client, setting.server);
        std::size_t seen = 0;
        loopback.run([&](Direction way, ByteString& sent_now) {
          if (way != direction) return;
          const std::size_t left = length - std::min(length, seen);
          seen += sent_now.size();
          sent_now.resize(std::min(sent_now.size(), left));
        });
        Endpoint& end = direction == sent ? loopback.server : loopback.client;
        ASSERT_FALSE(end.error) << end.error->to_string();
        EXPECT_EQ(end.connection.is_established(), length == bytes.size());
        const auto ended = end.connection.receive_end();
        ASSERT_FALSE(ended);
        EXPECT_EQ(ended.error().code(), length == 0 ? E::no_tls_answer : E::truncated);
        // Nobody is there any more to hear an alert.
        EXPECT_TRUE(end.drain().empty() || !end.connection.is_established());
      }
    }
  }
}

// A record that is not whole is not touched, and what is wanted is what is missing.
TEST_F(BitFlip, OneByteAtATime) {
  const Setting setting = full();
  Loopback loopback(setting.client, setting.server);
  for (int round = 0; round < 10; ++round) {
    for (const Direction direction : kDirections) {
      Endpoint& from = direction == sent ? loopback.client : loopback.server;
      Endpoint& to = direction == sent ? loopback.server : loopback.client;
      for (const std::uint8_t byte : from.drain()) {
        to.inbox.push_back(byte);
        auto got = to.connection.receive(to.inbox);
        ASSERT_TRUE(got) << got.error().to_string();
        if (got->consumed != 0) {
          EXPECT_EQ(got->consumed, to.inbox.size());
        } else {
          const std::size_t size = to.inbox.size();
          const std::size_t whole =
              size < 5 ? 5 : 5U + (static_cast<std::size_t>(to.inbox[3]) << 8U | to.inbox[4]);
          EXPECT_EQ(got->wanted, whole - size);
        }
        to.inbox.erase(to.inbox.begin(), to.inbox.begin() + static_cast<std::ptrdiff_t>(got->consumed));
      }
    }
  }
  EXPECT_TRUE(loopback.established());
}

}  // namespace
}  // namespace handfast
