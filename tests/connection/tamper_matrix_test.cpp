// The tamper matrix: each handshake message dropped, repeated, swapped, cut, extended, … by somebody who
// knows the keys and forges the proofs that follow. RFC 9846 §4, §5.1, §6.2: what each receiver must say.
#include <gtest/gtest.h>

#include <map>

#include "support/middleman.hpp"

namespace handfast {
namespace {

using test::Authority;
using test::Item;
using test::Middleman;
using enum Direction;
using M = HandshakeType;

enum class Change : std::uint8_t {
  drop,
  repeat,
  swap,        // with the message after it
  truncate,    // by a byte; all lengths of the message itself are right
  extend,      // by a byte
  empty,       // no body
  fragment,    // one byte a record
  coalesce,    // with the message after it in one record; the last with a message too many
  wrong_type,  // message_hash, which is never sent
  plaintext,   // without the protection that it had
};
constexpr std::array kNames = {"drop",  "repeat",   "swap",     "truncate",   "extend",
                               "empty", "fragment", "coalesce", "wrong_type", "plaintext"};

struct Place {
  Direction direction;
  M message;
  bool second;  // the one after a HelloRetryRequest
};

struct Setting {
  const char* name;
  bool retry;
  bool cookie;
  ClientAuthentication authentication;
};
constexpr std::array kSettings = {
    Setting{"plain", false, false, ClientAuthentication::none},
    Setting{"client certificate", false, false, ClientAuthentication::required},
    Setting{"retry", true, false, ClientAuthentication::none},
    Setting{"retry with cookie", true, true, ClientAuthentication::none},
};

// The messages of a handshake in their order.
std::vector<Place> places(const Setting& setting) {
  std::vector<Place> out = {{sent, M::client_hello, false}};
  if (setting.retry) {
    out.push_back({received, M::hello_retry_request, false});
    out.push_back({sent, M::client_hello, true});
  }
  const bool asked = setting.authentication != ClientAuthentication::none;
  out.push_back({received, M::server_hello, setting.retry});
  out.push_back({received, M::encrypted_extensions, false});
  if (asked) out.push_back({received, M::certificate_request, false});
  for (const M message : {M::certificate, M::certificate_verify, M::finished}) {
    out.push_back({received, message, false});
  }
  if (asked) out.push_back({sent, M::certificate, false});
  if (asked) out.push_back({sent, M::certificate_verify, false});
  out.push_back({sent, M::finished, false});
  return out;
}

// What the receiver makes of it.
struct Expected {
  std::optional<ErrorCode> code;  // none: no error
  bool established = false;       // of both ends
};

const Expected kAccepted{{}, true};
const Expected kStalled{{}, false};

// What a change means for a message that is not special.
Expected usual(Change change) {
  switch (change) {
    case Change::truncate:
    case Change::extend:
    case Change::empty:
      return {ErrorCode::message_malformed};
    case Change::fragment:
    case Change::coalesce:
      return kAccepted;
    case Change::plaintext:
      return {ErrorCode::record_unexpected_type};
    default:
      return {ErrorCode::message_unexpected};
  }
}

// Everything that is not as usual() says, with the reason.
std::optional<Expected> special(const Setting& setting, const Place& place, Change change) {
  const bool first_of_retry = setting.retry && place.message == M::client_hello && !place.second;
  switch (place.message) {
    case M::client_hello:
      if (change == Change::drop || change == Change::swap || change == Change::plaintext) {
        return change == Change::drop ? kStalled : kAccepted;  // nothing follows it, and it has no protection
      }
      // After ServerHello the server reads protected records only.
      if (change == Change::repeat && !first_of_retry) return Expected{ErrorCode::record_unexpected_type};
      if (change == Change::repeat) return Expected{ErrorCode::second_hello_changed};
      if (change == Change::coalesce && !first_of_retry)
        return Expected{ErrorCode::message_across_key_change};
      if (change == Change::coalesce) return Expected{ErrorCode::message_across_key_change};
      break;
    case M::hello_retry_request:
      // The client has no key: its own answer never comes.
      if (change == Change::drop) return kStalled;
      if (change == Change::swap || change == Change::plaintext) return kAccepted;
      if (change == Change::repeat) return Expected{ErrorCode::hello_retry_twice};
      if (change == Change::coalesce) return Expected{ErrorCode::message_across_key_change};
      break;
    case M::server_hello:
      // What follows is protected, and the client has no key.
      if (change == Change::drop || change == Change::swap)
        return Expected{ErrorCode::record_unexpected_type};
      if (change == Change::repeat) return Expected{ErrorCode::record_unexpected_type};
      if (change == Change::coalesce) return Expected{ErrorCode::message_across_key_change};
      if (change == Change::plaintext) return kAccepted;
      break;
    case M::certificate_request:
      // Legal: the server need not ask. The client then sends no certificate, which this server demands.
      if (change == Change::drop) return Expected{ErrorCode::message_unexpected};
      break;
    case M::finished:
      if (change == Change::coalesce) return Expected{ErrorCode::message_across_key_change};
      // Under the old key, when the new one is there already: the handshake was complete before it.
      if (change == Change::repeat) return Expected{ErrorCode::record_bad_mac, true};
      if (change == Change::drop) return kStalled;
      if (change == Change::swap) return kAccepted;  // nothing follows it
      break;
    default:
      break;
  }
  return std::nullopt;
}

// Applies `change` to items[at].
void apply(Change change, std::vector<Item>& items, std::size_t at) {
  Item& item = items[at];
  const auto next = std::find_if(items.begin() + static_cast<std::ptrdiff_t>(at) + 1, items.end(),
                                 [](const Item& other) { return other.type == ContentType::handshake; });
  const auto here = items.begin() + static_cast<std::ptrdiff_t>(at);
  if (change != Change::drop && change != Change::swap && change != Change::repeat) item.forge = false;
  switch (change) {
    case Change::drop:
      items.erase(here);
      return;
    case Change::repeat:
      items.insert(here, Item(item));
      return;
    case Change::swap:
      if (next != items.end()) std::swap(item, *next);
      return;
    case Change::truncate:
      item.content.pop_back();
      break;
    case Change::extend:
      item.content.push_back(0);
      break;
    case Change::empty:
      item.content.resize(4);
      break;
    case Change::fragment:
      item.fragment = 1;
      return;
    case Change::coalesce:
      if (next == items.end()) {
        item.tail = test::handshake_message(M::key_update, as_bytes("\1"));
      } else {
        item.tail = next->content;
        items.erase(next);
      }
      return;
    case Change::wrong_type:
      item.content[0] = static_cast<std::uint8_t>(M::message_hash);
      return;
    case Change::plaintext:
      item.epoch = Epoch::plaintext;
      return;
  }
  test::fix_length(item.content);
}

class TamperMatrix : public testing::Test {
 protected:
  Middleman handshake(const Setting& setting) {
    ClientSettings client_settings = authority_.client_settings();
    client_settings.policy.groups = {NamedGroup::x25519, NamedGroup::secp256r1};
    client_settings.policy.key_shares = {NamedGroup::x25519};
    client_settings.credentials = {client_};
    ServerSettings server_settings;
    server_settings.policy = Policy::modern();
    server_settings.credentials = {server_};
    server_settings.policy.groups = {setting.retry ? NamedGroup::secp256r1 : NamedGroup::x25519};
    server_settings.policy.key_shares = {};
    server_settings.hello_retry_cookie = setting.cookie;
    server_settings.client_authentication = setting.authentication;
    if (setting.authentication != ClientAuthentication::none)
      server_settings.client_verifier = authority_.verifier();
    return {std::move(client_settings), std::move(server_settings)};
  }

