// Ed25519: see the header. There is no interface below EVP for it.
#include "crypto/eddsa.hpp"

namespace handfast::crypto::ed25519 {

OwnedPkey public_key(Bytes key) {
  return OwnedPkey(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()));
}

OwnedPkey private_key(Bytes seed) {
  return OwnedPkey(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
}

Result<void> public_of(const EVP_PKEY& key, MutableBytes out) {
  std::size_t size = out.size();
  if (EVP_PKEY_get_raw_public_key(&key, out.data(), &size) != 1 || size != out.size())
    return crypto_failure();
  return {};
}

Result<void> verify(EVP_PKEY& key, Bytes message, Bytes signature) {
  if (signature.size() != kSignatureSize) return failure(ErrorCode::certificate_bad_signature);
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

Result<ByteString> sign(EVP_PKEY& key, Bytes message) {
  const OwnedDigestContext context(EVP_MD_CTX_new());
  ByteString signature(kSignatureSize);
  std::size_t size = signature.size();
  if (!context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, &key) != 1 ||
      EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) != 1 ||
      size != signature.size()) {
    return crypto_failure(ErrorCode::signer_failed);
  }
  return signature;
}

}  // namespace handfast::crypto::ed25519
