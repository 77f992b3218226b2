// K-PKE, the encryption scheme inside ML-KEM (FIPS 203 §5), on keys in expanded form.
// Must not be used on its own: it is not secure against chosen ciphertexts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <handfast/bytes.hpp>
#include <span>

#include "crypto/mlkem/encoding.hpp"
#include "crypto/mlkem/polynomial.hpp"

namespace handfast::crypto::mlkem::pke {

// FIPS 203 §8, table 2. η1 and η2 are 2 in both sets.
struct ParameterSet {
  std::size_t k;
  unsigned du;
  unsigned dv;

  constexpr std::size_t u_size() const { return std::size_t{32} * du; }  // of one of the k polynomials
  constexpr std::size_t v_size() const { return std::size_t{32} * dv; }
  constexpr std::size_t secret_key_size() const { return kEncodedPolynomialSize * k; }
  constexpr std::size_t encryption_key_size() const { return kEncodedPolynomialSize * k + 32; }
  constexpr std::size_t ciphertext_size() const { return u_size() * k + v_size(); }
};

// What an encoded encryption key stands for. Kept expanded, because the matrix is most of the cost of using
// it.
struct EncryptionKey {
  NttVector t;
  NttMatrix matrix;
};

// Algorithm 13 after its first step: ρ and σ are G(d ‖ k) split in two.
void generate(const ParameterSet& set, std::span<const std::uint8_t, 32> rho,
              std::span<const std::uint8_t, 32> sigma, NttVector& secret, EncryptionKey& key);

// Algorithm 14. Not constant-time in the key, constant-time in message and randomness.
void encrypt(const ParameterSet& set, const EncryptionKey& key, std::span<const std::uint8_t, 32> message,
             std::span<const std::uint8_t, 32> randomness, MutableBytes ciphertext);

// Algorithm 15.
void decrypt(const ParameterSet& set, const NttVector& secret, Bytes ciphertext,
             std::span<std::uint8_t, 32> message);

// The encodings that algorithms 13 to 15 give to keys. `encoded` has the size that the parameter set says.
void encode_vector(const NttVector& vector, std::size_t k, MutableBytes encoded);
void decode_vector(Bytes encoded, std::size_t k, NttVector& vector);
void decode_key(const ParameterSet& set, Bytes encoded, EncryptionKey& key);

}  // namespace handfast::crypto::mlkem::pke
