// Hostile: what tests against hostile peers share: quick settings, phases of a handshake, and what a refusal
// is.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "support/middleman.hpp"

namespace handfast::test {

// How far a handshake is when the hostile bytes come: before the first hello of the peer, under handshake
// keys, afterwards.
enum class Phase : std::uint8_t { hello, handshake, established };
inline constexpr std::array kPhases = {Phase::hello, Phase::handshake, Phase::established};
inline constexpr std::array kDirections = {Direction::sent, Direction::received};

inline Epoch epoch_of(Phase phase) {
  return phase == Phase::hello       ? Epoch::plaintext
         : phase == Phase::handshake ? Epoch::handshake
                                     : Epoch::application;
}
inline const char* text_of(Phase phase) {
  return phase == Phase::hello ? "hello" : phase == Phase::handshake ? "handshake" : "established";
}
inline const char* text_of(Direction toward) {
  return toward == Direction::sent ? "to server, " : "to client, ";
}
inline Direction back(Direction toward) {
  return toward == Direction::sent ? Direction::received : Direction::sent;
}

class Hostile : public testing::Test {
 protected:
  [[nodiscard]] ClientSettings client_settings() const {
    ClientSettings settings = authority_.client_settings();
    settings.policy.groups = {NamedGroup::x25519, NamedGroup::secp256r1};
    settings.policy.key_shares = {NamedGroup::x25519};
    return settings;
  }
  [[nodiscard]] ServerSettings server_settings() const {
    ServerSettings settings;
    settings.policy = Policy::modern();  // TLS 1.2 has tests of its own
    settings.credentials = {server_};
    return settings;
  }
  // The server wants P-256, for which the client has sent no share.
  [[nodiscard]] ServerSettings retrying_server() const {
    ServerSettings settings = server_settings();
    settings.policy.groups = {NamedGroup::secp256r1};
    settings.policy.key_shares = {};
    return settings;
  }
  [[nodiscard]] Middleman quick() const { return {client_settings(), server_settings()}; }

  // Runs the handshake so far that the next item `toward` comes in `phase`.
  static void advance(Middleman& middleman, Direction toward, Phase phase) {
    if (phase == Phase::established) return middleman.run();
    if (toward == Direction::sent && phase == Phase::hello) return;
    const std::vector<Item> hello = middleman.take(Direction::sent);
    if (phase == Phase::hello) return;
    for (const Item& item : hello) middleman.deliver(Direction::sent, item);
    const std::vector<Item> flight = middleman.take(Direction::received);
    if (toward == Direction::received) middleman.deliver(Direction::received, flight.front());
    EXPECT_FALSE(middleman.receiver(toward).error);
  }

  // The receiver of `toward` ended with `code`, said so in one alert, and gave nothing to its application.
  static void expect_refused(Middleman& middleman, Direction toward, ErrorCode code,
                             std::optional<AlertDescription> alert = {}) {
    Endpoint& victim = middleman.receiver(toward);
    ASSERT_TRUE(victim.error) << "nothing was refused, expected " << info_of(code).name;
    EXPECT_EQ(victim.error->code(), code) << victim.error->to_string();
    EXPECT_EQ(victim.error->alert(), alert.value_or(info_of(code).alert));
    (void)middleman.take(back(toward));
    const auto& alerts = middleman.alerts[back(toward)];
    ASSERT_EQ(alerts.size(), 1U);
    EXPECT_EQ(alerts.front(), victim.error->alert());
    EXPECT_TRUE(victim.received.empty());
    ByteString room(kMaxRecordSize);
    EXPECT_FALSE(victim.connection.send(as_bytes("more"), room)) << "it may not send any more";
    EXPECT_FALSE(victim.connection.receive(room)) << "the error must stick";
  }
  static void expect_accepted(Middleman& middleman, Direction toward) {
    Endpoint& receiver = middleman.receiver(toward);
    EXPECT_FALSE(receiver.error) << receiver.error->to_string();
  }

  Authority authority_;
  Credential server_ = authority_.credential("server.test", crypto::KeyType::ed25519);
  Credential client_ = authority_.credential("client.test", crypto::KeyType::ed25519);
};

}  // namespace handfast::test
