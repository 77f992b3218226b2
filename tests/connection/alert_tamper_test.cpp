// Alerts of a hostile peer, and all that can come after the handshake. RFC 9846 §4.7, §6.
#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "message/post_handshake.hpp"
#include "support/hostile.hpp"

namespace handfast {
namespace {

using message::KeyUpdateRequest;
using test::back;
using test::epoch_of;
using test::handshake_message;
using test::Item;
using test::kDirections;
using test::kPhases;
using test::Middleman;
using test::Phase;
using test::text_of;
using enum Direction;
using E = ErrorCode;
using M = HandshakeType;

Item alert(Phase phase, ByteString content) {
  return {.type = ContentType::alert, .content = std::move(content), .epoch = epoch_of(phase)};
}
Item message(M type, std::string_view body) {
  return {.content = handshake_message(type, as_bytes(body)), .epoch = Epoch::application};
}
Item data(std::string_view text) {
  return {
      .type = ContentType::application_data, .content = copy_of(as_bytes(text)), .epoch = Epoch::application};
}
Item key_update(bool request) { return message(M::key_update, {request ? "\1" : "\0", 1}); }

class AlertTamper : public test::Hostile {
 protected:
  // Both ends speak TLS 1.2 as well; the server asks for another key share.
  [[nodiscard]] Middleman either_version() const {
    ClientSettings client = client_settings();
    ServerSettings server = retrying_server();
    for (Policy* const policy : {&client.policy, &server.policy}) {
      const auto groups = policy->groups;
      const auto key_shares = policy->key_shares;
      *policy = Policy::intermediate();
      policy->groups = groups;
      policy->key_shares = key_shares;
    }
    return {std::move(client), std::move(server)};
  }
};
class PostHandshakeTamper : public test::Hostile {};

// "a record with an Alert type MUST contain exactly one message" (§5.1): fragments and two in one are
// refused.
TEST_F(AlertTamper, Malformed) {
  for (const Direction toward : kDirections) {
    for (const Phase phase : kPhases) {
      for (const ByteString& content :
           {ByteString{2}, ByteString{2, 10, 0}, ByteString{1, 90, 1, 0}, ByteString{1, 0, 1, 0}}) {
        Middleman middleman = quick();
        advance(middleman, toward, phase);
        middleman.deliver(toward, alert(phase, content));
        expect_refused(middleman, toward, E::alert_malformed);
      }
    }
  }
}

// A client that fails under handshake keys says so protected; what goes before its first protected record is
// the change_cipher_spec that middleboxes wait for (§E.4).
TEST_F(AlertTamper, OfAClientComesAfterItsChangeCipherSpec) {
  Middleman middleman = quick();
  advance(middleman, received, Phase::handshake);
  middleman.deliver(received, {.raw = test::plain_record(ContentType::handshake, ByteString{8, 0, 0, 0})});
  ASSERT_TRUE(middleman.client.error);
  const ByteString out = middleman.client.drain();
  ASSERT_EQ(out.size(), 6U + 5U + 2U + 1U + 16U);
  EXPECT_EQ(Bytes(out)[0], static_cast<std::uint8_t>(ContentType::change_cipher_spec));
  EXPECT_EQ(Bytes(out)[6], static_cast<std::uint8_t>(ContentType::application_data));
}

// TLS 1.2 knows warnings that change nothing, TLS 1.3 does not: its choice settles it.
TEST_F(AlertTamper, AWarningIsIgnoredOnlyWhileTls12IsPossible) {
  const ByteString warning = test::plain_record(ContentType::alert, ByteString{1, 112});
  {
    Middleman middleman = either_version();
    middleman.deliver(sent, {.raw = warning});
    middleman.run();
    EXPECT_TRUE(middleman.established());
  }
  for (const Direction toward : kDirections) {
    Middleman middleman = either_version();
    for (const Item& item : middleman.take(sent)) middleman.deliver(sent, item);
    for (const Item& item : middleman.take(received)) middleman.deliver(received, item);
    ASSERT_FALSE(middleman.receiver(toward).error);
    middleman.deliver(toward, {.raw = warning});
    ASSERT_TRUE(middleman.receiver(toward).error) << text_of(toward);
    EXPECT_EQ(middleman.receiver(toward).error->code(), E::alert_received);
  }
}

TEST_F(AlertTamper, NoWarningStandsBetweenThePartsOfAMessage) {
  Middleman middleman = either_version();
  const ByteString hello = middleman.take(sent).front().content;
  middleman.deliver(sent, {.raw = test::plain_record(ContentType::handshake, Bytes(hello).first(10))});
  middleman.deliver(sent, {.raw = test::plain_record(ContentType::alert, ByteString{1, 112})});
  expect_refused(middleman, sent, E::record_unexpected_type);
}

// "All … MUST be treated as error alerts when received regardless of the AlertLevel in the message. Unknown
// Alert types MUST be treated as error alerts." (§6) No alert answers an alert.
TEST_F(AlertTamper, EveryDescriptionInEachPhase) {
  for (const Direction toward : kDirections) {
    for (const Phase phase : kPhases) {
      for (unsigned number = 0; number < 256; ++number) {
        SCOPED_TRACE(std::string(text_of(toward)) + text_of(phase) + ", alert " + std::to_string(number));
        Middleman middleman = quick();
        advance(middleman, toward, phase);
        const auto level = static_cast<std::uint8_t>(number % 4);
        middleman.deliver(toward, alert(phase, {level, static_cast<std::uint8_t>(number)}));
        test::Endpoint& victim = middleman.receiver(toward);
        const auto description = static_cast<AlertDescription>(number);
        if (description == AlertDescription::user_canceled) {
          EXPECT_FALSE(victim.error);
        } else if (description == AlertDescription::close_notify && phase == Phase::established) {
          EXPECT_FALSE(victim.error);
          EXPECT_TRUE(victim.closed);
        } else {
          ASSERT_TRUE(victim.error);
          EXPECT_EQ(victim.error->code(), E::alert_received);
          EXPECT_EQ(victim.error->alert(), description);
          (void)middleman.take(back(toward));
          EXPECT_TRUE(middleman.alerts[back(toward)].empty());
          ByteString room(kMaxRecordSize);
          EXPECT_FALSE(victim.connection.send(as_bytes("more"), room));
        }
      }
    }
  }
}

TEST_F(AlertTamper, UserCanceledIsIgnoredButNotForEver) {
  for (const Direction toward : kDirections) {
    for (const Phase phase : kPhases) {
      Middleman middleman = quick();
      advance(middleman, toward, phase);
      for (unsigned i = 0; i < limits::kMaxWarningAlerts; ++i)
        middleman.deliver(toward, alert(phase, {1, 90}));
      expect_accepted(middleman, toward);
      middleman.deliver(toward, alert(phase, {1, 90}));
      expect_refused(middleman, toward, E::alert_flood);
    }
    Middleman orderly = quick();
    orderly.run();
    orderly.deliver(toward, alert(Phase::established, {1, 90}));
    orderly.deliver(toward, alert(Phase::established, {1, 0}));
    EXPECT_TRUE(orderly.receiver(toward).closed);
    // "Any data received after a closure alert has been received MUST be ignored." (§6.1)
    orderly.deliver(toward, {.raw = {1, 2, 3, 4, 5, 6, 7}});
    expect_accepted(orderly, toward);
    EXPECT_TRUE(orderly.receiver(toward).connection.receive_end());
  }
}

// A client that could not make use of ServerHello has no key yet; afterwards it has.
TEST_F(AlertTamper, WithoutProtection) {
  const ByteString record = test::plain_record(ContentType::alert, ByteString{2, 40});
  for (const Direction toward : kDirections) {
    for (const Phase phase : {Phase::handshake, Phase::established}) {
      Middleman middleman = quick();
      advance(middleman, toward, phase);
      middleman.deliver(toward, {.raw = record});
      if (toward == sent && phase == Phase::handshake) {
        ASSERT_TRUE(middleman.server.error);
        EXPECT_EQ(middleman.server.error->code(), E::alert_received);
      } else {
        expect_refused(middleman, toward, E::record_unexpected_type);
      }
    }
  }
  ServerSettings server = server_settings();
  server.client_authentication = ClientAuthentication::required;
  server.client_verifier = authority_.verifier();
  ClientSettings client = client_settings();
  client.credentials = {client_};
  Middleman middleman(std::move(client), std::move(server));
  middleman.run([&](Direction direction, std::vector<Item>& items) {
    if (direction != sent || items.size() < 2) return;
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (!items[i].is(M::certificate_verify)) continue;
      items.insert(items.begin() + static_cast<std::ptrdiff_t>(i), Item{.raw = record});
      return;
    }
  });
  expect_refused(middleman, sent, E::record_unexpected_type);
}

// "Handshake messages MUST NOT be interleaved with other record types." (§5.1)
TEST_F(AlertTamper, BetweenFragments) {
  for (const Direction toward : kDirections) {
    for (const bool established : {false, true}) {
      Middleman middleman = quick();
      const Phase phase = established ? Phase::established : Phase::handshake;
      advance(middleman, toward, phase);
      middleman.deliver(toward, {.content = {11, 0, 0}, .epoch = epoch_of(phase)});
      middleman.deliver(toward, alert(phase, {1, 90}));
      expect_refused(middleman, toward, E::record_unexpected_type);
    }
    Middleman middleman = quick();
    middleman.run();
    middleman.deliver(toward, {.content = {11, 0, 0}, .epoch = Epoch::application});
    middleman.deliver(toward, data("x"));
    expect_refused(middleman, toward, E::record_unexpected_type);
    Middleman closed = quick();
    closed.run();
    closed.deliver(toward, {.content = {11, 0, 0}, .epoch = Epoch::application});
    closed.deliver(toward, alert(Phase::established, {1, 0}));
    ASSERT_TRUE(closed.receiver(toward).error);
    EXPECT_EQ(closed.receiver(toward).error->code(), E::truncated);
  }
}

TEST_F(PostHandshakeTamper, EveryMessageType) {
  for (const Direction toward : kDirections) {
    for (unsigned number = 0; number < 256; ++number) {
      SCOPED_TRACE(std::string(text_of(toward)) + "message " + std::to_string(number));
      const auto type = static_cast<M>(number);
      Middleman middleman = quick();
      middleman.run();
      middleman.deliver(toward, message(type, {"\0\0\0\0", 4}));
      const bool ticket = type == M::new_session_ticket && toward == received;
      expect_refused(middleman, toward,
                     ticket || type == M::key_update ? E::message_malformed : E::message_unexpected);
    }
  }
}

TEST_F(PostHandshakeTamper, KeyUpdateValues) {
  for (const Direction toward : kDirections) {
    for (unsigned value = 0; value < 256; ++value) {
      Middleman middleman = quick();
      middleman.run();
      const char byte = static_cast<char>(value);
      middleman.deliver(toward, message(M::key_update, {&byte, 1}));
      if (value > 1) {
        expect_refused(middleman, toward, E::message_illegal_value);
        continue;
      }
      // The old key is of no use any more; the new one is.
      middleman.deliver(toward, data("new"));
      expect_accepted(middleman, toward);
      EXPECT_EQ(as_text(middleman.receiver(toward).received), "new");
      std::vector<Item> answer = middleman.take(back(toward));
      ASSERT_EQ(answer.size(), value);
      if (value == 1) {
        EXPECT_EQ(answer[0].content, key_update(false).content);
      }
    }
    for (const std::string_view body : {std::string_view("", 0), std::string_view("\0\0", 2)}) {
      Middleman middleman = quick();
      middleman.run();
      middleman.deliver(toward, message(M::key_update, body));
      expect_refused(middleman, toward, E::message_malformed);
    }
  }
}

// "Implementations that receive a KeyUpdate message prior to receiving a Finished message MUST terminate the
// connection with an "unexpected_message" alert." (§4.7.3)
TEST_F(PostHandshakeTamper, KeyUpdateBeforeFinished) {
  for (const Direction toward : kDirections) {
    Middleman middleman = quick();
    advance(middleman, toward, Phase::handshake);
    Item item = key_update(false);
    item.epoch = Epoch::handshake;
    middleman.deliver(toward, item);
    expect_refused(middleman, toward, E::message_unexpected);
  }
}

TEST_F(PostHandshakeTamper, KeyUpdateMustEndItsRecord) {
  for (const Direction toward : kDirections) {
    for (const std::string_view tail : {std::string_view("\x18\0\0\1\0", 5), std::string_view("\x18", 1)}) {
      Middleman middleman = quick();
      middleman.run();
      Item item = key_update(false);
      item.tail = copy_of(as_bytes(tail));
      middleman.deliver(toward, item);
      expect_refused(middleman, toward, E::message_across_key_change);
    }
  }
}

TEST_F(PostHandshakeTamper, KeyUpdateFlood) {
  for (const Direction toward : kDirections) {
    Middleman middleman = quick();
    middleman.run();
    for (unsigned i = 0; i < limits::kMaxKeyUpdatesInARow; ++i) middleman.deliver(toward, key_update(true));
    expect_accepted(middleman, toward);
    // "an implementation which receives multiple KeyUpdates while it is silent to respond with a single
    // update"
    EXPECT_EQ(middleman.take(back(toward)).size(), 1U);
    // Empty records do not count as use.
    middleman.deliver(toward, data(""));
    middleman.deliver(toward, key_update(true));
    expect_refused(middleman, toward, E::limit_exceeded);

    Middleman useful = quick();
    useful.run();
    for (unsigned i = 0; i < 3 * limits::kMaxKeyUpdatesInARow; ++i) {
      useful.deliver(toward, key_update(i % 2 == 0));
      useful.deliver(toward, data("."));
    }
    expect_accepted(useful, toward);
    EXPECT_EQ(useful.receiver(toward).received.size(), 3 * limits::kMaxKeyUpdatesInARow);
  }
}

// "Until receiving a subsequent KeyUpdate from the peer, the sender MUST NOT send another KeyUpdate with
// request_update set to "update_requested"." (§4.7.3)
TEST_F(PostHandshakeTamper, RequestsAreNotRepeatedBeforeTheAnswer) {
  for (const Direction toward : kDirections) {
    Middleman middleman = quick();
    middleman.run();
    Connection& connection = middleman.receiver(toward).connection;
    for (int round = 0; round < 2; ++round) {
      ASSERT_TRUE(connection.update_keys(true));
      ASSERT_TRUE(connection.update_keys(true));
      const std::vector<Item> items = middleman.take(back(toward));
      ASSERT_EQ(items.size(), 2U);
      EXPECT_EQ(items[0].content, key_update(true).content);
      EXPECT_EQ(items[1].content, key_update(false).content);
      middleman.deliver(toward, key_update(false));
    }
  }
}

TEST_F(PostHandshakeTamper, SessionTickets) {
  ByteString ticket;
  ASSERT_TRUE(message::encode_new_session_ticket({.ticket_lifetime = 1,
                                                  .ticket_age_add = 2,
                                                  .ticket_nonce = as_bytes("n"),
                                                  .ticket = as_bytes("ticket"),
                                                  .max_early_data_size = {},
                                                  .extra = {}},
                                                 ticket));
  const Item item{.content = ticket, .epoch = Epoch::application};
  Middleman middleman = quick();
  middleman.run();
  for (unsigned i = 0; i < limits::kMaxPostHandshakeMessages; ++i) middleman.deliver(received, item);
  expect_accepted(middleman, received);
  middleman.deliver(received, item);
  expect_refused(middleman, received, E::limit_exceeded);
  Middleman server = quick();
  server.run();
  server.deliver(sent, item);
  expect_refused(server, sent, E::message_unexpected);
  for (std::size_t size = 0; size < ticket.size() - 4; ++size) {
    Middleman cut = quick();
    cut.run();
    cut.deliver(received, message(M::new_session_ticket, as_text(Bytes(ticket).subspan(4, size))));
    expect_refused(cut, received, E::message_malformed);
  }
}

}  // namespace
}  // namespace handfast
