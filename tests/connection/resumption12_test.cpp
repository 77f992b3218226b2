// Sessions of TLS 1.2 that go on, by ticket and by session id, and everything that must lead back to a full
// handshake. RFC 5246 §7.3, §F.1.4; RFC 5077; RFC 7627 §5.3.
#include "support/resumption12.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "keys/cipher_suite.hpp"
#include "pki/certificate.hpp"
#include "support/message_parts.hpp"

namespace handfast {
namespace {

using crypto::KeyType;
using handshake::SessionState;
using test::Authority;
using test::Keeping;
using test::Loopback;
using test::Parts;

using Resumption12 = test::KeepingSessions12;

TEST_P(Resumption12, TheSecondHandshakeTakesOneRoundTripAndNoCertificate) {
  client.application_protocols = {"h2", "http/1.1"};
  server.application_protocols = {"http/1.1"};
  const ConnectionInfo first = connect();
  EXPECT_FALSE(first.resumed);
  EXPECT_TRUE(witness.saw(HandshakeType::certificate));
  EXPECT_EQ(witness.saw(HandshakeType::new_session_ticket), by_ticket());
  EXPECT_EQ(witness.answer().legacy_session_id_echo.size(), by_ticket() ? 0U : 32U);
  ASSERT_EQ(kept->size(), 1U);

  const ConnectionInfo second = connect();
  EXPECT_TRUE(second.resumed);
  const std::multiset<HandshakeType> figure2 = {HandshakeType::client_hello, HandshakeType::server_hello,
                                                HandshakeType::finished, HandshakeType::finished};
  EXPECT_EQ(witness.seen, figure2);
  EXPECT_EQ(second.application_protocol, "http/1.1");
  EXPECT_EQ(second.server_name, "server.test");
  EXPECT_EQ(second.suite, first.suite);
  EXPECT_EQ(second.group, first.group);
  EXPECT_EQ(second.key_exchange, first.key_exchange);
  EXPECT_EQ(second.server_signature_scheme, first.server_signature_scheme);
  EXPECT_TRUE(second.extended_main_secret);
  const ConnectionInfo& at_server = *loopback->server.connection.info();
  EXPECT_EQ(at_server.group, first.group);
  EXPECT_EQ(at_server.server_signature_scheme, first.server_signature_scheme);
  ASSERT_NE(loopback->client.connection.peer_certificates(), nullptr);
  EXPECT_EQ(loopback->client.connection.peer_certificates()->chain, server.credentials.front().chain);
  // Both export the same; the session's secret is the same, the randoms are not.
  ByteString one(32);
  ByteString other(32);
  EXPECT_TRUE(loopback->client.connection.export_keying_material("EXPORTER-test", {}, one));
  EXPECT_TRUE(loopback->server.connection.export_keying_material("EXPORTER-test", {}, other));
  EXPECT_EQ(one, other);
}

TEST_P(Resumption12, OneSessionIsGoodForManyConnections) {
  connect();
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(resumes());
  EXPECT_EQ(kept->size(), 1U);
}

TEST_P(Resumption12, TwoConnectionsAtOnce) {
  connect();
  const auto client_side = test::client_config(client);
  const auto server_side = test::server_config(server);
  Loopback one(client_side, server_side);
  Loopback other(client_side, server_side);
  const ByteString hellos[] = {one.client.drain(), other.client.drain()};
  one.server.inbox = hellos[0];
  other.server.inbox = hellos[1];
  one.server.digest();
  other.server.digest();
  one.run();
  other.run();
  for (Loopback* loop : {&one, &other}) {
    ASSERT_TRUE(loop->established());
    EXPECT_TRUE(loop->client.connection.info()->resumed);
  }
}

TEST_P(Resumption12, EverySuite) {
  pki::IssueSpec spec = authority.leaf_spec("server.test");
  spec.key_usage = static_cast<std::uint16_t>(static_cast<unsigned>(pki::KeyUsage::digital_signature) |
                                              static_cast<unsigned>(pki::KeyUsage::key_encipherment));
  server.credentials.push_back(authority.credential(spec, KeyType::rsa));
  std::size_t suites = 0;
  for (const CipherSuite suite : test::tls12_policy().suites) {
    if (keys::find_suite(suite, ProtocolVersion::tls1_2) == nullptr) continue;
    server.policy.suites = {suite};
    kept->clear();
    EXPECT_FALSE(resumes()) << name_of(suite);
    EXPECT_TRUE(resumes()) << name_of(suite);
    EXPECT_EQ(loopback->client.connection.info()->suite, suite);
    EXPECT_EQ(loopback->server.connection.info()->key_exchange, keys::find_suite(suite)->key_exchange);
    ++suites;
  }
  EXPECT_EQ(suites, 11U);
}

// A hello that offers TLS 1.3, too: its session id stands for the session then.
TEST_P(Resumption12, InsideAHelloThatOffersTls13) {
  client.policy = Policy::intermediate();
  connect();
  const SessionState session = newest();
  const ConnectionInfo second = connect();
  EXPECT_EQ(second.version, ProtocolVersion::tls1_2);
  EXPECT_TRUE(second.resumed);
  if (!by_ticket()) {
    EXPECT_TRUE(std::ranges::equal(witness.answer().legacy_session_id_echo, session.session_id));
  }
  // Without compatibility mode as well.
  client.middlebox_compatibility = false;
  EXPECT_TRUE(resumes());
}

// Each version resumes its own sessions only.
TEST_P(Resumption12, AServerThatLearnsTls13StartsAnew) {
  client.policy = Policy::intermediate();
  connect();
  server.policy = Policy::intermediate();
  const ConnectionInfo second = connect();
  EXPECT_EQ(second.version, ProtocolVersion::tls1_3);
  EXPECT_FALSE(second.resumed);
  EXPECT_EQ(connect().version, ProtocolVersion::tls1_3);
  EXPECT_TRUE(loopback->client.connection.info()->resumed);
  // And back: somebody rolled the server back.
  server.policy = test::tls12_policy();
  const ConnectionInfo last = connect();
  EXPECT_EQ(last.version, ProtocolVersion::tls1_2);
  EXPECT_FALSE(last.resumed);
  EXPECT_TRUE(resumes());
}

// A session of one version dressed up as one of the other is none; nor is it lost by the attempt.
TEST_P(Resumption12, NoSessionCrossesVersions) {
  server.policy = Policy::intermediate();
  connect();
  const SessionState real = newest();
  const auto identity = by_ticket() ? real.ticket : real.session_id;
  client.policy = Policy::intermediate();
  change([&](SessionState& session) {
    session.version = ProtocolVersion::tls1_3;
    session.suite = CipherSuite::TLS_AES_256_GCM_SHA384;
    session.ticket = identity;
    session.session_id.clear();
  });
  EXPECT_FALSE(resumes());
  EXPECT_EQ(loopback->client.connection.info()->version, ProtocolVersion::tls1_3);
  client.policy = test::tls12_policy();
  change([&](SessionState& session) { session = real.clone(); });
  EXPECT_TRUE(resumes());

  client.policy = Policy::modern();
  kept->clear();
  connect();
  const SessionState modern = newest();
  client.policy = test::tls12_policy();
  change([&](SessionState& session) {
    session = real.clone();
    (by_ticket() ? session.ticket : session.session_id) = modern.ticket;
  });
  EXPECT_FALSE(resumes());
}

TEST_P(Resumption12, AClientThatKeepsNoSessionsAsksForNone) {
  client.sessions = nullptr;
  connect();
  EXPECT_FALSE(witness.saw(HandshakeType::new_session_ticket));
  EXPECT_EQ(Parts::of(witness.client_hello).find(ExtensionType::session_ticket), nullptr);
}

TEST_P(Resumption12, AServerThatKeepsNoSessionsPromisesNone) {
  server.ticket_keys = nullptr;
  server.session_store = nullptr;
  connect();
  EXPECT_FALSE(witness.saw(HandshakeType::new_session_ticket));
  EXPECT_FALSE(witness.answer().session_ticket);
  EXPECT_TRUE(witness.answer().legacy_session_id_echo.empty());
  EXPECT_EQ(kept->size(), 0U);
  EXPECT_FALSE(resumes());
}

// RFC 6066 §3, §8 and RFC 6962 §3.3.1: what belongs to a certificate stays with the first handshake.
TEST_P(Resumption12, NothingIsSaidAboutCertificatesAgain) {
  server.credentials.front().ocsp_response = {1, 2, 3};
  server.credentials.front().signed_certificate_timestamps = {0, 5, 0, 3, 1, 2, 3};
  client.verifier = danger::accept_any_certificate();
  connect();
  EXPECT_TRUE(witness.answer().server_name);
  EXPECT_TRUE(witness.answer().status_request);
  EXPECT_TRUE(witness.answer().signed_certificate_timestamp.has_value());
  EXPECT_TRUE(resumes());
  EXPECT_FALSE(witness.answer().server_name);
  EXPECT_FALSE(witness.answer().status_request);
  EXPECT_FALSE(witness.answer().signed_certificate_timestamp.has_value());
  EXPECT_TRUE(witness.answer().renegotiation_info.has_value());
  EXPECT_TRUE(witness.answer().extended_main_secret);
}

// record_size_limit is agreed on anew, max_fragment_length belongs to the session (RFC 6066 §4).
TEST_P(Resumption12, SizesOfRecords) {
  client.record_size_limit = 1000;
  server.record_size_limit = 2000;
  connect();
  client.record_size_limit = 500;
  EXPECT_TRUE(resumes());
  EXPECT_EQ(loopback->server.connection.info()->peer_record_size_limit, 500U);
  EXPECT_EQ(loopback->client.connection.info()->peer_record_size_limit, 2000U);

  kept->clear();
  server.record_size_limit.reset();
  client.record_size_limit.reset();
  client.max_fragment_length = 1024;
  connect();
  EXPECT_TRUE(resumes());
  EXPECT_EQ(loopback->server.connection.info()->peer_record_size_limit, 1024U);
  EXPECT_EQ(loopback->client.connection.info()->peer_record_size_limit, 1024U);
  client.max_fragment_length = 2048;
  EXPECT_FALSE(resumes());
  // A client that lies about its session: the server notices.
  change([](SessionState& session) { session.max_fragment_length = 0; });
  client.max_fragment_length = 512;
  EXPECT_FALSE(resumes());
  EXPECT_EQ(loopback->client.connection.info()->peer_record_size_limit, 512U);
}

// --- what a session is bound to --------------------------------------------------------------------

TEST_P(Resumption12, AnotherNameIsAnotherServer) {
  server.credentials.push_back(authority.credential("other.test"));
  connect();
  name = "other.test";
  EXPECT_FALSE(resumes());
  EXPECT_TRUE(resumes());
}

// The client is made to believe that the session of one virtual host is one of another.
TEST_P(Resumption12, ASessionOfAnotherVirtualHostIsNotTaken) {
  server.credentials.push_back(authority.credential("other.test"));
  connect();
  const SessionState stolen = newest();
  name = "other.test";
  kept->clear();
  connect();
  change([&](SessionState& session) { session = stolen.clone(); });
  EXPECT_FALSE(resumes());
}

TEST_P(Resumption12, AnotherApplicationProtocolMeansAFullHandshake) {
  client.application_protocols = {"h2", "http/1.1"};
  server.application_protocols = {"h2"};
  connect();
  server.application_protocols = {"http/1.1"};
  const ConnectionInfo second = connect();
  EXPECT_FALSE(second.resumed);
  EXPECT_EQ(second.application_protocol, "http/1.1");
  client.application_protocols.clear();
  EXPECT_FALSE(resumes());
}

TEST_P(Resumption12, StricterRulesForClientsMeanAFullHandshake) {
  client.credentials.push_back(authority.credential("client.test"));
  connect();
  EXPECT_EQ(loopback->server.connection.peer_certificates(), nullptr);
  server.client_authentication = ClientAuthentication::required;
  server.client_verifier = authority.verifier();
  EXPECT_FALSE(resumes());
  ASSERT_NE(loopback->server.connection.peer_certificates(), nullptr);
  // Now the session carries who the client is.
  EXPECT_TRUE(resumes());
  ASSERT_NE(loopback->server.connection.peer_certificates(), nullptr);
  EXPECT_EQ(loopback->server.connection.peer_certificates()->chain, client.credentials.front().chain);
  EXPECT_TRUE(loopback->server.connection.info()->client_signature_scheme.has_value());
  server.client_authentication = ClientAuthentication::optional;
  EXPECT_FALSE(resumes());
  EXPECT_TRUE(resumes());
  // Others are trusted now: the client has to prove itself to them, and cannot.
  const Authority others;
  server.client_verifier = others.verifier();
  run();
  ASSERT_TRUE(loopback->server.error.has_value());
  EXPECT_EQ(loopback->server.error->alert(), AlertDescription::unknown_ca);
}

TEST_P(Resumption12, AnotherContextMeansAFullHandshake) {
  connect();
  server.session_context = "another application";
  EXPECT_FALSE(resumes());
  EXPECT_TRUE(resumes());
  client.session_context = "another profile";
  EXPECT_FALSE(resumes());
}

TEST_P(Resumption12, ADifferentTrustOfTheClientMeansAFullHandshake) {
  connect();
  client.verifier = danger::accept_any_certificate();
  EXPECT_FALSE(resumes());
  EXPECT_TRUE(resumes());
}

TEST_P(Resumption12, TheSuiteMustBeOneOfBoth) {
  server.policy.suites = {CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256};
  connect();
  server.policy.suites = {CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384};
  EXPECT_FALSE(resumes());
  server.policy = test::tls12_policy();
  client.policy.suites = {CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256};
  EXPECT_FALSE(resumes());
  EXPECT_TRUE(resumes());
  // A client that offers the session, but not its suite.
  client.policy.suites = {CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384};
  change([](SessionState& session) { session.suite = CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384; });
  EXPECT_FALSE(resumes());
}

TEST_P(Resumption12, SessionsEnd) {
  server.session_lifetime = std::chrono::hours(1);
  connect();
  authority.clock.time += std::chrono::minutes(50);
  EXPECT_TRUE(resumes());
  authority.clock.time += std::chrono::minutes(11);
  EXPECT_FALSE(resumes());
  // A client that thinks otherwise.
  change([](SessionState& session) { session.expires += std::chrono::hours(24); });
  authority.clock.time += std::chrono::minutes(61);
  EXPECT_FALSE(resumes());
}

TEST_P(Resumption12, AClockThatJumpsMakesNothingLiveLonger) {
  connect();
  const SessionState session = newest();
  authority.clock.time -= std::chrono::hours(1);
  EXPECT_FALSE(resumes());
  // A client whose clock is right offers a session that is from the server's future.
  change([&](SessionState& changed) {
    changed = session.clone();
    changed.issued = authority.clock.time;
  });
  EXPECT_FALSE(resumes());
  authority.clock.time += std::chrono::hours(36);
  EXPECT_FALSE(resumes());
}

TEST_P(Resumption12, NoSessionOutlivesTheCertificate) {
  authority.clock.time += std::chrono::hours(24 * 30) - std::chrono::minutes(30);
  connect();
  authority.clock.time += std::chrono::minutes(20);
  EXPECT_TRUE(resumes());
  authority.clock.time += std::chrono::minutes(11);
  run();
  ASSERT_TRUE(loopback->client.error.has_value());
  EXPECT_EQ(loopback->client.error->code(), ErrorCode::certificate_expired);
}

TEST_P(Resumption12, ExportedSessionsGoOnElsewhere) {
  connect();
  const std::vector<ByteString> exported = kept->export_sessions();
  ASSERT_EQ(exported.size(), 1U);
  kept = std::make_shared<ClientSessions>();
  client.sessions = kept;
  ASSERT_TRUE(kept->import_session(exported.front()));
  EXPECT_TRUE(resumes());
}

INSTANTIATE_TEST_SUITE_P(Sessions, Resumption12, testing::Values(Keeping::tickets, Keeping::store),
                         test::name_of_keeping);

}  // namespace
}  // namespace handfast
