// Private keys: reading, making, signing. RFC 5958, 5915, 8017, 8032, 7468.
// Signer (handfast/signer.hpp) is the face that connections see.
#pragma once

#include <handfast/bytes.hpp>
#include <handfast/codepoints.hpp>
#include <handfast/error.hpp>
#include <handfast/random.hpp>
#include <handfast/secret.hpp>
#include <handfast/signer.hpp>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "crypto/public_key.hpp"

namespace handfast::crypto {

struct ParsedPrivateKey;

// A premaster secret that a client encrypted: client_version and 46 random bytes (RFC 5246 §7.4.7.1).
inline constexpr std::size_t kRsaPremasterSize = 48;
using RsaPremaster = Secret<kRsaPremasterSize>;

// What a holder of an RSA key can do beside signing. A Signer that is one too can serve TLS 1.2's RSA key
// exchange; keys outside the process cannot.
class PremasterDecryptor {
 public:
  virtual ~PremasterDecryptor() = default;
  // Never says whether the ciphertext was good: then the secret is a random one. `offered` is the
  // client_version of the ClientHello. Errors: crypto_failed if there is no randomness.
  [[nodiscard]] virtual Result<RsaPremaster> decrypt_premaster(Bytes encrypted, ProtocolVersion offered,
                                                               const RandomSource& random) const = 0;
};

class PrivateKey {
 public:
  // The first key of a file, PEM or DER: PKCS #8 (encrypted by PBES2, too), SEC1, PKCS #1 (also the encrypted
  // PEM of old OpenSSL); other blocks (EC PARAMETERS, certificates, Bag Attributes) are skipped. The
  // passphrase is not looked at if the key is not encrypted. Errors: pem_malformed (the detail says what the
  // file is instead), key_unsupported (DSA, RSA < 2048 bits, …), key_passphrase_missing,
  // key_passphrase_wrong.
  static Result<PrivateKey> from_bytes(Bytes file, std::optional<std::string_view> passphrase = std::nullopt);
  static Result<PrivateKey> from_pem(std::string_view pem,
                                     std::optional<std::string_view> passphrase = std::nullopt) {
    return from_bytes(as_bytes(pem), passphrase);
  }
  // A new key, for throw-away CAs and tests. RSA: 2048 bits. Errors: key_unsupported (ML-DSA that libcrypto
  // does not have).
  static Result<PrivateKey> generate(KeyType type);
  PrivateKey(PrivateKey&&) noexcept;
  PrivateKey& operator=(PrivateKey&&) noexcept;
  ~PrivateKey();

  [[nodiscard]] KeyType type() const;
  // The schemes the key can make in TLS 1.3 and in certificates, best first.
  [[nodiscard]] std::span<const SignatureScheme> schemes() const;
  // SubjectPublicKeyInfo, DER.
  [[nodiscard]] Bytes public_key() const;
  // PKCS#8 PEM.
  [[nodiscard]] Result<std::string> to_pem() const;
  // Errors: signer_failed, also if the scheme does not fit. Thread-safe.
  Result<ByteString> sign(SignatureMethod method, Bytes content) const;
  // See rsa_premaster.hpp. Errors: key_unsupported unless the key is rsaEncryption. Thread-safe.
  Result<RsaPremaster> decrypt_premaster(Bytes encrypted, ProtocolVersion offered,
                                         const RandomSource& random) const;

 private:
  struct Key;
  explicit PrivateKey(std::unique_ptr<Key> key);
  static Result<PrivateKey> from_parsed(ParsedPrivateKey parsed);
  std::unique_ptr<Key> key_;
};

// A Signer that owns `key` and answers inside sign(). With an rsaEncryption key it is a PremasterDecryptor,
// too.
std::shared_ptr<const Signer> make_signer(PrivateKey key);

}  // namespace handfast::crypto
