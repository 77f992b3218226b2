// Keys of tickets: who can open a ticket and who cannot (attack row 20), and when one is forgotten. RFC 5077
// §4.
#include <gtest/gtest.h>

#include <handfast/ticket_keys.hpp>
#include <set>

#include "base/limits.hpp"
#include "crypto/aead.hpp"
#include "handshake/session_state.hpp"
#include "support/loopback.hpp"

namespace handfast {
namespace {

using test::FixedClock;
using test::must;

const ByteString kState(100, 0x5a);

TicketKey key(std::uint8_t number) {
  TicketKey out;
  out.name.fill(number);
  out.secret.resize(TicketKey::kSecretSize);
  out.secret.writable()[0] = number;
  return out;
}

std::shared_ptr<TicketKeys> supplied(std::initializer_list<std::uint8_t> numbers) {
  std::vector<TicketKey> keys;
  for (const std::uint8_t number : numbers) keys.push_back(key(number));
  return must(TicketKeys::supplied(std::move(keys)));
}

// From the first one on, and after a change of keys.
TEST(TicketKeysTest, NoTicketOpensUnderZeros) {
  FixedClock clock;
  const auto keys = must(TicketKeys::rotating(clock, std::chrono::hours(1), std::chrono::hours(2)));
  for (int hour = 0; hour < 4; ++hour) {
    const ByteString ticket = must(keys->seal(kState, system_random()));
    const Bytes name = Bytes(ticket).first(TicketKey::kNameSize);
    const Bytes nonce = Bytes(ticket).subspan(TicketKey::kNameSize, crypto::kAeadNonceSize);
    ByteString sealed = copy_of(Bytes(ticket).subspan(TicketKey::kNameSize + crypto::kAeadNonceSize));
    EXPECT_EQ(sealed.size(), kState.size() + crypto::kAeadTagSize);
    auto zeros = must(crypto::Aead::create(crypto::AeadAlgorithm::aes_256_gcm, crypto::Aead::Purpose::open,
                                           ByteString(TicketKey::kSecretSize)));
    EXPECT_FALSE(zeros.open(nonce, name, sealed));
    EXPECT_EQ(must(keys->seal(kState, system_random())).size(), ticket.size());
    EXPECT_EQ(keys->open(ticket), kState);
    clock.time += std::chrono::hours(1);
  }
  for (const std::uint8_t byte : {std::uint8_t{0x00}, std::uint8_t{0xff}}) {
    TicketKey equal;
    equal.secret = Secret<TicketKey::kSecretSize>(ByteString(TicketKey::kSecretSize, byte));
    std::vector<TicketKey> one;
    one.push_back(std::move(equal));
    EXPECT_FALSE(TicketKeys::supplied(std::move(one)));
  }
}

// Two servers, or one before and after it was started again.
TEST(TicketKeysTest, NobodyElseOpensThem) {
  const FixedClock clock;
  const auto one = must(TicketKeys::rotating(clock));
  const auto other = must(TicketKeys::rotating(clock));
  const ByteString ticket = must(one->seal(kState, system_random()));
  EXPECT_EQ(one->open(ticket), kState);
  EXPECT_FALSE(other->open(ticket));
  // Not even if the names of the keys were the same.
  ByteString renamed = must(other->seal(kState, system_random()));
  std::copy_n(ticket.begin(), TicketKey::kNameSize, renamed.begin());
  EXPECT_FALSE(one->open(renamed));
  EXPECT_FALSE(supplied({2})->open(must(supplied({1})->seal(kState, system_random()))));
  EXPECT_TRUE(supplied({2, 1})->open(must(supplied({1})->seal(kState, system_random()))));
}

TEST(TicketKeysTest, EveryByteOfATicketCounts) {
  const auto keys = supplied({1});
  const ByteString ticket = must(keys->seal(kState, system_random()));
  for (std::size_t at = 0; at < ticket.size(); ++at) {
    ByteString changed = ticket;
    changed[at] ^= 1U;
    EXPECT_FALSE(keys->open(changed)) << at;
    EXPECT_FALSE(keys->open(Bytes(ticket).first(at))) << at;
  }
}

TEST(TicketKeysTest, KeysAreForgotten) {
  FixedClock clock;
  const auto keys = must(TicketKeys::rotating(clock, std::chrono::hours(1), std::chrono::hours(2)));
  const ByteString ticket = must(keys->seal(kState, system_random()));
  clock.time += std::chrono::hours(3) - std::chrono::seconds(1);
  EXPECT_TRUE(keys->open(ticket));
  EXPECT_FALSE(keys->is_newest(ticket));
  clock.time += std::chrono::seconds(2);
  EXPECT_FALSE(keys->open(ticket));
}

// limits::kMaxTicketSize, TicketKeys::kMaxKeys.
TEST(TicketKeysTest, HaveLimits) {
  const auto keys = supplied({1});
  constexpr std::size_t kOverhead = TicketKey::kNameSize + crypto::kAeadNonceSize + crypto::kAeadTagSize;
  const ByteString longest(limits::kMaxTicketSize - kOverhead, 7);
  EXPECT_EQ(keys->open(must(keys->seal(longest, system_random()))), longest);
  const ByteString longer(limits::kMaxTicketSize - kOverhead + 1, 7);
  EXPECT_FALSE(keys->open(must(keys->seal(longer, system_random()))));
  std::vector<TicketKey> many;
  for (std::size_t i = 0; i < TicketKeys::kMaxKeys; ++i)
    many.push_back(key(static_cast<std::uint8_t>(i + 1)));
  EXPECT_TRUE(TicketKeys::supplied(std::move(many)));
  many.clear();
  for (std::size_t i = 0; i <= TicketKeys::kMaxKeys; ++i)
    many.push_back(key(static_cast<std::uint8_t>(i + 1)));
  EXPECT_FALSE(TicketKeys::supplied(std::move(many)));
}

// Attack row 65: who sees two tickets must not know the age that a client hides in the third.
TEST(TicketAge, IsDrawnForEachTicket) {
  const test::Authority authority;
  ServerSettings server = authority.server_settings();
  server.clock = &authority.clock;
  server.ticket_keys = must(TicketKeys::rotating(authority.clock));
  server.tickets = ServerSettings::kMaxTickets;
  std::set<std::uint32_t> drawn;
  for (int i = 0; i < 4; ++i) {
    ClientSettings client = authority.client_settings();
    client.clock = &authority.clock;
    client.sessions = std::make_shared<ClientSessions>();
    test::Loopback loopback(test::client_config(client), test::server_config(server));
    loopback.run();
    const auto exported = client.sessions->export_sessions();
    ASSERT_EQ(exported.size(), ClientSessions::kMaxPerServer);
    for (const ByteString& session : exported) {
      const Bytes state = Bytes(session).subspan(sizeof(ClientSessions::Key));
      drawn.insert(must(handshake::decode_session(state)).ticket_age_add);
    }
  }
  EXPECT_EQ(drawn.size(), 4 * ClientSessions::kMaxPerServer);
}

}  // namespace
}  // namespace handfast
