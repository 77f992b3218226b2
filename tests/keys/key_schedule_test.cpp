// The key schedule against the values of RFC 8448 §3, typed in. The whole traces replay in tests/handshake.
#include "keys/key_schedule.hpp"

#include <gtest/gtest.h>

#include <string>

#include "keys/transcript.hpp"
#include "support/hex.hpp"

namespace handfast::keys {
namespace {

using crypto::HashAlgorithm;
using test::from_hex;
using test::to_hex;

crypto::Digest digest(std::string_view hex) {
  const ByteString bytes = from_hex(hex);
  crypto::Digest out(bytes.size());
  std::copy(bytes.begin(), bytes.end(), out.writable().begin());
  return out;
}

// RFC 8448 §3.
constexpr std::string_view kShared = "8bd4054fb55b9d63fdfbacf9f04b9f0d35e6d63f537563efd46272900f89492d";
constexpr std::string_view kToServerHello =
    "860c06edc07858ee8e78f0e7428c58edd6b43f2ca3e6e95f02ed063cf0e1cad8";

HandshakeSecret handshake_secret() {
  auto secret = EarlySecret::without_psk(HashAlgorithm::sha256).to_handshake(SharedSecret(from_hex(kShared)));
  EXPECT_TRUE(secret.has_value());
  return std::move(*secret);
}

TEST(KeySchedule, HandshakeTrafficSecretsOfRfc8448) {
  const HandshakeSecret secret = handshake_secret();
  EXPECT_EQ(to_hex(secret.client_traffic(digest(kToServerHello))->view()),
            "b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21");
  EXPECT_EQ(to_hex(secret.server_traffic(digest(kToServerHello))->view()),
            "b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38");
}

TEST(KeySchedule, TrafficKeysOfRfc8448) {
  const HashSecret secret(
      Bytes(from_hex("b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38")));
  const auto keys = traffic_keys(*find_suite(CipherSuite::TLS_AES_128_GCM_SHA256), secret);
  ASSERT_TRUE(keys.has_value());
  EXPECT_EQ(to_hex(keys->key.view()), "3fce516009c21727d0f2e4e86ee403bc");
  EXPECT_EQ(to_hex(keys->iv.view()), "5d313eb2671276ee13000b30");
}

// RFC 8448 §3 (the ticket's key) and §4 (the binder and the early traffic secret).
TEST(KeySchedule, PreSharedKeyOfRfc8448) {
  const HashSecret resumption(from_hex("7df235f2031d2a051287d02b0241b0bfdaf86cc856231f2d5aba46c434ec196c"));
  const auto psk = resumption_psk(HashAlgorithm::sha256, resumption, from_hex("0000"));
  ASSERT_TRUE(psk.has_value());
  EXPECT_EQ(to_hex(psk->view()), "4ecd0eb6ec3b4d87f5d6028f922ca4c5851a277fd41311c9e62d2c9492e1c4f3");
  auto early = EarlySecret::with_psk(HashAlgorithm::sha256, psk->view());
  ASSERT_TRUE(early.has_value());
  const crypto::Digest truncated = digest("63224b2e4573f2d3454ca84b9d009a04f6be9e05711a8396473aefa01e924a14");
  EXPECT_EQ(to_hex(early->binder(PskKind::resumption, truncated)->view()),
            "3add4fb2d8fdf822a0ca3cf7678ef5e88dae990141c5924d57bb6fa31b9e5f9d");
  EXPECT_NE(to_hex(early->binder(PskKind::external, truncated)->view()),
            to_hex(early->binder(PskKind::imported, truncated)->view()));
  const crypto::Digest hello = digest("08ad0fa05d7c7233b1775ba2ff9f4c5b8b59276b7f227f13a976245f5d960913");
  EXPECT_EQ(to_hex(early->client_early_traffic(hello)->view()),
            "3fbbe6a60deb66c30a32795aba0eff7eaa10105586e7be5c09678d63b6caab62");
  EXPECT_EQ(to_hex(early->early_exporter(hello)->view()),
            "b2026866610937d7423e5be90862ccf24c0e6091186d34f812089ff5be2ef7df");
}

TEST(KeySchedule, WithoutAPreSharedKeyThereIsNoBinder) {
  const EarlySecret early = EarlySecret::without_psk(HashAlgorithm::sha256);
  EXPECT_FALSE(early.binder(PskKind::resumption, digest(kToServerHello)).has_value());
  EXPECT_FALSE(early.client_early_traffic(digest(kToServerHello)).has_value());
}

TEST(KeySchedule, SuitesHaveTheirHashKeyAndLimit) {
  const SuiteParameters* const suite = find_suite(CipherSuite::TLS_AES_256_GCM_SHA384);
  ASSERT_NE(suite, nullptr);
  EXPECT_EQ(suite->hash_size(), 48U);
  EXPECT_EQ(crypto::aead_key_size(suite->aead), 32U);
  EXPECT_LE(suite->record_limit, 23'726'566U);  // 2^24.5, RFC 9846 §5.5
  EXPECT_EQ(find_suite(CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, ProtocolVersion::tls1_3), nullptr);
  EXPECT_EQ(find_suite(CipherSuite::TLS_AES_256_GCM_SHA384, ProtocolVersion::tls1_2), nullptr);
  EXPECT_EQ(find_suite(CipherSuite{0xc013}), nullptr);  // ECDHE-RSA with AES-CBC and SHA-1
}

TEST(KeySchedule, GenerationsDiffer) {
  const HashSecret first(Bytes(ByteString(32, 1)));
  const auto second = next_traffic_secret(HashAlgorithm::sha256, first);
  ASSERT_TRUE(second.has_value());
  const auto third = next_traffic_secret(HashAlgorithm::sha256, *second);
  ASSERT_TRUE(third.has_value());
  EXPECT_NE(to_hex(first.view()), to_hex(second->view()));
  EXPECT_NE(to_hex(second->view()), to_hex(third->view()));
}

TEST(KeySchedule, LabelsAndLengthsHaveLimits) {
  const crypto::HmacKey secret(HashAlgorithm::sha256, ByteString(32));
  ByteString out(32);
  EXPECT_TRUE(hkdf_expand_label(secret, std::string(249, 'l'), {}, out).has_value());
  const auto long_label = hkdf_expand_label(secret, std::string(250, 'l'), {}, out);
  ASSERT_FALSE(long_label.has_value());
  EXPECT_EQ(long_label.error().code(), ErrorCode::limit_exceeded);
  EXPECT_FALSE(hkdf_expand_label(secret, "l", ByteString(256), out).has_value());
  ByteString too_long(255 * 32 + 1);
  EXPECT_FALSE(hkdf_expand_label(secret, "l", {}, too_long).has_value());
}

TEST(Transcript, WhatWasTakenIsForgottenWhenMoreComes) {
  Transcript transcript(HashAlgorithm::sha256);
  transcript.add(as_bytes("ClientHello"));
  const std::string once = to_hex(transcript.current()->view());
  EXPECT_EQ(to_hex(transcript.current()->view()), once);
  transcript.add(as_bytes("ServerHello"));
  EXPECT_EQ(to_hex(transcript.current()->view()),
            to_hex(crypto::hash(HashAlgorithm::sha256, {as_bytes("ClientHelloServerHello")})->view()));
}

// RFC 9846 §4.1: after a HelloRetryRequest the first hello counts as message_hash.
TEST(Transcript, FirstHelloBecomesAMessageHash) {
  Transcript transcript(HashAlgorithm::sha256);
  transcript.add(as_bytes("ClientHello1"));
  const auto first = transcript.current();
  ASSERT_TRUE(first.has_value());
  ASSERT_TRUE(transcript.replace_with_message_hash().has_value());
  transcript.add(as_bytes("HelloRetryRequest"));
  const auto expected = crypto::hash(HashAlgorithm::sha256,
                                     {from_hex("fe000020"), first->view(), as_bytes("HelloRetryRequest")});
  EXPECT_EQ(to_hex(transcript.current()->view()), to_hex(expected->view()));
}

}  // namespace
}  // namespace handfast::keys
