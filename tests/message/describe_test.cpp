// Fields: every byte of every message has a name, in wire order and properly nested; and no message survives
// truncation or damage with more than a clean error.
#include "message/describe.hpp"

#include <gtest/gtest.h>

#include "message/builders.hpp"
#include "support/hex.hpp"

namespace handfast::message::test {
namespace {

using handfast::test::from_hex;

TEST(Fields, CoverEveryByteInOrderAndNested) {
  for (const Sample& sample : samples()) {
    SCOPED_TRACE(sample.name);
    FieldList sink;
    ASSERT_EQ(outcome(describe_fields(sample.bytes, ProtocolVersion::tls1_3, sink)), "ok");
    std::vector<Field> open;  // the enclosing fields of the current one
    std::size_t covered = 0;  // by fields of depth 0
    for (const Field& field : sink.fields) {
      ASSERT_NE(field.name, nullptr);
      ASSERT_LE(field.offset + field.length, sample.bytes.size());
      while (open.size() > field.depth) open.pop_back();
      ASSERT_EQ(open.size(), field.depth) << field.name;
      if (field.depth == 0) {
        EXPECT_EQ(field.offset, covered) << field.name;
        covered = field.offset + field.length;
      } else {
        const Field& parent = open.back();
        EXPECT_GE(field.offset, parent.offset) << field.name;
        EXPECT_LE(field.offset + field.length, parent.offset + parent.length) << field.name;
      }
      open.push_back(field);
    }
    EXPECT_EQ(covered, sample.bytes.size());
  }
}

TEST(Fields, LeavesLeaveOnlyLengthPrefixesAndUnknownBodiesOut) {
  const ByteString bytes = rich_message(ExtensionPlace::client_hello);
  FieldList sink;
  ASSERT_TRUE(describe_fields(bytes, ProtocolVersion::tls1_3, sink));
  const Field* const share = sink.find("key_exchange");
  ASSERT_NE(share, nullptr);
  EXPECT_EQ(share->length, 3U);
  EXPECT_EQ(share->depth, 3U);  // extensions, extension_data, client_shares
  const Field* const suite = sink.find("cipher_suite");
  ASSERT_NE(suite, nullptr);
  EXPECT_EQ(suite->offset, 41U);
  const Field* const name = sink.find("host_name");
  ASSERT_NE(name, nullptr);
  EXPECT_EQ(as_text(Bytes(bytes).subspan(name->offset + 2, name->length - 2)), "example.org");
}

TEST(Fields, OfMessagesWithoutADecoderAreHeaderAndBody) {
  const ByteString unknown = from_hex("4d000003 010203");
  FieldList sink;
  EXPECT_TRUE(describe_fields(unknown, ProtocolVersion::tls1_2, sink));
  ASSERT_EQ(sink.fields.size(), 3U);
  EXPECT_STREQ(sink.fields[2].name, "body");
  // A certificate list is not the same in both versions.
  const ByteString certificate_tls12 = from_hex("0b000007 000004 000001 00");
  EXPECT_TRUE(describe_fields(certificate_tls12, ProtocolVersion::tls1_2, sink));
  EXPECT_FALSE(describe_fields(certificate_tls12, ProtocolVersion::tls1_3, sink));
  EXPECT_EQ(outcome(decode_any(from_hex("0e000000"))), "ok");
  EXPECT_EQ(outcome(decode_any(from_hex("0e000001"))), "message_malformed at length+1 in ServerHelloDone");
  EXPECT_EQ(outcome(decode_any({})), "message_malformed at msg_type+0 in nothing");
}

TEST(Damage, TruncationAtEveryByteIsAnError) {
  for (const Sample& sample : samples()) {
    SCOPED_TRACE(sample.name);
    for (std::size_t size = 0; size < sample.bytes.size(); ++size) {
      const ByteString cut(sample.bytes.begin(), sample.bytes.begin() + static_cast<std::ptrdiff_t>(size));
      const Result<void> result = decode_any(cut);
      ASSERT_FALSE(result) << size;
      ASSERT_EQ(result.error().code(), ErrorCode::message_malformed) << size;
      ASSERT_LE(result.error().offset(), size);
    }
  }
}

// The message's own length agrees; what is inside it does not. Only hellos may end before their extensions,
// and Finished at any byte.
TEST(Damage, TruncationWithAMatchingHeaderIsAnErrorToo) {
  for (const Sample& sample : samples()) {
    SCOPED_TRACE(sample.name);
    const auto type = static_cast<HandshakeType>(sample.bytes[0]);
    for (std::size_t size = 4; size < sample.bytes.size(); ++size) {
      ByteString cut(sample.bytes.begin(), sample.bytes.begin() + static_cast<std::ptrdiff_t>(size));
      cut[1] = static_cast<std::uint8_t>((size - 4) >> 16U);
      cut[2] = static_cast<std::uint8_t>((size - 4) >> 8U);
      cut[3] = static_cast<std::uint8_t>(size - 4);
      const Result<void> result = decode_any(cut);
      if (type == HandshakeType::finished) continue;
      if (result) {
        const bool hello = type == HandshakeType::client_hello || type == HandshakeType::server_hello;
        FieldList sink;
        ASSERT_TRUE(decode_any(cut, &sink));
        ASSERT_TRUE(hello && sink.find("extensions") == nullptr) << size;
        continue;
      }
      ASSERT_EQ(result.error().message(),
                type == HandshakeType::server_hello ? result.error().message() : std::optional(type))
          << size;
      ASSERT_LE(result.error().offset(), size);
    }
  }
}

TEST(Damage, EveryFlippedBitEndsInAResult) {
  for (const Sample& sample : samples()) {
    ByteString bytes = sample.bytes;
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
      const auto mask = static_cast<std::uint8_t>(1U << (bit % 8));
      bytes[bit / 8] ^= mask;
      FieldList sink;
      const Result<void> result = decode_any(bytes, &sink);
      if (!result) {
        ASSERT_LE(result.error().offset(), bytes.size());
        ASSERT_STRNE(result.error().field(), "");
      }
      bytes[bit / 8] ^= mask;
    }
  }
}

}  // namespace
}  // namespace handfast::message::test
