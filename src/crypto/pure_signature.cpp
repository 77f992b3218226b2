// Ed25519 and ML-DSA: see the header. There is no interface below EVP for them.
#include "crypto/pure_signature.hpp"

#include <openssl/core_names.h>

#include <array>

namespace handfast::crypto::pure {
namespace {

const char* name_of(KeyType type) {
  switch (type) {
    case KeyType::ml_dsa_44:
      return "ML-DSA-44";
    case KeyType::ml_dsa_65:
      return "ML-DSA-65";
    case KeyType::ml_dsa_87:
      return "ML-DSA-87";
    default:
      return "ED25519";
  }
}

constexpr const char* kSeedParameter = "seed";  // OSSL_PKEY_PARAM_ML_DSA_SEED of OpenSSL 3.5

bool has_algorithm(KeyType type) {
  const OwnedPkeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, name_of(type), nullptr));
  const bool has = context && EVP_PKEY_fromdata_init(context.get()) == 1;
  ERR_clear_error();
  return has;
}

OwnedPkey import_seed(KeyType type, Bytes seed) {
  const OwnedPkeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, name_of(type), nullptr));
  // libcrypto only reads it, but its type is shared with the parameters that it writes.
  std::array parameters{
      OSSL_PARAM_construct_octet_string(kSeedParameter, const_cast<std::uint8_t*>(seed.data()), seed.size()),
      OSSL_PARAM_construct_end()};
  EVP_PKEY* key = nullptr;
  if (!context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_KEYPAIR, parameters.data()) != 1) {
    return nullptr;
  }
  return OwnedPkey(key);
}

}  // namespace

std::optional<Sizes> sizes_of(KeyType type) {
  switch (type) {
    case KeyType::ed25519:
      return Sizes{.public_key = 32, .signature = 64, .expanded_key = 0};
    case KeyType::ml_dsa_44:  // FIPS 204, table 2
      return Sizes{.public_key = 1312, .signature = 2420, .expanded_key = 2560};
    case KeyType::ml_dsa_65:
      return Sizes{.public_key = 1952, .signature = 3309, .expanded_key = 4032};
    case KeyType::ml_dsa_87:
      return Sizes{.public_key = 2592, .signature = 4627, .expanded_key = 4896};
    default:
      return std::nullopt;
  }
}

bool is_available(KeyType type) {
  static const bool kMlDsa = has_algorithm(KeyType::ml_dsa_44) && has_algorithm(KeyType::ml_dsa_65) &&
                             has_algorithm(KeyType::ml_dsa_87);
  return type == KeyType::ed25519 || (sizes_of(type) && kMlDsa);
}

OwnedPkey public_key(KeyType type, Bytes key) {
  return OwnedPkey(EVP_PKEY_new_raw_public_key_ex(nullptr, name_of(type), nullptr, key.data(), key.size()));
}

OwnedPkey private_key(KeyType type, Bytes seed) {
  if (type != KeyType::ed25519) return import_seed(type, seed);
  return OwnedPkey(
      EVP_PKEY_new_raw_private_key_ex(nullptr, name_of(type), nullptr, seed.data(), seed.size()));
}

OwnedPkey private_key_from_expanded(KeyType type, Bytes expanded) {
  return OwnedPkey(
      EVP_PKEY_new_raw_private_key_ex(nullptr, name_of(type), nullptr, expanded.data(), expanded.size()));
}

Result<void> get_public_key(const EVP_PKEY& key, MutableBytes out) {
  std::size_t size = out.size();
  if (EVP_PKEY_get_raw_public_key(&key, out.data(), &size) != 1 || size != out.size())
    return crypto_failure();
  return {};
}

Result<void> get_seed(const EVP_PKEY& key, KeyType type, MutableBytes out) {
  if (type == KeyType::ed25519) return get_expanded_key(key, out);
  std::size_t size = 0;
  if (EVP_PKEY_get_octet_string_param(&key, kSeedParameter, out.data(), out.size(), &size) != 1 ||
      size != out.size()) {
    return crypto_failure(ErrorCode::key_unsupported);
  }
  return {};
}

Result<void> get_expanded_key(const EVP_PKEY& key, MutableBytes out) {
  std::size_t size = out.size();
  if (EVP_PKEY_get_raw_private_key(&key, out.data(), &size) != 1 || size != out.size())
    return crypto_failure();
  return {};
}

Result<void> verify(EVP_PKEY& key, KeyType type, Bytes message, Bytes signature) {
  const auto sizes = sizes_of(type);
  if (!sizes || signature.size() != sizes->signature) return failure(ErrorCode::certificate_bad_signature);
  const OwnedDigestContext context(EVP_MD_CTX_new());
  if (!context || EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, &key) != 1) {
    return crypto_failure();
  }
  if (EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(), message.size()) !=
      1) {
    return crypto_failure(ErrorCode::certificate_bad_signature);
  }
  return {};
}

Result<ByteString> sign(EVP_PKEY& key, KeyType type, Bytes message) {
  const auto sizes = sizes_of(type);
  if (!sizes) return failure(ErrorCode::signer_failed);
  const OwnedDigestContext context(EVP_MD_CTX_new());
  ByteString signature(sizes->signature);
  std::size_t size = signature.size();
  if (!context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, &key) != 1 ||
      EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) != 1 ||
      size != signature.size()) {
    return crypto_failure(ErrorCode::signer_failed);
  }
  return signature;
}

}  // namespace handfast::crypto::pure
