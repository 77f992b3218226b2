// What a TLS 1.3 cipher suite means: its hash, its AEAD, and how many records one key may protect.
// RFC 9846 §B.4, §5.5.
#pragma once

#include <cstdint>
#include <handfast/codepoints.hpp>

#include "crypto/aead.hpp"
#include "crypto/hash.hpp"

namespace handfast::keys {

struct SuiteParameters {
  CipherSuite suite;
  crypto::HashAlgorithm hash;
  crypto::AeadAlgorithm aead;
  // "For AES-GCM, up to 2^24.5 full-size records may be encrypted under a given set of keys" (§5.5).
  std::uint64_t record_limit;

  [[nodiscard]] std::size_t hash_size() const { return crypto::hash_size(hash); }
};

// The row for a TLS 1.3 suite, or null for every other number.
const SuiteParameters* find_suite(CipherSuite suite);

}  // namespace handfast::keys
