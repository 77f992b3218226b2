// HOST[:PORT], lists of names, escapes of --send.
#include <gtest/gtest.h>

#include "connect/options.hpp"
#include "support/authority.hpp"

namespace handfast::apps {
namespace {

using test::must;

std::string target(std::string_view text) {
  const auto parsed = Target::parse(text);
  return parsed ? parsed->host + " " + std::to_string(parsed->port) : std::string(parsed.error().detail());
}

TEST(Target, TakesHostAndPort) {
  EXPECT_EQ(target("example.org"), "example.org 443");
  EXPECT_EQ(target("example.org:8443"), "example.org 8443");
  EXPECT_EQ(target("192.0.2.1:1"), "192.0.2.1 1");
  EXPECT_EQ(target("[2001:db8::1]:99"), "2001:db8::1 99");
  EXPECT_EQ(target("2001:db8::1"), "2001:db8::1 443");
  EXPECT_EQ(target("https://example.org/path?q"), "example.org 443");
  EXPECT_EQ(must(Target::parse("[::1]:4")).to_string(), "[::1]:4");
}

TEST(Target, SaysWhatIsWrong) {
  EXPECT_EQ(target("example.org:0"), "'0' is not a port");
  EXPECT_EQ(target("example.org:65536"), "'65536' is not a port");
  EXPECT_EQ(target("example.org:http"), "'http' is not a port");
  EXPECT_EQ(target("[::1"), "a ']' is missing");
  EXPECT_EQ(target(":443"), "there is no host");
  EXPECT_EQ(target("example.org:\x1b"), "'\\x1b' is not a port");
}

TEST(Groups, TakesNamesInAnyCase) {
  const std::vector<NamedGroup> expected = {NamedGroup::X25519MLKEM768, NamedGroup::x25519,
                                            NamedGroup::secp256r1};
  EXPECT_EQ(must(parse_groups("x25519mlkem768,X25519,P-256,secp256r1")), expected);
}

TEST(Groups, NamesWhatIsKnown) {
  const auto parsed = parse_groups("X25519,kyber");
  ASSERT_FALSE(parsed);
  const std::string detail(parsed.error().detail());
  EXPECT_TRUE(detail.starts_with("unknown group 'kyber'; known are X25519MLKEM768,")) << detail;
  EXPECT_FALSE(parse_groups(","));
}

TEST(Suites, TakesShortAndLongNames) {
  EXPECT_EQ(must(parse_compression("zstd,brotli")).size(), 2U);
  EXPECT_FALSE(parse_compression("lzma"));
  EXPECT_EQ(must(parse_suites("AES-128-GCM,TLS_CHACHA20_POLY1305_SHA256")).size(), 2U);
}

TEST(Send, UnderstandsEscapes) {
  EXPECT_EQ(must(unescape_argument("a\\r\\n\\t\\\\\\x1b")), "a\r\n\t\\\x1b");
  EXPECT_FALSE(unescape_argument("\\q"));
  EXPECT_FALSE(unescape_argument("\\x1"));
  EXPECT_FALSE(unescape_argument("\\"));
}

}  // namespace
}  // namespace handfast::apps
