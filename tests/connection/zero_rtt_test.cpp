// Early data: taken once, or refused and handed back; never taken twice. RFC 9846 §2.3, §4.3.10, §8.
#include <gtest/gtest.h>

#include "support/loopback.hpp"

namespace handfast {
namespace {

using test::Authority;
using test::client_config;
using test::Endpoint;
using test::Loopback;
using test::must;
using test::server_config;

class ZeroRtt : public testing::Test {
 protected:
  ZeroRtt() {
    server_settings.clock = &authority.clock;
    server_settings.ticket_keys = must(TicketKeys::rotating(authority.clock));
    server_settings.max_early_data_size = 1000;
    server_settings.replay_guard = make_replay_guard(authority.clock);
    server_settings.application_protocols = {"h2", "http/1.1"};
    client_settings.clock = &authority.clock;
    client_settings.sessions = sessions;
    client_settings.early_data = true;
    client_settings.application_protocols = {"h2"};
    authority.clock.time += std::chrono::minutes(1);  // the guard was not just started
  }

  // A full handshake, for the ticket.
  void prime() {
    sessions->clear();
    loopback.emplace(client_config(client_settings), server_config(server_settings));
    loopback->run();
    ASSERT_TRUE(loopback->established());
    EXPECT_EQ(loopback->client.connection.info()->early_data, EarlyDataStatus::none);
    EXPECT_EQ(loopback->client.connection.early_data_limit(), 0U);
  }
  // What the client says before anybody answered: hello and early data.
  static ByteString first_flight(Endpoint& client, std::string_view text) {
    ByteString out(4096);
    Bytes rest = as_bytes(text);
    std::size_t size = 0;
    do {
      const Sent sent = must(client.connection.send_early_data(rest, MutableBytes(out).subspan(size)));
      if (sent.consumed == 0 && sent.produced == 0) break;
      rest = rest.subspan(sent.consumed);
      size += sent.produced;
    } while (!rest.empty());
    out.resize(size);
    return out;
  }
  // A handshake with early data. The refused data is checked here.
  EarlyDataStatus connect(std::string_view text, bool resumes = true) {
    loopback.emplace(client_config(client_settings), server_config(server_settings));
    const ByteString flight = first_flight(loopback->client, text);
    loopback->server.inbox = flight;
    loopback->server.digest();
    loopback->run();
    EXPECT_TRUE(loopback->established())
        << (loopback->client.error ? loopback->client.error->to_string() : "no error") << " / "
        << (loopback->server.error ? loopback->server.error->to_string() : "no error");
    if (!loopback->established()) return EarlyDataStatus::none;
    const ConnectionInfo& info = *loopback->client.connection.info();
    EXPECT_EQ(info.resumed, resumes);
    EXPECT_EQ(info.early_data, loopback->server.connection.info()->early_data);
    const ByteString refused = loopback->client.connection.take_refused_early_data();
    if (info.early_data == EarlyDataStatus::accepted) {
      EXPECT_EQ(as_text(loopback->server.early_received), text);
      EXPECT_TRUE(refused.empty());
    } else {
      EXPECT_TRUE(loopback->server.early_received.empty());
    }
    if (info.early_data == EarlyDataStatus::refused) {
      EXPECT_EQ(as_text(refused), text);
    }
    EXPECT_TRUE(loopback->client.connection.take_refused_early_data().empty());
    loopback->server.inbox = loopback->client.say("later");
    loopback->server.digest();
    EXPECT_EQ(as_text(loopback->server.received), "later");
    return info.early_data;
  }

