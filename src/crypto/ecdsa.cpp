// ECDSA: see the header.
// Uses the low-level EC_KEY functions: EVP adds a quarter to a P-256 signature (libcrypto 3.0). They are
// deprecated, not removed.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "crypto/ecdsa.hpp"

#include <openssl/ecdsa.h>

#include <utility>

#include "crypto/der.hpp"

namespace handfast::crypto::ecdsa {
namespace {

using OwnedSignature = std::unique_ptr<ECDSA_SIG, FreeWith<&ECDSA_SIG_free>>;

OwnedKey key_on(ec::Curve curve) {
  const EC_GROUP* const group = ec::group(curve);
  OwnedKey key(group != nullptr ? EC_KEY_new() : nullptr);
  if (key && EC_KEY_set_group(key.get(), group) != 1) key.reset();
  return key;
}

// Ecdsa-Sig-Value ::= SEQUENCE { r INTEGER, s INTEGER }. Null if it is anything else; the range is
// libcrypto's check.
OwnedSignature parse(Bytes signature, std::size_t order_size) {
  DerReader reader(signature);
  DerReader value = reader.sequence("Ecdsa-Sig-Value");
  const Bytes r = value.unsigned_integer("r");
  const Bytes s = value.unsigned_integer("s");
  value.expect_end("Ecdsa-Sig-Value");
  if (!reader.finish() || r.size() > order_size || s.size() > order_size) return nullptr;
  OwnedSignature out(ECDSA_SIG_new());
  OwnedBignum r_number(BN_bin2bn(r.data(), static_cast<int>(r.size()), nullptr));
  OwnedBignum s_number(BN_bin2bn(s.data(), static_cast<int>(s.size()), nullptr));
  if (!out || !r_number || !s_number || ECDSA_SIG_set0(out.get(), r_number.get(), s_number.get()) != 1) {
    return nullptr;
  }
  (void)r_number.release();
  (void)s_number.release();
  return out;
}

// The longest Ecdsa-Sig-Value. ECDSA_size() encodes one to see, which costs as much as a HMAC.
std::size_t longest_signature(const EC_KEY& key) {
  const auto order_bits = static_cast<std::size_t>(EC_GROUP_order_bits(EC_KEY_get0_group(&key)));
  const std::size_t integer = 2 + order_bits / 8 + 1;  // tag, length, and a zero in front of a high bit
  return 3 + 2 * integer;
}

}  // namespace

OwnedKey public_key(ec::Curve curve, const EC_POINT& point) {
  OwnedKey key = key_on(curve);
  if (key && EC_KEY_set_public_key(key.get(), &point) != 1) key.reset();
  return key;
}

Result<OwnedKey> private_key(ec::Curve curve, Bytes scalar) {
  Secret<1 + 2 * 66> encoded(ec::point_size(curve));
  HANDFAST_TRY(ec::public_point(curve, scalar, encoded.writable()));
  const OwnedPoint point = ec::decode_point(curve, encoded.view(), ec::Form::uncompressed);
  OwnedKey key = point ? public_key(curve, *point) : nullptr;
  const OwnedBignum d(BN_bin2bn(scalar.data(), static_cast<int>(scalar.size()), nullptr));
  if (!key || !d || EC_KEY_set_private_key(key.get(), d.get()) != 1) return crypto_failure();
  return key;
}

Result<void> verify(const EC_KEY& key, HashAlgorithm hash_algorithm, Bytes message, Bytes signature) {
  const auto order_bits = static_cast<std::size_t>(EC_GROUP_order_bits(EC_KEY_get0_group(&key)));
  const OwnedSignature parsed = parse(signature, (order_bits + 7) / 8);
  if (!parsed) return crypto_failure(ErrorCode::certificate_bad_signature);
  HANDFAST_TRY_ASSIGN(const Digest digest, hash(hash_algorithm, {message}));
  const Bytes bytes = digest.view();
  // The type of the key is not const in old interfaces; verification does not change it.
  // Failure (-1) and refusal (0) are one: libcrypto also fails where a signature leads to the point at
  // infinity.
  if (ECDSA_do_verify(bytes.data(), static_cast<int>(bytes.size()), parsed.get(),
                      const_cast<EC_KEY*>(&key)) != 1) {
    return crypto_failure(ErrorCode::certificate_bad_signature);
  }
  return {};
}

Result<ByteString> sign(const EC_KEY& key, HashAlgorithm hash_algorithm, Bytes message) {
  HANDFAST_TRY_ASSIGN(const Digest digest, hash(hash_algorithm, {message}));
  const Bytes bytes = digest.view();
  ByteString signature(longest_signature(key));
  unsigned size = 0;
  constexpr int kType = 0;  // ignored
  const int done = ECDSA_sign(kType, bytes.data(), static_cast<int>(bytes.size()), signature.data(), &size,
                              const_cast<EC_KEY*>(&key));
  // libcrypto calls it a success when it had no memory to encode the signature, and the size is -1 then.
  if (done != 1 || size > signature.size()) return crypto_failure(ErrorCode::signer_failed);
  signature.resize(size);
  return signature;
}

}  // namespace handfast::crypto::ecdsa
