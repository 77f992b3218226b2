// Private keys under a passphrase: PBES2 inside PKCS #8 (RFC 8018 §6.2, RFC 5958 §3, scrypt: RFC 7914 §7) and
// the PEM encryption of OpenSSL before PKCS #8 (RFC 1421 §4.6.1.3 with EVP_BytesToKey). Must bound the work
// that a file can ask for, and must not tell a wrong passphrase by anything but the result.
#pragma once

#include <cstdint>
#include <handfast/bytes.hpp>
#include <handfast/error.hpp>
#include <string_view>

#include "crypto/wiped_bytes.hpp"

namespace handfast::crypto {

// What a file may ask for: some seconds and some memory.
inline constexpr std::uint64_t kMaxKeyIterations = 5'000'000;
inline constexpr std::uint64_t kMaxScryptMemory = std::uint64_t{256} << 20U;
inline constexpr std::uint64_t kMaxScryptParallelism = 64;

// The PrivateKeyInfo in an EncryptedPrivateKeyInfo. Errors: pem_malformed, key_unsupported (the detail names
// the method), key_passphrase_wrong.
Result<WipedBytes> decrypt_pkcs8(Bytes der, std::string_view passphrase);

// The content of a PEM block whose "DEK-Info:" is `encryption`. Errors as above.
Result<WipedBytes> decrypt_pem(Bytes encrypted, std::string_view encryption, std::string_view passphrase);

}  // namespace handfast::crypto
