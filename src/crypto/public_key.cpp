// Public keys: see the header. Reads SubjectPublicKeyInfo itself: libcrypto 3's decoders cost more than a
// verification.
#define OPENSSL_SUPPRESS_DEPRECATED  // owners of low-level keys: reasons in ecdsa.cpp and rsa.cpp
#include "crypto/public_key.hpp"

#include <utility>
#include <variant>

#include "crypto/der.hpp"
#include "crypto/ecdsa.hpp"
#include "crypto/key_algorithm.hpp"
#include "crypto/pure_signature.hpp"
#include "crypto/rsa.hpp"
#include "crypto/rsa_premaster.hpp"

namespace handfast::crypto {
namespace {

using Material = std::variant<rsa::OwnedRsa, ecdsa::OwnedKey, OwnedPkey>;

std::unexpected<Error> malformed(const char* field, std::size_t offset) {
  return failure(Error(ErrorCode::certificate_malformed).at(field, offset));
}

// RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }, RFC 8017 §A.1.1.
Result<Material> read_rsa(Bytes key, std::size_t offset) {
  DerReader reader(key, offset);
  DerReader numbers = reader.sequence("RSAPublicKey");
  const Bytes modulus = numbers.unsigned_integer("modulus");
  const Bytes exponent = numbers.unsigned_integer("publicExponent");
  numbers.expect_end("RSAPublicKey");
  HANDFAST_TRY(reader.finish());
  HANDFAST_TRY_ASSIGN(auto rsa_key, rsa::public_key(modulus, exponent));
  return Material(std::move(rsa_key));
}

Result<Material> read_ec(ec::Curve curve, Bytes key, std::size_t offset) {
  const OwnedPoint point = ec::decode_point(curve, key, ec::Form::any);
  if (!point) return malformed("subjectPublicKey", offset);
  ecdsa::OwnedKey ec_key = ecdsa::public_key(curve, *point);
  if (!ec_key) return crypto_failure();
  return Material(std::move(ec_key));
}

Result<Material> read_pure(KeyType type, std::size_t size, Bytes key, std::size_t offset) {
  if (key.size() != size) return malformed("subjectPublicKey", offset);
  OwnedPkey pkey = pure::public_key(type, key);
  if (!pkey) return crypto_failure();
  return Material(std::move(pkey));
}

}  // namespace

struct PublicKey::Key {
  KeyAlgorithm algorithm;
  Material material;
};

PublicKey::PublicKey(std::unique_ptr<Key> key) : key_(std::move(key)) {}
PublicKey::PublicKey(PublicKey&&) noexcept = default;
PublicKey& PublicKey::operator=(PublicKey&&) noexcept = default;
PublicKey::~PublicKey() = default;

Result<PublicKey> PublicKey::from_spki(Bytes spki) {
  DerReader reader(spki);
  DerReader info = reader.sequence("SubjectPublicKeyInfo");
  const KeyAlgorithm algorithm = read_key_algorithm(info, ErrorCode::certificate_unsupported_algorithm);
  const Bytes key = info.bit_string_bytes("subjectPublicKey");
  const std::size_t offset = info.offset() - key.size();
  info.expect_end("SubjectPublicKeyInfo");
  HANDFAST_TRY(reader.finish());
  const auto curve = curve_of(algorithm.type);
  const auto pure = pure::sizes_of(algorithm.type);
  auto material = curve  ? read_ec(*curve, key, offset)
                  : pure ? read_pure(algorithm.type, pure->public_key, key, offset)
                         : read_rsa(key, offset);
  if (!material) return failure(std::move(material).error());
  return PublicKey(std::make_unique<Key>(Key{algorithm, std::move(*material)}));
}

KeyType PublicKey::type() const { return key_->algorithm.type; }

std::size_t PublicKey::bits() const {
  if (const auto curve = curve_of(type())) return ec::field_bits(*curve);
  if (const auto* const key = std::get_if<rsa::OwnedRsa>(&key_->material)) return rsa::modulus_bits(**key);
  return 8 * pure::sizes_of(type())->public_key;
}

Result<void> PublicKey::verify(SignatureMethod method, Bytes message, Bytes signature) const {
  if (!method_fits(key_->algorithm, method)) return failure(ErrorCode::certificate_bad_signature);
  if (const auto* const key = std::get_if<ecdsa::OwnedKey>(&key_->material)) {
    return ecdsa::verify(**key, method.hash, message, signature);
  }
  if (const auto* const key = std::get_if<rsa::OwnedRsa>(&key_->material)) {
    const auto padding =
        method.algorithm == SignatureAlgorithm::rsa_pss ? rsa::Padding::pss : rsa::Padding::pkcs1;
    return rsa::verify(**key, padding, method.hash, message, signature);
  }
  return pure::verify(*std::get<OwnedPkey>(key_->material), type(), message, signature);
}

Result<ByteString> PublicKey::encrypt_premaster(Bytes premaster, const RandomSource& random) const {
  const auto* const key = std::get_if<rsa::OwnedRsa>(&key_->material);
  if (key == nullptr || type() != KeyType::rsa) return failure(ErrorCode::certificate_key_unsuitable);
  return rsa::encrypt_premaster(**key, premaster, random);
}

}  // namespace handfast::crypto
