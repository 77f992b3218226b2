// The primitives: see the header.
#include "primitives.hpp"

#include <openssl/evp.h>

#include <array>
#include <memory>

#include "setup.hpp"

namespace handfast::bench {
namespace {

template <auto Function>
struct FreeWith {
  template <class T>
  void operator()(T* object) const {
    Function(object);
  }
};
using OwnedKey = std::unique_ptr<EVP_PKEY, FreeWith<&EVP_PKEY_free>>;
using OwnedKeyContext = std::unique_ptr<EVP_PKEY_CTX, FreeWith<&EVP_PKEY_CTX_free>>;
using OwnedDigestContext = std::unique_ptr<EVP_MD_CTX, FreeWith<&EVP_MD_CTX_free>>;
using OwnedCipherContext = std::unique_ptr<EVP_CIPHER_CTX, FreeWith<&EVP_CIPHER_CTX_free>>;

void require(bool ok, const char* what) {
  if (!ok) stop(what);
}

OwnedKey x25519_key() {
  EVP_PKEY* key = EVP_PKEY_Q_keygen(nullptr, nullptr, "X25519");
  require(key != nullptr, "X25519 key");
  return OwnedKey(key);
}

void agree(EVP_PKEY* own, EVP_PKEY* peer) {
  std::array<unsigned char, 32> secret{};
  std::size_t size = secret.size();
  const OwnedKeyContext context(EVP_PKEY_CTX_new(own, nullptr));
  require(EVP_PKEY_derive_init(context.get()) == 1 && EVP_PKEY_derive_set_peer(context.get(), peer) == 1 &&
              EVP_PKEY_derive(context.get(), secret.data(), &size) == 1,
          "X25519 derive");
}

constexpr std::size_t kSignedSize = 130;  // what CertificateVerify signs
using Content = std::array<unsigned char, kSignedSize>;

struct Signature {
  std::array<unsigned char, 256> bytes{};
  std::size_t size = 0;
};

void sign(EVP_PKEY* key, const Content& content, Signature& out) {
  const OwnedDigestContext context(EVP_MD_CTX_new());
  out.size = out.bytes.size();
  require(EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
              EVP_DigestSign(context.get(), out.bytes.data(), &out.size, content.data(), content.size()) == 1,
          "sign");
}

void verify(EVP_PKEY* key, const Content& content, const Signature& signature) {
  const OwnedDigestContext context(EVP_MD_CTX_new());
  require(EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
              EVP_DigestVerify(context.get(), signature.bytes.data(), signature.size, content.data(),
                               content.size()) == 1,
          "verify");
}

}  // namespace

Costs handshake_primitives(int count, bool rsa) {
  const OwnedKey issuer(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  const OwnedKey signer(rsa ? EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048})
                            : EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  const OwnedKey peer = x25519_key();
  const Content content{};
  Signature of_issuer;
  Signature of_signer;
  sign(issuer.get(), content, of_issuer);
  Stopwatch exchanging;
  Stopwatch signing;
  Stopwatch verifying;
  for (int i = 0; i < count; ++i) {
    {
      const auto lap = exchanging.lap();
      const OwnedKey own = x25519_key();
      agree(own.get(), peer.get());
    }
    {
      const auto lap = signing.lap();
      sign(signer.get(), content, of_signer);
    }
    const auto lap = verifying.lap();
    verify(issuer.get(), content, of_issuer);
    verify(signer.get(), content, of_signer);
  }
  const double client = (exchanging.total() + verifying.total()) / count;
  const double server = (exchanging.total() + signing.total()) / count;
  return {client, server, client + server};
}

Costs exchange_primitives(int count) {
  const OwnedKey peer = x25519_key();
  Stopwatch exchanging;
  for (int i = 0; i < count; ++i) {
    const auto lap = exchanging.lap();
    const OwnedKey own = x25519_key();
    agree(own.get(), peer.get());
  }
  const double each = exchanging.total() / count;
  return {each, each, 2 * each};
}

Costs record_primitives(std::size_t size, int count) {
  const std::array<unsigned char, 16> key{};
  const std::array<unsigned char, 5> header{};
  std::array<unsigned char, 12> nonce{};
  ByteString plaintext(size + 1, 0x5a);
  ByteString sealed(size + 1 + 16);
  const OwnedCipherContext seal(EVP_CIPHER_CTX_new());
  const OwnedCipherContext open(EVP_CIPHER_CTX_new());
  require(EVP_EncryptInit_ex(seal.get(), EVP_aes_128_gcm(), nullptr, key.data(), nonce.data()) == 1, "init");
  require(EVP_DecryptInit_ex(open.get(), EVP_aes_128_gcm(), nullptr, key.data(), nonce.data()) == 1, "init");
  Stopwatch sealing;
  Stopwatch opening;
  constexpr int kBatch = 16;
  const int length = static_cast<int>(size) + 1;
  for (int done = 0; done < count; done += kBatch) {
    int produced = 0;
    {
      const auto lap = sealing.lap();
      for (int i = 0; i < kBatch; ++i) {
        require(EVP_EncryptInit_ex(seal.get(), nullptr, nullptr, nullptr, nonce.data()) == 1 &&
                    EVP_EncryptUpdate(seal.get(), nullptr, &produced, header.data(), 5) == 1 &&
                    EVP_EncryptUpdate(seal.get(), sealed.data(), &produced, plaintext.data(), length) == 1 &&
                    EVP_EncryptFinal_ex(seal.get(), sealed.data() + produced, &produced) == 1 &&
                    EVP_CIPHER_CTX_ctrl(seal.get(), EVP_CTRL_AEAD_GET_TAG, 16, sealed.data() + length) == 1,
                "seal");
      }
    }
    const auto lap = opening.lap();
    for (int i = 0; i < kBatch; ++i) {
      require(EVP_DecryptInit_ex(open.get(), nullptr, nullptr, nullptr, nonce.data()) == 1 &&
                  EVP_DecryptUpdate(open.get(), nullptr, &produced, header.data(), 5) == 1 &&
                  EVP_DecryptUpdate(open.get(), plaintext.data(), &produced, sealed.data(), length) == 1 &&
                  EVP_CIPHER_CTX_ctrl(open.get(), EVP_CTRL_AEAD_SET_TAG, 16, sealed.data() + length) == 1 &&
                  EVP_DecryptFinal_ex(open.get(), plaintext.data() + produced, &produced) == 1,
              "open");
    }
  }
  const double total = (count + kBatch - 1) / kBatch * kBatch;
  return {sealing.total() / total, opening.total() / total};
}

}  // namespace handfast::bench
