// Public keys and signature verification. RFC 9846 §4.3.3, RFC 5280 §4.1.2.7, RFC 5480, 8017, 8032, 8410,
// 9881. Must accept named curves only, and no DSA.
#pragma once

#include <cstddef>
#include <cstdint>
#include <handfast/bytes.hpp>
#include <handfast/codepoints.hpp>
#include <handfast/error.hpp>
#include <handfast/random.hpp>
#include <memory>
#include <optional>

#include "crypto/hash.hpp"

namespace handfast::crypto {

enum class KeyType : std::uint8_t {
  rsa,
  rsa_pss,
  ec_p256,
  ec_p384,
  ec_p521,
  ed25519,
  ml_dsa_44,  // where libcrypto has it: see has_ml_dsa()
  ml_dsa_65,
  ml_dsa_87
};

enum class SignatureAlgorithm : std::uint8_t {
  rsa_pkcs1,
  rsa_pss,
  ecdsa,
  ed25519,
  ml_dsa_44,
  ml_dsa_65,
  ml_dsa_87
};

// Whether this libcrypto knows ML-DSA (OpenSSL 3.5 does). Without it such keys and signatures are
// unsupported.
bool has_ml_dsa();

// A way to sign as X.509 names it: for ECDSA any hash goes with any curve.
struct SignatureMethod {
  SignatureAlgorithm algorithm;
  HashAlgorithm
      hash;  // sha512 for Ed25519 and ML-DSA, which ignore it; the RSA-PSS salt is as long as the hash
  friend bool operator==(const SignatureMethod&, const SignatureMethod&) = default;
};

// The method behind a TLS scheme, or nothing for schemes that Handfast cannot check (with this libcrypto).
std::optional<SignatureMethod> method_of(SignatureScheme scheme);
// Whether a key of `type` may make `scheme` in TLS 1.3 (ecdsa_secp256r1_sha256 wants P-256, rsa_pss_rsae an
// rsaEncryption key, rsa_pss_pss an id-RSASSA-PSS key). RFC 9846 §4.3.3.
bool key_fits(KeyType type, SignatureScheme scheme);

// The same in TLS 1.2: there the curve of an ECDSA key is not bound to the hash, and PKCS #1 v1.5 signs
// handshake messages too. RFC 5246 §7.4.1.4.1, RFC 8422 §5.10, RFC 9846 §4.3.3. Never SHA-1 (RFC 9155).
bool key_fits_tls12(KeyType type, SignatureScheme scheme);

// False for PKCS #1 v1.5 and SHA-1: in TLS 1.3 they stand in certificates only.
bool signs_tls13_messages(SignatureScheme scheme);

class PublicKey {
 public:
  // From a SubjectPublicKeyInfo (DER). Errors: certificate_unsupported_algorithm (DSA, unknown, explicit
  // parameters), certificate_malformed, certificate_weak_key (RSA modulus over 8192 bits or an even or tiny
  // exponent: refused before any work).
  static Result<PublicKey> from_spki(Bytes spki);
  PublicKey(PublicKey&&) noexcept;
  PublicKey& operator=(PublicKey&&) noexcept;
  ~PublicKey();

  [[nodiscard]] KeyType type() const;
  // RSA: bits of the modulus; EC: bits of the field; Ed25519 and ML-DSA: bits of the public key.
  [[nodiscard]] std::size_t bits() const;

  // Success or certificate_bad_signature; crypto_failed if libcrypto fails otherwise. A method that does not
  // fit the key's type fails as bad signature.
  Result<void> verify(SignatureMethod method, Bytes message, Bytes signature) const;

  // RSAES-PKCS1-v1_5 (RFC 8017 §7.2.1), for the premaster secret of TLS 1.2's RSA key exchange. Errors:
  // certificate_key_unsuitable unless the key is rsaEncryption, crypto_failed.
  Result<ByteString> encrypt_premaster(Bytes premaster, const RandomSource& random) const;

 private:
  struct Key;
  explicit PublicKey(std::unique_ptr<Key> key);
  std::unique_ptr<Key> key_;
};

}  // namespace handfast::crypto
