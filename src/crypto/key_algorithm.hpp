// AlgorithmIdentifier of keys: the OIDs that Handfast knows and what their parameters mean.
// RFC 3279 §2.3.1 (rsaEncryption), RFC 4055 §3.1 (id-RSASSA-PSS), RFC 5480 §2.1 (id-ecPublicKey), RFC 8410 §3
// (Ed25519), RFC 9881 §2 (ML-DSA). Shared by public keys (SubjectPublicKeyInfo) and private keys (PKCS #8).
#pragma once

#include <handfast/bytes.hpp>
#include <optional>
#include <string_view>

#include "crypto/der.hpp"
#include "crypto/ec.hpp"
#include "crypto/public_key.hpp"

namespace handfast::crypto {

struct KeyAlgorithm {
  KeyType type = KeyType::rsa;
  // id-RSASSA-PSS with parameters: the one hash that the key may be used with.
  std::optional<HashAlgorithm> pss_hash;
};

// Reads one AlgorithmIdentifier. Unknown algorithms, explicit curves and PSS parameters that Handfast cannot
// honour fail `reader` with `unsupported`.
KeyAlgorithm read_key_algorithm(DerReader& reader, ErrorCode unsupported);

// What is known by name and not supported, as key or as signature: "DSA", "Ed448", and "ML-DSA-65" where
// libcrypto is too old for it; empty for others.
std::string_view unsupported_algorithm_name(Bytes oid);

// The content octets of the algorithm's OID. EC keys share one: the curve is in the parameters.
Bytes algorithm_oid(KeyType type);

constexpr std::optional<ec::Curve> curve_of(KeyType type) {
  switch (type) {
    case KeyType::ec_p256:
      return ec::Curve::p256;
    case KeyType::ec_p384:
      return ec::Curve::p384;
    case KeyType::ec_p521:
      return ec::Curve::p521;
    default:
      return std::nullopt;
  }
}

constexpr KeyType type_of(ec::Curve curve) {
  return curve == ec::Curve::p256   ? KeyType::ec_p256
         : curve == ec::Curve::p384 ? KeyType::ec_p384
                                    : KeyType::ec_p521;
}

// Whether a key of this algorithm may make or check a signature by `method` at all, in X.509's view.
bool method_fits(const KeyAlgorithm& algorithm, SignatureMethod method);

}  // namespace handfast::crypto
