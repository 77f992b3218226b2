// What kind of key a certificate holds and how long it is, read from the DER alone. RFC 3279 §2.3, RFC 5480,
// RFC 8410. For rules and for people; keys that check signatures are crypto::PublicKey.
#pragma once

#include <cstddef>
#include <handfast/bytes.hpp>
#include <optional>
#include <string>

#include "crypto/public_key.hpp"

namespace handfast::pki {

struct KeyInfo {
  std::optional<crypto::KeyType> type;  // empty: not supported (DSA, other curves, explicit parameters, …)
  std::size_t bits = 0;                 // RSA: of the modulus; EC: of the field; others: of the key
  std::string text;                     // what an unsupported key is; empty for the others

  [[nodiscard]] bool is_rsa() const {
    return type == crypto::KeyType::rsa || type == crypto::KeyType::rsa_pss;
  }
  // "RSA 2048", "P-256", "Ed25519", "ML-DSA-65".
  [[nodiscard]] std::string to_string() const;
};

KeyInfo key_info_of(Bytes spki);

}  // namespace handfast::pki
