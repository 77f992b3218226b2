// Variations of a hello: each changes what it says, and all are well-formed.
#include "probe/hello.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "message/client_hello.hpp"
#include "message/extension_encoders.hpp"
#include "probe/suites.hpp"
#include "record/header.hpp"

namespace handfast::apps::probe {
namespace {

using message::plan_extension;

ProbeHello sample() {
  static constexpr std::array kVersions = {ProtocolVersion::tls1_3};
  static constexpr std::array kGroups = {NamedGroup::X25519MLKEM768, NamedGroup::x25519};
  static constexpr std::array kSchemes = {SignatureScheme::ed25519};
  const ByteString share(1216, 1);
  const message::KeyShareEntry entry{NamedGroup::X25519MLKEM768, share};
  ProbeHello hello;
  hello.suites = {CipherSuite::TLS_AES_128_GCM_SHA256};
  hello.set(plan_extension(ExtensionType::server_name, message::encode_server_name, "example.org"));
  hello.set(plan_extension(ExtensionType::supported_versions, message::encode_supported_versions, kVersions));
  hello.set(plan_extension(ExtensionType::supported_groups, message::encode_supported_groups, kGroups));
  hello.set(
      plan_extension(ExtensionType::signature_algorithms, message::encode_signature_algorithms, kSchemes));
  hello.set(plan_extension(ExtensionType::key_share, message::encode_key_share_client, std::span(&entry, 1)));
  return hello;
}

// Encoded and read again by the production decoder.
struct Read {
  explicit Read(const ProbeHello& hello) {
    auto record = hello.encode();
    EXPECT_TRUE(record);
    if (!record) return;
    bytes.assign(record->begin() + record::kHeaderSize, record->end());
    auto decoded = message::decode_client_hello(bytes);
    EXPECT_TRUE(decoded) << (decoded ? "" : decoded.error().to_string());
    if (decoded) message = *decoded;
  }
  ByteString bytes;
  message::ClientHello message;
};

TEST(ProbeHello, IsLikeTheOneThatItComesFrom) {
  const Read first(sample());
  const auto again = ProbeHello::like(first.bytes);
  ASSERT_TRUE(again);
  const Read second(*again);
  EXPECT_TRUE(std::ranges::equal(first.message.extensions.raw(), second.message.extensions.raw()));
  EXPECT_TRUE(std::ranges::equal(first.message.cipher_suites.raw(), second.message.cipher_suites.raw()));
  EXPECT_FALSE(std::ranges::equal(first.message.random, second.message.random));
  EXPECT_FALSE(ProbeHello::like(Bytes(first.bytes).first(20)));
}

TEST(ProbeHello, Varies) {
  const ProbeHello hello = sample();
  EXPECT_FALSE(hello.offers(CipherSuite{0x000a}));
  const Read suites(hello.with_every_suite());
  EXPECT_EQ(suites.message.cipher_suites.size(), every_suite().size());
  EXPECT_TRUE(suites.message.cipher_suites.contains(CipherSuite{0x000a}));
  const Read groups(hello.with_every_group());
  EXPECT_EQ(groups.message.supported_groups->size(), every_group().size());
  EXPECT_EQ((*groups.message.supported_groups)[0], NamedGroup::X25519MLKEM768)
      << "what was offered stays first";
  EXPECT_EQ(Read(hello.with_every_scheme()).message.signature_algorithms->size(), every_scheme().size());
  const Read versions(hello.with_every_version());
  EXPECT_TRUE(versions.message.supported_versions->contains(ProtocolVersion::tls1_0));
}

TEST(ProbeHello, BecomesSmall) {
  const Read small(sample().without_post_quantum());
  EXPECT_LT(small.bytes.size(), 517U);
  EXPECT_FALSE(small.message.supported_groups->contains(NamedGroup::X25519MLKEM768));
  ASSERT_TRUE(small.message.key_share);
  EXPECT_EQ((*small.message.key_share->begin()).group, NamedGroup::x25519);
}

TEST(ProbeHello, BecomesOld) {
  const Read old(sample().as_tls12());
  EXPECT_FALSE(old.message.supported_versions);
  EXPECT_FALSE(old.message.key_share);
  EXPECT_EQ(as_text(*old.message.server_name), "example.org");
  EXPECT_EQ(as_text(*Read(sample().asking_for("other.test")).message.server_name), "other.test");
}

}  // namespace
}  // namespace handfast::apps::probe
