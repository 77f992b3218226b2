// Resolving, connecting, listening.
#include <gtest/gtest.h>

#include <chrono>
#include <handfast/tcp.hpp>
#include <thread>

#include "support/authority.hpp"

namespace handfast::test {
namespace {

using namespace std::chrono_literals;

Deadline soon() { return std::chrono::steady_clock::now() + 5s; }

TEST(Resolve, TakesLiteralsAsTheyAre) {
  ConnectReport report;
  const auto v4 = must(resolve("192.0.2.1", 443, soon(), &report));
  ASSERT_EQ(v4.size(), 1U);
  EXPECT_EQ(v4[0].to_string(), "192.0.2.1:443");
  EXPECT_EQ(report.resolving, 0us);
  const auto v6 = must(resolve("[2001:db8::1]", 8443, soon()));
  EXPECT_EQ(v6[0].to_string(), "[2001:db8::1]:8443");
  EXPECT_TRUE(v6[0].ipv6);
}

TEST(Resolve, FindsLocalhost) { EXPECT_FALSE(must(resolve("localhost", 1, soon())).empty()); }

// Known to no hosts file: RFC 6761 §6.3.
TEST(Resolve, NamesUnderLocalhostAreTheLoopback) {
  const auto found = must(resolve("handfast.LOCALHOST.", 443, soon()));
  EXPECT_EQ(found[0].to_string(), "127.0.0.1:443");
  EXPECT_FALSE(resolve("notlocalhost", 443, soon()));
}

TEST(Resolve, SaysWhatTheResolverSays) {
  ConnectReport report;
  const auto resolved = resolve("no-such-host.invalid", 443, soon(), &report);
  ASSERT_FALSE(resolved);
  EXPECT_EQ(resolved.error().code(), ErrorCode::io_failed);
  EXPECT_EQ(report.failure, NetworkFailure::not_resolved);
  EXPECT_TRUE(resolved.error().detail().starts_with("resolving no-such-host.invalid: "))
      << resolved.error().detail();
}

TEST(Connect, ReachesAListener) {
  auto listener = must(TcpListener::bind());
  ConnectReport report;
  auto client = must(connect_tcp({listener.endpoint()}, soon(), &report));
  auto server = must(listener.accept(soon()));
  EXPECT_EQ(peer_of(client).to_string(), listener.endpoint().to_string());
  ASSERT_EQ(report.attempts.size(), 1U);
  EXPECT_EQ(report.failure, NetworkFailure::none);
}

TEST(Connect, TriesTheNextAddress) {
  auto listener = must(TcpListener::bind());
  Endpoint closed = must(TcpListener::bind()).endpoint();  // closed again at once
  ConnectReport report;
  ASSERT_TRUE(connect_tcp({closed, listener.endpoint()}, soon(), &report));
  ASSERT_EQ(report.attempts.size(), 2U);
  EXPECT_EQ(report.attempts[0].failure, NetworkFailure::refused);
  EXPECT_EQ(report.attempts[0].reason, "Connection refused");
  EXPECT_EQ(report.attempts[1].failure, NetworkFailure::none);
}

TEST(Connect, NamesEachAttempt) {
  const Endpoint closed = must(TcpListener::bind()).endpoint();
  const auto connected = connect_tcp({closed}, soon());
  ASSERT_FALSE(connected);
  EXPECT_EQ(connected.error().detail(), "connecting: " + closed.to_string() + ": Connection refused");
}

TEST(Listener, GivesUpAtTheDeadline) {
  auto listener = must(TcpListener::bind());
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(listener.accept(before + 50ms).error().code(), ErrorCode::io_failed);
  EXPECT_GE(std::chrono::steady_clock::now() - before, 50ms);
}

TEST(Listener, StopsFromAnotherThread) {
  auto listener = must(TcpListener::bind());
  std::thread stopper([&] {
    std::this_thread::sleep_for(20ms);
    listener.stop();
  });
  EXPECT_EQ(listener.accept().error().code(), ErrorCode::connection_closed);
  stopper.join();
  EXPECT_EQ(listener.accept().error().code(), ErrorCode::connection_closed);
}

TEST(Listener, RefusesNames) { EXPECT_FALSE(TcpListener::bind("localhost", 0)); }

}  // namespace
}  // namespace handfast::test
