// RSA over libcrypto's raw operation: see the header. RFC 8017 §5.2 (RSASP1, RSAVP1), §8.1, §8.2.
// Uses the low-level RSA functions: a third of a PSS verification is overhead of the EVP layer
// (libcrypto 3.0), and EVP keys are slow to make. They are deprecated, not removed.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "crypto/rsa.hpp"

#include <algorithm>
#include <array>
#include <handfast/random.hpp>
#include <handfast/secret.hpp>

#include "crypto/rsa_padding.hpp"

namespace handfast::crypto::rsa {
namespace {

OwnedBignum number(Bytes bytes) {
  return OwnedBignum(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
}

OwnedBignum secret_number(Bytes bytes) {
  OwnedBignum out = number(bytes);
  if (out) BN_set_flags(out.get(), BN_FLG_CONSTTIME);
  return out;
}

std::size_t bits(Bytes number) {
  while (!number.empty() && number.front() == 0) number = number.subspan(1);
  if (number.empty()) return 0;
  std::size_t top = 8;
  while ((number.front() >> (top - 1)) == 0) --top;
  return 8 * (number.size() - 1) + top;
}

// Before any arithmetic: what is refused here would cost time or confuse libcrypto.
bool acceptable(Bytes modulus, Bytes exponent) {
  const std::size_t modulus_size = bits(modulus);
  const std::size_t exponent_size = bits(exponent);
  return modulus_size >= kMinModulusBits && modulus_size <= kMaxModulusBits && (modulus.back() & 1U) != 0 &&
         exponent_size >= 2 && exponent_size <= kMaxExponentBits && (exponent.back() & 1U) != 0;
}

// Numbers that do not belong together sign, but nothing verifies: found here once, not by every peer.
bool makes_good_signatures(RSA& key) {
  const Bytes probe = as_bytes("probe");
  const auto signature = sign(key, Padding::pkcs1, HashAlgorithm::sha256, probe);
  return signature && verify(key, Padding::pkcs1, HashAlgorithm::sha256, probe, *signature);
}

}  // namespace

Result<OwnedRsa> public_key(Bytes modulus, Bytes exponent) {
  if (!acceptable(modulus, exponent)) return failure(ErrorCode::certificate_weak_key);
  OwnedRsa key(RSA_new());
  OwnedBignum n = number(modulus);
  OwnedBignum e = number(exponent);
  if (!key || !n || !e || RSA_set0_key(key.get(), n.get(), e.get(), nullptr) != 1) return crypto_failure();
  (void)n.release();
  (void)e.release();
  return key;
}

Result<OwnedRsa> private_key(const PrivateNumbers& numbers) {
  if (!acceptable(numbers.modulus, numbers.public_exponent) || bits(numbers.modulus) < kMinSigningBits) {
    return failure(ErrorCode::key_unsupported);
  }
  // Longer numbers would only cost time; even primes have no Montgomery form.
  for (const Bytes part : {numbers.private_exponent, numbers.prime1, numbers.prime2, numbers.exponent1,
                           numbers.exponent2, numbers.coefficient}) {
    if (bits(part) > bits(numbers.modulus)) return failure(ErrorCode::pem_malformed);
  }
  if ((numbers.prime1.back() & numbers.prime2.back() & 1U) == 0) return failure(ErrorCode::pem_malformed);
  HANDFAST_TRY_ASSIGN(OwnedRsa key, public_key(numbers.modulus, numbers.public_exponent));
  OwnedBignum d = secret_number(numbers.private_exponent);
  if (!d || RSA_set0_key(key.get(), nullptr, nullptr, d.get()) != 1) return crypto_failure();
  (void)d.release();
  OwnedBignum p = secret_number(numbers.prime1);
  OwnedBignum q = secret_number(numbers.prime2);
  if (!p || !q || RSA_set0_factors(key.get(), p.get(), q.get()) != 1) return crypto_failure();
  (void)p.release();
  (void)q.release();
  OwnedBignum dp = secret_number(numbers.exponent1);
  OwnedBignum dq = secret_number(numbers.exponent2);
  OwnedBignum inverse = secret_number(numbers.coefficient);
  if (!dp || !dq || !inverse || RSA_set0_crt_params(key.get(), dp.get(), dq.get(), inverse.get()) != 1) {
    return crypto_failure();
  }
  (void)dp.release();
  (void)dq.release();
  (void)inverse.release();
  if (!makes_good_signatures(*key)) return crypto_failure(ErrorCode::pem_malformed);
  return key;
}

std::size_t modulus_bits(const RSA& key) { return static_cast<std::size_t>(RSA_bits(&key)); }

Result<void> verify(RSA& key, Padding padding, HashAlgorithm hash_algorithm, Bytes message, Bytes signature) {
  const auto bad_signature = failure(ErrorCode::certificate_bad_signature);
  const auto size = static_cast<std::size_t>(RSA_size(&key));
  // RFC 8017 §8.1.2 and §8.2.2, step 1: "If the length of the signature S is not k octets, output "invalid
  // signature"".
  if (signature.size() != size) return bad_signature;
  std::array<std::uint8_t, kMaxModulusSize> storage;
  const MutableBytes decrypted = MutableBytes(storage).first(size);
  if (RSA_public_decrypt(static_cast<int>(size), signature.data(), decrypted.data(), &key, RSA_NO_PADDING) !=
      static_cast<int>(size)) {
    return crypto_failure(ErrorCode::certificate_bad_signature);  // the signature is not below the modulus
  }
  HANDFAST_TRY_ASSIGN(const Digest digest, hash(hash_algorithm, {message}));
  if (padding == Padding::pss) return verify_pss(hash_algorithm, digest.view(), modulus_bits(key), decrypted);
  std::array<std::uint8_t, kMaxModulusSize> expected_storage;
  const MutableBytes expected = MutableBytes(expected_storage).first(size);
  if (!encode_pkcs1(hash_algorithm, digest.view(), expected)) return bad_signature;
  if (!std::ranges::equal(expected, decrypted)) return bad_signature;
  return {};
}

Result<ByteString> sign(RSA& key, Padding padding, HashAlgorithm hash_algorithm, Bytes message) {
  HANDFAST_TRY_ASSIGN(const Digest digest, hash(hash_algorithm, {message}));
  const auto size = static_cast<std::size_t>(RSA_size(&key));
  std::array<std::uint8_t, kMaxModulusSize> storage;
  const MutableBytes encoded = MutableBytes(storage).first(size);
  if (padding == Padding::pss) {
    Digest salt(hash_size(hash_algorithm));
    HANDFAST_TRY(system_random().fill(salt.writable()));
    HANDFAST_TRY(encode_pss(hash_algorithm, digest.view(), salt.view(), modulus_bits(key), encoded));
  } else if (!encode_pkcs1(hash_algorithm, digest.view(), encoded)) {
    return failure(ErrorCode::signer_failed);
  }
  ByteString signature(size);
  if (RSA_private_encrypt(static_cast<int>(size), encoded.data(), signature.data(), &key, RSA_NO_PADDING) !=
      static_cast<int>(size)) {
    return crypto_failure(ErrorCode::signer_failed);
  }
  return signature;
}

}  // namespace handfast::crypto::rsa
