// RSA key exchange: see the header.
#define OPENSSL_SUPPRESS_DEPRECATED  // low-level RSA: reason in rsa.cpp
#include "crypto/rsa_premaster.hpp"

#include <algorithm>
#include <array>
#include <handfast/secret.hpp>

#include "crypto/premaster_selection.hpp"

namespace handfast::crypto::rsa {
namespace {

constexpr std::size_t kSmallestPadding = 8;
constexpr std::size_t kOverhead = 2 + kSmallestPadding + 1;  // 00 02, padding, 00

}  // namespace

// "1. Generate a string R of 48 random bytes. 2. Decrypt the message to recover the plaintext M. 3. If the
// PKCS#1 padding is not correct, or the length of message M is not exactly 48 bytes: pre_master_secret = R"
// (§7.4.7.1); a wrong version is treated alike.
Result<RsaPremaster> decrypt_premaster(RSA& key, Bytes encrypted, ProtocolVersion offered,
                                       const RandomSource& random) {
  RsaPremaster fallback(kPremasterSize);
  HANDFAST_TRY(random.fill(fallback.writable()));
  const auto size = static_cast<std::size_t>(RSA_size(&key));
  Secret<kMaxModulusSize> decrypted(size);
  // What has the wrong length or is not below the modulus leaves zeros, which are not well-formed either.
  // Both can be seen from outside.
  if (encrypted.size() == size &&
      RSA_private_decrypt(static_cast<int>(size), encrypted.data(), decrypted.writable().data(), &key,
                          RSA_NO_PADDING) != static_cast<int>(size)) {
    ERR_clear_error();
    decrypted = Secret<kMaxModulusSize>(size);
  }
  return select_premaster(decrypted.view(), offered, fallback.view());
}

Result<ByteString> encrypt_premaster(RSA& key, Bytes premaster, const RandomSource& random) {
  const auto size = static_cast<std::size_t>(RSA_size(&key));
  if (size < premaster.size() + kOverhead) return failure(ErrorCode::certificate_key_unsuitable);
  Secret<kMaxModulusSize> encoded(size);
  const MutableBytes em = encoded.writable();
  const MutableBytes padding = em.subspan(2, size - premaster.size() - 3);
  em[1] = 0x02;
  HANDFAST_TRY(random.fill(padding));
  for (std::uint8_t& byte : padding) {
    // "PS … consisting of pseudo-randomly generated nonzero octets" (RFC 8017 §7.2.1)
    while (byte == 0) HANDFAST_TRY(random.fill({&byte, 1}));
  }
  std::ranges::copy(premaster, em.last(premaster.size()).begin());
  ByteString encrypted(size);
  if (RSA_public_encrypt(static_cast<int>(size), em.data(), encrypted.data(), &key, RSA_NO_PADDING) !=
      static_cast<int>(size)) {
    return crypto_failure();
  }
  return encrypted;
}

}  // namespace handfast::crypto::rsa
