// DerReader: one encoding for each value, every length checked, the first failure with its offset.
#include "crypto/der.hpp"

#include <gtest/gtest.h>

#include <string>

#include "crypto/der_writer.hpp"
#include "support/hex.hpp"

namespace handfast::crypto {
namespace {

using test::from_hex;
using test::to_hex;

// Whether `read` likes the whole of `hex`.
template <class Read>
bool accepts(std::string_view hex, Read read) {
  const ByteString der = from_hex(hex);
  DerReader reader(der);
  read(reader);
  return reader.finish().has_value();
}

TEST(DerReaderTest, LengthsHaveOneForm) {
  const auto any = [](DerReader& reader) { reader.any("x"); };
  EXPECT_TRUE(accepts("0400", any));
  EXPECT_TRUE(accepts("0401aa", any));
  EXPECT_TRUE(accepts("048180" + std::string(256, '0'), any));
  EXPECT_TRUE(accepts("04820100" + std::string(512, '0'), any));
  EXPECT_FALSE(accepts("04", any));
  EXPECT_FALSE(accepts("0401", any));                              // nothing there
  EXPECT_FALSE(accepts("0480aa0000", any));                        // indefinite
  EXPECT_FALSE(accepts("048101aa", any));                          // not minimal
  EXPECT_FALSE(accepts("04817f" + std::string(254, '0'), any));    // not minimal
  EXPECT_FALSE(accepts("04820080" + std::string(256, '0'), any));  // leading zero
  EXPECT_FALSE(accepts("0481", any));                              // length cut
  EXPECT_FALSE(accepts("0484ffffffff00", any));                    // far beyond the end
  EXPECT_FALSE(accepts("0485010000000000", any));                  // more octets than any limit
  EXPECT_FALSE(accepts("04ff", any));                              // reserved
  EXPECT_FALSE(accepts("1f0100", any));                            // high tag number
  EXPECT_FALSE(accepts("040000", any));                            // trailing byte
}

TEST(DerReaderTest, IntegersAreMinimal) {
  const auto integer = [](DerReader& reader) { reader.integer("x"); };
  EXPECT_TRUE(accepts("020100", integer));
  EXPECT_TRUE(accepts("02020080", integer));
  EXPECT_TRUE(accepts("0201ff", integer));
  EXPECT_TRUE(accepts("0202ff7f", integer));
  EXPECT_FALSE(accepts("0200", integer));
  EXPECT_FALSE(accepts("0202007f", integer));
  EXPECT_FALSE(accepts("0202ff80", integer));
  EXPECT_FALSE(accepts("0301ff", integer));
  const auto positive = [](DerReader& reader) { reader.unsigned_integer("x"); };
  EXPECT_TRUE(accepts("020100", positive));
  EXPECT_FALSE(accepts("0201ff", positive));
}

TEST(DerReaderTest, UnsignedIntegersLoseTheirLeadingZero) {
  const ByteString der = from_hex("02020080 020100 02017f");
  DerReader reader(der);
  EXPECT_EQ(to_hex(reader.unsigned_integer("a")), "80");
  EXPECT_EQ(to_hex(reader.unsigned_integer("b")), "00");
  EXPECT_EQ(reader.small_integer("c", 127), 127U);
  EXPECT_TRUE(reader.finish());
}

TEST(DerReaderTest, SmallIntegersHaveALimit) {
  EXPECT_TRUE(accepts("020105", [](DerReader& reader) { reader.small_integer("x", 5); }));
  EXPECT_FALSE(accepts("020106", [](DerReader& reader) { reader.small_integer("x", 5); }));
  EXPECT_FALSE(accepts("0201ff", [](DerReader& reader) { reader.small_integer("x", 5); }));
  EXPECT_FALSE(
      accepts("0209010000000000000000", [](DerReader& reader) { reader.small_integer("x", ~0ULL); }));
  // Eight octets and a sign octet: above what the function offers.
  EXPECT_FALSE(
      accepts("020900ffffffffffffffff", [](DerReader& reader) { reader.small_integer("x", ~0ULL); }));
}

TEST(DerReaderTest, BooleansAreZeroOrFf) {
  const auto boolean = [](DerReader& reader) { reader.boolean("x"); };
  EXPECT_TRUE(accepts("010100", boolean));
  EXPECT_TRUE(accepts("0101ff", boolean));
  EXPECT_FALSE(accepts("010101", boolean));
  EXPECT_FALSE(accepts("0100", boolean));
  EXPECT_FALSE(accepts("0102ffff", boolean));
}

TEST(DerReaderTest, ObjectIdentifiersAreWellFormed) {
  const auto oid = [](DerReader& reader) { reader.object_identifier("x"); };
  EXPECT_TRUE(accepts("06032b6570", oid));
  EXPECT_TRUE(accepts("06028148", oid));
  EXPECT_FALSE(accepts("0600", oid));
  EXPECT_FALSE(accepts("06022b80", oid));    // the last subidentifier has no end
  EXPECT_FALSE(accepts("06032b8001", oid));  // leading 0x80
}

TEST(DerReaderTest, UnusedBitsAreZero) {
  const auto bits = [](DerReader& reader) { reader.bit_string("x"); };
  EXPECT_TRUE(accepts("030100", bits));
  EXPECT_TRUE(accepts("030206c0", bits));
  EXPECT_FALSE(accepts("0300", bits));
  EXPECT_FALSE(accepts("030101", bits));
  EXPECT_FALSE(accepts("030206e0", bits));
  EXPECT_FALSE(accepts("030208ff", bits));
  EXPECT_FALSE(accepts("230403020080", bits));  // constructed
  EXPECT_FALSE(accepts("030206c0", [](DerReader& reader) { reader.bit_string_bytes("x"); }));
}

TEST(DerReaderTest, NullIsEmpty) {
  EXPECT_TRUE(accepts("0500", [](DerReader& reader) { reader.null("x"); }));
  EXPECT_FALSE(accepts("050100", [](DerReader& reader) { reader.null("x"); }));
}

TEST(DerReaderTest, TheFirstFailureSticksWithItsPlace) {
  const ByteString der = from_hex("3007 020101 0202007f");
  DerReader reader(der, 100, ErrorCode::pem_malformed);
  DerReader inner = reader.sequence("outer");
  EXPECT_EQ(inner.small_integer("first", 9), 1U);
  EXPECT_TRUE(inner.integer("second").empty());
  EXPECT_TRUE(inner.octet_string("third").empty());
  EXPECT_TRUE(inner.empty());
  EXPECT_TRUE(reader.failed());
  const auto verdict = reader.finish();
  ASSERT_FALSE(verdict);
  EXPECT_EQ(verdict.error().code(), ErrorCode::pem_malformed);
  EXPECT_STREQ(verdict.error().field(), "second");
  EXPECT_EQ(verdict.error().offset(), 105U);
}

TEST(DerReaderTest, ElementsKnowWhereTheyStand) {
  const ByteString der = from_hex("3005 a003 02010a");
  DerReader reader(der);
  DerReader outer = reader.sequence("outer");
  EXPECT_TRUE(outer.next_is(der::context_constructed(0)));
  DerReader tagged = outer.tagged("version", 0);
  const DerElement number = tagged.any("number");
  EXPECT_EQ(number.tag, der::kInteger);
  EXPECT_EQ(number.offset, 4U);
  EXPECT_EQ(number.content_offset, 6U);
  EXPECT_EQ(to_hex(number.whole), "02010a");
  EXPECT_TRUE(reader.finish());
}

TEST(DerReaderTest, EveryTruncationFails) {
  const ByteString der = from_hex("300d 06092a864886f70d010101 0500");
  for (std::size_t size = 0; size < der.size(); ++size) {
    DerReader reader(Bytes(der).first(size));
    DerReader inner = reader.sequence("identifier");
    inner.object_identifier("algorithm");
    inner.null("parameters");
    EXPECT_FALSE(reader.finish()) << size;
  }
}

TEST(DerWriterTest, WritesWhatTheReaderReads) {
  for (const std::size_t size : std::initializer_list<std::size_t>{0, 1, 127, 128, 255, 256, 65535, 65536}) {
    const ByteString content(size, 0x5a);
    const ByteString der = der_encode(der::kOctetString, {content});
    DerReader reader(der);
    EXPECT_EQ(reader.octet_string("x").size(), size);
    EXPECT_TRUE(reader.finish());
  }
  EXPECT_EQ(to_hex(der_unsigned({})), "020100");
  EXPECT_EQ(to_hex(der_unsigned(from_hex("00007f"))), "02017f");
  EXPECT_EQ(to_hex(der_unsigned(from_hex("80"))), "02020080");
  EXPECT_EQ(to_hex(der_bit_string(from_hex("aa"))), "030200aa");
}

}  // namespace
}  // namespace handfast::crypto
