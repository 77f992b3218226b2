// Names: what a person types, what certificates hold, and how they are compared. RFC 9525 §6, RFC 5280 §7.1.
#include <gtest/gtest.h>

#include <handfast/server_name.hpp>

#include "crypto/der_writer.hpp"
#include "pki/distinguished_name.hpp"
#include "pki/dns_name.hpp"
#include "pki/general_name.hpp"
#include "pki/name_match.hpp"
#include "pki/oid.hpp"

namespace handfast::test {
namespace {

namespace der = crypto::der;
using crypto::der_encode;

TEST(ServerName, ReadsNamesAndAddresses) {
  const std::pair<const char*, const char*> good[] = {
      {"example.org", "example.org"},
      {"EXAMPLE.org.", "example.org"},
      {"localhost", "localhost"},
      {"xn--bcher-kva.example", "xn--bcher-kva.example"},
      {"a_b.example", "a_b.example"},
      {"192.0.2.1", "192.0.2.1"},
      {"2001:db8::1", "2001:db8::1"},
      {"[2001:DB8::1]", "2001:db8::1"},
      {"::", "::"},
      {"::ffff:192.0.2.1", "::ffff:c000:201"},
      {"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"},
      {"1::8", "1::8"},
      {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
  };
  for (const auto& [typed, text] : good) {
    const auto name = ServerName::parse(typed);
    ASSERT_TRUE(name.has_value()) << typed;
    EXPECT_EQ(name->to_string(), text);
  }
}

TEST(ServerName, RefusesOtherText) {
  const std::string long_label(64, 'a');
  std::string long_name = "a";
  while (long_name.size() < 254) long_name += ".a";
  for (const std::string& typed : {std::string(),
                                   std::string("."),
                                   std::string("a..b"),
                                   std::string("-a.b"),
                                   std::string("a b"),
                                   std::string("*.example.org"),
                                   std::string("b\xc3\xbc"
                                               "cher.example"),
                                   long_label,
                                   long_name,
                                   std::string("192.0.2"),
                                   std::string("192.0.2.256"),
                                   std::string("192.0.02.1"),
                                   std::string("1.2.3.4.5"),
                                   std::string(":"),
                                   std::string(":::"),
                                   std::string("1:2"),
                                   std::string("::1::"),
                                   std::string("1:2:3:4:5:6:7:8:9"),
                                   std::string("12345::"),
                                   std::string("1.2.3.4::"),
                                   std::string("[a.b]"),
                                   std::string("1:2:3:4:5:6:7::8:9"),
                                   std::string("fe80::1%eth0"),
                                   std::string("a\0b", 3)}) {
    const auto name = ServerName::parse(typed);
    ASSERT_FALSE(name.has_value()) << typed;
    EXPECT_EQ(name.error().code(), ErrorCode::name_invalid);
  }
}

TEST(DnsPattern, WildcardsAreOneWholeLeftMostLabel) {
  EXPECT_TRUE(pki::dns_pattern_matches("example.org", "example.org"));
  EXPECT_TRUE(pki::dns_pattern_matches("EXAMPLE.org", "example.org"));
  EXPECT_TRUE(pki::dns_pattern_matches("*.example.org", "a.example.org"));
  for (const auto& [pattern, name] :
       std::initializer_list<std::pair<const char*, const char*>>{{"*.example.org", "example.org"},
                                                                  {"*.example.org", "a.b.example.org"},
                                                                  {"a*.example.org", "ab.example.org"},
                                                                  {"*a.example.org", "ba.example.org"},
                                                                  {"a.*.org", "a.example.org"},
                                                                  {"*", "localhost"},
                                                                  {"*.org", "example.org"},
                                                                  {"*.*.org", "a.example.org"},
                                                                  {"example.org.", "example.org"},
                                                                  {".example.org", "a.example.org"},
                                                                  {"", "example.org"}}) {
    EXPECT_FALSE(pki::dns_pattern_matches(pattern, name)) << pattern << " " << name;
  }
}

// Attack row 70: as C strings both would be the same.
TEST(DnsPattern, ANulEndsNoName) {
  for (const std::string_view pattern :
       {std::string_view("example.org\0.evil.test", 22), std::string_view("example.org\0", 12),
        std::string_view("\0example.org", 12), std::string_view("*.example.org\0.evil.test", 24)}) {
    for (const char* const name : {"example.org", "a.example.org", "evil.test", "x.evil.test"}) {
      EXPECT_FALSE(pki::dns_pattern_matches(pattern, name)) << name;
    }
  }
}

TEST(DnsWithin, SubtreesEndAtLabels) {
  EXPECT_TRUE(pki::dns_within("a.example.org", "example.org"));
  EXPECT_TRUE(pki::dns_within("example.org", "example.org"));
  EXPECT_TRUE(pki::dns_within("anything", ""));
  EXPECT_FALSE(pki::dns_within("badexample.org", "example.org"));
  EXPECT_FALSE(pki::dns_within("org", "example.org"));
  EXPECT_TRUE(pki::dns_within("a.example.org", ".example.org"));
  EXPECT_FALSE(pki::dns_within("example.org", ".example.org"));
}

ByteString name_of_common_name(std::uint8_t tag, Bytes value) {
  const ByteString pair =
      der_encode(der::kSequence,
                 {der_encode(der::kObjectIdentifier, {pki::oid::kCommonName}), der_encode(tag, {value})});
  return der_encode(der::kSequence, {der_encode(der::kSet, {pair})});
}

TEST(DistinguishedName, CharactersCountNotEncodings) {
  const ByteString plain = name_of_common_name(der::kPrintableString, as_bytes("Example Name"));
  const ByteString spaced = name_of_common_name(der::kUtf8String, as_bytes("  EXAMPLE   name "));
  const ByteString wide = name_of_common_name(
      der::kBmpString, as_bytes(std::string_view("\0E\0x\0a\0m\0p\0l\0e\0 \0N\0a\0m\0e", 24)));
  const ByteString other = name_of_common_name(der::kUtf8String, as_bytes("Examplename"));
  EXPECT_TRUE(pki::names_equal(plain, spaced));
  EXPECT_TRUE(pki::names_equal(plain, wide));
  EXPECT_FALSE(pki::names_equal(plain, other));
  EXPECT_EQ(pki::name_hash(plain), pki::name_hash(spaced));
  EXPECT_EQ(pki::name_hash(plain), pki::name_hash(wide));
  EXPECT_NE(pki::name_hash(plain), pki::name_hash(other));
  const ByteString latin = name_of_common_name(der::kTeletexString, ByteString{'B', 0xfc});
  const ByteString utf8 = name_of_common_name(der::kUtf8String, as_bytes("B\xc3\xbc"));
  EXPECT_TRUE(pki::names_equal(latin, utf8));
  EXPECT_EQ(pki::name_to_text(latin), "CN=B\xc3\xbc");
}

// A Name with one common name of this type is well formed.
bool is_accepted(std::uint8_t tag, Bytes value) {
  const ByteString attribute =
      der_encode(der::kSequence,
                 {der_encode(der::kObjectIdentifier, {pki::oid::kCommonName}), der_encode(tag, {value})});
  const ByteString name = der_encode(der::kSequence, {der_encode(der::kSet, {attribute})});
  crypto::DerReader reader(name);
  Bytes whole;
  pki::check_name(reader, "subject", whole);
  return reader.finish().has_value();
}

TEST(DistinguishedName, StringsAreOfTheirType) {
  EXPECT_TRUE(is_accepted(der::kUtf8String, as_bytes("B\xc3\xbc"
                                                     "cher \xe2\x82\xac \xf0\x9f\x98\x80")));
  for (const char* const bad :
       {"\xc3", "\x80", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf0\x80\x80\x80", "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80", "\xff", "a\xe2\x82"}) {
    EXPECT_FALSE(is_accepted(der::kUtf8String, as_bytes(bad))) << bad;
  }
  EXPECT_TRUE(is_accepted(der::kBmpString, ByteString{0, 'a'}));
  EXPECT_FALSE(is_accepted(der::kBmpString, ByteString{0, 'a', 0}));
  EXPECT_TRUE(is_accepted(der::kUniversalString, ByteString{0, 0x10, 0xff, 0xff}));
  EXPECT_FALSE(is_accepted(der::kUniversalString, ByteString{0, 0x11, 0, 0}));
  EXPECT_FALSE(is_accepted(der::kUniversalString, ByteString{0, 0, 0}));
  EXPECT_TRUE(is_accepted(der::kPrintableString, as_bytes("a@b*")));
  EXPECT_FALSE(is_accepted(der::context(8), as_bytes("a")));
}

TEST(DistinguishedName, SubtreesAreLeadingRdns) {
  const ByteString name = name_of_common_name(der::kUtf8String, as_bytes("a"));
  const ByteString other = name_of_common_name(der::kUtf8String, as_bytes("b"));
  const ByteString empty = der_encode(der::kSequence, {});
  EXPECT_TRUE(pki::name_within(name, name));
  EXPECT_TRUE(pki::name_within(name, empty));
  EXPECT_FALSE(pki::name_within(empty, name));
  EXPECT_FALSE(pki::name_within(name, other));
  EXPECT_TRUE(pki::name_is_empty(empty));
  EXPECT_EQ(pki::name_to_text(empty), "(empty)");
}

// Attack row 76: an RDN of several attributes is one step of the name. A constraint on one of them alone is
// no constraint that such a name is within, and letters in capitals make no other name.
TEST(DistinguishedName, NamesOfSeveralParts) {
  const auto attribute = [](Bytes type, std::string_view value) {
    return der_encode(der::kSequence, {der_encode(der::kObjectIdentifier, {type}),
                                       der_encode(der::kUtf8String, {as_bytes(value)})});
  };
  const ByteString organization = attribute(pki::oid::kOrganizationName, "Example");
  const ByteString loud = attribute(pki::oid::kOrganizationName, "EXAMPLE");
  const ByteString unit = attribute(pki::oid::kCommonName, "Unit");
  const auto name = [](std::initializer_list<Bytes> rdns) {
    ByteString content;
    for (const Bytes rdn : rdns) {
      const ByteString set = der_encode(der::kSet, {rdn});
      content.insert(content.end(), set.begin(), set.end());
    }
    return der_encode(der::kSequence, {content});
  };
  ByteString both = organization;
  both.insert(both.end(), unit.begin(), unit.end());
  ByteString both_loud = loud;
  both_loud.insert(both_loud.end(), unit.begin(), unit.end());
  EXPECT_TRUE(pki::name_within(name({organization, unit}), name({organization})));
  EXPECT_TRUE(pki::name_within(name({loud, unit}), name({organization})));
  EXPECT_FALSE(pki::name_within(name({both}), name({organization})));
  EXPECT_FALSE(pki::name_within(name({organization, unit}), name({both})));
  EXPECT_TRUE(pki::name_within(name({both_loud, unit}), name({both})));
  EXPECT_FALSE(pki::names_equal(name({both}), name({organization, unit})));
}

TEST(Oid, AsText) {
  EXPECT_EQ(pki::oid::to_string(pki::oid::kSubjectAltName), "2.5.29.17");
  EXPECT_EQ(pki::oid::to_string(pki::oid::kServerAuth), "1.3.6.1.5.5.7.3.1");
  EXPECT_EQ(pki::oid::to_string(ByteString{0x88, 0x37}), "2.999");
}

}  // namespace
}  // namespace handfast::test
