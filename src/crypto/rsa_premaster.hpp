// The RSA operations of TLS 1.2's RSA key exchange. RFC 5246 §7.4.7.1, RFC 8017 §7.2 (RSAES-PKCS1-v1_5).
// The decryption is libcrypto's raw one; premaster_selection looks at the result.
// Must not let anybody see whether they were good.
#pragma once

#include <cstddef>
#include <handfast/bytes.hpp>
#include <handfast/codepoints.hpp>
#include <handfast/error.hpp>
#include <handfast/random.hpp>

#include "crypto/private_key.hpp"
#include "crypto/rsa.hpp"

namespace handfast::crypto::rsa {

inline constexpr std::size_t kPremasterSize = kRsaPremasterSize;

// Takes 48 bytes of `random` in any case. The result is the client's premaster secret, or those bytes.
// Errors: crypto_failed if there is no randomness.
Result<RsaPremaster> decrypt_premaster(RSA& key, Bytes encrypted, ProtocolVersion offered,
                                       const RandomSource& random);

// Errors: certificate_key_unsuitable if the modulus is too short, crypto_failed.
Result<ByteString> encrypt_premaster(RSA& key, Bytes premaster, const RandomSource& random);

}  // namespace handfast::crypto::rsa
