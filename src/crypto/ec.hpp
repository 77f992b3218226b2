// The NIST curves P-256, P-384 and P-521 over libcrypto's point arithmetic. SEC 1, RFC 5480, RFC 9846
// §4.3.8.2, §7.4.2. Must not use a secret scalar except through libcrypto's constant-time multiplications.
#pragma once

#include <openssl/ec.h>

#include <cstddef>
#include <handfast/bytes.hpp>
#include <handfast/error.hpp>
#include <handfast/random.hpp>
#include <handfast/secret.hpp>
#include <optional>

#include "crypto/openssl.hpp"

namespace handfast::crypto::ec {

enum class Curve : std::uint8_t { p256, p384, p521 };

// Bytes of a coordinate, and of a scalar: the same for these curves.
constexpr std::size_t field_size(Curve curve) {
  return curve == Curve::p256 ? 32 : curve == Curve::p384 ? 48 : 66;
}
constexpr std::size_t field_bits(Curve curve) {
  return curve == Curve::p256 ? 256 : curve == Curve::p384 ? 384 : 521;
}
constexpr std::size_t point_size(Curve curve) { return 1 + 2 * field_size(curve); }

using Scalar = Secret<66>;

// libcrypto's description of the curve: made once per process, shared by all threads. Null if libcrypto
// fails.
const EC_GROUP* group(Curve curve);

// The content octets of the curve's object identifier, and back.
Bytes object_identifier(Curve curve);
std::optional<Curve> curve_of(Bytes object_identifier);

// A scalar from 1 to n - 1 by rejection sampling.
Result<Scalar> generate(Curve curve, const RandomSource& random);

// d·G as an uncompressed point; out.size() == point_size(). Errors: crypto_failed, also if d is not in [1,
// n-1].
Result<void> public_point(Curve curve, Bytes scalar, MutableBytes out);

// The point, if it is one of the curve and not infinity. Null otherwise.
enum class Form : std::uint8_t { uncompressed, any };
OwnedPoint decode_point(Curve curve, Bytes encoded, Form form);

// The x coordinate of d·Q with its leading zeros; out.size() == field_size(). Errors: key_share_invalid,
// crypto_failed.
Result<void> shared_secret(Curve curve, Bytes scalar, Bytes peer, MutableBytes out);

}  // namespace handfast::crypto::ec
