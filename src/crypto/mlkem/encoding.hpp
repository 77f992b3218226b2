// Polynomials to bytes and back, with or without loss (FIPS 203 §4.2.1: ByteEncode, ByteDecode, Compress,
// Decompress). Must not branch on or index by coefficients, nor divide: ciphertexts are recomputed from
// secrets when decapsulating.
#pragma once

#include <cstdint>
#include <handfast/bytes.hpp>
#include <span>

#include "crypto/mlkem/polynomial.hpp"

namespace handfast::crypto::mlkem {

inline constexpr std::size_t kEncodedPolynomialSize = 384;

// ByteEncode_12 of the representative in [0, q).
void encode(const NttPolynomial& input, std::span<std::uint8_t, kEncodedPolynomialSize> output);

// ByteDecode_12, which reduces modulo q.
void decode(std::span<const std::uint8_t, kEncodedPolynomialSize> input, NttPolynomial& output);

// FIPS 203 §7.2, the modulus check: whether encoding what decode() reads gives the input again. The input is
// public.
bool is_canonical(std::span<const std::uint8_t, kEncodedPolynomialSize> input);

// ByteEncode_d(Compress_d(input)) to 32·d bytes, and the inverse. The depth d is 4, 5, 10 or 11.
// compress() may leave another representative of each coefficient in `input`.
void compress(unsigned depth, Polynomial& input, MutableBytes output);
void decompress(unsigned depth, Bytes input, Polynomial& output);

// Depth 1, for the message: secret in both directions.
void decode_message(std::span<const std::uint8_t, 32> message, Polynomial& output);
void encode_message(Polynomial& input, std::span<std::uint8_t, 32> message);

// Compress_d(x) for x in [0, q); d at most 11.
constexpr std::uint32_t compressed(unsigned depth, std::uint32_t x) {
  // The quotient of ((x << d) + q/2) / q by a product with ⌈2^36 / q⌉, exact for every such x and d.
  constexpr std::uint64_t kReciprocal = ((std::uint64_t{1} << 36) + kModulus - 1) / kModulus;
  const std::uint64_t rounded = (std::uint64_t{x} << depth) + kModulus / 2;
  return static_cast<std::uint32_t>(rounded * kReciprocal >> 36) & ((1u << depth) - 1);
}

// Decompress_d(y) for y in [0, 2^d).
constexpr std::uint32_t decompressed(unsigned depth, std::uint32_t y) {
  return (y * kModulus + (1u << (depth - 1))) >> depth;
}

}  // namespace handfast::crypto::mlkem
