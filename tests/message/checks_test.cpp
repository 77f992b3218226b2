// The checks that flows call, host names, views on hostile bytes. RFC 9846 §4.3, §4.3.8.
#include "message/checks.hpp"

#include <gtest/gtest.h>

#include <ctime>

#include "message/builders.hpp"
#include "message/decode.hpp"
#include "support/hex.hpp"

namespace handfast::message::test {
namespace {

using handfast::test::from_hex;
using enum ExtensionType;

TEST(OnlyOffered, AnswersMustHaveBeenAskedFor) {
  const ByteString asked = message_with(ExtensionPlace::client_hello,
                                        {extension(server_name, "0004 00 0001 61"), extension(0x4444)});
  const ByteString good =
      message_with(ExtensionPlace::encrypted_extensions, {extension(0x4444), extension(server_name)});
  const ByteString bad =
      message_with(ExtensionPlace::encrypted_extensions, {extension(server_name), extension(0x4445)});
  const auto hello = decode_client_hello(asked);
  const auto answer = decode_encrypted_extensions(good);
  const auto wrong = decode_encrypted_extensions(bad);
  ASSERT_TRUE(hello && answer && wrong);
  constexpr auto kType = HandshakeType::encrypted_extensions;
  EXPECT_EQ(outcome(check_only_offered(answer->extensions, hello->extensions, kType)), "ok");
  const Result<void> refused = check_only_offered(wrong->extensions, hello->extensions, kType);
  EXPECT_EQ(outcome(refused), "extension_not_offered at extension_type+10 in EncryptedExtensions");
  EXPECT_EQ(refused.error().alert(), AlertDescription::unsupported_extension);
  EXPECT_EQ(outcome(check_only_offered(wrong->extensions, [](ExtensionType) { return true; }, kType)), "ok");
  EXPECT_EQ(outcome(check_only_offered(ExtensionBlock{}, ExtensionBlock{}, kType)), "ok");
}

TEST(OnlyOffered, CookieNeedsNoQuestionInAHelloRetryRequestOnly) {
  const ByteString bytes =
      message_with(ExtensionPlace::hello_retry_request, {extension(cookie, "0001aa"), extension(0x4444)});
  const auto retry = decode_server_hello(bytes);
  ASSERT_TRUE(retry);
  EXPECT_EQ(outcome(check_only_offered(retry->extensions, ExtensionBlock{}, retry->type())),
            "extension_not_offered at extension_type+51 in HelloRetryRequest");
  EXPECT_EQ(outcome(check_only_offered(retry->extensions, ExtensionBlock{}, HandshakeType::server_hello)),
            "extension_not_offered at extension_type+44 in ServerHello");
}

TEST(KeyShares, DuplicatesAndStrangersAreFound) {
  const ByteString bytes = message_with(
      ExtensionPlace::client_hello, {extension(supported_groups, "0004 001d 0017"),
                                     extension(key_share, "000f 001d 0001 aa 0018 0001 bb 001d 0001 cc")});
  const auto hello = decode_client_hello(bytes);
  ASSERT_TRUE(hello);
  const Result<void> unique = check_shares_unique(*hello->key_share);
  EXPECT_EQ(outcome(unique), "key_share_duplicate at group+73 in ClientHello");
  EXPECT_EQ(unique.error().alert(), AlertDescription::illegal_parameter);
  const Result<void> listed = check_shares_in_groups(*hello->key_share, *hello->supported_groups);
  EXPECT_EQ(outcome(listed), "key_share_not_in_groups at group+68 in ClientHello");
  EXPECT_EQ(listed.error().alert(), AlertDescription::illegal_parameter);

  const ByteString good =
      message_with(ExtensionPlace::client_hello, {extension(supported_groups, "0004 001d 0017"),
                                                  extension(key_share, "000a 0017 0001 aa 001d 0001 bb")});
  const auto second = decode_client_hello(good);
  ASSERT_TRUE(second);
  EXPECT_EQ(outcome(check_shares_unique(*second->key_share)), "ok");
  EXPECT_EQ(outcome(check_shares_in_groups(*second->key_share, *second->supported_groups)), "ok");
}

TEST(KeyShares, LongestListsCostLinearTime) {
  ByteString shares(2);
  for (unsigned i = 0; shares.size() + 5 <= 0xfffc; ++i) {
    const ByteString entry{static_cast<std::uint8_t>(i >> 8U), static_cast<std::uint8_t>(i), 0, 1, 0};
    shares.insert(shares.end(), entry.begin(), entry.end());
  }
  shares[0] = static_cast<std::uint8_t>((shares.size() - 2) >> 8U);
  shares[1] = static_cast<std::uint8_t>(shares.size() - 2);
  const ByteString body = shares;
  // Only the list: with its neighbours it would not fit into one extension block.
  const KeyShareList list(Bytes(body).subspan(2), 0);
  ByteString groups(0xfffe);
  for (std::size_t i = 0; i < groups.size() / 2; ++i) {
    groups[2 * i] = static_cast<std::uint8_t>(i >> 8U);
    groups[2 * i + 1] = static_cast<std::uint8_t>(i);
  }
  const CodepointList<NamedGroup> all_groups(groups);
  // Measured against a plain walk over both lists, in CPU time, so that slow builds and busy machines do not
  // matter: a linear check costs a few walks, a quadratic one thousands.
  const auto cost_of = [](auto&& work) {
    const std::clock_t start = std::clock();
    for (int i = 0; i < 10; ++i) work();
    return std::clock() - start;
  };
  unsigned sum = 0;
  const std::clock_t walk = cost_of([&] {
    for (const KeyShareEntry& entry : list) sum += static_cast<unsigned>(entry.group);
    for (const NamedGroup group : all_groups) sum += static_cast<unsigned>(group);
  });
  EXPECT_NE(sum, 0U);
  const std::clock_t checks = cost_of([&] {
    EXPECT_TRUE(check_shares_unique(list));
    EXPECT_TRUE(check_shares_in_groups(list, all_groups));
  });
  EXPECT_LT(checks, 100 * (walk + CLOCKS_PER_SEC / 1000));
}

TEST(HostName, OnlyPlausibleNames) {
  for (const char* name : {"a", "example.org", "xn--bcher-kva.example", "a_b.c", "192.0.2.1"}) {
    EXPECT_TRUE(is_host_name(as_bytes(name))) << name;
  }
  for (const std::string& name : {std::string(), std::string("a..b"), std::string(".a"), std::string("a."),
                                  std::string("a b"), std::string("a\0b", 3), std::string("b\xc3\xbc"),
                                  std::string(256, 'a'), std::string("2001:db8::1")}) {
    EXPECT_FALSE(is_host_name(as_bytes(name))) << name;
  }
  EXPECT_TRUE(is_host_name(as_bytes(std::string(255, 'a'))));
}

TEST(Views, EndEarlyOnBytesThatNoDecoderChecked) {
  const ByteString garbage = from_hex("001d 0001 aa 001d ffff");
  std::size_t count = 0;
  for (const KeyShareEntry& entry : KeyShareList(garbage, 100)) {
    EXPECT_EQ(entry.offset, 100U);
    ++count;
  }
  EXPECT_EQ(count, 1U);
  EXPECT_EQ(CodepointList<NamedGroup>(Bytes(garbage).first(3)).size(), 1U);
  EXPECT_FALSE(ExtensionBlock(garbage, 0).contains(server_name));
  EXPECT_EQ(ExtensionBlock().size(), 0U);
}

TEST(RawMessage, HeaderAndBody) {
  EXPECT_FALSE(peek_header(from_hex("010000")));
  const auto header = peek_header(from_hex("0b010203ff"));
  ASSERT_TRUE(header);
  EXPECT_EQ(header->type, HandshakeType::certificate);
  EXPECT_EQ(header->message_size(), 4U + 0x010203U);
  const ByteString bytes = from_hex("14000002aabb");
  const auto raw = raw_message(bytes);
  ASSERT_TRUE(raw);
  EXPECT_EQ(copy_of(raw->body()), from_hex("aabb"));
  EXPECT_FALSE(raw_message(from_hex("14000003aabb")));
  EXPECT_FALSE(raw_message(from_hex("14000001aabb")));
  EXPECT_FALSE(raw_message({}));
}

}  // namespace
}  // namespace handfast::message::test
