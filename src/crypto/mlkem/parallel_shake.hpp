// Up to four SHAKE outputs at a time, all over one 32-byte seed with a different short suffix each, which is
// how FIPS 203 derives its matrix and its noise. Must not be given more input than fits one block.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <handfast/bytes.hpp>
#include <span>

#include "crypto/mlkem/keccak_permutation.hpp"

namespace handfast::crypto::mlkem {

class ParallelShake {
 public:
  // Stream s is SHAKE(seed ‖ suffixes[s]). Between one and four suffixes, each of `suffix_size` bytes,
  // little-endian.
  ParallelShake(std::size_t rate, std::span<const std::uint8_t, 32> seed, std::size_t suffix_size,
                std::span<const std::uint16_t> suffixes);
  ParallelShake(const ParallelShake&) = delete;
  ParallelShake& operator=(const ParallelShake&) = delete;
  ~ParallelShake();

  // Moves every stream to its next block. Needed before the first one too.
  void next_block() { permute_four(states_, count_); }
  // The beginning of a stream's current block. At most `rate` bytes, a multiple of eight.
  void read(std::size_t stream, MutableBytes output) const;

 private:
  alignas(32) FourKeccakStates states_{};
  std::size_t count_;
};

}  // namespace handfast::crypto::mlkem
