// RSA signatures: the raw operation is libcrypto's, the encodings are here. RFC 8017 §8.1 (PSS), §8.2 and
// §9.2 (PKCS #1 v1.5). Verification of v1.5 encodes and compares, so that there is nothing to parse in what a
// peer sends. Must not take a salt of another length than the hash's.
#pragma once

#include <cstddef>
#include <handfast/bytes.hpp>
#include <handfast/error.hpp>

#include "crypto/hash.hpp"
#include "crypto/openssl.hpp"

namespace handfast::crypto::rsa {

// Of the modulus. The cost of a verification grows with its square; no public CA goes beyond 4096 bits.
inline constexpr std::size_t kMaxModulusBits = 8192;
inline constexpr std::size_t kMaxModulusSize = kMaxModulusBits / 8;
// Below this a modulus cannot even hold the encodings. What is too weak to trust is pki's decision.
inline constexpr std::size_t kMinModulusBits = 512;
// Of the public exponent: keys use 65537, a few old ones 3. Long ones only cost the verifier time.
inline constexpr std::size_t kMaxExponentBits = 33;
// Of keys that sign. RFC 9325 §4.5.
inline constexpr std::size_t kMinSigningBits = 2048;

enum class Padding : std::uint8_t { pkcs1, pss };

using OwnedRsa = std::unique_ptr<RSA, FreeWith<&RSA_free>>;

// Errors: certificate_weak_key (size of modulus or exponent, either of them even), crypto_failed.
Result<OwnedRsa> public_key(Bytes modulus, Bytes exponent);

// Unsigned big-endian numbers of an RSAPrivateKey, RFC 8017 §A.1.2.
struct PrivateNumbers {
  Bytes modulus, public_exponent, private_exponent, prime1, prime2, exponent1, exponent2, coefficient;
};
// Errors: key_unsupported (size), pem_malformed (the numbers do not fit each other).
Result<OwnedRsa> private_key(const PrivateNumbers& numbers);

std::size_t modulus_bits(const RSA& key);

// Errors: certificate_bad_signature, crypto_failed.
Result<void> verify(RSA& key, Padding padding, HashAlgorithm hash, Bytes message, Bytes signature);
// Thread-safe: libcrypto locks the key's blinding. Errors: signer_failed, crypto_failed.
Result<ByteString> sign(RSA& key, Padding padding, HashAlgorithm hash, Bytes message);

}  // namespace handfast::crypto::rsa
