// Records of TLS 1.2: nonces, additional data, limits, and everything that must not open.
#include "record/protection12.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace handfast::record {
namespace {

using crypto::AeadAlgorithm;

constexpr std::array kAll = {AeadAlgorithm::aes_128_gcm, AeadAlgorithm::aes_256_gcm,
                             AeadAlgorithm::chacha20_poly1305};

Sealer12 sealer(AeadAlgorithm aead) {
  return std::move(*Sealer12::create(aead, ByteString(crypto::aead_key_size(aead), 7),
                                     ByteString(Nonce12::fixed_iv_size(aead), 9)));
}
Opener12 opener(AeadAlgorithm aead) {
  return std::move(*Opener12::create(aead, ByteString(crypto::aead_key_size(aead), 7),
                                     ByteString(Nonce12::fixed_iv_size(aead), 9)));
}
ByteString seal(Sealer12& from, ContentType type, std::string_view text) {
  ByteString out(from.sealed_size(text.size(), 0));
  const auto size = from.seal(type, as_bytes(text), 0, out);
  EXPECT_TRUE(size.has_value());
  EXPECT_EQ(*size, out.size());
  return out;
}

TEST(Protection12, RoundTripsWithEverySuite) {
  for (const AeadAlgorithm aead : kAll) {
    Sealer12 from = sealer(aead);
    Opener12 to = opener(aead);
    const std::size_t overhead = aead == AeadAlgorithm::chacha20_poly1305 ? 5 + 16 : 5 + 8 + 16;
    for (const std::string& text : {std::string("hello"), std::string(), std::string(kMaxPlaintext, 'x')}) {
      ByteString record = seal(from, ContentType::application_data, text);
      EXPECT_EQ(record.size(), text.size() + overhead);
      const auto opened = to.open(record, kMaxPlaintext);
      ASSERT_TRUE(opened.has_value());
      EXPECT_EQ(opened->type, ContentType::application_data);
      EXPECT_EQ(as_text(opened->content), text);
    }
    EXPECT_EQ(to.sequence_number(), 3U);
  }
}

// In TLS 1.2 the type stands outside, where it is protected all the same.
TEST(Protection12, NothingThatWasChangedOpens) {
  for (const AeadAlgorithm aead : kAll) {
    Sealer12 from = sealer(aead);
    const ByteString record = seal(from, ContentType::handshake, "Finished");
    for (std::size_t at = 0; at < record.size(); ++at) {
      if (at == 3 || at == 4) continue;  // the length: the caller cuts the record by it
      for (const unsigned bit : {0x01U, 0x80U}) {
        ByteString changed = record;
        changed[at] = static_cast<std::uint8_t>(changed[at] ^ bit);
        const auto opened = opener(aead).open(changed, kMaxPlaintext);
        ASSERT_FALSE(opened.has_value()) << at;
        EXPECT_EQ(opened.error().code(), ErrorCode::record_bad_mac);
      }
    }
    for (std::size_t size = kHeaderSize; size < record.size(); ++size) {
      ByteString cut(record.begin(), record.begin() + static_cast<std::ptrdiff_t>(size));
      EXPECT_FALSE(opener(aead).open(cut, kMaxPlaintext).has_value()) << size;
    }
  }
}

TEST(Protection12, OrderIsProtected) {
  for (const AeadAlgorithm aead : kAll) {
    Sealer12 from = sealer(aead);
    const ByteString first = seal(from, ContentType::application_data, "one");
    ByteString second = seal(from, ContentType::application_data, "two");
    EXPECT_FALSE(opener(aead).open(second, kMaxPlaintext).has_value());
    Opener12 to = opener(aead);
    ByteString once = first;
    ByteString again = first;
    EXPECT_TRUE(to.open(once, kMaxPlaintext).has_value());
    EXPECT_FALSE(to.open(again, kMaxPlaintext).has_value());
  }
}

TEST(Protection12, LimitsAreKept) {
  for (const AeadAlgorithm aead : kAll) {
    Sealer12 from = sealer(aead);
    ByteString record = seal(from, ContentType::application_data, std::string(101, 'x'));
    const auto opened = opener(aead).open(record, 100);
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error().code(), ErrorCode::record_overflow);
    ByteString out(20000);
    EXPECT_FALSE(from.seal(ContentType::application_data, ByteString(kMaxPlaintext + 1), 0, out).has_value());
    EXPECT_FALSE(from.seal(ContentType::application_data, ByteString(1), 1, out).has_value());
  }
}

// "Each value of the nonce_explicit MUST be distinct for each distinct invocation" (RFC 5288 §3, attack row
// 42).
TEST(Protection12, ExplicitNoncesNeverRepeat) {
  Sealer12 from = sealer(AeadAlgorithm::aes_128_gcm);
  std::set<std::string> seen;
  for (int i = 0; i < 4096; ++i) {
    const ByteString record = seal(from, ContentType::application_data, "x");
    EXPECT_TRUE(seen.insert(std::string(as_text(Bytes(record).subspan(kHeaderSize, 8)))).second);
  }
}

}  // namespace
}  // namespace handfast::record
