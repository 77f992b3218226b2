// RandomSource: where hellos, key shares and GREASE draw their bytes. The default is libcrypto's generator;
// tests inject their own so that recorded handshakes replay byte for byte.
#pragma once

#include <handfast/bytes.hpp>
#include <handfast/error.hpp>

namespace handfast {

// Thread-safety: fill() may be called from several threads at once.
class RandomSource {
 public:
  virtual ~RandomSource() = default;
  // Fills all of `out` with unpredictable bytes, or fails with crypto_failed. RFC 9846 §C.1.
  virtual Result<void> fill(MutableBytes out) const = 0;
};

// libcrypto's generator, which reseeds itself after fork().
const RandomSource& system_random();

}  // namespace handfast
