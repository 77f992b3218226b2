// The kinds of keys that this libcrypto can make: ML-DSA is there from OpenSSL 3.5 on.
#pragma once

#include <vector>

#include "crypto/public_key.hpp"

namespace handfast::test {

inline std::vector<crypto::KeyType> every_key_type() {
  using enum crypto::KeyType;
  std::vector types{rsa, rsa_pss, ec_p256, ec_p384, ec_p521, ed25519};
  if (crypto::has_ml_dsa()) types.insert(types.end(), {ml_dsa_44, ml_dsa_65, ml_dsa_87});
  return types;
}

}  // namespace handfast::test
