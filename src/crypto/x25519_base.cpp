// X25519 of the base point: see the header.
// Computed on the twisted Edwards curve -x² + y² = 1 + d x² y² (RFC 8032 §5.1), where the base point of RFC
// 7748 is B = (x, 4/5) and u = (1 + y) / (1 - y) leads back (RFC 7748 §4.1). Its addition has no exceptions,
// so nothing depends on the values.
#include "crypto/x25519_base.hpp"

#ifdef HANDFAST_FIELD25519

#include <algorithm>
#include <cstring>
#include <handfast/secret.hpp>
#include <type_traits>

namespace handfast::crypto::x25519 {
namespace {

// Extended coordinates: x = X/Z, y = Y/Z, xy = T/Z.
struct Point {
  Field x, y, z, t;
};

// A point that will be added, with Z = 1: y + x, y - x, 2 d x y.
struct Addend {
  Field sum, difference, product;
};

// The 15 limbs of an Addend, to be selected two at a time.
using Pair [[gnu::vector_size(16)]] = std::uint64_t;
static_assert(sizeof(Addend) == 15 * sizeof(std::uint64_t));
struct Packed {
  std::array<Pair, 8> pairs{};
};

// The scalar in 64 signed digits of four bits: rows[i][j - 1] is j · 256^i · B, for two digits.
constexpr std::size_t kDigits = 64;
constexpr std::size_t kLargestDigit = 8;
using Row = std::array<Packed, kLargestDigit>;
using Table = std::array<Row, kDigits / 2>;

template <class T>
void wipe_value(T& value) {
  static_assert(std::is_trivially_copyable_v<T>);
  wipe({reinterpret_cast<std::uint8_t*>(&value), sizeof(value)});
}

// Hides where a mask came from, so that the compiler cannot turn it back into a branch.
[[gnu::always_inline]] inline std::uint64_t opaque(std::uint64_t value) {
  asm("" : "+r"(value));
  return value;
}

// All ones if a == b, else 0. Both are below 2^63.
std::uint64_t equal_mask(std::uint64_t a, std::uint64_t b) {
  return opaque(std::uint64_t{0} - (((a ^ b) - 1) >> 63U));
}

Packed packed(const Addend& addend) {
  Packed out;
  std::memcpy(out.pairs.data(), &addend, sizeof(addend));
  return out;
}

Addend unpacked(const Packed& packed) {
  Addend out;
  std::memcpy(static_cast<void*>(&out), packed.pairs.data(), sizeof(out));
  return out;
}

// (X : Y : Z : T) from the two fractions x = e/g, y = f/h.
Point joined(const Field& e, const Field& f, const Field& g, const Field& h) {
  return {e * h, f * g, g * h, e * f};
}

Point add(const Point& p, const Addend& q) {
  const Field a = (p.y + p.x) * q.sum;
  const Field b = (p.y - p.x) * q.difference;
  const Field c = p.t * q.product;
  const Field z2 = p.z + p.z;
  return joined(a - b, a + b, z2 + c, z2 - c);
}

Point twice(const Point& p) {
  const Field xx = square(p.x);
  const Field yy = square(p.y);
  const Field zz = square(p.z);
  const Field sum = yy + xx;
  const Field difference = carried(yy - xx);
  return joined(square(p.x + p.y) - sum, sum, difference, (zz + zz) - difference);
}

// 2d, where d = -121665/121666.
Field two_d() { return carried(Field{} - Field{{243330}}) * inverse(Field{{121666}}); }

Point base_point() {
  // X(B) of RFC 8032 §5.1, little-endian.
  constexpr std::array<std::uint8_t, 32> kX = {
      0x1a, 0xd5, 0x25, 0x8f, 0x60, 0x2d, 0x56, 0xc9, 0xb2, 0xa7, 0x25, 0x95, 0x60, 0xc7, 0x2c, 0x69,
      0x5c, 0xdc, 0xd6, 0xfd, 0x31, 0xe2, 0xa4, 0xc0, 0xfe, 0x53, 0x6e, 0xcd, 0xd3, 0x36, 0x69, 0x21};
  const Field x = from_bytes(kX);
  const Field y = Field{{4}} * inverse(Field{{5}});
  return {x, y, Field{{1}}, x * y};
}

Addend addend_of(const Point& p, const Field& inverse_z) {
  const Field x = p.x * inverse_z;
  const Field y = p.y * inverse_z;
  static const Field k2d = two_d();
  return {carried(y + x), carried(y - x), x * y * k2d};
}

// The multiples 1 … 8 of `point`, which becomes 256 times itself. Z is inverted once for all of them.
Row make_row(Point& point) {
  std::array<Point, kLargestDigit> multiples;
  multiples[0] = point;
  const Addend once = addend_of(point, inverse(point.z));
  for (std::size_t i = 1; i < kLargestDigit; ++i) multiples[i] = add(multiples[i - 1], once);
  std::array<Field, kLargestDigit> before;  // the product of the Zs in front
  Field product{{1}};
  for (std::size_t i = 0; i < kLargestDigit; ++i) {
    before[i] = product;
    product = product * multiples[i].z;
  }
  Field inverse_product = inverse(product);
  Row row;
  for (std::size_t i = kLargestDigit; i-- > 0;) {
    row[i] = packed(addend_of(multiples[i], inverse_product * before[i]));
    inverse_product = inverse_product * multiples[i].z;
  }
  point = multiples[kLargestDigit - 1];
  for (int i = 0; i < 5; ++i) point = twice(point);
  return row;
}

// 32 KB, made in half a millisecond when the first key is.
const Table& table() {
  static const Table kTable = [] {
    Table made;
    Point point = base_point();
    for (Row& row : made) row = make_row(point);
    return made;
  }();
  return kTable;
}

// row · digit, -8 <= digit <= 8. Reads the whole row.
Addend select(const Row& row, std::int8_t digit) {
  const auto sign = static_cast<std::uint64_t>(static_cast<std::int64_t>(digit) >> 63U);
  const std::uint64_t magnitude =
      (static_cast<std::uint64_t>(static_cast<std::int64_t>(digit)) ^ sign) - sign;
  Packed chosen;
  for (std::size_t i = 0; i < kLargestDigit; ++i) {
    const std::uint64_t mask = equal_mask(magnitude, i + 1);
    for (std::size_t k = 0; k < chosen.pairs.size(); ++k)
      chosen.pairs[k] |= row[i].pairs[k] & Pair{mask, mask};
  }
  Addend out = unpacked(chosen);
  // For zero the neutral point: x = 0, y = 1.
  const std::uint64_t one = equal_mask(magnitude, 0) & 1U;
  out.sum.limbs[0] |= one;
  out.difference.limbs[0] |= one;
  const std::uint64_t negate = opaque(sign);
  const Field minus = Field{} - out.product;
  for (std::size_t k = 0; k < 5; ++k) {
    const std::uint64_t swap = (out.sum.limbs[k] ^ out.difference.limbs[k]) & negate;
    out.sum.limbs[k] ^= swap;
    out.difference.limbs[k] ^= swap;
    out.product.limbs[k] ^= (out.product.limbs[k] ^ minus.limbs[k]) & negate;
  }
  return out;
}

using Digits = std::array<std::int8_t, kDigits>;

// The sum of digits[i] · 16^i is the clamped scalar; -8 <= digit <= 7, the last one up to 8.
void recode(Bytes scalar, Digits& digits) {
  Secret<32> clamped(scalar);
  // RFC 7748 §5, decodeScalar25519
  clamped.writable()[0] &= 248;
  clamped.writable()[31] = static_cast<std::uint8_t>((clamped.view()[31] & 127U) | 64U);
  int carry = 0;
  for (std::size_t i = 0; i < kDigits; ++i) {
    const int nibble = (clamped.view()[i / 2] >> (4 * (i % 2))) & 15;
    const int digit = nibble + carry;
    carry = i + 1 < kDigits ? (digit + 8) >> 4 : 0;
    digits[i] = static_cast<std::int8_t>(digit - 16 * carry);
  }
}

}  // namespace

// scalar · B = Σ digits[2i] 256^i B + 16 · Σ digits[2i + 1] 256^i B
void multiply_base_point(Bytes scalar, MutableBytes out) {
  const Table& multiples = table();
  Digits digits;
  recode(scalar, digits);
  Point sum{Field{}, Field{{1}}, Field{{1}}, Field{}};
  Addend addend;
  for (const std::size_t parity : {std::size_t{1}, std::size_t{0}}) {
    for (std::size_t i = 0; i < multiples.size(); ++i) {
      addend = select(multiples[i], digits[2 * i + parity]);
      sum = add(sum, addend);
    }
    for (int i = 0; i < 4 && parity == 1; ++i) sum = twice(sum);
  }
  const auto u = to_bytes((sum.z + sum.y) * inverse(sum.z - sum.y));
  std::ranges::copy(u, out.begin());
  wipe_value(digits);
  wipe_value(addend);
  wipe_value(sum);  // Z would tell something about the scalar
}

}  // namespace handfast::crypto::x25519

#endif
