// Hash functions. FIPS 180-4. What is built on them is in hmac.hpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <handfast/bytes.hpp>
#include <handfast/error.hpp>
#include <initializer_list>

namespace handfast::crypto {

enum class HashAlgorithm : std::uint8_t { sha1, sha256, sha384, sha512 };

constexpr std::size_t hash_size(HashAlgorithm algorithm) {
  switch (algorithm) {
    case HashAlgorithm::sha1:
      return 20;
    case HashAlgorithm::sha256:
      return 32;
    case HashAlgorithm::sha384:
      return 48;
    case HashAlgorithm::sha512:
      return 64;
  }
  return 0;
}

// A public hash value.
class Digest {
 public:
  Digest() = default;
  explicit Digest(std::size_t size) : size_(static_cast<std::uint8_t>(size)) {}
  [[nodiscard]] Bytes view() const { return Bytes(bytes_).first(size_); }
  [[nodiscard]] MutableBytes writable() { return MutableBytes(bytes_).first(size_); }

 private:
  std::array<std::uint8_t, 64> bytes_{};
  std::uint8_t size_ = 0;
};

// An incremental hash. Copyable: a copy continues on its own (transcript forks). Allocates nothing.
class Hash {
 public:
  explicit Hash(HashAlgorithm algorithm);
  Hash(const Hash&) = default;
  Hash& operator=(const Hash&) = default;
  ~Hash();  // wipes

  [[nodiscard]] HashAlgorithm algorithm() const { return algorithm_; }
  void update(Bytes bytes);
  // The hash of everything so far; the state goes on. Errors: crypto_failed (also for a failed update()).
  [[nodiscard]] Result<Digest> current() const;
  // The same, without a copy of the state, which must not be used any more.
  [[nodiscard]] Result<Digest> finish() &&;

 private:
  HashAlgorithm algorithm_;
  bool failed_ = false;
  alignas(16) std::array<std::uint8_t, 224> state_{};  // SHA_CTX, SHA256_CTX or SHA512_CTX
};

Result<Digest> hash(HashAlgorithm algorithm, std::initializer_list<Bytes> parts);

}  // namespace handfast::crypto
