// What a cipher suite means: its version, its hash, its AEAD, how many records one key may protect, and in
// TLS 1.2 also how keys are agreed on and who signs. RFC 9846 §B.4, §5.5; RFC 5288, 5289, 7905, RFC 9325
// §4.4.
#pragma once

#include <cstdint>
#include <handfast/codepoints.hpp>

#include "crypto/aead.hpp"
#include "crypto/hash.hpp"

namespace handfast::keys {

// The kind of certificate that a suite wants; in TLS 1.3 the signature scheme says it. EdDSA counts as ECDSA
// (RFC 8422 §2.1).
enum class Authentication : std::uint8_t { by_scheme, ecdsa, rsa };

struct SuiteParameters {
  CipherSuite suite;
  ProtocolVersion version;
  KeyExchange key_exchange;
  Authentication authentication;
  crypto::HashAlgorithm hash;
  crypto::AeadAlgorithm aead;
  // "For AES-GCM, up to 2^24.5 full-size records may be encrypted under a given set of keys" (§5.5).
  std::uint64_t record_limit;

  [[nodiscard]] std::size_t hash_size() const { return crypto::hash_size(hash); }
};

// The row of a suite that Handfast knows, or null for every other number.
const SuiteParameters* find_suite(CipherSuite suite);
// The same, but null for suites of the other version.
const SuiteParameters* find_suite(CipherSuite suite, ProtocolVersion version);

}  // namespace handfast::keys
