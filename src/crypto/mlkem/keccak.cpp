// The sponge construction on Keccak-f[1600] (FIPS 202 §4, §6).
// Must not branch on or index by the state: only lengths, which are public, steer it.
#include "crypto/mlkem/keccak.hpp"

#include <algorithm>
#include <cstring>
#include <handfast/secret.hpp>

namespace handfast::crypto::mlkem {

Sponge::~Sponge() { wipe({reinterpret_cast<std::uint8_t*>(state_.data()), sizeof(state_)}); }

void Sponge::absorb_byte(std::uint8_t byte) {
  state_[position_ / 8] ^= std::uint64_t{byte} << (8 * (position_ % 8));
  if (++position_ == rate_) {
    permute(state_);
    position_ = 0;
  }
}

void Sponge::absorb(Bytes input) {
  while (!input.empty()) {
    if (position_ % 8 != 0 || input.size() < 8) {
      absorb_byte(input[0]);
      input = input.subspan(1);
      continue;
    }
    std::uint64_t lane = 0;
    std::memcpy(&lane, input.data(), sizeof(lane));
    state_[position_ / 8] ^= little_endian(lane);
    input = input.subspan(sizeof(lane));
    position_ += sizeof(lane);
    if (position_ == rate_) {
      permute(state_);
      position_ = 0;
    }
  }
}

void Sponge::pad() {
  state_[position_ / 8] ^= std::uint64_t{suffix_} << (8 * (position_ % 8));
  state_[rate_ / 8 - 1] ^= std::uint64_t{0x80} << 56;
  squeezing_ = true;
  position_ = rate_;
}

void Sponge::squeeze(MutableBytes output) {
  if (!squeezing_) pad();
  while (!output.empty()) {
    if (position_ == rate_) {
      permute(state_);
      position_ = 0;
    }
    std::uint64_t lane = little_endian(state_[position_ / 8]);
    const std::size_t offset = position_ % 8;
    const std::size_t length = std::min({8 - offset, output.size(), rate_ - position_});
    std::memcpy(output.data(), reinterpret_cast<const std::uint8_t*>(&lane) + offset, length);
    output = output.subspan(length);
    position_ += length;
  }
}

}  // namespace handfast::crypto::mlkem
