// Transcript: see the header.
#include "keys/transcript.hpp"

#include <array>
#include <handfast/codepoints.hpp>
#include <utility>

namespace handfast::keys {

Result<crypto::Digest> Transcript::current() const {
  if (!taken_) {
    HANDFAST_TRY_ASSIGN(taken_, hash_.current());
  }
  return *taken_;
}

// Transcript-Hash(ClientHello1, HelloRetryRequest, … Mn) =
//     Hash(message_hash ||        /* Handshake type */
//          00 00 Hash.length  ||  /* Handshake message length (bytes) */
//          Hash(ClientHello1) ||  /* Hash of ClientHello1 */
//          HelloRetryRequest  || … || Mn)
Result<void> Transcript::replace_with_message_hash() {
  HANDFAST_TRY_ASSIGN(const crypto::Digest first_hello, current());
  const std::array<std::uint8_t, 4> header = {static_cast<std::uint8_t>(HandshakeType::message_hash), 0, 0,
                                              static_cast<std::uint8_t>(first_hello.view().size())};
  hash_ = crypto::Hash(hash_.algorithm());
  add(header);
  add(first_hello.view());
  return {};
}

Result<crypto::Digest> Transcript::with(Bytes message) const {
  crypto::Hash fork = hash_;
  fork.update(message);
  return std::move(fork).finish();
}

}  // namespace handfast::keys
