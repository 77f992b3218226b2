// The two encodings of RSA signatures, without RSA. RFC 8017 §9.1 (EMSA-PSS), §9.2 (EMSA-PKCS1-v1_5).
// Must not accept a PSS salt of another length than the hash's.
#pragma once

#include <cstddef>
#include <handfast/bytes.hpp>
#include <handfast/error.hpp>

#include "crypto/hash.hpp"

namespace handfast::crypto::rsa {

// EMSA-PKCS1-v1_5-ENCODE: fills `encoded`, which is as long as the modulus. False if it is too short.
[[nodiscard]] bool encode_pkcs1(HashAlgorithm hash, Bytes digest, MutableBytes encoded);

// EMSA-PSS-ENCODE with MGF1 over the same hash. `encoded` is as long as the modulus, which has
// `modulus_bits`.
Result<void> encode_pss(HashAlgorithm hash, Bytes digest, Bytes salt, std::size_t modulus_bits,
                        MutableBytes encoded);

// EMSA-PSS-VERIFY. Unmasks `encoded` in place. Errors: certificate_bad_signature, crypto_failed.
Result<void> verify_pss(HashAlgorithm hash, Bytes digest, std::size_t modulus_bits, MutableBytes encoded);

}  // namespace handfast::crypto::rsa
