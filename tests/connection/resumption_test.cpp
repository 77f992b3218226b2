// Sessions that go on: with tickets and with a store, and everything that must lead back to a full handshake.
// RFC 9846 §2.2, §4.3.11, §4.7.1.
#include <gtest/gtest.h>

#include "handshake/session_state.hpp"
#include "support/loopback.hpp"
#include "support/sessions.hpp"

namespace handfast {
namespace {

using test::Authority;
using test::client_config;
using test::Keeping;
using test::Loopback;
using test::MessageWitness;
using test::must;
using test::server_config;
using test::StrangeStore;

// A server and a client that keep sessions, whose settings a test may change between two handshakes.
class Resumption : public testing::TestWithParam<Keeping> {
 protected:
  Resumption() {
    server_settings.clock = &authority.clock;
    client_settings.clock = &authority.clock;
    client_settings.sessions = sessions;
    if (GetParam() == Keeping::tickets) {
      server_settings.ticket_keys = must(TicketKeys::rotating(authority.clock));
    } else {
      server_settings.session_store = make_session_store(authority.clock);
    }
  }

  // A handshake under the settings as they are now. `hook` as in Loopback.
  ConnectionInfo connect(const Loopback::Hook& hook = {}) {
    witness = {};
    ConnectionOptions options;
    options.observer = &witness;
    options.keep_peer_certificates = true;
    ConnectionOptions server_options;
    server_options.keep_peer_certificates = true;
    loopback.emplace(client_config(client_settings), server_config(server_settings), name, options,
                     server_options);
    loopback->run(hook);
    if (!loopback->established()) {
      ADD_FAILURE() << (loopback->client.error ? loopback->client.error->to_string() : "no error") << " / "
                    << (loopback->server.error ? loopback->server.error->to_string() : "no error");
      return {};
    }
    EXPECT_EQ(loopback->client.connection.info()->resumed, loopback->server.connection.info()->resumed);
    return *loopback->client.connection.info();
  }

