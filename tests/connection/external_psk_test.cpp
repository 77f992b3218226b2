// Pre-shared keys from outside: imported (RFC 9258) and bare; who may be whom. RFC 9846 §4.3.11, RFC 9257.
#include <gtest/gtest.h>

#include "handshake/config_data.hpp"
#include "handshake/psk.hpp"
#include "support/hex.hpp"
#include "support/loopback.hpp"

namespace handfast {
namespace {

using test::Authority;
using test::client_config;
using test::Loopback;
using test::must;
using test::server_config;

const ByteString kSecret(32, 0x5a);
constexpr std::string_view kIdentity = "meter 17";

ExternalPsk imported(std::string_view identity = kIdentity, const ByteString& secret = kSecret,
                     std::string_view client = "meter", std::string_view server = "station") {
  return must(ExternalPsk::imported(as_bytes(identity), secret, client, server));
}

class ExternalPsks : public testing::Test {
 protected:
  ExternalPsks() {
    client_settings.policy = Policy::modern();
    server_settings.policy = Policy::modern();
  }
  Loopback connect() {
    Loopback loopback(client_config(client_settings), server_config(server_settings));
    loopback.run();
    return loopback;
  }
  static void expect_agreed(const Loopback& loopback, std::string_view identity = kIdentity) {
    ASSERT_TRUE(loopback.established())
        << (loopback.client.error ? loopback.client.error->to_string() : "no error") << " / "
        << (loopback.server.error ? loopback.server.error->to_string() : "no error");
    for (const auto* end : {&loopback.client, &loopback.server}) {
      EXPECT_EQ(as_text(end->connection.info()->external_psk), identity);
      EXPECT_FALSE(end->connection.info()->resumed);
      EXPECT_EQ(end->connection.peer_certificates(), nullptr);
    }
  }
  static void expect_refused(const Loopback& loopback, ErrorCode code, AlertDescription alert) {
    EXPECT_FALSE(loopback.client.connection.is_established());
    EXPECT_FALSE(loopback.server.connection.is_established());
    ASSERT_TRUE(loopback.server.error.has_value());
    EXPECT_EQ(loopback.server.error->code(), code);
    EXPECT_EQ(loopback.server.error->alert(), alert);
  }

