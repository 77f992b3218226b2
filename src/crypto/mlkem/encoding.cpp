// ByteEncode, ByteDecode, Compress and Decompress (FIPS 203 §4.2.1). Eight d-bit values fill d bytes exactly,
// so all depths share one packing of eight values through two 64-bit words.
// Must not branch on or index by coefficients, nor divide.
#include "crypto/mlkem/encoding.hpp"

#include <array>
#include <cstring>

#include "crypto/mlkem/constant_time.hpp"
#include "crypto/mlkem/keccak_permutation.hpp"

namespace handfast::crypto::mlkem {
namespace {

using Eight = std::array<std::uint32_t, 8>;

template <unsigned Depth>
[[gnu::always_inline]] inline void pack(const Eight& values, std::uint8_t* output) {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  for (unsigned i = 0; i < 4; ++i) {
    low |= std::uint64_t{values[i]} << (Depth * i);
    high |= std::uint64_t{values[4 + i]} << (Depth * i);
  }
  const std::array<std::uint64_t, 2> words = {little_endian(low | high << (4 * Depth)),
                                              little_endian(high >> (64 - 4 * Depth))};
  std::memcpy(output, words.data(), Depth);
}

template <unsigned Depth>
[[gnu::always_inline]] inline Eight unpack(const std::uint8_t* input) {
  std::array<std::uint64_t, 2> words = {};
  std::memcpy(words.data(), input, Depth);
  const std::uint64_t low = little_endian(words[0]);
  const std::uint64_t high = low >> (4 * Depth) | little_endian(words[1]) << (64 - 4 * Depth);
  Eight values{};
  for (unsigned i = 0; i < 4; ++i) {
    values[i] = static_cast<std::uint32_t>(low >> (Depth * i)) & ((1u << Depth) - 1);
    values[4 + i] = static_cast<std::uint32_t>(high >> (Depth * i)) & ((1u << Depth) - 1);
  }
  return values;
}

template <unsigned Depth>
void compress_all(Polynomial& input, std::uint8_t* output) {
  make_canonical(input.coefficients);
  for (std::size_t group = 0; group < kDegree / 8; ++group) {
    Eight values{};
    for (std::size_t i = 0; i < 8; ++i) {
      values[i] = compressed(Depth, static_cast<std::uint32_t>(input.coefficients[8 * group + i]));
    }
    pack<Depth>(values, output + Depth * group);
  }
}

template <unsigned Depth>
void decompress_all(const std::uint8_t* input, Polynomial& output) {
  for (std::size_t group = 0; group < kDegree / 8; ++group) {
    const Eight values = unpack<Depth>(input + Depth * group);
    for (std::size_t i = 0; i < 8; ++i) {
      output.coefficients[8 * group + i] = static_cast<std::int16_t>(decompressed(Depth, values[i]));
    }
  }
}

}  // namespace

void encode(const NttPolynomial& input, std::span<std::uint8_t, kEncodedPolynomialSize> output) {
  Wiped<NttPolynomial> canonical;
  *canonical = input;
  make_canonical(canonical->coefficients);
  for (std::size_t group = 0; group < kDegree / 8; ++group) {
    Eight values{};
    for (std::size_t i = 0; i < 8; ++i) {
      values[i] = static_cast<std::uint32_t>(canonical->coefficients[ntt_position(8 * group + i)]);
    }
    pack<12>(values, output.data() + 12 * group);
  }
}

void decode(std::span<const std::uint8_t, kEncodedPolynomialSize> input, NttPolynomial& output) {
  for (std::size_t group = 0; group < kDegree / 8; ++group) {
    const Eight values = unpack<12>(input.data() + 12 * group);
    for (std::size_t i = 0; i < 8; ++i) {
      output.coefficients[ntt_position(8 * group + i)] = static_cast<std::int16_t>(values[i]);
    }
  }
  make_canonical(output.coefficients);
}

bool is_canonical(std::span<const std::uint8_t, kEncodedPolynomialSize> input) {
  std::uint32_t too_large = 0;
  for (std::size_t group = 0; group < kDegree / 8; ++group) {
    for (const std::uint32_t value : unpack<12>(input.data() + 12 * group)) too_large |= kModulus - 1 - value;
  }
  return too_large >> 31 == 0;
}

void compress(unsigned depth, Polynomial& input, MutableBytes output) {
  if (depth == 4) return compress_all<4>(input, output.data());
  if (depth == 5) return compress_all<5>(input, output.data());
  if (depth == 10) return compress_all<10>(input, output.data());
  compress_all<11>(input, output.data());
}

void decompress(unsigned depth, Bytes input, Polynomial& output) {
  if (depth == 4) return decompress_all<4>(input.data(), output);
  if (depth == 5) return decompress_all<5>(input.data(), output);
  if (depth == 10) return decompress_all<10>(input.data(), output);
  decompress_all<11>(input.data(), output);
}

void decode_message(std::span<const std::uint8_t, 32> message, Polynomial& output) {
  constexpr std::uint32_t kOne = decompressed(1, 1);
  for (std::size_t i = 0; i < kDegree; ++i) {
    const std::uint32_t mask = opaque(0u - (std::uint32_t{message[i / 8]} >> i % 8 & 1u));
    output.coefficients[i] = static_cast<std::int16_t>(mask & kOne);
  }
}

void encode_message(Polynomial& input, std::span<std::uint8_t, 32> message) {
  make_canonical(input.coefficients);
  for (std::size_t byte = 0; byte < message.size(); ++byte) {
    std::uint32_t bits = 0;
    for (unsigned i = 0; i < 8; ++i) {
      bits |= opaque(compressed(1, static_cast<std::uint32_t>(input.coefficients[8 * byte + i]))) << i;
    }
    message[byte] = static_cast<std::uint8_t>(bits);
  }
}

}  // namespace handfast::crypto::mlkem
