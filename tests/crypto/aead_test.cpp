// AEAD: misuse of sizes, reuse of one context, moves. Known answers are in wycheproof_symmetric_test.cpp.
#include "crypto/aead.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace handfast::crypto {
namespace {

constexpr std::array kAll{AeadAlgorithm::aes_128_gcm, AeadAlgorithm::aes_256_gcm,
                          AeadAlgorithm::chacha20_poly1305};
const ByteString kNonce(kAeadNonceSize, 1);
const ByteString kHeader{0x17, 0x03, 0x03, 0x00, 0x20};

Aead make(AeadAlgorithm algorithm, Aead::Purpose purpose) {
  auto aead = Aead::create(algorithm, purpose, ByteString(aead_key_size(algorithm), 7));
  if (!aead) std::abort();
  return std::move(*aead);
}

ByteString sealed_text(AeadAlgorithm algorithm, Bytes text) {
  ByteString out(text.size() + kAeadTagSize);
  Aead sealer = make(algorithm, Aead::Purpose::seal);
  EXPECT_TRUE(sealer.seal(kNonce, kHeader, text, {}, out));
  return out;
}

TEST(AeadTest, RefusesKeysOfAnotherSize) {
  for (const AeadAlgorithm algorithm : kAll) {
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{15}, std::size_t{17}, std::size_t{31}, std::size_t{33}}) {
      EXPECT_FALSE(Aead::create(algorithm, Aead::Purpose::seal, ByteString(size)));
    }
  }
}

TEST(AeadTest, EveryFlippedBitIsFound) {
  for (const AeadAlgorithm algorithm : kAll) {
    Aead opener = make(algorithm, Aead::Purpose::open);
    const ByteString sealed = sealed_text(algorithm, as_bytes("hello"));
    for (std::size_t bit = 0; bit < 8 * sealed.size(); ++bit) {
      ByteString damaged = sealed;
      damaged[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
      const auto opened = opener.open(kNonce, kHeader, damaged);
      ASSERT_FALSE(opened);
      EXPECT_EQ(opened.error().code(), ErrorCode::record_bad_mac);
      EXPECT_TRUE(std::ranges::all_of(Bytes(damaged).first(5), [](std::uint8_t b) { return b == 0; }));
    }
    // A failure leaves the context usable.
    ByteString good = sealed;
    const auto opened = opener.open(kNonce, kHeader, good);
    ASSERT_TRUE(opened);
    EXPECT_EQ(as_text(*opened), "hello");
  }
}

TEST(AeadTest, NonceAndHeaderCount) {
  for (const AeadAlgorithm algorithm : kAll) {
    Aead opener = make(algorithm, Aead::Purpose::open);
    const ByteString sealed = sealed_text(algorithm, as_bytes("hello"));
    ByteString copy = sealed;
    EXPECT_FALSE(opener.open(ByteString(kAeadNonceSize, 2), kHeader, copy));
    copy = sealed;
    EXPECT_FALSE(opener.open(kNonce, {}, copy));
  }
}

TEST(AeadTest, EmptyTextHasATagOnly) {
  for (const AeadAlgorithm algorithm : kAll) {
    ByteString sealed = sealed_text(algorithm, {});
    Aead opener = make(algorithm, Aead::Purpose::open);
    const auto opened = opener.open(kNonce, kHeader, sealed);
    ASSERT_TRUE(opened);
    EXPECT_TRUE(opened->empty());
    for (std::size_t size = 0; size < kAeadTagSize; ++size) {
      ByteString cut(size);
      const auto refused = opener.open(kNonce, kHeader, cut);
      ASSERT_FALSE(refused);
      EXPECT_EQ(refused.error().code(), ErrorCode::record_bad_mac);
    }
  }
}

TEST(AeadTest, TheTrailerFollowsThePlaintext) {
  for (const AeadAlgorithm algorithm : kAll) {
    Aead sealer = make(algorithm, Aead::Purpose::seal);
    for (std::size_t size = 0; size < 70; ++size) {
      ByteString whole(size + 3, 0x61);
      std::fill(whole.end() - 3, whole.end(), std::uint8_t{0x62});
      ByteString out(whole.size() + kAeadTagSize);
      ASSERT_TRUE(sealer.seal(kNonce, kHeader, Bytes(whole).first(size), Bytes(whole).last(3), out));
      EXPECT_EQ(out, sealed_text(algorithm, whole));
    }
  }
}

TEST(AeadTest, RefusesAnOutputOfAnotherSize) {
  Aead sealer = make(AeadAlgorithm::aes_128_gcm, Aead::Purpose::seal);
  ByteString out(4 + kAeadTagSize);
  EXPECT_FALSE(sealer.seal(kNonce, {}, as_bytes("hello"), {}, out));
  EXPECT_FALSE(sealer.seal(ByteString(8), {}, as_bytes("hell"), {}, out));
}

TEST(AeadTest, AMovedContextGoesOn) {
  Aead first = make(AeadAlgorithm::chacha20_poly1305, Aead::Purpose::open);
  Aead second = std::move(first);
  ByteString sealed = sealed_text(AeadAlgorithm::chacha20_poly1305, as_bytes("moved"));
  const auto opened = second.open(kNonce, kHeader, sealed);
  ASSERT_TRUE(opened);
  EXPECT_EQ(as_text(*opened), "moved");
}

}  // namespace
}  // namespace handfast::crypto
