// What the ML-KEM tests share: keys and secrets as byte strings, and the names of parameter sets.
// Must not check anything itself.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <handfast/bytes.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "crypto/mlkem/mlkem.hpp"
#include "support/hex.hpp"

namespace handfast::crypto::mlkem::test {

inline constexpr std::array kBothParameters = {Parameters::mlkem768, Parameters::mlkem1024};

inline std::string name(Parameters parameters) {
  return parameters == Parameters::mlkem768 ? "ML-KEM-768" : "ML-KEM-1024";
}

// For the names of parameterised tests.
inline std::string set_name(const testing::TestParamInfo<Parameters>& instance) {
  return name(instance.param).substr(7);
}

inline std::optional<Parameters> parameters_named(std::string_view text) {
  for (const Parameters parameters : kBothParameters) {
    if (text == name(parameters)) return parameters;
  }
  return std::nullopt;  // ML-KEM-512, which TLS does not use
}

using handfast::test::from_hex;
using handfast::test::to_hex;

struct Encapsulation {
  ByteString ciphertext;
  ByteString secret;
};

inline std::optional<Encapsulation> encapsulate(Parameters parameters, Bytes key, Bytes m) {
  Encapsulation result{ByteString(ciphertext_size(parameters)), ByteString(kSharedSecretSize)};
  if (m.size() != kMessageSize) return std::nullopt;
  if (!mlkem::encapsulate(parameters, key, m.first<kMessageSize>(), result.ciphertext,
                          std::span(result.secret).first<kSharedSecretSize>())) {
    return std::nullopt;
  }
  return result;
}

inline std::optional<ByteString> decapsulate(const DecapsulationKey& key, Bytes ciphertext) {
  ByteString secret(kSharedSecretSize);
  if (!key.decapsulate(ciphertext, std::span(secret).first<kSharedSecretSize>())) return std::nullopt;
  return secret;
}

inline std::optional<DecapsulationKey> key_from_seed(Parameters parameters, Bytes seed) {
  if (seed.size() != kSeedSize) return std::nullopt;
  return DecapsulationKey::from_seed(parameters, seed.first<kSeedSize>());
}

inline ByteString expanded(Parameters parameters, const DecapsulationKey& key) {
  ByteString bytes(decapsulation_key_size(parameters));
  if (!key.expand(bytes)) bytes.clear();
  return bytes;
}

}  // namespace handfast::crypto::mlkem::test