  Authority authority;
  std::shared_ptr<ClientSessions> sessions = std::make_shared<ClientSessions>();
  ServerSettings server_settings = authority.server_settings();
  ClientSettings client_settings = authority.client_settings();
  std::string name = "server.test";
  MessageWitness witness;
  std::optional<Loopback> loopback;
};

TEST_P(Resumption, TheSecondHandshakeNeedsNoCertificate) {
  client_settings.application_protocols = {"h2", "http/1.1"};
  server_settings.application_protocols = {"http/1.1"};
  const ConnectionInfo first = connect();
  EXPECT_FALSE(first.resumed);
  EXPECT_TRUE(witness.saw(HandshakeType::certificate));
  EXPECT_EQ(witness.seen.count(HandshakeType::new_session_ticket), 2U);
  EXPECT_EQ(sessions->size(), 2U);

  const ConnectionInfo second = connect();
  EXPECT_TRUE(second.resumed);
  EXPECT_FALSE(witness.saw(HandshakeType::certificate));
  EXPECT_FALSE(witness.saw(HandshakeType::certificate_verify));
  EXPECT_EQ(witness.seen.count(HandshakeType::new_session_ticket), 1U);
  EXPECT_EQ(second.application_protocol, "http/1.1");
  EXPECT_EQ(second.server_name, "server.test");
  EXPECT_EQ(second.server_signature_scheme, first.server_signature_scheme);
  ASSERT_NE(loopback->client.connection.peer_certificates(), nullptr);
  EXPECT_EQ(loopback->client.connection.peer_certificates()->chain,
            server_settings.credentials.front().chain);

  // Application data flows under the new keys.
  const ByteString ping = loopback->client.say("ping");
  loopback->server.inbox = ping;
  loopback->server.digest();
  EXPECT_EQ(as_text(loopback->server.received), "ping");
}

TEST_P(Resumption, GoesOnAndOn) {
  connect();
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(connect().resumed);
}

TEST_P(Resumption, EverySuite) {
  for (const CipherSuite suite : Policy::modern().suites) {
    server_settings.policy.suites = {suite};
    sessions->clear();
    EXPECT_FALSE(connect().resumed);
    EXPECT_TRUE(connect().resumed) << name_of(suite);
    EXPECT_EQ(loopback->client.connection.info()->suite, suite);
  }
}

// SHA-256 or SHA-384 is what a ticket is good for, not one suite.
TEST_P(Resumption, AnotherSuiteOfTheSameHash) {
  server_settings.policy.suites = {CipherSuite::TLS_AES_128_GCM_SHA256};
  connect();
  server_settings.policy.suites = {CipherSuite::TLS_CHACHA20_POLY1305_SHA256};
  EXPECT_TRUE(connect().resumed);
  server_settings.policy.suites = {CipherSuite::TLS_AES_256_GCM_SHA384};
  EXPECT_FALSE(connect().resumed);
}

TEST_P(Resumption, AfterAHelloRetryRequest) {
  for (const bool cookie : {false, true}) {
    server_settings.hello_retry_cookie = cookie;
    server_settings.policy.groups = {NamedGroup::secp521r1};
    server_settings.policy.key_shares.clear();
    sessions->clear();
    const ConnectionInfo first = connect();
    EXPECT_TRUE(first.hello_retry);
    const ConnectionInfo second = connect();
    EXPECT_TRUE(second.hello_retry);
    EXPECT_TRUE(second.resumed);
  }
}

TEST_P(Resumption, ATicketIsUsedOnce) {
  server_settings.tickets = 1;
  connect();
  EXPECT_EQ(sessions->size(), 1U);
  server_settings.tickets = 0;
  EXPECT_TRUE(connect().resumed);
  EXPECT_EQ(sessions->size(), 0U);
  EXPECT_FALSE(connect().resumed);
}

TEST_P(Resumption, NoTicketsForAClientThatKeepsNone) {
  client_settings.sessions = nullptr;
  connect();
  EXPECT_FALSE(witness.saw(HandshakeType::new_session_ticket));
}

TEST_P(Resumption, AnotherNameIsAnotherServer) {
  server_settings.credentials.push_back(authority.credential("other.test"));
  connect();
  name = "other.test";
  EXPECT_FALSE(connect().resumed);
  EXPECT_FALSE(witness.saw(HandshakeType::hello_retry_request));
}

// The client is made to believe that the ticket of one virtual host is one of another.
TEST_P(Resumption, ATicketOfAnotherVirtualHostIsNotTaken) {
  server_settings.credentials.push_back(authority.credential("other.test"));
  connect();
  const std::vector<ByteString> exported = sessions->export_sessions();
  name = "other.test";
  connect();
  ByteString moved = sessions->export_sessions().front();
  sessions->clear();
  std::copy(exported.back().begin() + 32, exported.back().end(),
            std::back_inserter(moved = ByteString(moved.begin(), moved.begin() + 32)));
  ASSERT_TRUE(sessions->import_session(moved));
  EXPECT_FALSE(connect().resumed);
}

TEST_P(Resumption, AnotherApplicationProtocolMeansAFullHandshake) {
  client_settings.application_protocols = {"h2", "http/1.1"};
  server_settings.application_protocols = {"h2"};
  connect();
  server_settings.application_protocols = {"http/1.1"};
  const ConnectionInfo second = connect();
  EXPECT_FALSE(second.resumed);
  EXPECT_EQ(second.application_protocol, "http/1.1");
}

TEST_P(Resumption, StricterRulesForClientsMeanAFullHandshake) {
  client_settings.credentials.push_back(authority.credential("client.test"));
  connect();
  EXPECT_EQ(loopback->server.connection.peer_certificates(), nullptr);
  server_settings.client_authentication = ClientAuthentication::required;
  server_settings.client_verifier = authority.verifier();
  EXPECT_FALSE(connect().resumed);
  ASSERT_NE(loopback->server.connection.peer_certificates(), nullptr);
  // Now the session carries who the client is.
  EXPECT_TRUE(connect().resumed);
  ASSERT_NE(loopback->server.connection.peer_certificates(), nullptr);
  EXPECT_EQ(loopback->server.connection.peer_certificates()->chain,
            client_settings.credentials.front().chain);
  // Asking is not requiring.
  server_settings.client_authentication = ClientAuthentication::optional;
  EXPECT_FALSE(connect().resumed);
  EXPECT_TRUE(connect().resumed);
  // Others are trusted now: the client has to prove itself to them, and cannot.
  const Authority others;
  server_settings.client_verifier = others.verifier();
  loopback.emplace(client_config(client_settings), server_config(server_settings), name);
  loopback->run();
  ASSERT_TRUE(loopback->server.error.has_value());
  EXPECT_EQ(loopback->server.error->alert(), AlertDescription::unknown_ca);
}

TEST_P(Resumption, AnotherContextMeansAFullHandshake) {
  connect();
  server_settings.session_context = "another application";
  EXPECT_FALSE(connect().resumed);
  EXPECT_TRUE(connect().resumed);
  client_settings.session_context = "another profile";
  EXPECT_FALSE(connect().resumed);
}

// A client that trusts others now asks for the certificate again.
TEST_P(Resumption, ADifferentTrustOfTheClientMeansAFullHandshake) {
  connect();
  client_settings.verifier = danger::accept_any_certificate();
  EXPECT_FALSE(connect().resumed);
  EXPECT_TRUE(connect().resumed);
  client_settings.verifier = authority.verifier();
  EXPECT_TRUE(connect().resumed);
}

// What the certificate had to be like is part of it: a session made under softer rules is not taken.
TEST_P(Resumption, StricterRulesForTheServerMeanAFullHandshake) {
  client_settings.request_ocsp_staple = false;
  connect();
  client_settings.request_ocsp_staple = true;
  EXPECT_FALSE(connect().resumed);
  std::erase(client_settings.policy.signature_schemes, SignatureScheme::ed25519);
  EXPECT_FALSE(connect().resumed);
  EXPECT_TRUE(connect().resumed);
}

TEST_P(Resumption, SessionsEnd) {
  server_settings.session_lifetime = std::chrono::hours(1);
  connect();
  authority.clock.time += std::chrono::minutes(50);
  EXPECT_TRUE(connect().resumed);
  // The new ticket lives no longer than the old one: the certificate was checked an hour ago.
  authority.clock.time += std::chrono::minutes(11);
  EXPECT_FALSE(connect().resumed);
}

TEST_P(Resumption, AClockThatJumpsMakesNothingLiveLonger) {
  connect();
  authority.clock.time -= std::chrono::hours(23);
  EXPECT_FALSE(connect().resumed);
  authority.clock.time += std::chrono::hours(23 + 36);
  EXPECT_FALSE(connect().resumed);
}

// The leaf of the authority lives 30 days; a session from its last hour ends with it.
TEST_P(Resumption, NoSessionOutlivesTheCertificate) {
  authority.clock.time += std::chrono::hours(24 * 30) - std::chrono::minutes(30);
  connect();
  authority.clock.time += std::chrono::minutes(20);
  EXPECT_TRUE(connect().resumed);
  authority.clock.time += std::chrono::minutes(11);
  loopback.emplace(client_config(client_settings), server_config(server_settings), name);
  loopback->run();
  ASSERT_TRUE(loopback->client.error.has_value());
  EXPECT_EQ(loopback->client.error->code(), ErrorCode::certificate_expired);
}

TEST_P(Resumption, ExportedSessionsGoOnElsewhere) {
  connect();
  const std::vector<ByteString> exported = sessions->export_sessions();
  ASSERT_EQ(exported.size(), 2U);
  sessions = std::make_shared<ClientSessions>();
  client_settings.sessions = sessions;
  for (const ByteString& session : exported) ASSERT_TRUE(sessions->import_session(session));
  EXPECT_TRUE(connect().resumed);
  // Truncated anywhere, it is refused.
  for (std::size_t size = 0; size < exported.front().size(); ++size) {
    EXPECT_FALSE(sessions->import_session(Bytes(exported.front()).first(size))) << size;
  }
}

// Somebody changes the ticket on the way to the server: whatever byte it is, the handshake is a full one or,
// as the binder covers the identity, ends with decrypt_error; it never resumes.
TEST_P(Resumption, AChangedTicketIsNotTaken) {
  connect();
  const std::vector<ByteString> exported = sessions->export_sessions();
  const handshake::SessionState session = must(handshake::decode_session(Bytes(exported.back()).subspan(32)));
  for (std::size_t i = 0; i < session.ticket.size(); i += 7) {
    handshake::SessionState changed = session.clone();
    changed.ticket[i] ^= 1U;
    ByteString bytes(exported.back().begin(), exported.back().begin() + 32);
    const ByteString encoded = must(handshake::encode_session(changed));
    bytes.insert(bytes.end(), encoded.begin(), encoded.end());
    sessions->clear();
    ASSERT_TRUE(sessions->import_session(bytes));
    EXPECT_FALSE(connect().resumed) << i;
  }
}

TEST_P(Resumption, AWrongKeyIsNotBelieved) {
  connect();
  const std::vector<ByteString> exported = sessions->export_sessions();
  handshake::SessionState session = must(handshake::decode_session(Bytes(exported.back()).subspan(32)));
  session.secret.writable()[0] ^= 1U;
  ByteString bytes(exported.back().begin(), exported.back().begin() + 32);
  const ByteString encoded = must(handshake::encode_session(session));
  bytes.insert(bytes.end(), encoded.begin(), encoded.end());
  sessions->clear();
  ASSERT_TRUE(sessions->import_session(bytes));
  loopback.emplace(client_config(client_settings), server_config(server_settings), name);
  loopback->run();
  ASSERT_TRUE(loopback->server.error.has_value());
  EXPECT_EQ(loopback->server.error->code(), ErrorCode::psk_binder_mismatch);
  EXPECT_EQ(loopback->server.error->alert(), AlertDescription::decrypt_error);
  EXPECT_FALSE(loopback->client.connection.is_established());
}

INSTANTIATE_TEST_SUITE_P(Sessions, Resumption, testing::Values(Keeping::tickets, Keeping::store),
                         test::name_of_keeping);

// --- stores that misbehave -----------------------------------------------------------------------

TEST(SessionStores, WhateverTheyDoTheHandshakeSucceeds) {
  using Mood = StrangeStore::Mood;
  const Authority authority;
  auto store = std::make_shared<StrangeStore>();
  ServerSettings server_settings = authority.server_settings();
  server_settings.clock = &authority.clock;
  server_settings.session_store = store;
  server_settings.tickets = 1;
  ClientSettings client_settings = authority.client_settings();
  client_settings.clock = &authority.clock;
  client_settings.sessions = std::make_shared<ClientSessions>();
  const auto client = client_config(client_settings);
  const auto server = server_config(server_settings);
  Loopback(client, server).run();
  for (const Mood mood : {Mood::forgets, Mood::fails, Mood::drops, Mood::garbage}) {
    store->mood = mood;
    Loopback loopback(client, server);
    loopback.run();
    ASSERT_TRUE(loopback.established());
    EXPECT_FALSE(loopback.client.connection.info()->resumed);
  }
  // Late, but in time.
  store->mood = Mood::late;
  bool woken = false;
  ConnectionOptions options;
  options.wake = [&] { woken = true; };
  Loopback loopback(client, server, "server.test", {}, options);
  loopback.run();
  ASSERT_TRUE(store->pending.has_value());
  EXPECT_FALSE(loopback.established());
  EXPECT_EQ(loopback.server.connection.waiting_for().what, Waiting::For::session);
  EXPECT_TRUE(store->pending->complete(store->last));
  EXPECT_TRUE(woken);
  loopback.run();
  ASSERT_TRUE(loopback.established());
  EXPECT_TRUE(loopback.client.connection.info()->resumed);
}

TEST(SessionStores, AnAnswerAfterTheEndChangesNothing) {
  const Authority authority;
  auto store = std::make_shared<StrangeStore>();
  ServerSettings server_settings = authority.server_settings();
  server_settings.clock = &authority.clock;
  server_settings.session_store = store;
  ClientSettings client_settings = authority.client_settings();
  client_settings.clock = &authority.clock;
  client_settings.sessions = std::make_shared<ClientSessions>();
  const auto client = client_config(client_settings);
  const auto server = server_config(server_settings);
  Loopback(client, server).run();
  store->mood = StrangeStore::Mood::late;
  {
    Loopback loopback(client, server);
    loopback.run();
    ASSERT_TRUE(store->pending.has_value());
    EXPECT_FALSE(store->pending->cancelled());
  }
  EXPECT_TRUE(store->pending->cancelled());
  EXPECT_FALSE(store->pending->complete(store->last));
}

}  // namespace
}  // namespace handfast
