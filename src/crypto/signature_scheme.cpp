// What TLS's signature schemes mean, and which keys may make them. RFC 9846 §4.3.3.
#include "crypto/public_key.hpp"
#include "crypto/pure_signature.hpp"

namespace handfast::crypto {
namespace {

std::optional<SignatureMethod> ml_dsa(SignatureAlgorithm algorithm) {
  if (!has_ml_dsa()) return std::nullopt;
  return SignatureMethod{algorithm, HashAlgorithm::sha512};
}

}  // namespace

bool has_ml_dsa() { return pure::is_available(KeyType::ml_dsa_44); }

std::optional<SignatureMethod> method_of(SignatureScheme scheme) {
  using enum SignatureScheme;
  using Algorithm = SignatureAlgorithm;
  switch (scheme) {
    case rsa_pkcs1_sha1:
      return SignatureMethod{Algorithm::rsa_pkcs1, HashAlgorithm::sha1};
    case ecdsa_sha1:
      return SignatureMethod{Algorithm::ecdsa, HashAlgorithm::sha1};
    case rsa_pkcs1_sha256:
      return SignatureMethod{Algorithm::rsa_pkcs1, HashAlgorithm::sha256};
    case rsa_pkcs1_sha384:
      return SignatureMethod{Algorithm::rsa_pkcs1, HashAlgorithm::sha384};
    case rsa_pkcs1_sha512:
      return SignatureMethod{Algorithm::rsa_pkcs1, HashAlgorithm::sha512};
    case ecdsa_secp256r1_sha256:
      return SignatureMethod{Algorithm::ecdsa, HashAlgorithm::sha256};
    case ecdsa_secp384r1_sha384:
      return SignatureMethod{Algorithm::ecdsa, HashAlgorithm::sha384};
    case ecdsa_secp521r1_sha512:
      return SignatureMethod{Algorithm::ecdsa, HashAlgorithm::sha512};
    case rsa_pss_rsae_sha256:
    case rsa_pss_pss_sha256:
      return SignatureMethod{Algorithm::rsa_pss, HashAlgorithm::sha256};
    case rsa_pss_rsae_sha384:
    case rsa_pss_pss_sha384:
      return SignatureMethod{Algorithm::rsa_pss, HashAlgorithm::sha384};
    case rsa_pss_rsae_sha512:
    case rsa_pss_pss_sha512:
      return SignatureMethod{Algorithm::rsa_pss, HashAlgorithm::sha512};
    case ed25519:
      return SignatureMethod{Algorithm::ed25519, HashAlgorithm::sha512};
    case mldsa44:
      return ml_dsa(Algorithm::ml_dsa_44);
    case mldsa65:
      return ml_dsa(Algorithm::ml_dsa_65);
    case mldsa87:
      return ml_dsa(Algorithm::ml_dsa_87);
    case ed448:
      return std::nullopt;
  }
  return std::nullopt;
}

bool key_fits(KeyType type, SignatureScheme scheme) {
  using enum SignatureScheme;
  switch (scheme) {
    case rsa_pss_rsae_sha256:
    case rsa_pss_rsae_sha384:
    case rsa_pss_rsae_sha512:
      return type == KeyType::rsa;
    case rsa_pss_pss_sha256:
    case rsa_pss_pss_sha384:
    case rsa_pss_pss_sha512:
      return type == KeyType::rsa_pss;
    case ecdsa_secp256r1_sha256:
      return type == KeyType::ec_p256;
    case ecdsa_secp384r1_sha384:
      return type == KeyType::ec_p384;
    case ecdsa_secp521r1_sha512:
      return type == KeyType::ec_p521;
    case ed25519:
      return type == KeyType::ed25519;
    case mldsa44:
      return type == KeyType::ml_dsa_44;
    case mldsa65:
      return type == KeyType::ml_dsa_65;
    case mldsa87:
      return type == KeyType::ml_dsa_87;
    // RFC 9846 §4.3.3: these "refer solely to signatures which appear in certificates […] and are not defined
    // for use in signed TLS handshake messages".
    default:
      return false;
  }
}

bool key_fits_tls12(KeyType type, SignatureScheme scheme) {
  const auto method = method_of(scheme);
  if (!method || method->hash == HashAlgorithm::sha1) return false;
  switch (method->algorithm) {
    case SignatureAlgorithm::rsa_pkcs1:
      return type == KeyType::rsa;
    case SignatureAlgorithm::ecdsa:
      return type == KeyType::ec_p256 || type == KeyType::ec_p384 || type == KeyType::ec_p521;
    // draft-ietf-tls-mldsa §4: these "MUST NOT be used" before TLS 1.3.
    case SignatureAlgorithm::ml_dsa_44:
    case SignatureAlgorithm::ml_dsa_65:
    case SignatureAlgorithm::ml_dsa_87:
      return false;
    default:
      return key_fits(type, scheme);
  }
}

bool signs_tls13_messages(SignatureScheme scheme) {
  const auto method = method_of(scheme);
  return method && method->algorithm != SignatureAlgorithm::rsa_pkcs1 && method->hash != HashAlgorithm::sha1;
}

}  // namespace handfast::crypto
