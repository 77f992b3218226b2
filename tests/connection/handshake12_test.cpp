// Whole handshakes of TLS 1.2 in memory: what is negotiated, in every combination that policy allows.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "keys/cipher_suite.hpp"
#include "message/messages12.hpp"
#include "pki/certificate.hpp"
#include "support/message_parts.hpp"
#include "support/tls12.hpp"

namespace handfast {
namespace {

using crypto::KeyType;
using test::Authority;
using test::client_config;
using test::expect_established;
using test::Loopback;
using test::server_config;
using test::tls12_policy;

ClientSettings client_settings(const Authority& authority) {
  ClientSettings settings = authority.client_settings();
  settings.policy = tls12_policy();
  return settings;
}

ServerSettings server_settings(const Authority& authority, KeyType type = KeyType::ec_p256) {
  ServerSettings settings;
  settings.credentials.push_back(authority.credential("server.test", type));
  settings.policy = tls12_policy();
  return settings;
}

// RSA key exchange encrypts to the key.
pki::IssueSpec spec_of(const Authority& authority, const std::string& name) {
  pki::IssueSpec spec = authority.leaf_spec(name);
  spec.key_usage = static_cast<std::uint16_t>(static_cast<unsigned>(pki::KeyUsage::digital_signature) |
                                              static_cast<unsigned>(pki::KeyUsage::key_encipherment));
  return spec;
}

bool is_rsa(KeyType type) { return type == KeyType::rsa || type == KeyType::rsa_pss; }

bool goes_with(KeyType type, const keys::SuiteParameters& suite) {
  if (suite.key_exchange == KeyExchange::rsa) return type == KeyType::rsa;
  return is_rsa(type) == (suite.authentication == keys::Authentication::rsa);
}

constexpr std::array kKeyTypes = {KeyType::ec_p256, KeyType::ec_p384, KeyType::ec_p521,
                                  KeyType::ed25519, KeyType::rsa,     KeyType::rsa_pss};

// Credentials are slow to make: one of each kind is enough.
struct Credentials {
  Credentials() {
    for (const KeyType type : kKeyTypes) {
      server.emplace(type, authority.credential(spec_of(authority, "server.test"), type));
      client.emplace(type, authority.credential("client.test", type));
    }
  }
  Authority authority;
  std::map<KeyType, Credential> server;
  std::map<KeyType, Credential> client;
};

const Credentials& credentials() {
  static const Credentials all;
  return all;
}

// The strongest common version, in whatever order a policy names them.
TEST(Handshake12, TheOrderOfVersionsDoesNotMatter) {
  const Authority& authority = credentials().authority;
  ServerSettings server;
  server.credentials = {credentials().server.at(KeyType::ec_p256)};
  server.policy.versions = {ProtocolVersion::tls1_2, ProtocolVersion::tls1_3};
  Loopback loopback(client_config(authority.client_settings()), server_config(std::move(server)));
  loopback.run();
  expect_established(loopback);
  EXPECT_EQ(loopback.server.connection.info()->version, ProtocolVersion::tls1_3);
}

TEST(Handshake12, EverySuiteWithEveryCertificate) {
  const Authority& authority = credentials().authority;
  for (const CipherSuite name : tls12_policy().suites) {
    const keys::SuiteParameters* const suite = keys::find_suite(name, ProtocolVersion::tls1_2);
    if (suite == nullptr) continue;
    for (const KeyType type : kKeyTypes) {
      if (!goes_with(type, *suite)) continue;
      SCOPED_TRACE(std::string(name_of(name)) + " with key type " + std::to_string(static_cast<int>(type)));
      ServerSettings server;
      server.policy = tls12_policy();
      server.policy.suites = {name};
      server.credentials.push_back(credentials().server.at(type));
      Loopback loopback(client_config(client_settings(authority)), server_config(std::move(server)));
      loopback.run();
      expect_established(loopback);
      if (HasFatalFailure()) return;
      for (const auto* end : {&loopback.client, &loopback.server}) {
        const ConnectionInfo& info = *end->connection.info();
        EXPECT_EQ(info.version, ProtocolVersion::tls1_2);
        EXPECT_EQ(info.suite, name);
        EXPECT_EQ(info.key_exchange, suite->key_exchange);
        EXPECT_TRUE(info.extended_main_secret);
        EXPECT_FALSE(info.resumed);
        EXPECT_EQ(info.server_name, "server.test");
        EXPECT_EQ(info.server_signature_scheme == SignatureScheme{}, suite->key_exchange == KeyExchange::rsa);
      }
    }
  }
}

TEST(Handshake12, EveryGroup) {
  const Authority& authority = credentials().authority;
  for (const NamedGroup group :
       {NamedGroup::x25519, NamedGroup::secp256r1, NamedGroup::secp384r1, NamedGroup::secp521r1,
        NamedGroup::ffdhe2048, NamedGroup::ffdhe3072, NamedGroup::ffdhe4096}) {
    SCOPED_TRACE(name_of(group));
    ServerSettings server;
    server.policy = tls12_policy();
    server.policy.groups = {group};
    server.policy.key_shares = {};
    std::erase_if(server.policy.suites, [](CipherSuite suite) {
      const auto* const row = keys::find_suite(suite);
      return row->key_exchange == KeyExchange::rsa;
    });
    server.credentials.push_back(credentials().server.at(KeyType::rsa));
    Loopback loopback(client_config(client_settings(authority)), server_config(std::move(server)));
    loopback.run();
    expect_established(loopback);
    EXPECT_EQ(loopback.client.connection.info()->group, group);
    EXPECT_EQ(loopback.server.connection.info()->group, group);
  }
}

TEST(Handshake12, EveryCertificateOfClients) {
  const Authority& authority = credentials().authority;
  for (const CipherSuite suite :
       {CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, CipherSuite::TLS_DHE_RSA_WITH_AES_256_GCM_SHA384,
        CipherSuite::TLS_RSA_WITH_AES_256_GCM_SHA384}) {
    for (const KeyType type : kKeyTypes) {
      SCOPED_TRACE(std::string(name_of(suite)) + ", key type " + std::to_string(static_cast<int>(type)));
      ServerSettings server;
      server.policy = tls12_policy();
      server.policy.suites = {suite};
      server.credentials.push_back(credentials().server.at(KeyType::rsa));
      server.client_authentication = ClientAuthentication::required;
      server.client_verifier = authority.verifier();
      ClientSettings client = client_settings(authority);
      client.credentials.push_back(credentials().client.at(type));
      Loopback loopback(client_config(std::move(client)), server_config(std::move(server)));
      loopback.run();
      expect_established(loopback);
      if (HasFatalFailure()) return;
      EXPECT_TRUE(loopback.server.connection.info()->client_signature_scheme.has_value());
      EXPECT_EQ(loopback.server.connection.info()->client_signature_scheme,
                loopback.client.connection.info()->client_signature_scheme);
    }
  }
}

TEST(Handshake12, ClientWithoutCertificate) {
  const Authority& authority = credentials().authority;
  for (const auto mode : {ClientAuthentication::optional, ClientAuthentication::required}) {
    ServerSettings server = server_settings(authority);
    server.client_authentication = mode;
    server.client_verifier = authority.verifier();
    Loopback loopback(client_config(client_settings(authority)), server_config(std::move(server)));
    loopback.run();
    if (mode == ClientAuthentication::optional) {
      expect_established(loopback);
      EXPECT_FALSE(loopback.server.connection.info()->client_signature_scheme.has_value());
    } else {
      ASSERT_TRUE(loopback.server.error);
      EXPECT_EQ(loopback.server.error->code(), ErrorCode::certificate_required);
      ASSERT_TRUE(loopback.client.error);
      EXPECT_EQ(loopback.client.error->alert(), AlertDescription::handshake_failure);
    }
  }
}

TEST(Handshake12, StapleTimestampsAndApplicationProtocol) {
  const Authority& authority = credentials().authority;
  for (const CipherSuite suite :
       {CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, CipherSuite::TLS_RSA_WITH_AES_128_GCM_SHA256}) {
    ServerSettings server;
    server.policy = tls12_policy();
    server.policy.suites = {suite};
    server.credentials.push_back(credentials().server.at(KeyType::rsa));
    server.credentials.back().ocsp_response = {1, 2, 3};
    server.credentials.back().signed_certificate_timestamps = {0, 3, 0, 1, 7};
    server.application_protocols = {"http/1.1"};
    ClientSettings client = client_settings(authority);
    client.application_protocols = {"h2", "http/1.1"};
    client.verifier = danger::accept_any_certificate();  // of a staple that says nothing, too
    ConnectionOptions keep;
    keep.keep_peer_certificates = true;
    Loopback loopback(client_config(std::move(client)), server_config(std::move(server)), "server.test",
                      keep);
    loopback.run();
    expect_established(loopback);
    const PeerCertificates* const certificates = loopback.client.connection.peer_certificates();
    ASSERT_NE(certificates, nullptr);
    EXPECT_EQ(certificates->ocsp_response, (ByteString{1, 2, 3}));
    EXPECT_EQ(certificates->signed_certificate_timestamps, (ByteString{0, 3, 0, 1, 7}));
    EXPECT_EQ(loopback.client.connection.info()->application_protocol, "http/1.1");
    EXPECT_EQ(loopback.server.connection.info()->application_protocol, "http/1.1");
  }
}

// supported_groups holds for the server's key, too (RFC 8422 §5.1.1), whoever wrote the server.
TEST(Handshake12, KeyOnACurveThatWasNotOfferedIsRefused) {
  const Authority& authority = credentials().authority;
  ClientSettings client = client_settings(authority);
  client.policy.groups = {NamedGroup::x25519, NamedGroup::secp384r1};
  client.policy.key_shares.clear();
  ServerSettings server;
  server.policy = tls12_policy();
  server.credentials.push_back(credentials().server.at(KeyType::ec_p256));
  Loopback loopback(client_config(std::move(client)), server_config(std::move(server)));
  loopback.run([](Direction direction, ByteString& bytes) {
    if (direction != Direction::sent || bytes[5] != 1) return;
    // P-384 becomes P-256 on the way: this library's server would refuse otherwise.
    const std::string_view groups("\0\x1d\0\x18", 4);
    const auto at = std::ranges::search(bytes, as_bytes(groups));
    ASSERT_FALSE(at.empty());
    at[3] = 0x17;
  });
  ASSERT_TRUE(loopback.client.error);
  EXPECT_EQ(loopback.client.error->code(), ErrorCode::group_not_offered);
}

TEST(Handshake12, CertificateIsChosenByNameAndBySuite) {
  const Authority& authority = credentials().authority;
  ServerSettings server;
  server.policy = tls12_policy();
  server.credentials.push_back(authority.credential("other.test"));
  server.credentials.push_back(credentials().server.at(KeyType::rsa));
  server.credentials.push_back(credentials().server.at(KeyType::ec_p256));
  const auto config = server_config(std::move(server));
  for (const auto& [suite, scheme] :
       {std::pair{CipherSuite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, SignatureScheme::rsa_pss_rsae_sha256},
        std::pair{CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
                  SignatureScheme::ecdsa_secp256r1_sha256}}) {
    ClientSettings client = client_settings(authority);
    client.policy.suites = {suite};
    Loopback loopback(client_config(std::move(client)), config);
    loopback.run();
    expect_established(loopback);
    EXPECT_EQ(loopback.client.connection.info()->server_signature_scheme, scheme);
  }
}

// The better version wins, and 1.2 is there for who knows nothing better.
TEST(Handshake12, VersionIsNegotiated) {
  const Authority& authority = credentials().authority;
  const auto negotiated = [&](Policy of_client, Policy of_server) {
    ClientSettings client = authority.client_settings();
    client.policy = std::move(of_client);
    ServerSettings server = server_settings(authority);
    server.policy = std::move(of_server);
    auto loopback =
        std::make_unique<Loopback>(client_config(std::move(client)), server_config(std::move(server)));
    loopback->run();
    return loopback;
  };
  auto both = negotiated(Policy::legacy(), Policy::legacy());
  expect_established(*both);
  EXPECT_EQ(both->client.connection.info()->version, ProtocolVersion::tls1_3);
  auto old_client = negotiated(tls12_policy(), Policy::legacy());
  expect_established(*old_client);
  EXPECT_EQ(old_client->server.connection.info()->version, ProtocolVersion::tls1_2);
  auto old_server = negotiated(Policy::legacy(), tls12_policy());
  expect_established(*old_server);
  EXPECT_EQ(old_server->client.connection.info()->version, ProtocolVersion::tls1_2);
  auto disjoint = negotiated(Policy::modern(), tls12_policy());
  EXPECT_EQ(disjoint->server.error->code(), ErrorCode::no_common_version);
  EXPECT_EQ(disjoint->client.error->alert(), AlertDescription::protocol_version);
  auto disjoint_too = negotiated(tls12_policy(), Policy::modern());
  EXPECT_EQ(disjoint_too->server.error->code(), ErrorCode::no_common_version);
}

TEST(Handshake12, ExportersAgreeAndDifferByContext) {
  const Authority& authority = credentials().authority;
  Loopback loopback(client_config(client_settings(authority)), server_config(server_settings(authority)));
  loopback.run();
  expect_established(loopback);
  ByteString one(64);
  ByteString other(64);
  EXPECT_TRUE(loopback.client.connection.export_keying_material("EXPORTER-test", as_bytes("context"), one));
  EXPECT_TRUE(loopback.server.connection.export_keying_material("EXPORTER-test", as_bytes("context"), other));
  EXPECT_EQ(one, other);
  EXPECT_TRUE(loopback.server.connection.export_keying_material("EXPORTER-test", {}, other));
  EXPECT_NE(one, other);
  EXPECT_TRUE(loopback.client.connection.export_keying_material("EXPORTER-test", Bytes(), one));
  EXPECT_NE(one, other);
  for (const char* label : {"master secret", "client finished", "key expansion", "extended master secret"}) {
    EXPECT_FALSE(loopback.client.connection.export_keying_material(label, {}, one));
  }
}

TEST(Handshake12, HasNoKeyUpdate) {
  const Authority& authority = credentials().authority;
  Loopback loopback(client_config(client_settings(authority)), server_config(server_settings(authority)));
  loopback.run();
  expect_established(loopback);
  const auto refused = loopback.client.connection.update_keys(true);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), ErrorCode::not_in_this_version);
}

