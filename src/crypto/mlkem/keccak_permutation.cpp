// Keccak-f[1600] (FIPS 202 §3), twice: on 64-bit words, and on vectors of four such words.
// Must not branch on or index by the state. The loops are unrolled so that every index is known when
// compiling.
#include "crypto/mlkem/keccak_permutation.hpp"

#include <cstring>

namespace handfast::crypto::mlkem {
namespace {

// FIPS 202 §3.2.5: the bits of ι's constants come from an 8-bit shift register.
constexpr std::array<std::uint64_t, 24> kRoundConstants = [] {
  std::array<std::uint64_t, 24> constants{};
  unsigned shift_register = 1;
  for (auto& constant : constants) {
    for (unsigned j = 0; j < 7; ++j) {
      if (shift_register & 1) constant |= std::uint64_t{1} << ((1u << j) - 1);
      shift_register = (shift_register << 1) ^ ((shift_register & 0x80) ? 0x171u : 0u);
    }
  }
  return constants;
}();

// ρ and π as one step: lane i afterwards is lane source[i] before, rotated left by rotation[i].
struct Move {
  std::array<std::size_t, 25> source{};
  std::array<int, 25> rotation{};
};
constexpr Move kMove = [] {
  Move move;
  std::size_t x = 1;
  std::size_t y = 0;
  for (int t = 0; t < 24; ++t) {
    const std::size_t from = x + 5 * y;
    const std::size_t next_y = (2 * x + 3 * y) % 5;
    x = y;
    y = next_y;
    move.source[x + 5 * y] = from;
    move.rotation[x + 5 * y] = (t + 1) * (t + 2) / 2 % 64;
  }
  return move;
}();

#if defined(__x86_64__)

using Lanes = std::uint64_t __attribute__((vector_size(8 * kParallel)));

[[gnu::target("avx2")]] void permute_four_avx2(FourKeccakStates& states) {
  Lanes a[25];
  std::memcpy(a, states.data(), sizeof(a));
#pragma GCC unroll 1
  for (const std::uint64_t round_constant : kRoundConstants) {
    Lanes parity[5];
    Lanes b[25];
#pragma GCC unroll 5
    for (std::size_t x = 0; x < 5; ++x) parity[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
#pragma GCC unroll 5
    for (std::size_t x = 0; x < 5; ++x) {
      const Lanes next = parity[(x + 1) % 5];
      const Lanes change = parity[(x + 4) % 5] ^ (next << 1) ^ (next >> 63);
#pragma GCC unroll 5
      for (std::size_t y = 0; y < 5; ++y) a[x + 5 * y] ^= change;
    }
    b[0] = a[0];
#pragma GCC unroll 24
    for (std::size_t i = 1; i < 25; ++i) {
      const Lanes lanes = a[kMove.source[i]];
      b[i] = (lanes << kMove.rotation[i]) | (lanes >> (64 - kMove.rotation[i]));
    }
#pragma GCC unroll 25
    for (std::size_t i = 0; i < 25; ++i) {
      const std::size_t row = i / 5 * 5;
      a[i] = b[i] ^ (~b[row + (i + 1) % 5] & b[row + (i + 2) % 5]);
    }
    a[0] ^= round_constant;
  }
  std::memcpy(states.data(), a, sizeof(a));
}

#endif

}  // namespace

void permute(KeccakState& state) {
  KeccakState a = state;
#pragma GCC unroll 1
  for (const std::uint64_t round_constant : kRoundConstants) {
    std::array<std::uint64_t, 5> parity{};
    KeccakState b;
#pragma GCC unroll 5
    for (std::size_t x = 0; x < 5; ++x) parity[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
#pragma GCC unroll 5
    for (std::size_t x = 0; x < 5; ++x) {
      const std::uint64_t change = parity[(x + 4) % 5] ^ std::rotl(parity[(x + 1) % 5], 1);
#pragma GCC unroll 5
      for (std::size_t y = 0; y < 5; ++y) a[x + 5 * y] ^= change;
    }
#pragma GCC unroll 25
    for (std::size_t i = 0; i < 25; ++i) b[i] = std::rotl(a[kMove.source[i]], kMove.rotation[i]);
#pragma GCC unroll 25
    for (std::size_t i = 0; i < 25; ++i) {
      const std::size_t row = i / 5 * 5;
      a[i] = b[i] ^ (~b[row + (i + 1) % 5] & b[row + (i + 2) % 5]);
    }
    a[0] ^= round_constant;
  }
  state = a;
}

void permute_four_portable(FourKeccakStates& states, std::size_t count) {
  for (std::size_t s = 0; s < count; ++s) {
    KeccakState state;
    for (std::size_t i = 0; i < state.size(); ++i) state[i] = states[i][s];
    permute(state);
    for (std::size_t i = 0; i < state.size(); ++i) states[i][s] = state[i];
  }
}

void permute_four(FourKeccakStates& states, std::size_t count) {
#if defined(__x86_64__)
  if (count > 1 && __builtin_cpu_supports("avx2")) return permute_four_avx2(states);
#endif
  permute_four_portable(states, count);
}

}  // namespace handfast::crypto::mlkem