  void check(const Setting& setting, const Place& place, Change change) {
    SCOPED_TRACE(std::string(setting.name) + ": " + std::string(name_of(place.message)) +
                 (place.second ? " (second), " : ", ") + kNames[static_cast<std::size_t>(change)]);
    Middleman middleman = handshake(setting);
    int hellos = 0;
    bool done = false;
    middleman.run([&](Direction direction, std::vector<Item>& items) {
      for (std::size_t i = 0; i < items.size() && !done; ++i) {
        const M wire = place.message == M::hello_retry_request ? M::server_hello : place.message;
        if (direction != place.direction || !items[i].is(wire) || items[i].epoch == Epoch::application)
          continue;
        if (place.second && hellos++ == 0) continue;
        apply(change, items, i);
        done = true;
      }
    });
    ASSERT_TRUE(done);
    const Expected expected = special(setting, place, change).value_or(usual(change));
    const bool dropped_request = place.message == M::certificate_request && change == Change::drop;
    const Direction alert_way = dropped_request || place.direction == received ? sent : received;
    test::Endpoint& victim = dropped_request ? middleman.server : middleman.receiver(place.direction);
    EXPECT_EQ(middleman.established(), expected.established);
    if (!expected.code) {
      EXPECT_FALSE(victim.error) << victim.error->to_string();
      return;
    }
    ASSERT_TRUE(victim.error);
    EXPECT_EQ(victim.error->code(), *expected.code) << victim.error->to_string();
    EXPECT_EQ(victim.error->side(), dropped_request || place.direction == sent ? Side::server : Side::client);
    const auto& alerts = middleman.alerts[dropped_request ? received : alert_way];
    ASSERT_EQ(alerts.size(), 1U);
    EXPECT_EQ(alerts.front(), info_of(*expected.code).alert);
  }

  Authority authority_;
  Credential client_ = authority_.credential("client.test", crypto::KeyType::ed25519);
  Credential server_ = authority_.credential("server.test", crypto::KeyType::ed25519);
};

TEST_F(TamperMatrix, EachMessageInEachWay) {
  for (const Setting& setting : kSettings) {
    for (const Place& place : places(setting)) {
      for (std::size_t change = 0; change < kNames.size(); ++change) {
        check(setting, place, static_cast<Change>(change));
      }
    }
  }
}

TEST_F(TamperMatrix, NothingChangedIsAccepted) {
  for (const Setting& setting : kSettings) {
    SCOPED_TRACE(setting.name);
    Middleman middleman = handshake(setting);
    middleman.run();
    EXPECT_TRUE(middleman.established());
    EXPECT_FALSE(middleman.client.error);
    EXPECT_FALSE(middleman.server.error);
  }
}

}  // namespace
}  // namespace handfast
