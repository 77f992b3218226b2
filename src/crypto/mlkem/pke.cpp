// K-PKE.KeyGen, Encrypt and Decrypt (FIPS 203 §5.1 to §5.3).
// Must leave no secret temporary behind: each is a Wiped.
#include "crypto/mlkem/pke.hpp"

#include "crypto/mlkem/constant_time.hpp"
#include "crypto/mlkem/sampling.hpp"

namespace handfast::crypto::mlkem::pke {
namespace {

void transform(const PolynomialVector& input, std::size_t k, NttVector& output) {
  for (std::size_t i = 0; i < k; ++i) ntt(input[i], output[i]);
}

// output = left^T · right, times the 2^-16 that inverse_ntt and finish_sum cancel.
void inner_product(const NttVector& left, const NttVector& right, std::size_t k, NttPolynomial& output) {
  output.coefficients.fill(0);
  for (std::size_t i = 0; i < k; ++i) add_product(output, left[i], right[i]);
  reduce(output);
}

// Row `column` of the transposed matrix times `right`.
void column_product(const NttMatrix& matrix, std::size_t column, const NttVector& right, std::size_t k,
                    NttPolynomial& output) {
  output.coefficients.fill(0);
  for (std::size_t i = 0; i < k; ++i) add_product(output, matrix[i][column], right[i]);
  reduce(output);
}

struct GenerateScratch {
  PolynomialVector noise;
  NttVector error;
  NttPolynomial product;
};

struct EncryptScratch {
  std::array<Polynomial, 2 * kMaxDimension + 1> noise;  // y, e1 and e2 of Algorithm 14
  NttVector y;
  NttPolynomial product;
  Polynomial result;
  Polynomial message;
};

struct DecryptScratch {
  PolynomialVector u;
  NttVector u_transformed;
  NttPolynomial product;
  Polynomial masked;
  Polynomial message;
};

}  // namespace

void generate(const ParameterSet& set, std::span<const std::uint8_t, 32> rho,
              std::span<const std::uint8_t, 32> sigma, NttVector& secret, EncryptionKey& key) {
  sample_matrix(rho, set.k, key.matrix);
  Wiped<GenerateScratch> scratch;
  const auto noise = std::span(scratch->noise).first(set.k);
  sample_noise(sigma, 0, noise);
  transform(scratch->noise, set.k, secret);
  sample_noise(sigma, static_cast<std::uint8_t>(set.k), noise);
  transform(scratch->noise, set.k, scratch->error);
  for (std::size_t i = 0; i < set.k; ++i) {
    inner_product(key.matrix[i], secret, set.k, scratch->product);
    finish_sum(key.t[i], scratch->product, scratch->error[i]);
  }
}

void encrypt(const ParameterSet& set, const EncryptionKey& key, std::span<const std::uint8_t, 32> message,
             std::span<const std::uint8_t, 32> randomness, MutableBytes ciphertext) {
  Wiped<EncryptScratch> scratch;
  sample_noise(randomness, 0, std::span(scratch->noise).first(2 * set.k + 1));
  for (std::size_t i = 0; i < set.k; ++i) ntt(scratch->noise[i], scratch->y[i]);

  for (std::size_t i = 0; i < set.k; ++i) {
    column_product(key.matrix, i, scratch->y, set.k, scratch->product);
    inverse_ntt(scratch->product, scratch->result);
    add(scratch->result, scratch->noise[set.k + i]);
    compress(set.du, scratch->result, ciphertext.first(set.u_size()));
    ciphertext = ciphertext.subspan(set.u_size());
  }

  inner_product(key.t, scratch->y, set.k, scratch->product);
  inverse_ntt(scratch->product, scratch->result);
  add(scratch->result, scratch->noise[2 * set.k]);
  decode_message(message, scratch->message);
  add(scratch->result, scratch->message);
  compress(set.dv, scratch->result, ciphertext.first(set.v_size()));
}

void decrypt(const ParameterSet& set, const NttVector& secret, Bytes ciphertext,
             std::span<std::uint8_t, 32> message) {
  Wiped<DecryptScratch> scratch;
  for (std::size_t i = 0; i < set.k; ++i) {
    decompress(set.du, ciphertext.first(set.u_size()), scratch->u[i]);
    ciphertext = ciphertext.subspan(set.u_size());
  }
  transform(scratch->u, set.k, scratch->u_transformed);
  inner_product(secret, scratch->u_transformed, set.k, scratch->product);
  inverse_ntt(scratch->product, scratch->masked);
  decompress(set.dv, ciphertext.first(set.v_size()), scratch->message);
  subtract(scratch->message, scratch->masked);
  encode_message(scratch->message, message);
}

void encode_vector(const NttVector& vector, std::size_t k, MutableBytes encoded) {
  for (std::size_t i = 0; i < k; ++i) {
    encode(vector[i], encoded.subspan(kEncodedPolynomialSize * i).first<kEncodedPolynomialSize>());
  }
}

void decode_vector(Bytes encoded, std::size_t k, NttVector& vector) {
  for (std::size_t i = 0; i < k; ++i) {
    decode(encoded.subspan(kEncodedPolynomialSize * i).first<kEncodedPolynomialSize>(), vector[i]);
  }
}

void decode_key(const ParameterSet& set, Bytes encoded, EncryptionKey& key) {
  decode_vector(encoded, set.k, key.t);
  sample_matrix(encoded.subspan(kEncodedPolynomialSize * set.k).first<32>(), set.k, key.matrix);
}

}  // namespace handfast::crypto::mlkem::pke
