// Polynomials from pseudorandom bytes (FIPS 203 §4.2.2), both distributions with η = 2 as ML-KEM-768 and 1024
// need. Must not treat the two alike: the matrix is public and sampled by rejection, the noise is secret.
#pragma once

#include <cstdint>
#include <span>

#include "crypto/mlkem/polynomial.hpp"

namespace handfast::crypto::mlkem {

// Â[i][j] = SampleNTT(ρ ‖ j ‖ i) for i, j < dimension (FIPS 203 Algorithm 7). Branches on ρ, which is public.
void sample_matrix(std::span<const std::uint8_t, 32> rho, std::size_t dimension, NttMatrix& matrix);

// output[i] = SamplePolyCBD_2(PRF_2(seed, first_nonce + i)) (FIPS 203 Algorithm 8).
void sample_noise(std::span<const std::uint8_t, 32> seed, std::uint8_t first_nonce,
                  std::span<Polynomial> output);

}  // namespace handfast::crypto::mlkem
