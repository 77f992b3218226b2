// Polynomials modulo X^256 + 1 and q = 3329, and their number-theoretic transforms (FIPS 203 §2.4, §4.3).
// The two representations are two types, so that one cannot be taken for the other.
// Must not branch on or index by coefficients: all arithmetic here is fit for secrets.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace handfast::crypto::mlkem {

inline constexpr std::size_t kDegree = 256;      // n
inline constexpr std::int16_t kModulus = 3329;   // q
inline constexpr std::size_t kMaxDimension = 4;  // k of ML-KEM-1024

using Coefficients = std::array<std::int16_t, kDegree>;

// An element of R_q. Coefficient i is the factor of X^i; |coefficient| < q unless stated otherwise.
struct Polynomial {
  alignas(32) Coefficients coefficients;
};

// An element of T_q, |coefficient| < q. Coefficient 16·row + column is kept at 16·column + row: the last
// three layers of the transform and the products then work on sixteen neighbours at a time, which compilers
// turn into vectors.
struct NttPolynomial {
  alignas(32) Coefficients coefficients;
};

// Where the NTT coefficient that FIPS 203 numbers `index` is kept.
constexpr std::size_t ntt_position(std::size_t index) { return index % 16 * 16 + index / 16; }

using PolynomialVector = std::array<Polynomial, kMaxDimension>;
using NttVector = std::array<NttPolynomial, kMaxDimension>;
using NttMatrix = std::array<NttVector, kMaxDimension>;

// FIPS 203 Algorithm 9. Any input with |coefficient| < q will do.
void ntt(const Polynomial& input, NttPolynomial& output);

// FIPS 203 Algorithm 10, for a sum of products: cancels the factor 2^-16 that add_product leaves.
void inverse_ntt(const NttPolynomial& input, Polynomial& output);

// sum += left · right · 2^-16 (FIPS 203 Algorithm 11). At most four products may be summed before reduce().
void add_product(NttPolynomial& sum, const NttPolynomial& left, const NttPolynomial& right);

// Brings every coefficient of a sum of products below q/2 + 1 in absolute value.
void reduce(NttPolynomial& sum);

// output = sum · 2^16 + addend, where sum is a reduced sum of products.
void finish_sum(NttPolynomial& output, const NttPolynomial& sum, const NttPolynomial& addend);

// sum += addend, without reduction: both stay far from the limits of 16 bits.
void add(Polynomial& sum, const Polynomial& addend);

// difference -= subtrahend, without reduction.
void subtract(Polynomial& difference, const Polynomial& subtrahend);

// Replaces each coefficient, whatever 16-bit value it has, by its representative in [0, q).
void make_canonical(Coefficients& coefficients);

}  // namespace handfast::crypto::mlkem
