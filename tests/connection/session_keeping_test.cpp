// How long and how much sessions are kept, by whose clock, and when they are forgotten. RFC 9846 §4.7.1,
// §8.3, §D.3.
#include <gtest/gtest.h>

#include "handshake/session_state.hpp"
#include "support/loopback.hpp"
#include "support/sessions.hpp"

namespace handfast {
namespace {

using test::Authority;
using test::client_config;
using test::Loopback;
using test::must;
using test::server_config;

class Sessions : public testing::Test {
 protected:
  Sessions() {
    ahead.time = authority.clock.time;
    client.clock = server.clock = &authority.clock;
    client.sessions = sessions;
    server.ticket_keys = must(TicketKeys::rotating(authority.clock));
  }
  // `say`: early data.
  ConnectionInfo connect(std::string_view say = {}) {
    Loopback loopback(client_config(client), server_config(server));
    if (!say.empty()) {
      ByteString room(4096);
      room.resize(must(loopback.client.connection.send_early_data(as_bytes(say), room)).produced);
      loopback.server.inbox = room;
      loopback.server.digest();
    }
    loopback.run();
    if (!loopback.established()) {
      ADD_FAILURE() << (loopback.client.error ? loopback.client.error->to_string() : "no error");
      return {};
    }
    return *loopback.client.connection.info();
  }

  Authority authority;
  test::FixedClock ahead;  // of another server of the fleet
  std::shared_ptr<ClientSessions> sessions = std::make_shared<ClientSessions>();
  ServerSettings server = authority.server_settings();
  ClientSettings client = authority.client_settings();
};

TEST_F(Sessions, AClientKeepsThemNoLongerThanItSays) {
  client.session_lifetime = std::chrono::hours(1);
  connect();
  authority.clock.time += std::chrono::minutes(59);
  EXPECT_TRUE(connect().resumed);
  // A renewed ticket is still one of that hour.
  authority.clock.time += std::chrono::minutes(2);
  EXPECT_FALSE(connect().resumed);
  for (const auto wrong :
       {std::chrono::seconds(0), std::chrono::seconds(std::chrono::days(7)) + std::chrono::seconds(1)}) {
    client.session_lifetime = wrong;
    EXPECT_FALSE(ClientConfig::create(client));
  }
}

TEST_F(Sessions, TheClocksOfAFleetMayDifferBySeconds) {
  for (const auto& [seconds, resumes] : {std::pair(5, true), std::pair(6, false)}) {
    sessions->clear();
    ahead.time = authority.clock.time + std::chrono::seconds(seconds);
    server.clock = &ahead;
    connect();
    server.clock = &authority.clock;
    EXPECT_EQ(connect().resumed, resumes) << seconds << " s ahead";
  }
}

TEST_F(Sessions, NoEarlyDataByAClockThatIsAhead) {
  server.max_early_data_size = 1000;
  server.replay_guard = make_replay_guard(authority.clock, 100, GuardStart::at_once);
  client.early_data = true;
  ahead.time = authority.clock.time + std::chrono::seconds(1);
  server.clock = &ahead;
  connect();
  server.clock = &authority.clock;
  const ConnectionInfo info = connect("early");
  EXPECT_TRUE(info.resumed);
  EXPECT_EQ(info.early_data, EarlyDataStatus::refused);
  // By the same clock it is fresh.
  EXPECT_EQ(connect("early").early_data, EarlyDataStatus::accepted);
}

// "A client that attempts to send 0-RTT data MUST fail a connection if it receives a ServerHello with TLS 1.2
// or older." (§D.3) The next try must not fail in the same way.
TEST_F(Sessions, AServerThatFellBackIsMetAnew) {
  server.max_early_data_size = 1000;
  server.replay_guard = make_replay_guard(authority.clock, 100, GuardStart::at_once);
  client.policy = server.policy = Policy::intermediate();
  client.early_data = true;
  connect();
  EXPECT_EQ(sessions->size(), 2U);
  server.policy.versions = {ProtocolVersion::tls1_2};
  Loopback loopback(client_config(client), server_config(server));
  loopback.run();
  ASSERT_TRUE(loopback.client.error);
  EXPECT_EQ(loopback.client.error->code(), ErrorCode::early_data_wrong_version);
  EXPECT_EQ(sessions->size(), 0U);
  EXPECT_EQ(connect().version, ProtocolVersion::tls1_2);
}

TEST_F(Sessions, AClientKeepsSoManyBytes) {
  constexpr std::size_t kMost = 40'000;
  ClientSessions kept(1000, kMost);
  const auto put = [&](std::uint8_t name, std::size_t size) {
    handshake::SessionState session;
    session.version = ProtocolVersion::tls1_3;
    session.expires = Time(std::chrono::seconds(100));
    session.ticket.resize(size);
    ClientSessions::Key key{};
    key.front() = name;
    kept.put(key, std::make_shared<const handshake::SessionState>(std::move(session)));
    return key;
  };
  for (std::uint8_t i = 0; i < 100; ++i) put(i, 9000);
  EXPECT_EQ(kept.size(), 4U);
  // Those of one server, too, and the newest stays.
  const ClientSessions::Key one = put(1, 30'000);
  put(1, 30'000);
  EXPECT_EQ(kept.size(), 1U);
  EXPECT_NE(kept.take(one, Time(std::chrono::seconds(1))), nullptr);
  EXPECT_EQ(kept.size(), 0U);
  // Nothing is forgotten for one that has no room at all.
  put(2, 1000);
  put(3, kMost);
  EXPECT_EQ(kept.size(), 1U);
  // What was taken out gives its room back.
  for (std::uint8_t i = 0; i < 200; ++i)
    EXPECT_NE(kept.take(put(i, 20'000), Time(std::chrono::seconds(1))), nullptr);
}

TEST_F(Sessions, AStoreKeepsSoManyBytes) {
  constexpr std::size_t kShards = 16;
  const auto store = make_session_store(authority.clock, 1'000'000, kShards * 10'000);
  const Time later = authority.clock.time + std::chrono::hours(1);
  const auto find = [&](std::uint16_t name) {
    auto pending = std::make_shared<PendingDecision<std::optional<ByteString>>>(nullptr);
    store->take({0, static_cast<std::uint8_t>(name >> 8U), static_cast<std::uint8_t>(name)},
                Completion<std::optional<ByteString>>(pending));
    return must(std::move(*pending->take())).has_value();
  };
  const auto put = [&](std::uint16_t name, std::size_t size) {
    store->put({0, static_cast<std::uint8_t>(name >> 8U), static_cast<std::uint8_t>(name)}, ByteString(size),
               later);
  };
  // All in one shard.
  for (std::uint16_t i = 0; i < 1000; ++i) put(i, 1000);
  int found = 0;
  for (std::uint16_t i = 0; i < 1000; ++i) found += find(i) ? 1 : 0;
  EXPECT_EQ(found, 9) << "the newest nine";
  put(1, 10'000);
  EXPECT_FALSE(find(1)) << "larger than all the room";
  put(2, 5000);
  put(2, 6000);
  EXPECT_TRUE(find(2)) << "what it replaces counts no more";
  for (std::uint16_t i = 0; i < 100; ++i) {
    put(i, 9000);
    EXPECT_TRUE(find(i)) << "what was taken counts no more";
  }
}

}  // namespace
}  // namespace handfast
