// Hash functions and what is built on them: HMAC and HKDF.
// FIPS 180-4, RFC 2104, RFC 5869. Knows nothing of TLS labels: those are in keys/.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <handfast/bytes.hpp>
#include <handfast/error.hpp>
#include <handfast/secret.hpp>
#include <initializer_list>
#include <span>

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
  friend class HmacKey;
  void clear() {
    wipe(state_);
    failed_ = true;
  }
  HashAlgorithm algorithm_;
  bool failed_ = false;
  alignas(16) std::array<std::uint8_t, 224> state_{};  // SHA_CTX, SHA256_CTX or SHA512_CTX
};

Result<Digest> hash(HashAlgorithm algorithm, std::initializer_list<Bytes> parts);

// A key prepared for any number of HMACs: the states after its inner and outer pad (RFC 2104 §4). The second
// HMAC under a key costs half of the first. Move it, do not copy it: it is as secret as the key.
class HmacKey {
 public:
  HmacKey(HashAlgorithm algorithm, Bytes key);
  // The source is wiped and must not be used any more.
  HmacKey(HmacKey&& other) noexcept;
  HmacKey& operator=(HmacKey&& other) noexcept;
  HmacKey(const HmacKey&) = delete;
  HmacKey& operator=(const HmacKey&) = delete;

  [[nodiscard]] HashAlgorithm algorithm() const { return inner_.algorithm(); }
  // The first out.size() bytes of the HMAC of the concatenated parts; at most hash_size(algorithm()).
  Result<void> mac(std::initializer_list<Bytes> parts, MutableBytes out) const;

 private:
  [[nodiscard]] bool mac_in_one_block(std::initializer_list<Bytes> parts, MutableBytes out) const;
  Hash inner_;
  Hash outer_;
  bool failed_ = false;
};

// HMAC of the concatenated parts; out.size() == hash_size(algorithm).
Result<void> hmac(HashAlgorithm algorithm, Bytes key, std::initializer_list<Bytes> parts, MutableBytes out);

// RFC 5869 §2.2. Only sha256 and sha384.
Result<HashSecret> hkdf_extract(const HmacKey& salt, Bytes input_keying_material);
Result<HashSecret> hkdf_extract(HashAlgorithm algorithm, Bytes salt, Bytes input_keying_material);
// RFC 5869 §2.3. out.size() <= 255 * hash_size(algorithm).
Result<void> hkdf_expand(const HmacKey& pseudorandom_key, Bytes info, MutableBytes out);
Result<void> hkdf_expand(HashAlgorithm algorithm, Bytes pseudorandom_key, Bytes info, MutableBytes out);

// P_hash of TLS 1.2's pseudorandom function (RFC 5246 §5). The concatenated parts are the seed.
using PrfSeed = std::array<Bytes, 5>;
Result<void> p_hash(const HmacKey& secret, const PrfSeed& seed, MutableBytes out);

}  // namespace handfast::crypto
