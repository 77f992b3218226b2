// The table of cipher suites. Left out on purpose: CBC (Lucky 13), CCM (hardly used), static (EC)DH,
// anonymous, PSK and everything older.
#include "keys/cipher_suite.hpp"

#include <array>
#include <limits>

namespace handfast::keys {
namespace {

constexpr std::uint64_t kAesGcmRecordLimit = 23'726'566;  // 2^24.5
// ChaCha20-Poly1305: "the record sequence number would wrap before the safety limit is reached".
constexpr std::uint64_t kChaChaRecordLimit = std::numeric_limits<std::uint64_t>::max() - 1;

using enum CipherSuite;
using Hash = crypto::HashAlgorithm;
using Aead = crypto::AeadAlgorithm;

constexpr SuiteParameters row(CipherSuite suite, KeyExchange exchange, Authentication authentication,
                              Hash hash, Aead aead) {
  const auto version =
      exchange == KeyExchange::by_extension ? ProtocolVersion::tls1_3 : ProtocolVersion::tls1_2;
  return {suite,
          version,
          exchange,
          authentication,
          hash,
          aead,
          aead == Aead::chacha20_poly1305 ? kChaChaRecordLimit : kAesGcmRecordLimit};
}

// clang-format off: one row a line reads as the table it is
constexpr std::array kSuites = {
    row(TLS_AES_128_GCM_SHA256, KeyExchange::by_extension, Authentication::by_scheme, Hash::sha256, Aead::aes_128_gcm),
    row(TLS_AES_256_GCM_SHA384, KeyExchange::by_extension, Authentication::by_scheme, Hash::sha384, Aead::aes_256_gcm),
    row(TLS_CHACHA20_POLY1305_SHA256, KeyExchange::by_extension, Authentication::by_scheme, Hash::sha256, Aead::chacha20_poly1305),
    row(TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, KeyExchange::ecdhe, Authentication::ecdsa, Hash::sha256, Aead::aes_128_gcm),
    row(TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, KeyExchange::ecdhe, Authentication::ecdsa, Hash::sha384, Aead::aes_256_gcm),
    row(TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, KeyExchange::ecdhe, Authentication::ecdsa, Hash::sha256, Aead::chacha20_poly1305),
    row(TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, KeyExchange::ecdhe, Authentication::rsa, Hash::sha256, Aead::aes_128_gcm),
    row(TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, KeyExchange::ecdhe, Authentication::rsa, Hash::sha384, Aead::aes_256_gcm),
    row(TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256, KeyExchange::ecdhe, Authentication::rsa, Hash::sha256, Aead::chacha20_poly1305),
    row(TLS_DHE_RSA_WITH_AES_128_GCM_SHA256, KeyExchange::dhe, Authentication::rsa, Hash::sha256, Aead::aes_128_gcm),
    row(TLS_DHE_RSA_WITH_AES_256_GCM_SHA384, KeyExchange::dhe, Authentication::rsa, Hash::sha384, Aead::aes_256_gcm),
    row(TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256, KeyExchange::dhe, Authentication::rsa, Hash::sha256, Aead::chacha20_poly1305),
    row(TLS_RSA_WITH_AES_128_GCM_SHA256, KeyExchange::rsa, Authentication::rsa, Hash::sha256, Aead::aes_128_gcm),
    row(TLS_RSA_WITH_AES_256_GCM_SHA384, KeyExchange::rsa, Authentication::rsa, Hash::sha384, Aead::aes_256_gcm),
};
// clang-format on

}  // namespace

const SuiteParameters* find_suite(CipherSuite suite) {
  for (const SuiteParameters& row : kSuites) {
    if (row.suite == suite) return &row;
  }
  return nullptr;
}

const SuiteParameters* find_suite(CipherSuite suite, ProtocolVersion version) {
  const SuiteParameters* const found = find_suite(suite);
  return found != nullptr && found->version == version ? found : nullptr;
}

}  // namespace handfast::keys
