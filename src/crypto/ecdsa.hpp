// ECDSA over libcrypto. FIPS 186-5 §6, RFC 5480, RFC 3279 §2.2.3 (Ecdsa-Sig-Value).
// Must not accept a signature whose encoding is not DER.
#pragma once

#include <cstddef>
#include <handfast/bytes.hpp>
#include <handfast/error.hpp>

#include "crypto/ec.hpp"
#include "crypto/hash.hpp"

namespace handfast::crypto::ecdsa {

using OwnedKey = std::unique_ptr<EC_KEY, FreeWith<&EC_KEY_free>>;

// `point` is one that decode_point() gave. Null if memory runs out.
OwnedKey public_key(ec::Curve curve, const EC_POINT& point);
// With its public key, which is computed. Errors: crypto_failed, also if the scalar is not in [1, n-1].
Result<OwnedKey> private_key(ec::Curve curve, Bytes scalar);

// Errors: certificate_bad_signature, crypto_failed.
Result<void> verify(const EC_KEY& key, HashAlgorithm hash, Bytes message, Bytes signature);
// Thread-safe. Errors: signer_failed, crypto_failed.
Result<ByteString> sign(const EC_KEY& key, HashAlgorithm hash, Bytes message);

}  // namespace handfast::crypto::ecdsa
