// The field of Curve25519, for x25519_base.cpp: numbers modulo p = 2^255 - 19. RFC 7748 §4.1.
// Must not branch on, or index by, a value: all of them may be secret.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#ifdef __SIZEOF_INT128__
#define HANDFAST_FIELD25519  // compilers for 64-bit processors have the products it needs

namespace handfast::crypto::x25519 {

__extension__ using Wide = unsigned __int128;

// The sum of limbs[i] · 2^(51 i). One number has many such forms: to_bytes() finds the one below p.
// Bounds of the limbs: factors < 2^54, products < 2^51 + 2^14, subtrahends < 2^53 - 76.
struct Field {
  std::array<std::uint64_t, 5> limbs{};
};

inline constexpr std::uint64_t kLimbMask = (std::uint64_t{1} << 51U) - 1;

// Limbs < 2^51 + 2^18 from any below 2^64.
inline Field carried(const Field& a) {
  Field out;
  std::uint64_t carry = 19 * (a.limbs[4] >> 51U);
  for (std::size_t i = 0; i < 5; ++i) {
    out.limbs[i] = (a.limbs[i] & kLimbMask) + carry;
    carry = a.limbs[i] >> 51U;
  }
  return out;
}

// Sums of at most five products of factors below 2^54, two of them multiplied by 19: the carries fit.
inline Field reduced(Wide r0, Wide r1, Wide r2, Wide r3, Wide r4) {
  const auto low = [](Wide a) { return static_cast<std::uint64_t>(a) & kLimbMask; };
  const auto high = [](Wide a) { return static_cast<std::uint64_t>(a >> 51U); };
  r1 += high(r0);
  r2 += high(r1);
  r3 += high(r2);
  r4 += high(r3);
  const std::uint64_t first = low(r0) + 19 * high(r4);  // 2^255 = 19
  return {{first & kLimbMask, low(r1) + (first >> 51U), low(r2), low(r3), low(r4)}};
}

inline Field operator+(const Field& a, const Field& b) {
  Field out;
  for (std::size_t i = 0; i < 5; ++i) out.limbs[i] = a.limbs[i] + b.limbs[i];
  return out;
}

// a + 4p - b, so that no limb goes below zero.
inline Field operator-(const Field& a, const Field& b) {
  Field out;
  out.limbs[0] = a.limbs[0] + 4 * (kLimbMask - 18) - b.limbs[0];
  for (std::size_t i = 1; i < 5; ++i) out.limbs[i] = a.limbs[i] + 4 * kLimbMask - b.limbs[i];
  return out;
}

inline Field operator*(const Field& a, const Field& b) {
  const auto [a0, a1, a2, a3, a4] = a.limbs;
  const auto [b0, b1, b2, b3, b4] = b.limbs;
  const std::uint64_t c1 = 19 * b1;
  const std::uint64_t c2 = 19 * b2;
  const std::uint64_t c3 = 19 * b3;
  const std::uint64_t c4 = 19 * b4;
  return reduced(Wide{a0} * b0 + Wide{a1} * c4 + Wide{a2} * c3 + Wide{a3} * c2 + Wide{a4} * c1,
                 Wide{a0} * b1 + Wide{a1} * b0 + Wide{a2} * c4 + Wide{a3} * c3 + Wide{a4} * c2,
                 Wide{a0} * b2 + Wide{a1} * b1 + Wide{a2} * b0 + Wide{a3} * c4 + Wide{a4} * c3,
                 Wide{a0} * b3 + Wide{a1} * b2 + Wide{a2} * b1 + Wide{a3} * b0 + Wide{a4} * c4,
                 Wide{a0} * b4 + Wide{a1} * b3 + Wide{a2} * b2 + Wide{a3} * b1 + Wide{a4} * b0);
}

inline Field square(const Field& a) {
  const auto [a0, a1, a2, a3, a4] = a.limbs;
  const std::uint64_t twice0 = 2 * a0;
  const std::uint64_t twice1 = 2 * a1;
  const std::uint64_t twice2 = 2 * a2;
  const std::uint64_t twice3 = 2 * a3;
  const std::uint64_t c3 = 19 * a3;
  const std::uint64_t c4 = 19 * a4;
  return reduced(Wide{a0} * a0 + Wide{twice1} * c4 + Wide{twice2} * c3,
                 Wide{twice0} * a1 + Wide{twice2} * c4 + Wide{a3} * c3,
                 Wide{twice0} * a2 + Wide{a1} * a1 + Wide{twice3} * c4,
                 Wide{twice0} * a3 + Wide{twice1} * a2 + Wide{a4} * c4,
                 Wide{twice0} * a4 + Wide{twice1} * a3 + Wide{a2} * a2);
}

// a^(2^count)
inline Field squared(Field a, int count) {
  for (int i = 0; i < count; ++i) a = square(a);
  return a;
}

// a^(p - 2) = 1/a by Fermat; 0 for 0. p - 2 = 2^255 - 21: 250 ones, then 01011.
inline Field inverse(const Field& a) {
  const Field two = square(a);
  const Field nine = squared(two, 2) * a;
  const Field eleven = nine * two;
  const Field ones5 = square(eleven) * nine;  // a^(2^5 - 1)
  const Field ones10 = squared(ones5, 5) * ones5;
  const Field ones20 = squared(ones10, 10) * ones10;
  const Field ones40 = squared(ones20, 20) * ones20;
  const Field ones50 = squared(ones40, 10) * ones10;
  const Field ones100 = squared(ones50, 50) * ones50;
  const Field ones200 = squared(ones100, 100) * ones100;
  const Field ones250 = squared(ones200, 50) * ones50;
  return squared(ones250, 5) * eleven;
}

// Little-endian, the number below p.
inline std::array<std::uint8_t, 32> to_bytes(const Field& a) {
  Field value = carried(carried(a));
  // The quotient of value / p is 0 or 1: the carry out of value + 19.
  std::uint64_t carry = 19;
  for (const std::uint64_t limb : value.limbs) carry = (limb + carry) >> 51U;
  value.limbs[0] += 19 * carry;
  for (std::size_t i = 0; i < 4; ++i) {
    value.limbs[i + 1] += value.limbs[i] >> 51U;
    value.limbs[i] &= kLimbMask;
  }
  value.limbs[4] &= kLimbMask;
  std::array<std::uint8_t, 32> out{};
  for (std::size_t bit = 0; bit < 256; bit += 8) {
    const std::size_t limb = bit / 51;
    const std::size_t shift = bit % 51;
    std::uint64_t byte = limb < 5 ? value.limbs[limb] >> shift : 0;
    if (shift > 43 && limb + 1 < 5) byte |= value.limbs[limb + 1] << (51 - shift);
    out[bit / 8] = static_cast<std::uint8_t>(byte);
  }
  return out;
}

// Little-endian, below 2^255.
inline Field from_bytes(const std::array<std::uint8_t, 32>& bytes) {
  Field out;
  for (std::size_t bit = 0; bit < 255; ++bit) {
    const std::uint64_t value = (bytes[bit / 8] >> (bit % 8)) & 1U;
    out.limbs[bit / 51] |= value << (bit % 51);
  }
  return out;
}

}  // namespace handfast::crypto::x25519

#endif
