// SHA3-256, SHA3-512, SHAKE128 and SHAKE256 (FIPS 202), the four functions that FIPS 203 §4.1 builds on.
// Written out here so that nothing in ML-KEM depends on libcrypto and all of it can be checked for secret
// branches. Must not be used as a general hash interface: TLS transcripts are hashed elsewhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <handfast/bytes.hpp>

#include "crypto/mlkem/keccak_permutation.hpp"

namespace handfast::crypto::mlkem {

// Absorb any number of times, then squeeze any number of times; never absorb again. Wiped when it goes.
class Sponge {
 public:
  Sponge(std::size_t rate, std::uint8_t suffix) : rate_(rate), suffix_(suffix) {}
  Sponge(const Sponge&) = delete;
  Sponge& operator=(const Sponge&) = delete;
  ~Sponge();

  void absorb(Bytes input);
  void squeeze(MutableBytes output);

 private:
  void absorb_byte(std::uint8_t byte);
  void pad();

  KeccakState state_{};
  std::size_t rate_;
  std::size_t position_ = 0;
  std::uint8_t suffix_;
  bool squeezing_ = false;
};

inline constexpr std::size_t kShake128Rate = 168;
inline constexpr std::size_t kShake256Rate = 136;

inline Sponge sha3_256() { return {136, 0x06}; }
inline Sponge sha3_512() { return {72, 0x06}; }
inline Sponge shake128() { return {kShake128Rate, 0x1f}; }
inline Sponge shake256() { return {kShake256Rate, 0x1f}; }

}  // namespace handfast::crypto::mlkem
