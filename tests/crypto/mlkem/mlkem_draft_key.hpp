// Key generation as the draft of FIPS 203 had it: G(d) where the standard has G(d ‖ k) (FIPS 203 §C.2). Some
// vectors were made with it, and all that follows is the same. Must not leave the tests.
#pragma once

#include <algorithm>
#include <array>
#include <handfast/bytes.hpp>
#include <optional>

#include "crypto/mlkem/keccak.hpp"
#include "crypto/mlkem/mlkem.hpp"
#include "crypto/mlkem/pke.hpp"

namespace handfast::crypto::mlkem::test {

inline std::optional<DecapsulationKey> draft_key(Parameters parameters, Bytes seed) {
  const pke::ParameterSet set =
      parameters == Parameters::mlkem768 ? pke::ParameterSet{3, 10, 4} : pke::ParameterSet{4, 11, 5};
  std::array<std::uint8_t, 64> rho_and_sigma;
  Sponge g = sha3_512();
  g.absorb(seed.first(32));
  g.squeeze(rho_and_sigma);
  const std::span halves(rho_and_sigma);

  NttVector secret;
  pke::EncryptionKey key;
  pke::generate(set, halves.first<32>(), halves.last<32>(), secret, key);
  ByteString expanded(decapsulation_key_size(parameters));
  const MutableBytes all(expanded);
  const MutableBytes encapsulation_key = all.subspan(set.secret_key_size(), set.encryption_key_size());
  pke::encode_vector(secret, set.k, all.first(set.secret_key_size()));
  pke::encode_vector(key.t, set.k, encapsulation_key);
  std::ranges::copy(halves.first<32>(), encapsulation_key.last(32).begin());
  Sponge h = sha3_256();
  h.absorb(encapsulation_key);
  h.squeeze(all.last(64).first(32));
  std::ranges::copy(seed.last(32), all.last(32).begin());
  return DecapsulationKey::from_expanded(parameters, expanded);
}

}  // namespace handfast::crypto::mlkem::test
