// What the writing half does at the end of a key. RFC 9325 §4.4, RFC 9846 §5.5.
#include "connection/write_half.hpp"

#include <gtest/gtest.h>

#include <handfast/connection.hpp>

namespace handfast::connection {
namespace {

constexpr std::uint64_t kRecords = 6;
// A record of TLS 1.2 with AES-GCM around `content` bytes.
constexpr std::size_t sealed12(std::size_t content) { return record::kHeaderSize + 8 + content + 16; }

TEST(WriteHalf, AWornKeyOfTls12EndsWithCloseNotifyAndLosesNothing) {
  keys::SuiteParameters suite = *keys::find_suite(CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256);
  suite.record_limit = kRecords;
  keys::RecordKeys12 keys;
  keys.key.resize(16);
  keys.iv.resize(4);
  WriteHalf half(ProtocolVersion::tls1_2, {}, std::nullopt, nullptr);
  half.begin_tls12(KeyExchange::ecdhe);
  ASSERT_TRUE(half.set_keys12(suite, keys));

  // Two records for the alert are kept back.
  const ByteString plaintext(kRecords * record::kMaxPlaintext);
  ByteString output((kRecords + 1) * kMaxRecordSize);
  const Result<Sent> sent = half.send(plaintext, output);
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent->consumed, (kRecords - 2) * record::kMaxPlaintext);
  EXPECT_EQ(sent->produced, (kRecords - 2) * sealed12(record::kMaxPlaintext));

  const Result<Sent> more = half.send(plaintext, output);
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().code(), ErrorCode::record_sequence_exhausted);
  const Result<std::size_t> parting = half.flush(output);
  ASSERT_TRUE(parting);
  EXPECT_EQ(*parting, sealed12(2)) << "close_notify";
  EXPECT_EQ(half.send(plaintext, output).error().code(), ErrorCode::connection_closed);
}

}  // namespace
}  // namespace handfast::connection
