// Transcript: the running hash of the handshake messages. RFC 9846 §4.1.
// Takes the bytes as they were on the wire: a message is never encoded again.
#pragma once

#include <handfast/bytes.hpp>
#include <handfast/error.hpp>
#include <optional>

#include "crypto/hash.hpp"

namespace handfast::keys {

class Transcript {
 public:
  explicit Transcript(crypto::HashAlgorithm hash) : hash_(hash) {}

  [[nodiscard]] crypto::HashAlgorithm algorithm() const { return hash_.algorithm(); }
  // A whole message: 4-byte header and body.
  void add(Bytes message) {
    hash_.update(message);
    taken_.reset();
  }
  // Transcript-Hash of everything so far. Asking twice costs once.
  [[nodiscard]] Result<crypto::Digest> current() const;
  // The same with `message` added, which is not kept: what a binder covers (§4.3.11.2).
  [[nodiscard]] Result<crypto::Digest> with(Bytes message) const;
  // After a HelloRetryRequest, ClientHello1 (all that was added so far) counts as a message_hash message
  // (§4.1).
  Result<void> replace_with_message_hash();

 private:
  crypto::Hash hash_;
  mutable std::optional<crypto::Digest> taken_;  // of what was added so far; a transcript has one thread
};

}  // namespace handfast::keys
