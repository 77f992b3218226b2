// AEAD over libcrypto's ciphers: see the header. RFC 5116, RFC 8439.
// Must not fetch or allocate per record: the cipher is fetched once per process, its context made once per
// key.
#include "crypto/aead.hpp"

#include <openssl/evp.h>

#include <climits>
#include <handfast/secret.hpp>

#include "crypto/openssl.hpp"

namespace handfast::crypto {
namespace {

// An implicit fetch, as EVP_aes_128_gcm() causes, costs more than sealing a short record.
const EVP_CIPHER* fetch(const char* name) { return EVP_CIPHER_fetch(nullptr, name, nullptr); }

const EVP_CIPHER* cipher_of(AeadAlgorithm algorithm) {
  static const EVP_CIPHER* const aes_128_gcm = fetch("AES-128-GCM");
  static const EVP_CIPHER* const aes_256_gcm = fetch("AES-256-GCM");
  static const EVP_CIPHER* const chacha20_poly1305 = fetch("ChaCha20-Poly1305");
  switch (algorithm) {
    case AeadAlgorithm::aes_128_gcm:
      return aes_128_gcm;
    case AeadAlgorithm::aes_256_gcm:
      return aes_256_gcm;
    case AeadAlgorithm::chacha20_poly1305:
      return chacha20_poly1305;
  }
  return nullptr;
}

// `out` may be null: then `in` is additional data. Records are far below INT_MAX; others are refused.
bool update(EVP_CIPHER_CTX* context, std::uint8_t* out, Bytes in) {
  if (in.empty()) return true;
  if (in.size() > INT_MAX) return false;
  int written = 0;
  return EVP_CipherUpdate(context, out, &written, in.data(), static_cast<int>(in.size())) == 1 &&
         written == static_cast<int>(in.size());
}

}  // namespace

void Aead::Free::operator()(evp_cipher_ctx_st* context) const { EVP_CIPHER_CTX_free(context); }

Result<Aead> Aead::create(AeadAlgorithm algorithm, Purpose purpose, Bytes key) {
  if (key.size() != aead_key_size(algorithm)) return failure(ErrorCode::crypto_failed);
  const EVP_CIPHER* cipher = cipher_of(algorithm);
  if (cipher == nullptr) return crypto_failure();
  Aead aead(EVP_CIPHER_CTX_new());
  if (!aead.context_) return crypto_failure(ErrorCode::out_of_memory);
  const int encrypt = purpose == Purpose::seal ? 1 : 0;
  if (EVP_CipherInit_ex(aead.context_.get(), cipher, nullptr, key.data(), nullptr, encrypt) != 1) {
    return crypto_failure();
  }
  return aead;
}

Result<void> Aead::seal(Bytes nonce, Bytes additional_data, Bytes plaintext, Bytes trailer,
                        MutableBytes out) {
  if (nonce.size() != kAeadNonceSize || out.size() != plaintext.size() + trailer.size() + kAeadTagSize) {
    return failure(ErrorCode::internal_error);
  }
  EVP_CIPHER_CTX* const context = context_.get();
  std::uint8_t* const tag = out.data() + plaintext.size() + trailer.size();
  int written = 0;
  const bool sealed = EVP_CipherInit_ex(context, nullptr, nullptr, nullptr, nonce.data(), -1) == 1 &&
                      update(context, nullptr, additional_data) && update(context, out.data(), plaintext) &&
                      update(context, out.data() + plaintext.size(), trailer) &&
                      EVP_CipherFinal_ex(context, tag, &written) == 1 && written == 0 &&
                      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, kAeadTagSize, tag) == 1;
  if (!sealed) return crypto_failure();
  return {};
}

Result<MutableBytes> Aead::open(Bytes nonce, Bytes additional_data, MutableBytes sealed) {
  if (nonce.size() != kAeadNonceSize) return failure(ErrorCode::internal_error);
  if (sealed.size() < kAeadTagSize) return failure(ErrorCode::record_bad_mac);
  EVP_CIPHER_CTX* const context = context_.get();
  const MutableBytes text = sealed.first(sealed.size() - kAeadTagSize);
  std::uint8_t* const tag = sealed.data() + text.size();
  int written = 0;
  const bool ready = EVP_CipherInit_ex(context, nullptr, nullptr, nullptr, nonce.data(), -1) == 1 &&
                     EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, kAeadTagSize, tag) == 1 &&
                     update(context, nullptr, additional_data) && update(context, text.data(), text);
  if (!ready) {
    wipe(text);
    return crypto_failure();
  }
  // RFC 9846 §5.2: "If the decryption fails, the receiver MUST terminate the connection with a
  // "bad_record_mac" alert."
  if (EVP_CipherFinal_ex(context, tag, &written) != 1) {
    wipe(text);
    return crypto_failure(ErrorCode::record_bad_mac);
  }
  return text;
}

}  // namespace handfast::crypto
