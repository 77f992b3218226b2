// X25519 over libcrypto. RFC 7748 §5 and §6.1, RFC 9846 §4.3.8.2 and §7.4.2.
// Must not let an all-zero result through.
#pragma once

#include <cstddef>
#include <handfast/bytes.hpp>
#include <handfast/error.hpp>
#include <handfast/random.hpp>
#include <handfast/secret.hpp>

namespace handfast::crypto::x25519 {

inline constexpr std::size_t kKeySize = 32;

class PrivateKey {
 public:
  // 32 bytes of `random`, used as they are (RFC 7748 clamps inside). Writes the public key; out.size() ==
  // kKeySize.
  static Result<PrivateKey> generate(const RandomSource& random, MutableBytes public_key);
  // out.size() == kKeySize. Errors: key_share_invalid (length, all-zero result), crypto_failed.
  [[nodiscard]] Result<void> derive(Bytes peer, MutableBytes out) const;

 private:
  PrivateKey() : scalar_(kKeySize) {}
  Secret<kKeySize> scalar_;
};

}  // namespace handfast::crypto::x25519