  Authority authority;
  ClientSettings client_settings;
  ServerSettings server_settings;
};

TEST_F(ExternalPsks, NeitherEndNeedsACertificate) {
  client_settings.external_psks = {imported()};
  server_settings.external_psks = {imported()};
  expect_agreed(connect());
  for (const CipherSuite suite : Policy::modern().suites) {
    server_settings.policy.suites = {suite};
    expect_agreed(connect());
  }
  server_settings.policy.groups = {NamedGroup::secp521r1};
  server_settings.policy.key_shares.clear();
  expect_agreed(connect());
}

TEST_F(ExternalPsks, TheServerFindsItsOwnAmongSeveral) {
  client_settings.external_psks = {imported("another"), imported("meter 16"), imported()};
  server_settings.external_psks = {imported("meter 18"), imported()};
  expect_agreed(connect());
}

TEST_F(ExternalPsks, AnotherSecretIsNotBelieved) {
  client_settings.external_psks = {imported(kIdentity, ByteString(32, 0x5b))};
  server_settings.external_psks = {imported()};
  expect_refused(connect(), ErrorCode::psk_binder_mismatch, AlertDescription::decrypt_error);
}

TEST_F(ExternalPsks, AnUnknownIdentityNeedsACertificate) {
  client_settings.external_psks = {imported("nobody")};
  server_settings.external_psks = {imported()};
  expect_refused(connect(), ErrorCode::psk_required, AlertDescription::unknown_psk_identity);
  // The server has one now, but the client would not know whether to believe it.
  server_settings.credentials.push_back(authority.credential("server.test"));
  const Loopback blind = connect();
  ASSERT_TRUE(blind.client.error.has_value());
  EXPECT_EQ(blind.client.error->code(), ErrorCode::psk_required);
  client_settings.verifier = authority.verifier();
  const Loopback loopback = connect();
  ASSERT_TRUE(loopback.established());
  EXPECT_TRUE(loopback.client.connection.info()->external_psk.empty());
}

// "Selfie" (RFC 9257 §4.1): an end that is client and server with one secret is made to talk to itself.
TEST_F(ExternalPsks, NobodyTalksToItself) {
  // B as client of A, and B as server of A, with one secret: what B says is sent back to B.
  client_settings.external_psks = {imported(kIdentity, kSecret, "B", "A")};
  server_settings.external_psks = {imported(kIdentity, kSecret, "A", "B")};
  expect_refused(connect(), ErrorCode::psk_required, AlertDescription::unknown_psk_identity);
}

// An imported key is not the secret itself, nor the other way round.
TEST_F(ExternalPsks, BareKeysAreApart) {
  client_settings.external_psks = {must(danger::bare_external_psk(as_bytes(kIdentity), kSecret))};
  server_settings.external_psks = {imported()};
  expect_refused(connect(), ErrorCode::psk_required, AlertDescription::unknown_psk_identity);
  server_settings.external_psks = client_settings.external_psks;
  expect_agreed(connect());
  // SHA-256 goes with it: no suite of another hash.
  server_settings.policy.suites = {CipherSuite::TLS_AES_256_GCM_SHA384};
  expect_refused(connect(), ErrorCode::psk_required, AlertDescription::unknown_psk_identity);
}

TEST_F(ExternalPsks, IdentitiesAreBytes) {
  const std::string with_nul("a\0b", 3);
  for (const std::string& identity :
       {std::string(1, '\0'), with_nul, std::string(ExternalPsk::kMaxIdentity, 'i')}) {
    client_settings.external_psks = {must(danger::bare_external_psk(as_bytes(identity), kSecret))};
    server_settings.external_psks = client_settings.external_psks;
    expect_agreed(connect(), identity);
    // No prefix of it is taken for it.
    if (identity.size() > 1) {
      server_settings.external_psks = {
          must(danger::bare_external_psk(as_bytes(identity).first(identity.size() - 1), kSecret))};
      expect_refused(connect(), ErrorCode::psk_required, AlertDescription::unknown_psk_identity);
      std::string other = identity;
      other.back() = 'c';
      server_settings.external_psks = {must(danger::bare_external_psk(as_bytes(other), kSecret))};
      expect_refused(connect(), ErrorCode::psk_required, AlertDescription::unknown_psk_identity);
    }
  }
}

TEST_F(ExternalPsks, NoTicketsAreHandedOut) {
  client_settings.external_psks = {imported()};
  server_settings.external_psks = {imported()};
  client_settings.sessions = std::make_shared<ClientSessions>();
  client_settings.clock = server_settings.clock = &authority.clock;
  server_settings.ticket_keys = must(TicketKeys::rotating(authority.clock));
  expect_agreed(connect());
  EXPECT_EQ(client_settings.sessions->size(), 0U);
}

// Without a key exchange only where both ends allow it, and not if they can do better.
TEST_F(ExternalPsks, WithoutAKeyExchange) {
  using enum danger::PskKe;
  client_settings.external_psks = {imported()};
  server_settings.external_psks = {imported()};
  for (const auto& [client, server] :
       {std::pair(allowed, allowed), std::pair(allowed, refused), std::pair(refused, allowed)}) {
    client_settings.psk_ke = client;
    server_settings.psk_ke = server;
    const Loopback loopback = connect();
    expect_agreed(loopback);
    EXPECT_NE(loopback.client.connection.info()->group, NamedGroup{});
  }
  // A client that knows psk_ke(0) alone.
  client_settings.psk_ke = allowed;
  const auto config = client_config(client_settings);
  for (auto& extension : const_cast<handshake::ClientConfigData&>(config->data()).fixed_extensions) {
    if (extension.type == ExtensionType::psk_key_exchange_modes) extension.body = {1, 0};
  }
  server_settings.psk_ke = allowed;
  Loopback without(config, server_config(server_settings));
  without.run();
  expect_agreed(without);
  EXPECT_EQ(without.client.connection.info()->group, NamedGroup{});
  EXPECT_EQ(without.server.connection.info()->group, NamedGroup{});
  without.server.inbox = without.client.say("ping");
  without.server.digest();
  EXPECT_EQ(as_text(without.server.received), "ping");

  server_settings.psk_ke = refused;
  Loopback loopback(config, server_config(server_settings));
  loopback.run();
  expect_refused(loopback, ErrorCode::psk_required, AlertDescription::unknown_psk_identity);
}

// A server that leaves the exchange out though nobody allowed it.
TEST_F(ExternalPsks, NoServerLeavesTheExchangeOutUnasked) {
  client_settings.external_psks = {imported()};
  server_settings.external_psks = {imported()};
  server_settings.psk_ke = danger::PskKe::allowed;
  const auto config = client_config(client_settings);
  for (auto& extension : const_cast<handshake::ClientConfigData&>(config->data()).fixed_extensions) {
    if (extension.type == ExtensionType::psk_key_exchange_modes) extension.body = {1, 0};
  }
  Loopback loopback(config, server_config(server_settings));
  loopback.run();
  ASSERT_TRUE(loopback.client.error.has_value());
  EXPECT_EQ(loopback.client.error->code(), ErrorCode::message_illegal_value);
  EXPECT_EQ(loopback.client.error->alert(), AlertDescription::illegal_parameter);
}

TEST_F(ExternalPsks, AContextOfOnesOwn) {
  const auto in_context = [](std::string_view context) {
    return must(danger::imported_in_context(as_bytes(kIdentity), kSecret, as_bytes(context)));
  };
  client_settings.external_psks = {in_context("one")};
  server_settings.external_psks = {in_context("one")};
  expect_agreed(connect());
  server_settings.external_psks = {in_context("other")};
  expect_refused(connect(), ErrorCode::psk_required, AlertDescription::unknown_psk_identity);
}

TEST_F(ExternalPsks, WhatCannotWorkIsRefused) {
  const auto refused = [](const auto& result) {
    return !result && result.error().code() == ErrorCode::configuration_invalid;
  };
  EXPECT_TRUE(refused(ExternalPsk::imported({}, kSecret, "a", "b")));
  EXPECT_TRUE(refused(ExternalPsk::imported(as_bytes("i"), ByteString(15, 1), "a", "b")));
  EXPECT_TRUE(refused(ExternalPsk::imported(as_bytes("i"), kSecret, "", "b")));
  EXPECT_TRUE(refused(ExternalPsk::imported(as_bytes("i"), kSecret, "a", "a")));
  EXPECT_TRUE(refused(danger::bare_external_psk(ByteString(ExternalPsk::kMaxIdentity + 1), kSecret)));
  EXPECT_TRUE(refused(danger::bare_external_psk(as_bytes("i"), ByteString(65, 1))));
  EXPECT_TRUE(
      refused(danger::imported_in_context(as_bytes("i"), kSecret, ByteString(danger::kMaxContext + 1))));
  client_settings.external_psks = {imported(), imported()};
  EXPECT_TRUE(refused(ClientConfig::create(client_settings)));
  client_settings.external_psks = {imported()};
  client_settings.policy = Policy::intermediate();
  EXPECT_TRUE(refused(ClientConfig::create(client_settings))) << "TLS 1.2 without a verifier";
  client_settings.external_psks.clear();
  client_settings.policy = Policy::modern();
  EXPECT_TRUE(refused(ClientConfig::create(client_settings)));
  EXPECT_TRUE(refused(ServerConfig::create(server_settings)));
}

// What RFC 9258 §5.1 says, computed by hand with HKDF for SHA-256.
TEST_F(ExternalPsks, TheImportedIdentityIsWhatTheRfcDraws) {
  const ExternalPsk psk = imported("id", kSecret, "c", "s");
  const handshake::PreSharedKey& key = psk.keys().front();
  EXPECT_EQ(test::to_hex(key.identity),
            "00026964"
            "0004"
            "0163"
            "0173"
            "0304"
            "0001");
  EXPECT_EQ(key.kind, keys::PskKind::imported);
  const HashSecret extracted =
      must(crypto::hkdf_extract(crypto::HashAlgorithm::sha256, ByteString(32, 0), kSecret));
  const crypto::Digest digest = must(crypto::hash(crypto::HashAlgorithm::sha256, {key.identity}));
  ByteString info = test::from_hex(
      "0020"
      "11");
  const std::string_view label = "tls13 derived psk";
  info.insert(info.end(), label.begin(), label.end());
  info.push_back(32);
  info.insert(info.end(), digest.view().begin(), digest.view().end());
  ByteString expected(32);
  ASSERT_TRUE(crypto::hkdf_expand(crypto::HashAlgorithm::sha256, extracted.view(), info, expected));
  EXPECT_EQ(copy_of(key.secret.view()), expected);
}

}  // namespace
}  // namespace handfast