  Authority authority;
  std::shared_ptr<ClientSessions> sessions = std::make_shared<ClientSessions>();
  ServerSettings server_settings = authority.server_settings();
  ClientSettings client_settings = authority.client_settings();
  std::optional<Loopback> loopback;
};

constexpr std::string_view kRequest = "GET / HTTP/1.1";

TEST_F(ZeroRtt, IsTakenWithTheFirstFlight) {
  prime();
  EXPECT_EQ(connect(kRequest), EarlyDataStatus::accepted);
  EXPECT_EQ(connect(kRequest), EarlyDataStatus::accepted);
  // Announced, and then none: the end of nothing is sent, too.
  EXPECT_EQ(connect(""), EarlyDataStatus::accepted);
}

TEST_F(ZeroRtt, ItReachesTheApplicationBeforeTheServerHasAnswered) {
  prime();
  Loopback now(client_config(client_settings), server_config(server_settings));
  now.server.inbox = first_flight(now.client, kRequest);
  now.server.digest();
  EXPECT_EQ(as_text(now.server.early_received), kRequest);
  EXPECT_FALSE(now.server.connection.is_established());
  EXPECT_TRUE(now.server.received.empty());
  ByteString early_client(32);
  ByteString early_server(32);
  ASSERT_TRUE(now.client.connection.export_early_keying_material("test", {}, early_client));
  ASSERT_TRUE(now.server.connection.export_early_keying_material("test", {}, early_server));
  EXPECT_EQ(early_client, early_server);
}

// "Servers MAY send data after sending their first flight" (§4.5.3): the answer comes with the server's
// Finished.
TEST_F(ZeroRtt, TheServerAnswersBeforeTheClientHasFinished) {
  prime();
  Loopback now(client_config(client_settings), server_config(server_settings));
  ByteString out(100);
  EXPECT_FALSE(now.server.connection.send(as_bytes("too early"), out).has_value());
  now.server.inbox = first_flight(now.client, kRequest);
  now.server.digest();
  ASSERT_FALSE(now.server.connection.is_established());
  now.client.inbox = now.server.say("200 OK");
  now.client.digest();
  ASSERT_TRUE(now.client.connection.is_established());
  EXPECT_EQ(as_text(now.client.received), "200 OK");
  now.run();
  ASSERT_TRUE(now.established());
  now.client.inbox = now.server.say(", and more");
  now.client.digest();
  EXPECT_EQ(as_text(now.client.received), "200 OK, and more");
}

TEST_F(ZeroRtt, AServerThatRefusesHasNothingToAnswer) {
  prime();
  server_settings.max_early_data_size = 0;
  Loopback now(client_config(client_settings), server_config(server_settings));
  now.server.inbox = first_flight(now.client, kRequest);
  now.server.digest();
  ByteString out(100);
  const auto sent = now.server.connection.send(as_bytes("200 OK"), out);
  ASSERT_FALSE(sent.has_value());
  EXPECT_EQ(sent.error().code(), ErrorCode::connection_not_established);
}

// What the tickets allow is skipped, however much that is.
TEST_F(ZeroRtt, RefusedAtFullLength) {
  server_settings.max_early_data_size = ServerSettings::kMaxEarlyData;
  prime();
  server_settings.replay_guard = make_replay_guard(authority.clock);
  loopback.emplace(client_config(client_settings), server_config(server_settings));
  ByteString out(80'000);
  const std::string text(60'000, 'x');
  const Sent sent = must(loopback->client.connection.send_early_data(as_bytes(text), out));
  EXPECT_EQ(sent.consumed, text.size());
  loopback->server.inbox = copy_of(Bytes(out).first(sent.produced));
  loopback->server.digest();
  loopback->run();
  ASSERT_TRUE(loopback->established())
      << (loopback->server.error ? loopback->server.error->to_string() : "no error");
  EXPECT_EQ(loopback->client.connection.info()->early_data, EarlyDataStatus::refused);
}

TEST_F(ZeroRtt, TheLimitHolds) {
  prime();
  const std::string text(1000, 'x');
  EXPECT_EQ(connect(text), EarlyDataStatus::accepted);
  Loopback now(client_config(client_settings), server_config(server_settings));
  EXPECT_EQ(now.client.connection.early_data_limit(), 1000U);
  first_flight(now.client, std::string(1200, 'x'));
  EXPECT_EQ(now.client.connection.early_data_limit(), 0U);
}

TEST_F(ZeroRtt, OffByDefaultOnBothSides) {
  EXPECT_FALSE(ClientSettings().early_data);
  EXPECT_EQ(ServerSettings().max_early_data_size, 0U);
  client_settings.early_data = false;
  prime();
  EXPECT_EQ(connect(""), EarlyDataStatus::none);
  client_settings.early_data = true;
  server_settings.max_early_data_size = 0;
  prime();
  EXPECT_EQ(loopback->client.connection.early_data_limit(), 0U);
}

TEST_F(ZeroRtt, WithoutAGuardNoServerIsBuilt) {
  server_settings.replay_guard = nullptr;
  const auto built = ServerConfig::create(server_settings);
  ASSERT_FALSE(built.has_value());
  EXPECT_EQ(built.error().code(), ErrorCode::configuration_invalid);
}

// --- refused, and the connection goes on --------------------------------------------------------

TEST_F(ZeroRtt, RefusedAfterAHelloRetryRequest) {
  prime();
  server_settings.policy.groups = {NamedGroup::secp521r1};
  server_settings.policy.key_shares.clear();
  EXPECT_EQ(connect(kRequest), EarlyDataStatus::refused);
  EXPECT_TRUE(loopback->client.connection.info()->hello_retry);
}

TEST_F(ZeroRtt, RefusedWhenTheServerDoesNotTakeItAnyMore) {
  prime();
  server_settings.max_early_data_size = 0;
  EXPECT_EQ(connect(kRequest), EarlyDataStatus::refused);
}

TEST_F(ZeroRtt, RefusedWithAnotherApplicationProtocol) {
  client_settings.application_protocols = {"h2", "http/1.1"};
  prime();
  server_settings.application_protocols = {"http/1.1"};
  EXPECT_EQ(connect(kRequest, false), EarlyDataStatus::refused);
}

TEST_F(ZeroRtt, RefusedWithAnotherSuite) {
  prime();
  server_settings.policy.suites = {CipherSuite::TLS_CHACHA20_POLY1305_SHA256};
  EXPECT_EQ(connect(kRequest), EarlyDataStatus::refused);
}

TEST_F(ZeroRtt, RefusedWithATicketThatNobodyOpens) {
  prime();
  server_settings.ticket_keys = must(TicketKeys::rotating(authority.clock));
  EXPECT_EQ(connect(kRequest, false), EarlyDataStatus::refused);
}

// As much as the tickets allow is skipped, however it is cut into records; the connection goes on.
TEST_F(ZeroRtt, RefusingCostsNoConnection) {
  server_settings.max_early_data_size = ServerSettings::kMaxEarlyData;
  const std::string text(ServerSettings::kMaxEarlyData, 'x');
  prime();
  server_settings.replay_guard = make_replay_guard(authority.clock);  // refuses at first
  loopback.emplace(client_config(client_settings), server_config(server_settings));
  Bytes rest = as_bytes(text);
  ByteString out(256);
  while (!rest.empty()) {
    const Sent sent = must(loopback->client.connection.send_early_data(
        rest.first(std::min<std::size_t>(rest.size(), 100)), out));
    loopback->server.inbox.insert(loopback->server.inbox.end(), out.begin(),
                                  out.begin() + static_cast<std::ptrdiff_t>(sent.produced));
    rest = rest.subspan(sent.consumed);
  }
  loopback->server.digest();
  loopback->run();
  ASSERT_TRUE(loopback->established()) << loopback->server.error->to_string();
  EXPECT_EQ(as_text(loopback->client.connection.take_refused_early_data()), text);
}

// RFC 8449: the client has not heard of the server's limit when it sends early data.
TEST_F(ZeroRtt, RecordSizeLimitsComeLater) {
  client_settings.record_size_limit = server_settings.record_size_limit = 512;
  client_settings.key_lifetime = 16;
  prime();
  EXPECT_EQ(connect(std::string(1000, 'x')), EarlyDataStatus::accepted);
}

TEST_F(ZeroRtt, BothEndsKnowWhatItIsFor) {
  prime();
  Loopback now(client_config(client_settings), server_config(server_settings));
  EXPECT_EQ(now.server.connection.early_data_info(), nullptr);
  ASSERT_NE(now.client.connection.early_data_info(), nullptr);
  EXPECT_EQ(now.client.connection.early_data_info()->application_protocol, "h2");
  now.server.inbox = first_flight(now.client, kRequest);
  now.server.digest();
  ASSERT_NE(now.server.connection.early_data_info(), nullptr);
  EXPECT_EQ(now.server.connection.early_data_info()->application_protocol, "h2");
  EXPECT_EQ(now.server.connection.early_data_info()->server_name, "server.test");
}

// The client's flight waits somewhere for longer than the tolerance.
TEST_F(ZeroRtt, RefusedWhenItIsNotFresh) {
  for (const int seconds : {-11, 11, 3600}) {
    prime();
    loopback.emplace(client_config(client_settings), server_config(server_settings));
    const ByteString flight = first_flight(loopback->client, kRequest);
    authority.clock.time += std::chrono::seconds(seconds);
    loopback->server.inbox = flight;
    loopback->server.digest();
    loopback->run();
    ASSERT_TRUE(loopback->established());
    EXPECT_EQ(loopback->client.connection.info()->early_data, EarlyDataStatus::refused) << seconds;
    EXPECT_TRUE(loopback->server.early_received.empty());
    if (seconds < 0) authority.clock.time -= std::chrono::seconds(seconds);
  }
}

// --- replay ---------------------------------------------------------------------------------------

// The same flight for one more server connection. How often it was acted on.
int replay(const std::shared_ptr<const ServerConfig>& config, const ByteString& flight) {
  Endpoint server{must(Connection::server(config)), flight, {}, {}, {}, false, {}};
  server.digest();
  return server.early_received.empty() ? 0 : 1;
}

TEST_F(ZeroRtt, AReplayedFlightIsActedOnOnce) {
  prime();
  const auto here = server_config(server_settings);
  // A second process: it shares the ticket keys and the guard, nothing else.
  const auto there = server_config(server_settings);
  Endpoint client{
      must(Connection::client(client_config(client_settings), must(ServerName::parse("server.test")))),
      {},
      {},
      {},
      {},
      false,
      {}};
  const ByteString flight = first_flight(client, kRequest);
  int executions = replay(here, flight);
  EXPECT_EQ(executions, 1);
  for (int i = 0; i < 5; ++i) {
    executions += replay(here, flight);
    executions += replay(there, flight);
    authority.clock.time += std::chrono::seconds(3);
  }
  // The clock jumps by a day, ahead and back.
  for (const int hours : {24, -24, -24, 24}) {
    authority.clock.time += std::chrono::hours(hours);
    executions += replay(here, flight) + replay(there, flight);
  }
  EXPECT_EQ(executions, 1);

  // The same on one connection: the second flight is no part of any handshake.
  loopback.emplace(client_config(client_settings), here);
  ByteString twice = first_flight(loopback->client, kRequest);
  const ByteString again = twice;
  twice.insert(twice.end(), again.begin(), again.end());
  loopback->server.inbox = twice;
  loopback->server.digest();
  EXPECT_TRUE(loopback->server.error.has_value());
}

// Two processes with a guard each: the one that was just started refuses what another may have accepted.
TEST_F(ZeroRtt, AGuardThatWasJustStartedRefuses) {
  prime();
  server_settings.replay_guard = make_replay_guard(authority.clock);
  EXPECT_EQ(connect(kRequest), EarlyDataStatus::refused);
  authority.clock.time += 2 * kEarlyDataTolerance + std::chrono::seconds(1);
  EXPECT_EQ(connect(kRequest), EarlyDataStatus::accepted);
  server_settings.replay_guard = make_replay_guard(authority.clock, 100, GuardStart::at_once);
  EXPECT_EQ(connect(kRequest), EarlyDataStatus::accepted);
}

TEST_F(ZeroRtt, AFullGuardRefuses) {
  server_settings.replay_guard = make_replay_guard(authority.clock, 16);
  authority.clock.time += std::chrono::minutes(1);
  server_settings.tickets = 4;
  int refused = 0;
  for (int i = 0; i < 10; ++i) {
    prime();
    for (int j = 0; j < 4; ++j) refused += connect("x") == EarlyDataStatus::refused ? 1 : 0;
  }
  EXPECT_GE(refused, 40 - 16);
  // What it remembered is stale now.
  authority.clock.time += std::chrono::minutes(1);
  prime();
  EXPECT_EQ(connect("x"), EarlyDataStatus::accepted);
}

class StrangeGuard final : public ReplayGuard {
 public:
  enum class Mood : std::uint8_t { fails, drops, late };
  void accept_once(ByteString, Time, Completion<bool> done) override {
    if (mood == Mood::fails) done.complete(failure(ErrorCode::io_failed));
    if (mood == Mood::late) pending.emplace(std::move(done));
  }
  Mood mood = Mood::fails;
  std::optional<Completion<bool>> pending;
};

TEST_F(ZeroRtt, AGuardThatFailsRefuses) {
  const auto guard = std::make_shared<StrangeGuard>();
  server_settings.replay_guard = guard;
  for (const auto mood : {StrangeGuard::Mood::fails, StrangeGuard::Mood::drops}) {
    guard->mood = mood;
    prime();
    EXPECT_EQ(connect(kRequest), EarlyDataStatus::refused);
  }
  for (const bool answer : {false, true}) {
    guard->mood = StrangeGuard::Mood::late;
    prime();
    loopback.emplace(client_config(client_settings), server_config(server_settings));
    loopback->server.inbox = first_flight(loopback->client, kRequest);
    loopback->server.digest();
    EXPECT_TRUE(loopback->server.early_received.empty());
    ASSERT_TRUE(guard->pending.has_value());
    EXPECT_TRUE(guard->pending->complete(answer));
    loopback->server.digest();
    loopback->run();
    ASSERT_TRUE(loopback->established());
    EXPECT_EQ(as_text(loopback->server.early_received), answer ? kRequest : "");
  }
}

}  // namespace
}  // namespace handfast
