// The default RandomSource: libcrypto's generator. RFC 9846 §C.1.
// Must not fall back to anything weaker when it fails.
#include <openssl/rand.h>

#include <algorithm>
#include <handfast/random.hpp>
#include <limits>

namespace handfast {
namespace {

class SystemRandom final : public RandomSource {
 public:
  Result<void> fill(MutableBytes out) const override {
    constexpr std::size_t kMaxRequest = std::numeric_limits<int>::max();
    while (!out.empty()) {
      const std::size_t part = std::min(out.size(), kMaxRequest);
      if (RAND_bytes(out.data(), static_cast<int>(part)) != 1) return failure(ErrorCode::crypto_failed);
      out = out.subspan(part);
    }
    return {};
  }
};

}  // namespace

const RandomSource& system_random() {
  static const SystemRandom instance;
  return instance;
}

}  // namespace handfast
