// Names of code points, GREASE. RFC 8701 §2, RFC 9846 §B.
#include <gtest/gtest.h>

#include <handfast/bytes.hpp>
#include <handfast/codepoints.hpp>
#include <set>

namespace handfast {
namespace {

TEST(Grease, IsExactlyTheSixteenValues) {
  std::set<unsigned> found;
  for (unsigned value = 0; value <= 0xffff; ++value) {
    if (is_grease(static_cast<std::uint16_t>(value))) found.insert(value);
  }
  std::set<unsigned> expected;
  for (unsigned i = 0; i < 16; ++i) expected.insert((i << 12U) | 0x0a00U | (i << 4U) | 0x0aU);
  EXPECT_EQ(found, expected);
}

TEST(Names, AreTheRegistrys) {
  EXPECT_EQ(name_of(NamedGroup::X25519MLKEM768), "X25519MLKEM768");
  EXPECT_EQ(name_of(CipherSuite::TLS_AES_128_GCM_SHA256), "TLS_AES_128_GCM_SHA256");
  EXPECT_EQ(name_of(HandshakeType::client_hello), "ClientHello");
  EXPECT_EQ(name_of(ExtensionType::key_share), "key_share");
  EXPECT_EQ(name_of(SignatureScheme::ed25519), "ed25519");
  EXPECT_EQ(name_of(AlertDescription::decode_error), "decode_error");
  EXPECT_EQ(name_of(ContentType::handshake), "handshake");
  EXPECT_EQ(name_of(ProtocolVersion::tls1_3), "TLS 1.3");
  EXPECT_EQ(name_of(Side::server), "server");
}

TEST(Names, OfUnknownAndGreaseValues) {
  EXPECT_EQ(name_of(static_cast<NamedGroup>(0x1a1a)), "GREASE");
  EXPECT_EQ(name_of(static_cast<CipherSuite>(0xfafa)), "GREASE");
  EXPECT_EQ(name_of(static_cast<ExtensionType>(0x0a0a)), "GREASE");
  EXPECT_EQ(name_of(static_cast<ProtocolVersion>(0x2a2a)), "GREASE");
  EXPECT_EQ(name_of(static_cast<SignatureScheme>(0x3a3a)), "GREASE");
  EXPECT_EQ(name_of(static_cast<NamedGroup>(0xfffe)), "");
  EXPECT_EQ(name_of(static_cast<HandshakeType>(99)), "");
  EXPECT_EQ(name_of(static_cast<AlertDescription>(99)), "");
  EXPECT_EQ(name_of(static_cast<ContentType>(99)), "");
}

TEST(Bytes, ViewsOfTextAndBack) {
  const std::string_view text = "abc";
  EXPECT_EQ(as_text(as_bytes(text)), text);
  EXPECT_EQ(copy_of(as_bytes(text)), (ByteString{'a', 'b', 'c'}));
  EXPECT_TRUE(as_bytes("").empty());
}

}  // namespace
}  // namespace handfast
