// Authenticated encryption, in place. RFC 5116; AES-GCM and ChaCha20-Poly1305 (RFC 8439).
// Nonces and what they are made of belong to record/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <handfast/bytes.hpp>
#include <handfast/error.hpp>
#include <memory>

struct evp_cipher_ctx_st;

namespace handfast::crypto {

enum class AeadAlgorithm : std::uint8_t { aes_128_gcm, aes_256_gcm, chacha20_poly1305 };

inline constexpr std::size_t kAeadNonceSize = 12;
inline constexpr std::size_t kAeadTagSize = 16;
inline constexpr std::size_t kMaxAeadKeySize = 32;

constexpr std::size_t aead_key_size(AeadAlgorithm algorithm) {
  return algorithm == AeadAlgorithm::aes_128_gcm ? 16 : 32;
}

// One key for one direction. Move-only. The context is made once; records cost no allocation.
class Aead {
 public:
  enum class Purpose : std::uint8_t { seal, open };

  // key.size() == aead_key_size(algorithm). Errors: crypto_failed, out_of_memory.
  static Result<Aead> create(AeadAlgorithm algorithm, Purpose purpose, Bytes key);
  Aead(Aead&&) noexcept = default;
  Aead& operator=(Aead&&) noexcept = default;

  // Encrypts plaintext ‖ trailer into `out` and appends the tag:
  // out.size() == plaintext.size() + trailer.size() + kAeadTagSize. `out` may start at plaintext.data() (in
  // place) or not overlap it at all; `trailer` must not overlap `out`. nonce.size() == kAeadNonceSize.
  Result<void> seal(Bytes nonce, Bytes additional_data, Bytes plaintext, Bytes trailer, MutableBytes out);

  // Decrypts ciphertext ‖ tag in place and returns the plaintext, the front of `sealed`. On failure
  // (record_bad_mac) the content of `sealed` is wiped or unspecified and must not be used.
  Result<MutableBytes> open(Bytes nonce, Bytes additional_data, MutableBytes sealed);

 private:
  struct Free {
    void operator()(evp_cipher_ctx_st* context) const;
  };
  explicit Aead(evp_cipher_ctx_st* context) : context_(context) {}

  std::unique_ptr<evp_cipher_ctx_st, Free> context_;
};

}  // namespace handfast::crypto
