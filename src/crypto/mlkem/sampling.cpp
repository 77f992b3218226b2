// SampleNTT and SamplePolyCBD (FIPS 203 §4.2.2).
// Must not let a secret near SampleNTT, whose running time depends on its input.
#include "crypto/mlkem/sampling.hpp"

#include <algorithm>
#include <array>

#include "crypto/mlkem/constant_time.hpp"
#include "crypto/mlkem/keccak.hpp"
#include "crypto/mlkem/parallel_shake.hpp"

namespace handfast::crypto::mlkem {
namespace {

constexpr std::size_t kNoiseBytes = 128;                    // 64·η
constexpr std::size_t kCandidates = kShake128Rate / 3 * 2;  // of twelve bits in a block
constexpr std::size_t kNoOverflow =
    kDegree - 1 + kCandidates;  // accepting one block more than needed stays within

struct Accepted {
  std::array<std::int16_t, kNoOverflow> coefficients{};
  std::size_t count = 0;
};

// Writes every candidate and moves on if it is below q: that one in five is not would mislead branch
// prediction.
void accept(std::span<const std::uint8_t, kShake128Rate> block, Accepted& accepted) {
  std::size_t count = accepted.count;
  for (std::size_t i = 0; i < block.size(); i += 3) {
    const int first = block[i] | (block[i + 1] & 0x0f) << 8;
    const int second = block[i + 1] >> 4 | block[i + 2] << 4;
    accepted.coefficients[count] = static_cast<std::int16_t>(first);
    count += first < kModulus;
    accepted.coefficients[count] = static_cast<std::int16_t>(second);
    count += second < kModulus;
  }
  accepted.count = count;
}

// Samples up to four entries of the matrix, each named by the two bytes j ‖ i that follow ρ.
void sample_entries(std::span<const std::uint8_t, 32> rho, std::span<const std::uint16_t> names,
                    std::span<NttPolynomial* const> outputs) {
  ParallelShake xof(kShake128Rate, rho, 2, names);
  std::array<Accepted, kParallel> accepted;
  const auto wanted = std::span(accepted).first(names.size());
  while (std::ranges::any_of(wanted, [](const Accepted& entry) { return entry.count < kDegree; })) {
    xof.next_block();
    for (std::size_t s = 0; s < wanted.size(); ++s) {
      if (wanted[s].count >= kDegree) continue;
      std::array<std::uint8_t, kShake128Rate> block{};
      xof.read(s, block);
      accept(block, wanted[s]);
    }
  }
  for (std::size_t s = 0; s < wanted.size(); ++s) {
    for (std::size_t i = 0; i < kDegree; ++i) {
      outputs[s]->coefficients[ntt_position(i)] = wanted[s].coefficients[i];
    }
  }
}

// A coefficient is the sum of two random bits less the sum of two more: each byte gives two coefficients.
void binomial(const std::array<std::uint8_t, kNoiseBytes>& bytes, Polynomial& output) {
  for (std::size_t i = 0; i < kNoiseBytes; ++i) {
    const int sums = (bytes[i] & 0x55) + (bytes[i] >> 1 & 0x55);
    output.coefficients[2 * i] = static_cast<std::int16_t>((sums & 3) - (sums >> 2 & 3));
    output.coefficients[2 * i + 1] = static_cast<std::int16_t>((sums >> 4 & 3) - (sums >> 6));
  }
}

}  // namespace

void sample_matrix(std::span<const std::uint8_t, 32> rho, std::size_t dimension, NttMatrix& matrix) {
  std::array<std::uint16_t, kParallel> names{};
  std::array<NttPolynomial*, kParallel> outputs{};
  std::size_t count = 0;
  for (std::size_t row = 0; row < dimension; ++row) {
    for (std::size_t column = 0; column < dimension; ++column) {
      names[count] = static_cast<std::uint16_t>(column | row << 8);
      outputs[count] = &matrix[row][column];
      if (++count < kParallel) continue;
      sample_entries(rho, names, outputs);
      count = 0;
    }
  }
  if (count > 0) sample_entries(rho, std::span(names).first(count), std::span(outputs).first(count));
}

void sample_noise(std::span<const std::uint8_t, 32> seed, std::uint8_t first_nonce,
                  std::span<Polynomial> output) {
  Wiped<std::array<std::uint8_t, kNoiseBytes>> bytes;
  for (std::size_t first = 0; first < output.size(); first += kParallel) {
    const std::size_t count = std::min(kParallel, output.size() - first);
    std::array<std::uint16_t, kParallel> nonces{};
    for (std::size_t s = 0; s < count; ++s) nonces[s] = static_cast<std::uint16_t>(first_nonce + first + s);
    ParallelShake prf(kShake256Rate, seed, 1, std::span(nonces).first(count));
    prf.next_block();
    for (std::size_t s = 0; s < count; ++s) {
      prf.read(s, *bytes);
      binomial(*bytes, output[first + s]);
    }
  }
}

}  // namespace handfast::crypto::mlkem