TEST(Handshake12, LimitsOfRecordSizeAreKept) {
  const Authority& authority = credentials().authority;
  for (const bool by_fragment_length : {false, true}) {
    ClientSettings client = client_settings(authority);
    ServerSettings server = server_settings(authority);
    if (by_fragment_length) {
      client.max_fragment_length = 512;
    } else {
      client.record_size_limit = 100;
      server.record_size_limit = 64;
    }
    Loopback loopback(client_config(std::move(client)), server_config(std::move(server)));
    const std::size_t limit = by_fragment_length ? 512 : 100;
    bool hello = true;
    loopback.run([&](Direction, ByteString& bytes) {
      for (std::size_t at = 0; at + 5 <= bytes.size();) {
        const std::size_t length = static_cast<std::size_t>(bytes[at + 3]) << 8U | bytes[at + 4];
        if (by_fragment_length && !hello) {
          EXPECT_LE(length, limit + 24);
        }
        hello = false;
        at += 5 + length;
      }
    });
    expect_established(loopback);
    EXPECT_EQ(loopback.client.connection.info()->peer_record_size_limit, by_fragment_length ? 512U : 64U);
    EXPECT_EQ(loopback.server.connection.info()->peer_record_size_limit, by_fragment_length ? 512U : 100U);
    const std::size_t length = by_fragment_length ? 512 : 64;
    EXPECT_EQ(loopback.client.say(std::string(length, 'x')).size(), length + kRecordOverhead);
    EXPECT_EQ(loopback.client.say(std::string(length + 1, 'x')).size(), length + 1 + 2 * kRecordOverhead);
  }
}

