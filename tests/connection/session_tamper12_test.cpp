// Sessions of TLS 1.2 that somebody changes, tickets that come and go, and stores that misbehave: at worst
// the handshake is a full one. RFC 5077 §3; RFC 7627 §5.3.
#include <gtest/gtest.h>

#include <algorithm>

#include "support/message_parts.hpp"
#include "support/resumption12.hpp"

namespace handfast {
namespace {

using handshake::SessionState;
using test::Keeping;
using test::Loopback;
using test::must;
using test::Parts;
using test::Sessions12;
using test::StrangeStore;

using SessionTamper12 = test::KeepingSessions12;

// --- RFC 7627 §5.3 -----------------------------------------------------------------------------------

// "If the original session used the "extended_master_secret" extension but the new ClientHello does not
// contain it, the server MUST abort the abbreviated handshake."
TEST_P(SessionTamper12, AServerAbortsWhenTheClientDropsTheExtendedMainSecret) {
  connect();
  run([](Direction direction, ByteString& bytes) {
    if (direction != Direction::sent || bytes[0] != 22 || bytes[5] != 1) return;
    Parts parts = Parts::of(ByteString(bytes.begin() + 5, bytes.end()));
    parts.remove(ExtensionType::extended_main_secret);
    const ByteString hello = parts.join();
    bytes.resize(5);
    Parts::set(bytes, 3, 2, hello.size());
    bytes.insert(bytes.end(), hello.begin(), hello.end());
  });
  ASSERT_TRUE(loopback->server.error.has_value());
  EXPECT_EQ(loopback->server.error->code(), ErrorCode::extended_main_secret_missing);
  EXPECT_EQ(loopback->server.error->alert(), AlertDescription::handshake_failure);
}

// "If the original session used the extension but the new ServerHello does not contain the extension, the
// client MUST abort the handshake."
TEST_P(SessionTamper12, AClientAbortsWhenTheServerDropsTheExtendedMainSecret) {
  connect();
  run([](Direction direction, ByteString& bytes) {
    if (direction != Direction::received || bytes[0] != 22 || bytes[5] != 2) return;
    const std::size_t size = 4 + Parts::number(bytes, 6, 3);
    const auto end = bytes.begin() + 5 + static_cast<std::ptrdiff_t>(size);
    Parts parts = Parts::of(ByteString(bytes.begin() + 5, end));
    parts.remove(ExtensionType::extended_main_secret);
    const ByteString hello = parts.join();
    bytes.erase(bytes.begin() + 5, end);
    bytes.insert(bytes.begin() + 5, hello.begin(), hello.end());
    Parts::set(bytes, 3, 2, Parts::number(bytes, 3, 2) - size + hello.size());
  });
  ASSERT_TRUE(loopback->client.error.has_value());
  EXPECT_EQ(loopback->client.error->code(), ErrorCode::extended_main_secret_missing);
  EXPECT_EQ(loopback->client.error->alert(), AlertDescription::handshake_failure);
}

TEST_P(SessionTamper12, AClientDoesNotOfferASessionWithoutTheExtendedMainSecret) {
  connect();
  const std::size_t unused = by_ticket() ? 0 : 1;
  change([](SessionState& session) { session.extended_main_secret = false; });
  EXPECT_FALSE(resumes());
  const auto* const ticket = Parts::of(witness.client_hello).find(ExtensionType::session_ticket);
  EXPECT_TRUE(unused == 1 || (ticket != nullptr && ticket->body.empty()));
}

// --- what is changed on the way --------------------------------------------------------------------

TEST_P(SessionTamper12, AChangedOrTruncatedSessionIsNotTaken) {
  connect();
  const SessionState real = newest();
  const std::size_t size = (by_ticket() ? real.ticket : real.session_id).size();
  const auto attempt = [&](const std::function<void(ByteString&)>& edit) {
    if (kept->size() == 0) connect();
    change([&](SessionState& session) {
      session = real.clone();
      edit(by_ticket() ? session.ticket : session.session_id);
    });
    return resumes();
  };
  for (std::size_t i = 0; i < size; i += by_ticket() ? 7 : 1) {
    EXPECT_FALSE(attempt([&](ByteString& id) { id[i] ^= 1U; })) << i;
    EXPECT_FALSE(attempt([&](ByteString& id) { id.resize(i); })) << i;
  }
  EXPECT_FALSE(attempt([&](ByteString& id) { id.resize(id.size() - 1); }));
  if (by_ticket()) {
    EXPECT_FALSE(attempt([&](ByteString& id) { id.push_back(0); }));
  }
  EXPECT_TRUE(attempt([](ByteString&) {}));
}

// Who does not know the secret cannot make a Finished: the client opens nothing of what the server protects.
TEST_P(SessionTamper12, AWrongSecretIsNoticedAndForgotten) {
  connect();
  change([](SessionState& session) { session.secret.writable()[0] ^= 1U; });
  run();
  ASSERT_TRUE(loopback->client.error.has_value());
  EXPECT_EQ(loopback->client.error->alert(), AlertDescription::bad_record_mac);
  EXPECT_FALSE(loopback->server.connection.is_established());
  EXPECT_EQ(kept->size(), 0U);
  EXPECT_FALSE(resumes());
}

TEST_P(SessionTamper12, AServerMustKeepTheSuite) {
  connect();
  run([](Direction direction, ByteString& bytes) {
    if (direction != Direction::received || bytes[0] != 22 || bytes[5] != 2) return;
    const std::size_t suite = 5 + 4 + 2 + 32 + 1 + bytes[43];
    bytes[suite + 1] ^= 0x07U;  // …2b, …2c: another one of the client's
  });
  ASSERT_TRUE(loopback->client.error.has_value());
  EXPECT_EQ(loopback->client.error->alert(), AlertDescription::illegal_parameter);
  EXPECT_FALSE(loopback->client.connection.is_established());
}

// A resumption that breaks off is not tried again: perhaps the server cannot do it.
TEST_P(SessionTamper12, AResumptionThatFailsIsForgotten) {
  connect();
  run([](Direction direction, ByteString& bytes) {
    if (direction == Direction::received) bytes.clear();
  });
  loopback.reset();
  EXPECT_EQ(kept->size(), 0U);
  EXPECT_FALSE(resumes());
  EXPECT_TRUE(resumes());
}

// RFC 5246 §7.2.2 would have it otherwise: see docs/sessions.md.
TEST_P(SessionTamper12, AnAlertLaterDoesNotEndTheSession) {
  connect();
  loopback->client.inbox = {23, 3, 3, 0, 1, 0};
  loopback->client.digest();
  EXPECT_TRUE(loopback->client.error.has_value());
  loopback->server.inbox = loopback->client.drain();
  loopback->server.digest();
  EXPECT_TRUE(loopback->server.error.has_value());
  EXPECT_TRUE(resumes());
}

INSTANTIATE_TEST_SUITE_P(Sessions, SessionTamper12, testing::Values(Keeping::tickets, Keeping::store),
                         test::name_of_keeping);

// --- tickets ---------------------------------------------------------------------------------------

class Tickets12 : public testing::Test, protected Sessions12 {};

// A ticket under the newest key lives no longer if it is made anew; one under an old key would be lost soon.
TEST_F(Tickets12, AreRenewedWhenTheKeyIs) {
  server.ticket_keys = must(TicketKeys::rotating(authority.clock, std::chrono::hours(1)));
  connect();
  const ByteString first = newest().ticket;
  EXPECT_TRUE(resumes());
  EXPECT_FALSE(witness.saw(HandshakeType::new_session_ticket));
  authority.clock.time += std::chrono::minutes(61);
  EXPECT_TRUE(resumes());
  EXPECT_TRUE(witness.saw(HandshakeType::new_session_ticket));
  EXPECT_NE(newest().ticket, first);
  EXPECT_TRUE(resumes());
  EXPECT_FALSE(witness.saw(HandshakeType::new_session_ticket));
  // The certificate was checked at the beginning: 24 hours later the session is over, however often it was
  // renewed.
  for (int hour = 2; hour < 24; ++hour) {
    authority.clock.time += std::chrono::hours(1);
    EXPECT_TRUE(resumes()) << hour;
  }
  authority.clock.time += std::chrono::hours(1);
  EXPECT_FALSE(resumes());
}

TEST_F(Tickets12, OfAForeignServerMeanAFullHandshake) {
  server.ticket_keys = must(TicketKeys::rotating(authority.clock));
  connect();
  server.ticket_keys = must(TicketKeys::rotating(authority.clock));
  EXPECT_FALSE(resumes());
  EXPECT_TRUE(resumes());
}

// Clients that take tickets get them; the store is for the others. "If a ticket is presented by the client,
// the server MUST NOT attempt to use the Session ID in the ClientHello for stateful session resumption."
TEST_F(Tickets12, GoBeforeSessionIds) {
  server.session_store = make_session_store(authority.clock);
  connect();
  const SessionState stored = newest();
  EXPECT_FALSE(stored.session_id.empty());
  server.ticket_keys = must(TicketKeys::rotating(authority.clock));
  // A session by id becomes one by ticket.
  EXPECT_TRUE(resumes());
  EXPECT_TRUE(witness.saw(HandshakeType::new_session_ticket));
  EXPECT_TRUE(newest().session_id.empty());
  EXPECT_TRUE(resumes());
  change([&](SessionState& session) {
    session.ticket[20] ^= 1U;
    session.session_id = stored.session_id;
  });
  EXPECT_FALSE(resumes());
}

// RFC 5077 §3.3: a lifetime of 0 says nothing; a ticket of no bytes is none.
TEST_F(Tickets12, SayHowLongTheyLive) {
  server.ticket_keys = must(TicketKeys::rotating(authority.clock));
  server.session_lifetime = std::chrono::hours(3);
  connect();
  EXPECT_EQ(newest().expires, authority.clock.time + std::chrono::hours(3));
}

// A client certificate that does not fit into a ticket: the handshake promised one, and sends an empty one.
TEST_F(Tickets12, ThatWouldBeTooLargeAreEmpty) {
  server.ticket_keys = must(TicketKeys::rotating(authority.clock));
  server.client_authentication = ClientAuthentication::required;
  server.client_verifier = danger::accept_any_certificate();
  pki::IssueSpec large = authority.leaf_spec("client.test");
  for (int i = 0; i < 300; ++i) large.dns_names.push_back(std::string(60, 'a') + std::to_string(i) + ".test");
  client.credentials.push_back(authority.credential(large, crypto::KeyType::ec_p256));
  connect();
  EXPECT_TRUE(witness.saw(HandshakeType::new_session_ticket));
  EXPECT_EQ(kept->size(), 0U);
}

// --- stores ----------------------------------------------------------------------------------------

class Stores12 : public testing::Test, protected Sessions12 {
 protected:
  Stores12() { server.session_store = store; }
  std::shared_ptr<StrangeStore> store = std::make_shared<StrangeStore>();
};

TEST_F(Stores12, WhateverTheyDoTheHandshakeSucceeds) {
  using Mood = StrangeStore::Mood;
  connect();
  for (const Mood mood : {Mood::forgets, Mood::fails, Mood::drops, Mood::garbage}) {
    store->mood = mood;
    store->takes = 0;
    EXPECT_FALSE(resumes());
    EXPECT_EQ(store->takes, 1);
  }
  store->mood = Mood::late;
  bool woken = false;
  ConnectionOptions options;
  options.wake = [&] { woken = true; };
  Loopback late(test::client_config(client), test::server_config(server), name, {}, options);
  late.run();
  ASSERT_TRUE(store->pending.has_value());
  EXPECT_FALSE(late.established());
  EXPECT_EQ(late.server.connection.waiting_for().what, Waiting::For::session);
  EXPECT_TRUE(store->pending->complete(store->last));
  EXPECT_TRUE(woken);
  late.run();
  ASSERT_TRUE(late.established());
  EXPECT_TRUE(late.client.connection.info()->resumed);
}

TEST_F(Stores12, GetTheSessionBack) {
  connect();
  EXPECT_EQ(store->puts, 1);
  EXPECT_TRUE(resumes());
  EXPECT_EQ(store->puts, 2);
  // Also when it does not fit: it will fit another connection.
  server.session_context = "another application";
  EXPECT_FALSE(resumes());
  EXPECT_EQ(store->puts, 4);  // and the new one
}

// What a store gives is as little believed as a ticket.
TEST_F(Stores12, ASessionWithoutTheExtendedMainSecretIsNotResumed) {
  connect();
  SessionState stored = must(handshake::decode_session(store->last));
  stored.extended_main_secret = false;
  store->last = must(handshake::encode_session(stored));
  EXPECT_FALSE(resumes());
}

TEST_F(Stores12, AreNotAskedWithoutASessionId) {
  client.policy = test::tls12_policy();
  connect();
  EXPECT_EQ(store->takes, 0);
}

// No handshake that fails leaves a session behind, on either side, whichever byte of it is changed.
TEST_F(Stores12, AFailedHandshakeStoresNothing) {
  server.ticket_keys = nullptr;
  for (const Direction flipped : {Direction::sent, Direction::received}) {
    for (std::size_t target = 5;; target += 23) {
      store->puts = 0;
      kept->clear();
      std::size_t seen = 0;
      bool hit = false;
      run([&](Direction direction, ByteString& bytes) {
        if (direction != flipped) return;
        if (target >= seen && target < seen + bytes.size()) {
          bytes[target - seen] ^= 0x10U;
          hit = true;
        }
        seen += bytes.size();
      });
      if (!hit) break;
      EXPECT_EQ(kept->size(), loopback->client.connection.is_established() ? 1U : 0U) << target;
      EXPECT_EQ(store->puts, loopback->server.connection.is_established() ? 1 : 0) << target;
    }
  }
}

// A session id that stands for no session is not to be repeated (compatibility mode of TLS 1.3).
TEST_F(Stores12, AMadeUpSessionIdStandsForNothing) {
  client.policy = Policy::intermediate();
  client.sessions = nullptr;
  connect();
  EXPECT_EQ(store->takes, 1);
  EXPECT_EQ(witness.answer().legacy_session_id_echo.size(), 32U);
  run([](Direction direction, ByteString& bytes) {
    static ByteString id;
    if (direction == Direction::sent && bytes[0] == 22 && bytes[5] == 1) {
      id.assign(bytes.begin() + 44, bytes.begin() + 76);
    }
    if (direction == Direction::received && bytes[0] == 22 && bytes[5] == 2) {
      std::ranges::copy(id, bytes.begin() + 44);
    }
  });
  ASSERT_TRUE(loopback->client.error.has_value());
  EXPECT_EQ(loopback->client.error->code(), ErrorCode::session_resumed_differently);
}

}  // namespace
}  // namespace handfast
