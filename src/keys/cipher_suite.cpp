// The table of TLS 1.3 cipher suites.
#include "keys/cipher_suite.hpp"

#include <array>
#include <limits>

namespace handfast::keys {
namespace {

constexpr std::uint64_t kAesGcmRecordLimit = 23'726'566;  // 2^24.5
// ChaCha20-Poly1305: "the record sequence number would wrap before the safety limit is reached".
constexpr std::uint64_t kChaChaRecordLimit = std::numeric_limits<std::uint64_t>::max() - 1;

using enum CipherSuite;
constexpr std::array kSuites = {
    SuiteParameters{TLS_AES_128_GCM_SHA256, crypto::HashAlgorithm::sha256, crypto::AeadAlgorithm::aes_128_gcm,
                    kAesGcmRecordLimit},
    SuiteParameters{TLS_AES_256_GCM_SHA384, crypto::HashAlgorithm::sha384, crypto::AeadAlgorithm::aes_256_gcm,
                    kAesGcmRecordLimit},
    SuiteParameters{TLS_CHACHA20_POLY1305_SHA256, crypto::HashAlgorithm::sha256,
                    crypto::AeadAlgorithm::chacha20_poly1305, kChaChaRecordLimit},
};

}  // namespace

const SuiteParameters* find_suite(CipherSuite suite) {
  for (const SuiteParameters& row : kSuites) {
    if (row.suite == suite) return &row;
  }
  return nullptr;
}

}  // namespace handfast::keys
