// Ed25519 over libcrypto. RFC 8032 §5.1, RFC 8410.
#pragma once

#include <cstddef>
#include <handfast/bytes.hpp>
#include <handfast/error.hpp>

#include "crypto/openssl.hpp"

namespace handfast::crypto::ed25519 {

inline constexpr std::size_t kKeySize = 32;
inline constexpr std::size_t kSignatureSize = 64;

// Null if libcrypto refuses the key.
OwnedPkey public_key(Bytes key);
OwnedPkey private_key(Bytes seed);
// out.size() == kKeySize.
Result<void> public_of(const EVP_PKEY& key, MutableBytes out);

// Errors: certificate_bad_signature, crypto_failed.
Result<void> verify(EVP_PKEY& key, Bytes message, Bytes signature);
// Thread-safe. Errors: signer_failed, out_of_memory.
Result<ByteString> sign(EVP_PKEY& key, Bytes message);

}  // namespace handfast::crypto::ed25519
