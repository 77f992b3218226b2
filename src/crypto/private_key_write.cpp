// Writes private keys: see private_key_der.hpp.
#define OPENSSL_SUPPRESS_DEPRECATED  // EC_KEY and RSA: reasons in ecdsa.cpp and rsa.cpp
#include <array>

#include "crypto/der.hpp"
#include "crypto/der_writer.hpp"
#include "crypto/private_key_der.hpp"

namespace handfast::crypto {
namespace {

ByteString octets_of(const BIGNUM* number) {
  ByteString out(static_cast<std::size_t>(BN_num_bytes(number)));
  BN_bn2bin(number, out.data());
  return out;
}

WipedBytes secret_integer(const BIGNUM* number) {
  const WipedBytes octets(octets_of(number));
  return WipedBytes(der_unsigned(octets.view()));
}

WipedBytes write_rsa(const RSA& key) {
  const ByteString version = der_unsigned({});
  const WipedBytes n = secret_integer(RSA_get0_n(&key));
  const WipedBytes e = secret_integer(RSA_get0_e(&key));
  const WipedBytes d = secret_integer(RSA_get0_d(&key));
  const WipedBytes p = secret_integer(RSA_get0_p(&key));
  const WipedBytes q = secret_integer(RSA_get0_q(&key));
  const WipedBytes dp = secret_integer(RSA_get0_dmp1(&key));
  const WipedBytes dq = secret_integer(RSA_get0_dmq1(&key));
  const WipedBytes inverse = secret_integer(RSA_get0_iqmp(&key));
  return WipedBytes(der_encode(der::kSequence, {version, n.view(), e.view(), d.view(), p.view(), q.view(),
                                                dp.view(), dq.view(), inverse.view()}));
}

Result<ByteString> ec_point_octets(const EC_KEY& key, ec::Curve curve) {
  ByteString out(ec::point_size(curve));
  if (EC_POINT_point2oct(ec::group(curve), EC_KEY_get0_public_key(&key), POINT_CONVERSION_UNCOMPRESSED,
                         out.data(), out.size(), nullptr) != out.size()) {
    return crypto_failure();
  }
  return out;
}

Result<WipedBytes> write_ec(const EC_KEY& key, ec::Curve curve) {
  constexpr std::array<std::uint8_t, 1> kVersion{1};
  ec::Scalar scalar(ec::field_size(curve));
  if (BN_bn2binpad(EC_KEY_get0_private_key(&key), scalar.writable().data(), static_cast<int>(scalar.size())) <
      0) {
    return crypto_failure();
  }
  HANDFAST_TRY_ASSIGN(const ByteString point, ec_point_octets(key, curve));
  const WipedBytes octets(der_encode(der::kOctetString, {scalar.view()}));
  const ByteString public_key = der_encode(der::context_constructed(1), {der_bit_string(point)});
  return WipedBytes(der_encode(der::kSequence, {der_unsigned(kVersion), octets.view(), public_key}));
}

// The seed, for ML-DSA too ("seed" of RFC 9881 §6); a key that came without one is written as it came.
Result<WipedBytes> write_pure(const EVP_PKEY& key, KeyType type) {
  Secret<pure::kSeedSize> seed(pure::kSeedSize);
  if (auto got = pure::get_seed(key, type, seed.writable()); got) {
    const std::uint8_t tag = type == KeyType::ed25519 ? der::kOctetString : der::context(0);
    return WipedBytes(der_encode(tag, {seed.view()}));
  } else if (got.error().code() != ErrorCode::key_unsupported) {
    return failure(got.error());
  }
  WipedBytes expanded{ByteString(pure::sizes_of(type)->expanded_key)};
  HANDFAST_TRY(pure::get_expanded_key(key, expanded.writable()));
  return WipedBytes(der_encode(der::kOctetString, {expanded.view()}));
}

}  // namespace

ByteString algorithm_identifier(KeyType type) {
  const ByteString oid = der_encode(der::kObjectIdentifier, {algorithm_oid(type)});
  ByteString parameters;
  if (type == KeyType::rsa) parameters = der_encode(der::kNull, {});
  if (const auto curve = curve_of(type)) {
    parameters = der_encode(der::kObjectIdentifier, {ec::object_identifier(*curve)});
  }
  return der_encode(der::kSequence, {oid, parameters});
}

Result<ByteString> public_key_octets(const PrivateMaterial& material, KeyType type) {
  if (const auto* const key = std::get_if<rsa::OwnedRsa>(&material)) {
    const ByteString modulus = der_unsigned(octets_of(RSA_get0_n(key->get())));
    const ByteString exponent = der_unsigned(octets_of(RSA_get0_e(key->get())));
    return der_encode(der::kSequence, {modulus, exponent});
  }
  if (const auto* const key = std::get_if<ecdsa::OwnedKey>(&material)) {
    return ec_point_octets(**key, curve_of(type).value_or(ec::Curve::p256));
  }
  ByteString out(pure::sizes_of(type)->public_key);
  HANDFAST_TRY(pure::get_public_key(*std::get<OwnedPkey>(material), out));
  return out;
}

Result<WipedBytes> write_pkcs8(const ParsedPrivateKey& key) {
  const PrivateMaterial& material = key.material;
  auto inner = [&]() -> Result<WipedBytes> {
    if (const auto* const rsa_key = std::get_if<rsa::OwnedRsa>(&material)) return write_rsa(**rsa_key);
    if (const auto* const ec_key = std::get_if<ecdsa::OwnedKey>(&material)) {
      return write_ec(**ec_key, curve_of(key.algorithm.type).value_or(ec::Curve::p256));
    }
    return write_pure(*std::get<OwnedPkey>(material), key.algorithm.type);
  }();
  if (!inner) return failure(std::move(inner).error());
  const WipedBytes octets(der_encode(der::kOctetString, {inner->view()}));
  return WipedBytes(der_encode(der::kSequence, {der_unsigned({}), key.algorithm_identifier, octets.view()}));
}

}  // namespace handfast::crypto
