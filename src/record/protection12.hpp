// Record protection of TLS 1.2: one key, one direction. RFC 5246 §6.2.3.3, RFC 5288 §3 (AES-GCM), RFC 7905 §2
// (ChaCha20-Poly1305). The same faces as TLS 1.3's, without padding; in place, without allocation.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <handfast/bytes.hpp>
#include <handfast/codepoints.hpp>
#include <handfast/error.hpp>
#include <handfast/secret.hpp>
#include <limits>

#include "crypto/aead.hpp"
#include "record/header.hpp"
#include "record/protection.hpp"

namespace handfast::record {

// AES-GCM: a salt of 4 bytes from the key block and 8 bytes in each record, for which the sequence number is
// taken, which never repeats. ChaCha20-Poly1305: as in TLS 1.3, nothing in the record.
class Nonce12 {
 public:
  // fixed_iv.size() == fixed_iv_size(aead).
  Nonce12(crypto::AeadAlgorithm aead, Bytes fixed_iv)
      : fixed_iv_(fixed_iv), explicit_size_(aead == crypto::AeadAlgorithm::chacha20_poly1305 ? 0 : 8) {}

  static constexpr std::size_t fixed_iv_size(crypto::AeadAlgorithm aead) {
    return aead == crypto::AeadAlgorithm::chacha20_poly1305 ? 12 : 4;
  }
  [[nodiscard]] std::size_t explicit_size() const { return explicit_size_; }
  // `explicit_part` has explicit_size() bytes.
  [[nodiscard]] std::array<std::uint8_t, crypto::kAeadNonceSize> nonce(Bytes explicit_part) const;

  [[nodiscard]] std::uint64_t number() const { return number_; }
  [[nodiscard]] std::array<std::uint8_t, 8> number_bytes() const;
  [[nodiscard]] bool exhausted() const { return number_ == std::numeric_limits<std::uint64_t>::max(); }
  void advance() { ++number_; }
  void skip_to(std::uint64_t number) { number_ = std::max(number_, number); }

 private:
  Secret<crypto::kAeadNonceSize> fixed_iv_;
  std::size_t explicit_size_;
  std::uint64_t number_ = 0;
};

class Sealer12 {
 public:
  // key.size() == aead_key_size(aead), iv.size() == Nonce12::fixed_iv_size(aead).
  static Result<Sealer12> create(crypto::AeadAlgorithm aead, Bytes key, Bytes fixed_iv);

  // `padding` is 0: these suites have none.
  [[nodiscard]] std::size_t sealed_size(std::size_t plaintext, std::size_t padding) const {
    return kHeaderSize + nonce_.explicit_size() + plaintext + padding + crypto::kAeadTagSize;
  }
  // As Sealer::seal. Errors: record_sequence_exhausted, crypto_failed.
  Result<std::size_t> seal(ContentType type, Bytes plaintext, std::size_t padding, MutableBytes out);
  [[nodiscard]] std::uint64_t sequence_number() const { return nonce_.number(); }
  void skip_to(std::uint64_t number) { nonce_.skip_to(number); }

 private:
  Sealer12(crypto::Aead aead, Nonce12 nonce) : aead_(std::move(aead)), nonce_(std::move(nonce)) {}
  crypto::Aead aead_;
  Nonce12 nonce_;
};

class Opener12 {
 public:
  static Result<Opener12> create(crypto::AeadAlgorithm aead, Bytes key, Bytes fixed_iv);

  // Opens a whole record in place. `longest_plaintext`: 2^14, or the limit that this end announced.
  // Errors: record_bad_mac, record_overflow.
  Result<OpenedRecord> open(MutableBytes record, std::size_t longest_plaintext);
  [[nodiscard]] std::uint64_t sequence_number() const { return nonce_.number(); }
  void skip_to(std::uint64_t number) { nonce_.skip_to(number); }

 private:
  Opener12(crypto::Aead aead, Nonce12 nonce) : aead_(std::move(aead)), nonce_(std::move(nonce)) {}
  crypto::Aead aead_;
  Nonce12 nonce_;
};

}  // namespace handfast::record
