// The parts of ML-KEM against their definitions in FIPS 202 and FIPS 203, computed the slow way.
// Needs no vectors.
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <string_view>

#include "crypto/mlkem/encoding.hpp"
#include "crypto/mlkem/keccak.hpp"
#include "crypto/mlkem/parallel_shake.hpp"
#include "crypto/mlkem/polynomial.hpp"
#include "mlkem_test_support.hpp"

namespace handfast::crypto::mlkem::test {
namespace {

constexpr int kQ = kModulus;

int canonical(int value) { return (value % kQ + kQ) % kQ; }

Polynomial random_polynomial(std::uint8_t label) {
  std::array<std::uint8_t, 2 * kDegree> bytes;
  Sponge xof = shake128();
  xof.absorb(std::array{label});
  xof.squeeze(bytes);
  Polynomial result;
  for (std::size_t i = 0; i < kDegree; ++i) {
    result.coefficients[i] = static_cast<std::int16_t>((bytes[2 * i] | bytes[2 * i + 1] << 8) % kQ);
  }
  return result;
}

// All coefficients alike: the extremes are where 16 bits would overflow first.
Polynomial constant_polynomial(std::int16_t value) {
  Polynomial result;
  result.coefficients.fill(value);
  return result;
}

std::string hash(Sponge& sponge, std::string_view input, std::size_t size) {
  ByteString output(size);
  sponge.absorb(as_bytes(input));
  sponge.squeeze(output);
  return to_hex(output);
}

// FIPS 202's example values for the empty message and "abc".
TEST(MlkemKeccak, KnownDigests) {
  Sponge a = sha3_256();
  EXPECT_EQ(hash(a, "", 32), "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a");
  Sponge b = sha3_256();
  EXPECT_EQ(hash(b, "abc", 32), "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532");
  Sponge c = sha3_512();
  EXPECT_EQ(hash(c, "abc", 64),
            "b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e"
            "10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0");
  Sponge d = shake128();
  EXPECT_EQ(hash(d, "", 16), "7f9c2ba4e88f827d616045507605853e");
  Sponge e = shake256();
  EXPECT_EQ(hash(e, "", 16), "46b9dd2b0ba88d13233b3feb743eeb24");
}

TEST(MlkemKeccak, PiecesDoNotMatter) {
  const ByteString input(1000, 0x5a);
  ByteString whole(500);
  Sponge reference = shake128();
  reference.absorb(input);
  reference.squeeze(whole);
  for (std::size_t piece = 1; piece < 200; ++piece) {
    Sponge sponge = shake128();
    for (std::size_t i = 0; i < input.size(); i += piece) {
      sponge.absorb(Bytes(input).subspan(i, std::min(piece, input.size() - i)));
    }
    ByteString output(whole.size());
    for (std::size_t i = 0; i < output.size(); i += piece) {
      sponge.squeeze(MutableBytes(output).subspan(i, std::min(piece, output.size() - i)));
    }
    ASSERT_EQ(output, whole) << piece;
  }
}

TEST(MlkemKeccak, FourAtATimeEqualsOneAtATime) {
  std::array<std::uint8_t, 32> seed;
  for (std::size_t i = 0; i < seed.size(); ++i) seed[i] = static_cast<std::uint8_t>(7 * i);
  const std::array<std::uint16_t, 4> suffixes = {0x0102, 0xff00, 0x0000, 0x8001};
  for (std::size_t count = 1; count <= 4; ++count) {
    ParallelShake parallel(kShake128Rate, seed, 2, std::span(suffixes).first(count));
    std::array<ByteString, 4> outputs;
    for (int block = 0; block < 3; ++block) {
      parallel.next_block();
      for (std::size_t s = 0; s < count; ++s) {
        std::array<std::uint8_t, kShake128Rate> bytes;
        parallel.read(s, bytes);
        outputs[s].insert(outputs[s].end(), bytes.begin(), bytes.end());
      }
    }
    for (std::size_t s = 0; s < count; ++s) {
      Sponge single = shake128();
      single.absorb(seed);
      single.absorb(
          std::array{static_cast<std::uint8_t>(suffixes[s]), static_cast<std::uint8_t>(suffixes[s] >> 8)});
      ByteString expected(outputs[s].size());
      single.squeeze(expected);
      EXPECT_EQ(outputs[s], expected);
    }
  }
}

TEST(MlkemKeccak, PortableAndVectorPermutationsAgree) {
  alignas(32) FourKeccakStates states;
  for (std::size_t i = 0; i < states.size(); ++i) {
    for (std::size_t s = 0; s < kParallel; ++s) states[i][s] = 0x9e3779b97f4a7c15u * (4 * i + s + 1);
  }
  alignas(32) FourKeccakStates portable = states;
  permute_four(states, kParallel);
  permute_four_portable(portable, kParallel);
  EXPECT_EQ(states, portable);
}

// FIPS 203 §4.2.1: ⌈(2^d / q) · x⌋ mod 2^d and ⌈(q / 2^d) · y⌋, halves rounded up.
TEST(MlkemEncoding, CompressionIsExactForEveryInput) {
  for (const unsigned depth : {1u, 4u, 5u, 10u, 11u}) {
    for (std::uint32_t x = 0; x < kModulus; ++x) {
      ASSERT_EQ(compressed(depth, x), ((2 * (x << depth) + kQ) / (2 * kQ)) % (1u << depth))
          << depth << " " << x;
    }
    for (std::uint32_t y = 0; y < 1u << depth; ++y) {
      ASSERT_EQ(decompressed(depth, y), (2 * y * kQ + (1u << depth)) / (2u << depth));
      ASSERT_EQ(compressed(depth, decompressed(depth, y)), y);
    }
  }
}

TEST(MlkemEncoding, CompressedCoefficientsAreConsecutiveBits) {
  for (const unsigned depth : {4u, 5u, 10u, 11u}) {
    Polynomial polynomial = random_polynomial(static_cast<std::uint8_t>(depth));
    ByteString expected(32 * depth);
    for (std::size_t i = 0; i < kDegree; ++i) {
      const std::uint32_t value = compressed(depth, static_cast<std::uint32_t>(polynomial.coefficients[i]));
      for (std::size_t bit = 0; bit < depth; ++bit) {
        const std::size_t position = i * depth + bit;
        expected[position / 8] =
            static_cast<std::uint8_t>(expected[position / 8] | (value >> bit & 1) << position % 8);
      }
    }
    ByteString encoded(32 * depth);
    compress(depth, polynomial, encoded);
    EXPECT_EQ(encoded, expected);
    Polynomial again;
    decompress(depth, encoded, again);
    ByteString encoded_again(32 * depth);
    compress(depth, again, encoded_again);
    EXPECT_EQ(encoded_again, expected);
  }
}

TEST(MlkemEncoding, MessagesSurvive) {
  std::array<std::uint8_t, 32> message;
  for (std::size_t i = 0; i < message.size(); ++i) message[i] = static_cast<std::uint8_t>(37 * i + 1);
  Polynomial polynomial;
  decode_message(message, polynomial);
  for (std::size_t i = 0; i < kDegree; ++i) {
    EXPECT_EQ(polynomial.coefficients[i], (message[i / 8] >> i % 8 & 1) * 1665);
  }
  std::array<std::uint8_t, 32> again;
  encode_message(polynomial, again);
  EXPECT_EQ(again, message);
}

TEST(MlkemEncoding, DecodingReducesAndEncodingRestores) {
  ByteString bytes(kEncodedPolynomialSize, 0xff);  // every coefficient 4095
  NttPolynomial polynomial;
  decode(std::span(bytes).first<kEncodedPolynomialSize>(), polynomial);
  for (const std::int16_t coefficient : polynomial.coefficients) EXPECT_EQ(coefficient, 4095 - kQ);
  EXPECT_FALSE(is_canonical(std::span(bytes).first<kEncodedPolynomialSize>()));
  encode(polynomial, std::span(bytes).first<kEncodedPolynomialSize>());
  EXPECT_TRUE(is_canonical(std::span(bytes).first<kEncodedPolynomialSize>()));
  EXPECT_EQ(to_hex(Bytes(bytes).first(3)), "fee22f");  // twice 766 = 0x2fe
}

TEST(MlkemPolynomial, EverySixteenBitValueHasItsRepresentative) {
  for (int first = -32768; first < 32768; first += static_cast<int>(kDegree)) {
    Coefficients coefficients;
    for (int i = 0; i < static_cast<int>(kDegree); ++i) {
      coefficients[static_cast<std::size_t>(i)] = static_cast<std::int16_t>(first + i);
    }
    make_canonical(coefficients);
    for (int i = 0; i < static_cast<int>(kDegree); ++i) {
      ASSERT_EQ(coefficients[static_cast<std::size_t>(i)], canonical(first + i));
    }
  }
}

// FIPS 203 Algorithm 9, as written there.
TEST(MlkemPolynomial, TheTransformIsTheStandardsOne) {
  for (std::uint8_t label = 0; label < 8; ++label) {
    const Polynomial input = label == 6   ? constant_polynomial(kModulus - 1)
                             : label == 7 ? constant_polynomial(1 - kModulus)
                                          : random_polynomial(label);
    std::array<int, kDegree> f;
    for (std::size_t i = 0; i < kDegree; ++i) f[i] = input.coefficients[i];
    unsigned index = 1;
    for (std::size_t length = 128; length >= 2; length /= 2) {
      for (std::size_t start = 0; start < kDegree; start += 2 * length) {
        unsigned reversed = 0;
        for (int bit = 0; bit < 7; ++bit) reversed |= (index >> bit & 1) << (6 - bit);
        ++index;
        int zeta = 1;
        for (unsigned i = 0; i < reversed; ++i) zeta = zeta * 17 % kQ;
        for (std::size_t j = start; j < start + length; ++j) {
          const int t = zeta * f[j + length] % kQ;
          f[j + length] = canonical(f[j] - t);
          f[j] = canonical(f[j] + t);
        }
      }
    }
    NttPolynomial output;
    ntt(input, output);
    for (std::size_t i = 0; i < kDegree; ++i) {
      ASSERT_EQ(canonical(output.coefficients[ntt_position(i)]), f[i]) << i;
    }
  }
}

TEST(MlkemPolynomial, ASumOfFourTransformedProductsIsTheSumOfProducts) {
  for (int variant = 0; variant < 3; ++variant) {
    NttPolynomial transformed_sum;
    transformed_sum.coefficients.fill(0);
    std::array<int, kDegree> expected{};
    for (std::uint8_t term = 0; term < 4; ++term) {
      const Polynomial a = variant == 0   ? random_polynomial(static_cast<std::uint8_t>(2 * term))
                           : variant == 1 ? constant_polynomial(kModulus - 1)
                                          : constant_polynomial(1 - kModulus);
      const Polynomial b = random_polynomial(static_cast<std::uint8_t>(2 * term + 1));
      NttPolynomial a_transformed;
      NttPolynomial b_transformed;
      ntt(a, a_transformed);
      ntt(b, b_transformed);
      add_product(transformed_sum, a_transformed, b_transformed);
      for (std::size_t i = 0; i < kDegree; ++i) {
        for (std::size_t j = 0; j < kDegree; ++j) {
          const int product = a.coefficients[i] * b.coefficients[j] % kQ;
          int& target = expected[(i + j) % kDegree];
          target = canonical(i + j < kDegree ? target + product : target - product);
        }
      }
    }
    reduce(transformed_sum);
    Polynomial sum;
    inverse_ntt(transformed_sum, sum);
    for (std::size_t i = 0; i < kDegree; ++i) ASSERT_EQ(canonical(sum.coefficients[i]), expected[i]) << i;
  }
}

// Operands at the limit of what add_product allows, four times over: nothing may leave sixteen bits.
TEST(MlkemPolynomial, FourExtremeProductsDoNotOverflow) {
  for (const int left : {-3328, -1665, 1664, 3328}) {
    for (const int right : {-3328, -1665, 1664, 3328}) {
      NttPolynomial a;
      NttPolynomial b;
      NttPolynomial sum;
      a.coefficients.fill(static_cast<std::int16_t>(left));
      b.coefficients.fill(static_cast<std::int16_t>(right));
      sum.coefficients.fill(0);
      NttPolynomial single;
      single.coefficients.fill(0);
      add_product(single, a, b);
      for (int i = 0; i < 4; ++i) add_product(sum, a, b);
      reduce(sum);
      for (std::size_t i = 0; i < kDegree; ++i) {
        ASSERT_EQ(canonical(sum.coefficients[i]), canonical(4 * single.coefficients[i]));
      }
    }
  }
}

}  // namespace
}  // namespace handfast::crypto::mlkem::test
