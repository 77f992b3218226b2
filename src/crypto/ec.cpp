// The NIST curves: see the header.
// Works on points and numbers directly. EVP keys cost P-256 a fifth of its key generation in libcrypto 3.0.
#include "crypto/ec.hpp"

#include <openssl/obj_mac.h>

#include <algorithm>
#include <array>
#include <utility>

namespace handfast::crypto::ec {
namespace {

constexpr std::array kCurves{Curve::p256, Curve::p384, Curve::p521};

// 1.2.840.10045.3.1.7, 1.3.132.0.34, 1.3.132.0.35.
constexpr std::array<std::uint8_t, 8> kP256Oid{0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};
constexpr std::array<std::uint8_t, 5> kP384Oid{0x2b, 0x81, 0x04, 0x00, 0x22};
constexpr std::array<std::uint8_t, 5> kP521Oid{0x2b, 0x81, 0x04, 0x00, 0x23};

// A candidate is out of range once in 2^32 draws: more often than this means a broken source.
constexpr int kMaxDraws = 64;

constexpr std::uint8_t kUncompressed = 0x04;

// A secret number; null if it is not in [1, n-1].
OwnedBignum scalar_of(const EC_GROUP* curve, Bytes bytes) {
  OwnedBignum number(BN_secure_new());
  if (!number || BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), number.get()) == nullptr)
    return nullptr;
  if (BN_is_zero(number.get()) || BN_cmp(number.get(), EC_GROUP_get0_order(curve)) >= 0) return nullptr;
  BN_set_flags(number.get(), BN_FLG_CONSTTIME);
  return number;
}

}  // namespace

const EC_GROUP* group(Curve curve) {
  static const EC_GROUP* const p256 = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
  static const EC_GROUP* const p384 = EC_GROUP_new_by_curve_name(NID_secp384r1);
  static const EC_GROUP* const p521 = EC_GROUP_new_by_curve_name(NID_secp521r1);
  return curve == Curve::p256 ? p256 : curve == Curve::p384 ? p384 : p521;
}

Bytes object_identifier(Curve curve) {
  switch (curve) {
    case Curve::p256:
      return kP256Oid;
    case Curve::p384:
      return kP384Oid;
    case Curve::p521:
      return kP521Oid;
  }
  return {};
}

std::optional<Curve> curve_of(Bytes oid) {
  for (const Curve curve : kCurves) {
    if (std::ranges::equal(oid, object_identifier(curve))) return curve;
  }
  return std::nullopt;
}

Result<Scalar> generate(Curve curve, const RandomSource& random) {
  Scalar scalar(field_size(curve));
  const std::size_t spare_bits = 8 * field_size(curve) - field_bits(curve);
  for (int draw = 0; draw < kMaxDraws; ++draw) {
    HANDFAST_TRY(random.fill(scalar.writable()));
    scalar.writable()[0] = static_cast<std::uint8_t>(scalar.view()[0] & (0xffU >> spare_bits));
    if (scalar_of(group(curve), scalar.view())) return scalar;
  }
  return crypto_failure();
}

Result<void> public_point(Curve curve, Bytes scalar, MutableBytes out) {
  const EC_GROUP* const on = group(curve);
  if (on == nullptr) return crypto_failure();
  const OwnedBignum d = scalar_of(on, scalar);
  const OwnedPoint point(EC_POINT_new(on));
  if (!d || !point || EC_POINT_mul(on, point.get(), d.get(), nullptr, nullptr, nullptr) != 1 ||
      EC_POINT_point2oct(on, point.get(), POINT_CONVERSION_UNCOMPRESSED, out.data(), out.size(), nullptr) !=
          point_size(curve)) {
    return crypto_failure();
  }
  return {};
}

OwnedPoint decode_point(Curve curve, Bytes encoded, Form form) {
  const EC_GROUP* const on = group(curve);
  if (on == nullptr) return nullptr;
  const bool uncompressed = encoded.size() == point_size(curve) && encoded[0] == kUncompressed;
  const bool compressed = form == Form::any && encoded.size() == 1 + field_size(curve) &&
                          (encoded[0] == 0x02 || encoded[0] == 0x03);
  if (!uncompressed && !compressed) return nullptr;
  OwnedPoint point(EC_POINT_new(on));
  // libcrypto refuses coordinates that are not below p or not on the curve. The cofactor is 1: nothing else
  // to check.
  if (!point || EC_POINT_oct2point(on, point.get(), encoded.data(), encoded.size(), nullptr) != 1) {
    ERR_clear_error();
    return nullptr;
  }
  return point;
}

Result<void> shared_secret(Curve curve, Bytes scalar, Bytes peer, MutableBytes out) {
  // RFC 9846 §4.3.8.2: "peers MUST validate each other's public value Q by ensuring that the point is a valid
  // point on the elliptic curve."
  const OwnedPoint q = decode_point(curve, peer, Form::uncompressed);
  if (!q) return failure(ErrorCode::key_share_invalid);
  const EC_GROUP* const on = group(curve);
  const OwnedBignum d = scalar_of(on, scalar);
  const OwnedBignum x(BN_secure_new());
  const OwnedPoint product(EC_POINT_new(on));
  if (!d || !x || !product || EC_POINT_mul(on, product.get(), nullptr, q.get(), d.get(), nullptr) != 1 ||
      EC_POINT_get_affine_coordinates(on, product.get(), x.get(), nullptr, nullptr) != 1) {
    return crypto_failure();
  }
  // RFC 9846 §7.4.2: the secret "has constant length for any given field; leading zeros found in this octet
  // string MUST NOT be truncated."
  if (BN_bn2binpad(x.get(), out.data(), static_cast<int>(out.size())) < 0) return crypto_failure();
  return {};
}

}  // namespace handfast::crypto::ec
