// Whole handshakes in memory: what is negotiated, in every combination that policy allows.
#include <gtest/gtest.h>

#include "support/key_types.hpp"
#include "support/loopback.hpp"

namespace handfast {
namespace {

using crypto::KeyType;
using test::Authority;
using test::client_config;
using test::Loopback;
using test::server_config;

// Both ends say something and hear it.
void expect_conversation(Loopback& loopback) {
  const ByteString to_server = loopback.client.say("ping");
  loopback.server.inbox.insert(loopback.server.inbox.end(), to_server.begin(), to_server.end());
  loopback.server.digest();
  const ByteString to_client = loopback.server.say("pong");
  loopback.client.inbox.insert(loopback.client.inbox.end(), to_client.begin(), to_client.end());
  loopback.client.digest();
  EXPECT_EQ(as_text(loopback.server.received), "ping");
  EXPECT_EQ(as_text(loopback.client.received), "pong");
}

void expect_established(Loopback& loopback) {
  ASSERT_FALSE(loopback.client.error) << loopback.client.error->to_string();
  ASSERT_FALSE(loopback.server.error) << loopback.server.error->to_string();
  ASSERT_TRUE(loopback.established());
  expect_conversation(loopback);
}

TEST(Handshake, DefaultPolicyUsesAPostQuantumHybrid) {
  const Authority authority;
  Loopback loopback(client_config(authority.client_settings()), server_config(authority.server_settings()));
  loopback.run();
  expect_established(loopback);
  const ConnectionInfo& info = *loopback.client.connection.info();
  EXPECT_EQ(info.version, ProtocolVersion::tls1_3);
  EXPECT_EQ(info.suite, CipherSuite::TLS_AES_128_GCM_SHA256);
  EXPECT_EQ(info.group, NamedGroup::X25519MLKEM768);
  EXPECT_EQ(info.server_signature_scheme, SignatureScheme::ecdsa_secp256r1_sha256);
  EXPECT_EQ(info.server_name, "server.test");
  EXPECT_EQ(loopback.server.connection.info()->server_name, "server.test");
  EXPECT_FALSE(info.hello_retry);
}

TEST(Handshake, EverySuite) {
  const Authority authority;
  for (const CipherSuite suite : Policy::modern().suites) {
    ServerSettings settings = authority.server_settings();
    settings.policy.suites = {suite};
    Loopback loopback(client_config(authority.client_settings()), server_config(std::move(settings)));
    loopback.run();
    expect_established(loopback);
    EXPECT_EQ(loopback.client.connection.info()->suite, suite);
  }
}

// With a share and, after a HelloRetryRequest with and without cookie, with the second hello's.
TEST(Handshake, EveryGroupWithAndWithoutRetry) {
  const Authority authority;
  std::vector<NamedGroup> groups = Policy::modern().groups;
  groups.push_back(NamedGroup::MLKEM768);
  groups.push_back(NamedGroup::MLKEM1024);
  for (const NamedGroup group : groups) {
    for (const bool retry : {false, true}) {
      for (const bool cookie : {false, true}) {
        SCOPED_TRACE(name_of(group));
        ClientSettings client = authority.client_settings();
        client.policy.groups = groups;
        client.policy.key_shares = {
            retry ? (group == NamedGroup::x25519 ? NamedGroup::secp256r1 : NamedGroup::x25519) : group};
        ServerSettings server = authority.server_settings();
        server.policy.groups = {group};
        server.policy.key_shares = {};
        server.hello_retry_cookie = cookie;
        Loopback loopback(client_config(std::move(client)), server_config(std::move(server)));
        loopback.run();
        expect_established(loopback);
        EXPECT_EQ(loopback.client.connection.info()->group, group);
        EXPECT_EQ(loopback.client.connection.info()->hello_retry, retry);
        EXPECT_EQ(loopback.server.connection.info()->hello_retry, retry);
      }
    }
  }
}

TEST(Handshake, EveryKeyTypeOfServerAndClient) {
  const Authority authority;
  for (const KeyType type : test::every_key_type()) {
    ServerSettings server;
    server.credentials.push_back(authority.credential("server.test", type));
    server.client_authentication = ClientAuthentication::required;
    server.client_verifier = authority.verifier();
    ClientSettings client = authority.client_settings();
    client.credentials.push_back(authority.credential("client.test", type));
    Loopback loopback(client_config(std::move(client)), server_config(std::move(server)));
    loopback.run();
    expect_established(loopback);
    EXPECT_TRUE(loopback.server.connection.info()->client_signature_scheme.has_value());
  }
}

TEST(Handshake, PostQuantumGroupIsWorthARetry) {
  const Authority authority;
  ClientSettings client = authority.client_settings();
  client.policy.key_shares = {NamedGroup::x25519};
  Loopback loopback(client_config(std::move(client)), server_config(authority.server_settings()));
  loopback.run();
  expect_established(loopback);
  EXPECT_TRUE(loopback.client.connection.info()->hello_retry);
  EXPECT_EQ(loopback.client.connection.info()->group, NamedGroup::X25519MLKEM768);
}

TEST(Handshake, ClientWithoutCertificate) {
  const Authority authority;
  for (const auto mode : {ClientAuthentication::optional, ClientAuthentication::required}) {
    ServerSettings server = authority.server_settings();
    server.client_authentication = mode;
    server.client_verifier = authority.verifier();
    Loopback loopback(client_config(authority.client_settings()), server_config(std::move(server)));
    loopback.run();
    if (mode == ClientAuthentication::optional) {
      expect_established(loopback);
    } else {
      ASSERT_TRUE(loopback.server.error);
      EXPECT_EQ(loopback.server.error->code(), ErrorCode::certificate_required);
      ASSERT_TRUE(loopback.client.error);
      EXPECT_EQ(loopback.client.error->alert(), AlertDescription::certificate_required);
    }
  }
}

TEST(Handshake, ApplicationProtocolAndSelectionByName) {
  const Authority authority;
  ClientSettings client = authority.client_settings();
  client.application_protocols = {"h2", "http/1.1"};
  ServerSettings server = authority.server_settings("other.test");
  server.credentials.push_back(authority.credential("server.test"));
  server.application_protocols = {"http/1.1"};
  Loopback loopback(client_config(std::move(client)), server_config(std::move(server)));
  loopback.run();
  expect_established(loopback);
  EXPECT_EQ(loopback.client.connection.info()->application_protocol, "http/1.1");
  EXPECT_EQ(loopback.server.connection.info()->application_protocol, "http/1.1");
}

TEST(Handshake, ExportersAgree) {
  const Authority authority;
  Loopback loopback(client_config(authority.client_settings()), server_config(authority.server_settings()));
  loopback.run();
  expect_established(loopback);
  ByteString one(64);
  ByteString other(64);
  EXPECT_TRUE(loopback.client.connection.export_keying_material("EXPORTER-test", as_bytes("context"), one));
  EXPECT_TRUE(loopback.server.connection.export_keying_material("EXPORTER-test", as_bytes("context"), other));
  EXPECT_EQ(one, other);
  EXPECT_TRUE(loopback.server.connection.export_keying_material("EXPORTER-test", as_bytes("contexT"), other));
  EXPECT_NE(one, other);
}

TEST(Handshake, CloseIsOrderlyAndHalf) {
  const Authority authority;
  Loopback loopback(client_config(authority.client_settings()), server_config(authority.server_settings()));
  loopback.run();
  expect_established(loopback);
  loopback.client.connection.close();
  loopback.run();
  EXPECT_TRUE(loopback.server.closed);
  EXPECT_FALSE(loopback.client.connection.send(as_bytes("x"), MutableBytes(loopback.client.inbox)));
  const ByteString late = loopback.server.say("still here");
  loopback.client.inbox.insert(loopback.client.inbox.end(), late.begin(), late.end());
  loopback.client.digest();
  EXPECT_EQ(as_text(loopback.client.received), "pongstill here");
  EXPECT_TRUE(loopback.server.connection.receive_end());
  ASSERT_FALSE(loopback.client.connection.receive_end());
}

TEST(Handshake, KeysAreUpdatedOnRequestAndByThemselves) {
  const Authority authority;
  ClientSettings client = authority.client_settings();
  client.key_lifetime = 16;
  Loopback loopback(client_config(std::move(client)), server_config(authority.server_settings()));
  loopback.run();
  expect_established(loopback);
  ASSERT_TRUE(loopback.client.connection.update_keys(true));
  loopback.run();
  for (int i = 0; i < 100; ++i) {
    const ByteString bytes = loopback.client.say("x");
    loopback.server.inbox.insert(loopback.server.inbox.end(), bytes.begin(), bytes.end());
    loopback.server.digest();
  }
  ASSERT_FALSE(loopback.server.error) << loopback.server.error->to_string();
  EXPECT_EQ(loopback.server.received.size(), 104U);
}

// Answers to this end's own requests are no flood, even where the peer has no data to send.
TEST(Handshake, KeysCanBeChangedForEver) {
  const Authority authority;
  Loopback loopback(client_config(authority.client_settings()), server_config(authority.server_settings()));
  loopback.run();
  expect_established(loopback);
  for (int i = 0; i < 200; ++i) {
    ASSERT_TRUE(loopback.client.connection.update_keys(true));
    loopback.run();
    ASSERT_FALSE(loopback.client.error) << i << ": " << loopback.client.error->to_string();
    const ByteString bytes = loopback.client.say("x");  // only one direction has data
    loopback.server.inbox.insert(loopback.server.inbox.end(), bytes.begin(), bytes.end());
    loopback.server.digest();
    ASSERT_FALSE(loopback.server.error) << i << ": " << loopback.server.error->to_string();
  }
}

TEST(Handshake, RecordSizeLimitIsKeptByBoth) {
  const Authority authority;
  ClientSettings client = authority.client_settings();
  client.record_size_limit = 100;
  ServerSettings server = authority.server_settings();
  server.record_size_limit = 64;
  Loopback loopback(client_config(std::move(client)), server_config(std::move(server)));
  loopback.run([](Direction, ByteString& bytes) {
    // Protected records stay under the receiver's limit: inner plaintext and tag.
    for (std::size_t at = 0; at + 5 <= bytes.size();) {
      const std::size_t length = static_cast<std::size_t>(bytes[at + 3]) << 8U | bytes[at + 4];
      if (bytes[at] == 23) {
        EXPECT_LE(length, 100U + 16U);
      }
      at += 5 + length;
    }
  });
  expect_established(loopback);
  EXPECT_EQ(loopback.client.connection.info()->peer_record_size_limit, 63U);
  EXPECT_EQ(loopback.server.connection.info()->peer_record_size_limit, 99U);
  EXPECT_EQ(loopback.client.say(std::string(63, 'x')).size(), 63U + 5U + 1U + 16U);
}

TEST(Handshake, PaddingMakesRecordsAlike) {
  const Authority authority;
  ClientSettings client = authority.client_settings();
  client.padding.block = 256;
  Loopback loopback(client_config(std::move(client)), server_config(authority.server_settings()));
  loopback.run();
  expect_established(loopback);
  EXPECT_EQ(loopback.client.say("a").size(), loopback.client.say(std::string(256, 'b')).size());
}

}  // namespace
}  // namespace handfast
