// ML-KEM as TLS uses it: libcrypto's where it has one (OpenSSL >= 3.5), else the one in mlkem/.
// FIPS 203; draft-ietf-tls-mlkem, draft-ietf-tls-ecdhe-mlkem. All randomness is the caller's, in both cases.
#pragma once

#include <handfast/bytes.hpp>
#include <handfast/error.hpp>
#include <handfast/random.hpp>
#include <memory>

#include "crypto/mlkem/mlkem.hpp"

namespace handfast::crypto::kem {

using mlkem::Parameters;

class PrivateKey {
 public:
  // Draws d ‖ z. Writes the encapsulation key; its size is encapsulation_key_size(parameters).
  static Result<PrivateKey> generate(Parameters parameters, const RandomSource& random,
                                     MutableBytes encapsulation_key);
  PrivateKey(PrivateKey&&) noexcept;
  PrivateKey& operator=(PrivateKey&&) noexcept;
  ~PrivateKey();
  // secret.size() == mlkem::kSharedSecretSize. Errors: key_share_invalid (length), crypto_failed.
  Result<void> decapsulate(Bytes ciphertext, MutableBytes secret) const;

 private:
  struct Key;
  explicit PrivateKey(std::unique_ptr<Key> key);
  std::unique_ptr<Key> key_;
};

// Draws m. Errors: key_share_invalid (length, modulus check of FIPS 203 §7.2), crypto_failed.
Result<void> encapsulate(Parameters parameters, Bytes encapsulation_key, const RandomSource& random,
                         MutableBytes ciphertext, MutableBytes secret);

}  // namespace handfast::crypto::kem
