// The constants of Keccak-f[1600] (FIPS 202 §3.2) and the permutation, one state at a time or four.
// Must not be used outside Keccak itself: the sponges are in keccak.hpp and parallel_shake.hpp.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace handfast::crypto::mlkem {

using KeccakState = std::array<std::uint64_t, 25>;  // lane (x, y) is state[x + 5y]

// Four states interleaved: lane i of state s is state[i][s].
inline constexpr std::size_t kParallel = 4;
using FourKeccakStates = std::array<std::array<std::uint64_t, kParallel>, 25>;

void permute(KeccakState& state);

// Permutes the first `count` states; what becomes of the others is not defined. Uses AVX2 where the processor
// has it.
void permute_four(FourKeccakStates& states, std::size_t count);
void permute_four_portable(FourKeccakStates& states, std::size_t count);

constexpr std::uint64_t little_endian(std::uint64_t lane) {
  if constexpr (std::endian::native == std::endian::big) lane = __builtin_bswap64(lane);
  return lane;
}

}  // namespace handfast::crypto::mlkem
