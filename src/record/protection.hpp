// Record protection: one key, one direction. RFC 9846 §5.2 – §5.5.
// Seals into the output and opens in the input, without copies and without allocation.
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

namespace handfast::record {

// The per-record nonce: the sequence number, XORed into the static IV (§5.3). Starts at 0 for each key.
class NonceSequence {
 public:
  explicit NonceSequence(Bytes iv) : iv_(iv) {}
  [[nodiscard]] std::uint64_t number() const { return number_; }
  [[nodiscard]] std::array<std::uint8_t, crypto::kAeadNonceSize> nonce() const;
  // "they should not wrap. If a TLS implementation would need to wrap a sequence number, it MUST either rekey
  // or terminate the connection."
  [[nodiscard]] bool exhausted() const { return number_ == std::numeric_limits<std::uint64_t>::max(); }
  void advance() { ++number_; }
  // Numbers may be left out, never used again: so that a test reaches the last one.
  void skip_to(std::uint64_t number) { number_ = std::max(number_, number); }

 private:
  Secret<crypto::kAeadNonceSize> iv_;
  std::uint64_t number_ = 0;
};

class Sealer {
 public:
  // key.size() == aead_key_size(aead), iv.size() == kAeadNonceSize.
  static Result<Sealer> create(crypto::AeadAlgorithm aead, Bytes key, Bytes iv);

  // The size of the record that seals `plaintext` bytes with `padding` zeros.
  static constexpr std::size_t sealed_size(std::size_t plaintext, std::size_t padding) {
    return kHeaderSize + plaintext + 1 + padding + crypto::kAeadTagSize;
  }
  // Writes one record to the front of `out`, whose size is at least sealed_size(); answers the bytes written.
  // plaintext.size() + padding <= kMaxPlaintext. Errors: record_sequence_exhausted, crypto_failed.
  Result<std::size_t> seal(ContentType type, Bytes plaintext, std::size_t padding, MutableBytes out);
  // Of the next record.
  [[nodiscard]] std::uint64_t sequence_number() const { return sequence_.number(); }
  void skip_to(std::uint64_t number) { sequence_.skip_to(number); }

 private:
  Sealer(crypto::Aead aead, Bytes iv) : aead_(std::move(aead)), sequence_(iv) {}
  crypto::Aead aead_;
  NonceSequence sequence_;
};

struct OpenedRecord {
  ContentType type;
  MutableBytes content;  // inside the record that was given
  std::size_t padding;   // zero bytes after the type
};

class Opener {
 public:
  static Result<Opener> create(crypto::AeadAlgorithm aead, Bytes key, Bytes iv);

  // Opens a whole TLSCiphertext (header and fragment) in place. `longest_inner` bounds TLSInnerPlaintext:
  // content, type and padding (2^14 + 1, or the record_size_limit that this end announced). Errors:
  // record_bad_mac, record_overflow, record_no_content_type.
  Result<OpenedRecord> open(MutableBytes record, std::size_t longest_inner);
  [[nodiscard]] std::uint64_t sequence_number() const { return sequence_.number(); }
  void skip_to(std::uint64_t number) { sequence_.skip_to(number); }

 private:
  Opener(crypto::Aead aead, Bytes iv) : aead_(std::move(aead)), sequence_(iv) {}
  crypto::Aead aead_;
  NonceSequence sequence_;
};

}  // namespace handfast::record
