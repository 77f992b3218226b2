// ML-KEM of libcrypto: see the header.
#include "crypto/ml_kem_provider.hpp"

#include <openssl/core_names.h>
#include <openssl/opensslv.h>

#include <array>

namespace handfast::crypto::kem::provider {

#if OPENSSL_VERSION_NUMBER >= 0x30500000L

namespace {

const char* name_of(mlkem::Parameters parameters) {
  return parameters == mlkem::Parameters::mlkem768 ? "ML-KEM-768" : "ML-KEM-1024";
}

bool has_key_management(const char* name) {
  const OwnedPkeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, name, nullptr));
  if (!context || EVP_PKEY_fromdata_init(context.get()) != 1) {
    ERR_clear_error();
    return false;
  }
  return true;
}

OSSL_PARAM octets(const char* name, Bytes value) {
  // libcrypto only reads it, but its type is shared with the parameters that it writes.
  return OSSL_PARAM_construct_octet_string(name, const_cast<std::uint8_t*>(value.data()), value.size());
}

OwnedPkey import(mlkem::Parameters parameters, int selection, const char* what, Bytes value) {
  const OwnedPkeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, name_of(parameters), nullptr));
  std::array params{octets(what, value), OSSL_PARAM_construct_end()};
  EVP_PKEY* key = nullptr;
  if (!context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, selection, params.data()) != 1) {
    return nullptr;
  }
  return OwnedPkey(key);
}

}  // namespace

bool available(mlkem::Parameters parameters) {
  static const bool mlkem768 = has_key_management("ML-KEM-768");
  static const bool mlkem1024 = has_key_management("ML-KEM-1024");
  return parameters == mlkem::Parameters::mlkem768 ? mlkem768 : mlkem1024;
}

Result<DecapsulationKey> DecapsulationKey::from_seed(mlkem::Parameters parameters, Bytes seed,
                                                     MutableBytes encapsulation_key) {
  OwnedPkey key = import(parameters, EVP_PKEY_KEYPAIR, OSSL_PKEY_PARAM_ML_KEM_SEED, seed);
  std::size_t size = encapsulation_key.size();
  if (!key || EVP_PKEY_get_raw_public_key(key.get(), encapsulation_key.data(), &size) != 1 ||
      size != encapsulation_key.size()) {
    return crypto_failure();
  }
  return DecapsulationKey(std::move(key));
}

Result<void> DecapsulationKey::decapsulate(Bytes ciphertext, MutableBytes secret) const {
  const OwnedPkeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key_.get(), nullptr));
  std::size_t size = secret.size();
  if (!context || EVP_PKEY_decapsulate_init(context.get(), nullptr) != 1 ||
      EVP_PKEY_decapsulate(context.get(), secret.data(), &size, ciphertext.data(), ciphertext.size()) != 1 ||
      size != secret.size()) {
    return crypto_failure();
  }
  return {};
}

Result<void> encapsulate(mlkem::Parameters parameters, Bytes encapsulation_key, Bytes m,
                         MutableBytes ciphertext, MutableBytes secret) {
  // libcrypto's import performs the modulus check.
  const OwnedPkey key = import(parameters, EVP_PKEY_PUBLIC_KEY, OSSL_PKEY_PARAM_PUB_KEY, encapsulation_key);
  if (!key) return crypto_failure(ErrorCode::key_share_invalid);
  const OwnedPkeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
  std::array params{octets(OSSL_KEM_PARAM_IKME, m), OSSL_PARAM_construct_end()};
  std::size_t ciphertext_size = ciphertext.size();
  std::size_t secret_size = secret.size();
  if (!context || EVP_PKEY_encapsulate_init(context.get(), params.data()) != 1 ||
      EVP_PKEY_encapsulate(context.get(), ciphertext.data(), &ciphertext_size, secret.data(), &secret_size) !=
          1 ||
      ciphertext_size != ciphertext.size() || secret_size != secret.size()) {
    return crypto_failure();
  }
  return {};
}

#else

bool available(mlkem::Parameters /*parameters*/) { return false; }

Result<DecapsulationKey> DecapsulationKey::from_seed(mlkem::Parameters /*parameters*/, Bytes /*seed*/,
                                                     MutableBytes /*encapsulation_key*/) {
  return failure(ErrorCode::internal_error);
}

Result<void> DecapsulationKey::decapsulate(Bytes /*ciphertext*/, MutableBytes /*secret*/) const {
  return failure(ErrorCode::internal_error);
}

Result<void> encapsulate(mlkem::Parameters /*parameters*/, Bytes /*encapsulation_key*/, Bytes /*m*/,
                         MutableBytes /*ciphertext*/, MutableBytes /*secret*/) {
  return failure(ErrorCode::internal_error);
}

#endif

}  // namespace handfast::crypto::kem::provider
