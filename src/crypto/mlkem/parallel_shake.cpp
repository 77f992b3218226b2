// The sponge of FIPS 202 §4 for inputs shorter than a block, four at a time.
// Must not branch on or index by seed or output.
#include "crypto/mlkem/parallel_shake.hpp"

#include <cstring>
#include <handfast/secret.hpp>

namespace handfast::crypto::mlkem {

ParallelShake::ParallelShake(std::size_t rate, std::span<const std::uint8_t, 32> seed,
                             std::size_t suffix_size, std::span<const std::uint16_t> suffixes)
    : count_(suffixes.size()) {
  constexpr std::uint64_t kPadding = 0x1f;  // SHAKE's domain bits and the first bit of pad10*1
  for (std::size_t s = 0; s < count_; ++s) {
    for (std::size_t i = 0; i < 4; ++i) {
      std::uint64_t lane = 0;
      std::memcpy(&lane, seed.data() + 8 * i, sizeof(lane));
      states_[i][s] = little_endian(lane);
    }
    states_[4][s] = suffixes[s] | kPadding << (8 * suffix_size);
    states_[rate / 8 - 1][s] = std::uint64_t{0x80} << 56;
  }
}

ParallelShake::~ParallelShake() { wipe({reinterpret_cast<std::uint8_t*>(&states_), sizeof(states_)}); }

void ParallelShake::read(std::size_t stream, MutableBytes output) const {
  for (std::size_t i = 0; i < output.size() / 8; ++i) {
    const std::uint64_t lane = little_endian(states_[i][stream]);
    std::memcpy(output.data() + 8 * i, &lane, sizeof(lane));
  }
}

}  // namespace handfast::crypto::mlkem
