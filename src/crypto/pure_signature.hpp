// Signatures of whole messages, without a hash of one's own choice: Ed25519 (RFC 8032 §5.1, RFC 8410) and
// ML-DSA (FIPS 204, RFC 9881), over libcrypto. ML-DSA is there from libcrypto 3.5 on: ask is_available().
#pragma once

#include <cstddef>
#include <handfast/bytes.hpp>
#include <handfast/error.hpp>
#include <optional>

#include "crypto/openssl.hpp"
#include "crypto/public_key.hpp"

namespace handfast::crypto::pure {

inline constexpr std::size_t kSeedSize = 32;

struct Sizes {
  std::size_t public_key;
  std::size_t signature;
  std::size_t expanded_key;  // what ML-DSA's key generation makes of the seed; 0 for Ed25519
};
// Nothing for other types of keys.
std::optional<Sizes> sizes_of(KeyType type);
// Whether this libcrypto has it. Thread-safe, asked of libcrypto once.
bool is_available(KeyType type);

// Null if libcrypto refuses the key. The type is one that has sizes.
OwnedPkey public_key(KeyType type, Bytes key);
OwnedPkey private_key(KeyType type, Bytes seed);
OwnedPkey private_key_from_expanded(KeyType type, Bytes expanded);
// out.size() is that of sizes_of(). Errors: crypto_failed, and for the seed key_unsupported if the key was
// made without one.
Result<void> get_public_key(const EVP_PKEY& key, MutableBytes out);
Result<void> get_seed(const EVP_PKEY& key, KeyType type, MutableBytes out);
Result<void> get_expanded_key(const EVP_PKEY& key, MutableBytes out);

// Errors: certificate_bad_signature, crypto_failed.
Result<void> verify(EVP_PKEY& key, KeyType type, Bytes message, Bytes signature);
// Thread-safe. Errors: signer_failed, out_of_memory.
Result<ByteString> sign(EVP_PKEY& key, KeyType type, Bytes message);

}  // namespace handfast::crypto::pure
