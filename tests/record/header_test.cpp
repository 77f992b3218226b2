// Telling records apart, and telling what is no record at all.
#include "record/header.hpp"

#include <gtest/gtest.h>

#include "support/hex.hpp"

namespace handfast::record {
namespace {

using test::from_hex;

Result<std::optional<RecordHeader>> peek(const ByteString& bytes, bool first = true) {
  return peek_header(bytes, kMaxCiphertext, first);
}

TEST(RecordHeader, WaitsForFiveBytes) {
  const ByteString bytes = from_hex("1603030001");
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto header = peek_header(Bytes(bytes).first(size), kMaxPlaintext, true);
    ASSERT_TRUE(header);
    EXPECT_FALSE(header->has_value());
  }
  const auto header = peek(bytes);
  ASSERT_TRUE(header && header->has_value());
  EXPECT_EQ((*header)->type, ContentType::handshake);
  EXPECT_EQ((*header)->legacy_version, 0x0303);
  EXPECT_EQ((*header)->length, 1U);
}

TEST(RecordHeader, LengthLimitsAreThoseOfTheRfc) {
  EXPECT_TRUE(peek_header(from_hex("1603034000"), kMaxPlaintext, true));
  const auto plaintext = peek_header(from_hex("1603034001"), kMaxPlaintext, true);
  ASSERT_FALSE(plaintext);
  EXPECT_EQ(plaintext.error().code(), ErrorCode::record_overflow);
  EXPECT_EQ(plaintext.error().alert(), AlertDescription::record_overflow);
  EXPECT_TRUE(peek(from_hex("1703034100")));
  ASSERT_FALSE(peek(from_hex("1703034101")));
}

TEST(RecordHeader, TheVersionIsIgnoredButNobodyBeginsWithAnotherMajor) {
  EXPECT_TRUE(peek(from_hex("1603000001")));
  EXPECT_TRUE(peek(from_hex("1603ff0001")));
  const auto header = peek(from_hex("1604030001"));
  ASSERT_FALSE(header);
  EXPECT_EQ(header.error().code(), ErrorCode::record_bad_version);
  EXPECT_TRUE(peek(from_hex("1604030001"), false));
}

TEST(RecordHeader, NamesOtherProtocols) {
  const auto code_of = [](std::string_view text) {
    const auto header = peek_header(as_bytes(text), kMaxPlaintext, true);
    return header ? ErrorCode::internal_error : header.error().code();
  };
  EXPECT_EQ(code_of("HTTP/1.1 400 Bad Request\r\n"), ErrorCode::record_plain_http);
  EXPECT_EQ(code_of("GET / HTTP/1.1\r\n"), ErrorCode::record_plain_http);
  EXPECT_EQ(code_of("220 mail.example ESMTP\r\n"), ErrorCode::record_other_protocol);
  EXPECT_EQ(code_of("SSH-2.0-OpenSSH_9.2\r\n"), ErrorCode::record_other_protocol);
  EXPECT_EQ(code_of(std::string_view("\x80\x2e\x01\x00\x02", 5)), ErrorCode::record_not_tls);
}

TEST(RecordHeader, UnknownTypeLaterIsAnUnexpectedRecord) {
  const auto header = peek(from_hex("1803030001"), false);
  ASSERT_FALSE(header);
  EXPECT_EQ(header.error().code(), ErrorCode::record_unknown_type);
  EXPECT_EQ(header.error().alert(), AlertDescription::unexpected_message);
}

TEST(RecordHeader, PlaintextRecordsAreWritten) {
  ByteString out;
  append_plaintext_record(ContentType::alert, ProtocolVersion::tls1_2, from_hex("0228"), out);
  EXPECT_EQ(test::to_hex(out), "15030300020228");
}

}  // namespace
}  // namespace handfast::record
