// Sealing and opening records: nonces, padding, limits, and everything that must not open.
#include "record/protection.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "support/hex.hpp"

namespace handfast::record {
namespace {

using crypto::AeadAlgorithm;
using test::from_hex;

const ByteString kIv = from_hex("5d313eb2671276ee13000b30");

Sealer sealer(AeadAlgorithm aead) {
  return std::move(*Sealer::create(aead, ByteString(crypto::aead_key_size(aead), 7), kIv));
}
Opener opener(AeadAlgorithm aead) {
  return std::move(*Opener::create(aead, ByteString(crypto::aead_key_size(aead), 7), kIv));
}

ByteString seal(Sealer& from, ContentType type, std::string_view text, std::size_t padding = 0) {
  ByteString out(Sealer::sealed_size(text.size(), padding));
  const auto size = from.seal(type, as_bytes(text), padding, out);
  EXPECT_TRUE(size.has_value());
  return out;
}

constexpr std::array kAll = {AeadAlgorithm::aes_128_gcm, AeadAlgorithm::aes_256_gcm,
                             AeadAlgorithm::chacha20_poly1305};

TEST(RecordProtection, RoundTripWithEverySuiteAndPadding) {
  for (const AeadAlgorithm aead : kAll) {
    Sealer from = sealer(aead);
    Opener to = opener(aead);
    for (const std::size_t padding : {0U, 1U, 100U}) {
      ByteString record = seal(from, ContentType::application_data, "hello", padding);
      const auto opened = to.open(record, kMaxPlaintext + 1);
      ASSERT_TRUE(opened.has_value());
      EXPECT_EQ(opened->type, ContentType::application_data);
      EXPECT_EQ(as_text(opened->content), "hello");
      EXPECT_EQ(opened->padding, padding);
      EXPECT_GE(opened->content.data(), record.data());  // in place
    }
  }
}

// RFC 9846 §5.3: the sequence number, XORed into the IV; 2^20 of them, none twice.
TEST(RecordProtection, NonceIsIvXorSequenceNumber) {
  NonceSequence sequence(kIv);
  for (std::uint64_t n = 0; n < (1U << 20U); ++n) {
    const auto nonce = sequence.nonce();
    std::uint64_t low = 0;
    for (std::size_t i = 4; i < 12; ++i) low = (low << 8U) | static_cast<std::uint64_t>(nonce[i] ^ kIv[i]);
    ASSERT_EQ(low, n);
    ASSERT_TRUE(std::equal(nonce.begin(), nonce.begin() + 4, kIv.begin()));
    sequence.advance();
  }
}

// "Sequence numbers … should not wrap" (§5.3): the last one is never used.
TEST(RecordProtection, NoSequenceNumberWraps) {
  constexpr std::uint64_t kLast = std::numeric_limits<std::uint64_t>::max();
  Sealer from = sealer(AeadAlgorithm::aes_128_gcm);
  Opener to = opener(AeadAlgorithm::aes_128_gcm);
  from.skip_to(kLast - 1);
  to.skip_to(kLast - 1);
  ByteString record = seal(from, ContentType::application_data, "the last");
  const ByteString again = record;
  EXPECT_TRUE(to.open(record, kMaxPlaintext + 1).has_value());
  ByteString out(Sealer::sealed_size(1, 0));
  const auto sealed = from.seal(ContentType::application_data, as_bytes("x"), 0, out);
  ASSERT_FALSE(sealed.has_value());
  EXPECT_EQ(sealed.error().code(), ErrorCode::record_sequence_exhausted);
  record = again;
  const auto opened = to.open(record, kMaxPlaintext + 1);
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code(), ErrorCode::record_sequence_exhausted);
}

TEST(RecordProtection, FlippedBitTruncationAndReplayDoNotOpen) {
  for (const AeadAlgorithm aead : kAll) {
    Sealer from = sealer(aead);
    const ByteString record = seal(from, ContentType::handshake, "finished");
    for (std::size_t bit = 0; bit < 8 * record.size(); ++bit) {
      ByteString changed = record;
      changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ (1U << (bit % 8)));
      Opener to = opener(aead);
      const auto opened = to.open(changed, kMaxPlaintext + 1);
      ASSERT_FALSE(opened.has_value());
      EXPECT_EQ(opened.error().code(), ErrorCode::record_bad_mac);
    }
    for (std::size_t size = kHeaderSize; size < record.size(); ++size) {
      ByteString shorter(record.begin(), record.begin() + static_cast<std::ptrdiff_t>(size));
      Opener to = opener(aead);
      EXPECT_FALSE(to.open(shorter, kMaxPlaintext + 1).has_value()) << size;
    }
    Opener to = opener(aead);
    ByteString once = record;
    ByteString twice = record;
    EXPECT_TRUE(to.open(once, kMaxPlaintext + 1).has_value());
    EXPECT_FALSE(to.open(twice, kMaxPlaintext + 1).has_value());
  }
}

TEST(RecordProtection, InnerPlaintextHasALimitAndAType) {
  Sealer from = sealer(AeadAlgorithm::aes_128_gcm);
  Opener to = opener(AeadAlgorithm::aes_128_gcm);
  ByteString fits = seal(from, ContentType::application_data, std::string(63, 'x'));
  EXPECT_TRUE(to.open(fits, 64).has_value());
  ByteString padded_over = seal(from, ContentType::application_data, "x", 63);
  const auto opened = to.open(padded_over, 64);
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code(), ErrorCode::record_overflow);

  ByteString zeros = seal(from, ContentType::invalid, "", 10);
  const auto no_type = to.open(zeros, kMaxPlaintext + 1);
  ASSERT_FALSE(no_type.has_value());
  EXPECT_EQ(no_type.error().code(), ErrorCode::record_no_content_type);
  EXPECT_EQ(no_type.error().alert(), AlertDescription::unexpected_message);
}

TEST(RecordProtection, RefusesWhatDoesNotFit) {
  Sealer from = sealer(AeadAlgorithm::aes_128_gcm);
  ByteString small(Sealer::sealed_size(5, 0) - 1);
  EXPECT_FALSE(from.seal(ContentType::application_data, as_bytes("hello"), 0, small).has_value());
  ByteString large(kMaxCiphertext + 100);
  EXPECT_FALSE(from.seal(ContentType::application_data, ByteString(kMaxPlaintext), 1, large).has_value());
  EXPECT_EQ(from.sequence_number(), 0U);
}

}  // namespace
}  // namespace handfast::record
