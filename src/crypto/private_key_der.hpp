// The encodings of private keys: PKCS #8 (RFC 5958), SEC1 (RFC 5915), PKCS #1 (RFC 8017 §A.1.2), Ed25519 (RFC
// 8410 §7), ML-DSA (RFC 9881 §6). Must leave no copy of key bytes behind: what it returns is wiped by its
// owner or by WipedBytes.
#pragma once

#include <handfast/bytes.hpp>
#include <handfast/error.hpp>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "crypto/ecdsa.hpp"
#include "crypto/key_algorithm.hpp"
#include "crypto/pure_signature.hpp"
#include "crypto/rsa.hpp"
#include "crypto/wiped_bytes.hpp"

namespace handfast::crypto {

using PrivateMaterial = std::variant<rsa::OwnedRsa, ecdsa::OwnedKey, OwnedPkey>;

struct ParsedPrivateKey {
  KeyAlgorithm algorithm;
  ByteString algorithm_identifier;  // DER, as it also stands in the SubjectPublicKeyInfo
  PrivateMaterial material;
};

// Errors: pem_malformed (syntax, numbers that do not belong together), key_unsupported, with field and offset
// in `der`.
Result<ParsedPrivateKey> read_pkcs8(Bytes der);
Result<ParsedPrivateKey> read_sec1(Bytes der);
Result<ParsedPrivateKey> read_pkcs1(Bytes der);

// The first private key of a file: PrivateKey::from_bytes() has the contract.
Result<ParsedPrivateKey> read_private_key(Bytes file, std::optional<std::string_view> passphrase);

// AlgorithmIdentifier of a key without special parameters.
ByteString algorithm_identifier(KeyType type);

// The content of SubjectPublicKeyInfo.subjectPublicKey.
Result<ByteString> public_key_octets(const PrivateMaterial& material, KeyType type);

// The whole PrivateKeyInfo.
Result<WipedBytes> write_pkcs8(const ParsedPrivateKey& key);

}  // namespace handfast::crypto
