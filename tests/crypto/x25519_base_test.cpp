// Public keys of X25519 by our own arithmetic, against libcrypto's X25519 of the base point; and the field.
#include "crypto/x25519_base.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "crypto/x25519.hpp"
#include "support/hex.hpp"
#include "support/recorded_random.hpp"

#ifdef HANDFAST_FIELD25519

namespace handfast::crypto::x25519 {
namespace {

using test::from_hex;
using test::RecordedRandom;
using test::to_hex;

std::string ours(Bytes scalar) {
  ByteString out(kKeySize);
  multiply_base_point(scalar, out);
  return to_hex(out);
}

// derive() is libcrypto's work.
std::string theirs(Bytes scalar) {
  ByteString base(kKeySize);
  base[0] = 9;
  ByteString out(kKeySize);
  auto key = PrivateKey::generate(RecordedRandom(copy_of(scalar)), out);
  if (!key || !key->derive(base, out)) return "failed";
  return to_hex(out);
}

ByteString random_scalar() {
  ByteString scalar(kKeySize);
  if (!system_random().fill(scalar)) std::abort();
  return scalar;
}

// RFC 7748 §6.1.
TEST(X25519Base, KeyOfRfc7748) {
  EXPECT_EQ(ours(from_hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb")),
            "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
}

TEST(X25519Base, AgreesWithLibcrypto) {
  for (int i = 0; i < 500; ++i) {
    const ByteString scalar = random_scalar();
    ASSERT_EQ(ours(scalar), theirs(scalar)) << to_hex(scalar);
  }
}

// Digits of every value in every place, and carries that run through all of them.
TEST(X25519Base, AgreesWithLibcryptoAtTheEdges) {
  for (unsigned byte = 0; byte < 256; ++byte) {
    const ByteString scalar(kKeySize, static_cast<std::uint8_t>(byte));
    ASSERT_EQ(ours(scalar), theirs(scalar)) << byte;
  }
  for (std::size_t bit = 0; bit < 256; ++bit) {
    ByteString one(kKeySize);
    one[bit / 8] = static_cast<std::uint8_t>(1U << (bit % 8));
    ASSERT_EQ(ours(one), theirs(one)) << bit;
    ByteString all_but_one(kKeySize, 0xff);
    all_but_one[bit / 8] = static_cast<std::uint8_t>(~one[bit / 8]);
    ASSERT_EQ(ours(all_but_one), theirs(all_but_one)) << bit;
  }
}

// RFC 7748 §5: three low bits and the highest are cleared, the second highest is set.
TEST(X25519Base, ClampsTheScalar) {
  ByteString scalar = random_scalar();
  const std::string expected = ours(scalar);
  scalar[0] ^= 7;
  scalar[31] ^= 0xc0;
  EXPECT_EQ(ours(scalar), expected);
}

Field random_field(std::uint64_t bound) {
  Field out;
  for (std::uint64_t& limb : out.limbs) {
    std::array<std::uint8_t, 8> bytes{};
    if (!system_random().fill(bytes)) std::abort();
    limb = 0;
    for (const std::uint8_t byte : bytes) limb = limb << 8U | byte;
    limb %= bound;
  }
  return out;
}

std::string hex(const Field& a) { return to_hex(to_bytes(a)); }

constexpr std::uint64_t kFactorBound = std::uint64_t{1} << 54U;

Field filled(std::uint64_t limb) { return {{limb, limb, limb, limb, limb}}; }

TEST(Field25519, ProductsHoldUpToTheirBounds) {
  const Field largest = filled(kFactorBound - 1);
  EXPECT_EQ(hex(largest * largest), hex(carried(largest) * carried(largest)));
  EXPECT_EQ(hex(square(largest)), hex(largest * largest));
  for (int i = 0; i < 2000; ++i) {
    const Field a = random_field(kFactorBound);
    const Field b = random_field(kFactorBound);
    const Field c = random_field(kFactorBound);
    ASSERT_EQ(hex((carried(a) + carried(b)) * c), hex(a * c + b * c));
    ASSERT_EQ(hex((carried(a) - carried(b)) * c), hex(a * c - b * c));
    ASSERT_EQ(hex(square(a)), hex(a * a));
    ASSERT_EQ(hex(a * b * c), hex(a * (b * c)));
    for (const std::uint64_t limb : (a * b).limbs) ASSERT_LT(limb, kLimbMask + (1U << 14U));
  }
}

TEST(Field25519, InvertsAllButZero) {
  for (int i = 0; i < 100; ++i) {
    const Field a = random_field(kFactorBound);
    ASSERT_EQ(hex(a * inverse(a)), hex(Field{{1}}));
  }
  EXPECT_EQ(hex(inverse(Field{})), hex(Field{}));
}

TEST(Field25519, EncodesTheNumberBelowP) {
  const Field p{{kLimbMask - 18, kLimbMask, kLimbMask, kLimbMask, kLimbMask}};
  EXPECT_EQ(hex(p), hex(Field{}));
  EXPECT_EQ(hex(p + p), hex(Field{}));
  EXPECT_EQ(hex(p + Field{{1}}), hex(Field{{1}}));
  EXPECT_EQ(hex(p - Field{{1}}), "ec" + std::string(60, 'f') + "7f");
  EXPECT_EQ(hex(Field{} - Field{{1}}), "ec" + std::string(60, 'f') + "7f");
  EXPECT_EQ(hex(filled(~std::uint64_t{0})), hex(carried(filled(~std::uint64_t{0}))));
  for (int i = 0; i < 100; ++i) {
    const auto bytes = to_bytes(random_field(kFactorBound));
    ASSERT_EQ(to_bytes(from_bytes(bytes)), bytes);
  }
}

}  // namespace
}  // namespace handfast::crypto::x25519

#endif
