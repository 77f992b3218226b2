// What is built on hash functions: HMAC, HKDF and TLS 1.2's P_hash. RFC 2104, RFC 5869, RFC 5246 §5.
// For sha256, sha384 and sha512 only. Knows nothing of TLS labels: those are in keys/.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <handfast/bytes.hpp>
#include <handfast/error.hpp>
#include <handfast/secret.hpp>
#include <initializer_list>

#include "crypto/hash.hpp"

namespace handfast::crypto {

// A key prepared for any number of HMACs: the chaining values after its inner and outer pad (RFC 2104 §4).
// The second HMAC under a key costs half of the first. Move it, do not copy it: it is as secret as the key.
// Allocates nothing.
class HmacKey {
 public:
  HmacKey(HashAlgorithm algorithm, Bytes key);
  // The source is wiped and must not be used any more.
  HmacKey(HmacKey&& other) noexcept;
  HmacKey& operator=(HmacKey&& other) noexcept;
  ~HmacKey();  // wipes

  [[nodiscard]] HashAlgorithm algorithm() const { return algorithm_; }
  // The first out.size() bytes of the HMAC of the concatenated parts; at most hash_size(algorithm()). Errors:
  // crypto_failed, also for an algorithm that has no HMAC here.
  Result<void> mac(std::initializer_list<Bytes> parts, MutableBytes out) const;

 private:
  using ChainingValue =
      std::array<std::uint8_t, 64>;  // of the longest; words in the machine's order of bytes
  template <class Function>
  [[nodiscard]] bool prepare(Bytes key);
  template <class Function>
  [[nodiscard]] bool mac_with(std::initializer_list<Bytes> parts, MutableBytes out) const;

  ChainingValue inner_{};
  ChainingValue outer_{};
  HashAlgorithm algorithm_;
  bool failed_ = true;
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