TEST(Handshake12, CloseIsOrderly) {
  const Authority& authority = credentials().authority;
  Loopback loopback(client_config(client_settings(authority)), server_config(server_settings(authority)));
  loopback.run();
  expect_established(loopback);
  loopback.client.connection.close();
  loopback.run();
  EXPECT_TRUE(loopback.server.closed);
}

// "A server that supports the "record_size_limit" extension MUST ignore a "max_fragment_length" that appears
// in a ClientHello if both extensions appear." (RFC 8449 §5): also one that says nothing sensible.
TEST(Handshake12, ASenselessFragmentLengthIsIgnoredWhereTheRecordLimitIsUsed) {
  const Authority& authority = credentials().authority;
  for (const bool limited : {true, false}) {
    ClientSettings client = client_settings(authority);
    client.max_fragment_length = 1024;
    client.record_size_limit = 1000;
    ServerSettings server = server_settings(authority);
    if (limited) server.record_size_limit = 2000;
    Loopback loopback(client_config(std::move(client)), server_config(std::move(server)));
    loopback.run([](Direction direction, ByteString& bytes) {
      if (direction != Direction::sent || bytes[0] != 22 || bytes[5] != 1) return;
      test::Parts parts = test::Parts::of(ByteString(bytes.begin() + 5, bytes.end()));
      parts.find(ExtensionType::max_fragment_length)->body = {9};
      const ByteString hello = parts.join();
      std::ranges::copy(hello, bytes.begin() + 5);
    });
    ASSERT_TRUE(loopback.server.error);
    // With a limit the hello goes through, and Finished shows that it was changed.
    EXPECT_EQ(loopback.server.error->alert(),
              limited ? AlertDescription::bad_record_mac : AlertDescription::illegal_parameter);
  }
}

}  // namespace
}  // namespace handfast
