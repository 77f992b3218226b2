// ML-KEM of libcrypto (OpenSSL >= 3.5). With an older one, or a provider without it, available() is false and
// nothing else may be called. FIPS 203.
#pragma once

#include <handfast/bytes.hpp>
#include <handfast/error.hpp>

#include "crypto/mlkem/mlkem.hpp"
#include "crypto/openssl.hpp"

namespace handfast::crypto::kem::provider {

bool available(mlkem::Parameters parameters);

class DecapsulationKey {
 public:
  // seed = d ‖ z; writes the encapsulation key.
  static Result<DecapsulationKey> from_seed(mlkem::Parameters parameters, Bytes seed,
                                            MutableBytes encapsulation_key);
  Result<void> decapsulate(Bytes ciphertext, MutableBytes secret) const;

 private:
  explicit DecapsulationKey(OwnedPkey key) : key_(std::move(key)) {}
  OwnedPkey key_;
};

// Errors: key_share_invalid if the key fails FIPS 203 §7.2, crypto_failed.
Result<void> encapsulate(mlkem::Parameters parameters, Bytes encapsulation_key, Bytes m,
                         MutableBytes ciphertext, MutableBytes secret);

}  // namespace handfast::crypto::kem::provider
