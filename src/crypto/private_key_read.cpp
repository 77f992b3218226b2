// Reads private keys: see private_key_der.hpp.
#define OPENSSL_SUPPRESS_DEPRECATED  // EC_KEY: reason in ecdsa.cpp
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/der.hpp"
#include "crypto/der_writer.hpp"
#include "crypto/private_key_der.hpp"

namespace handfast::crypto {
namespace {

std::unexpected<Error> malformed(const char* field, std::size_t offset) {
  return failure(Error(ErrorCode::pem_malformed).at(field, offset));
}

DerReader key_reader(Bytes der, std::size_t offset) {
  return DerReader(der, offset, ErrorCode::pem_malformed);
}

// RSAPrivateKey, two primes only: version 0.
Result<PrivateMaterial> read_rsa(Bytes der, std::size_t offset) {
  DerReader reader = key_reader(der, offset);
  DerReader key = reader.sequence("RSAPrivateKey");
  key.small_integer("version", 0);
  rsa::PrivateNumbers numbers;
  numbers.modulus = key.unsigned_integer("modulus");
  numbers.public_exponent = key.unsigned_integer("publicExponent");
  numbers.private_exponent = key.unsigned_integer("privateExponent");
  numbers.prime1 = key.unsigned_integer("prime1");
  numbers.prime2 = key.unsigned_integer("prime2");
  numbers.exponent1 = key.unsigned_integer("exponent1");
  numbers.exponent2 = key.unsigned_integer("exponent2");
  numbers.coefficient = key.unsigned_integer("coefficient");
  key.expect_end("RSAPrivateKey");
  HANDFAST_TRY(reader.finish());
  HANDFAST_TRY_ASSIGN(auto rsa_key, rsa::private_key(numbers));
  return PrivateMaterial(std::move(rsa_key));
}

struct EcFields {
  Bytes scalar;
  std::size_t scalar_offset = 0;
  std::optional<ec::Curve> curve;
  std::optional<Bytes> public_point;
};

// ECPrivateKey, RFC 5915 §3.
Result<EcFields> read_ec_fields(Bytes der, std::size_t offset) {
  DerReader reader = key_reader(der, offset);
  DerReader key = reader.sequence("ECPrivateKey");
  EcFields fields;
  if (key.small_integer("version", 1) != 1) key.fail("version", offset);
  fields.scalar_offset = key.offset();
  fields.scalar = key.octet_string("privateKey");
  if (key.next_is(der::context_constructed(0))) {
    DerReader parameters = key.tagged("parameters", 0);
    const std::size_t start = parameters.offset();
    if (parameters.next_is(der::kObjectIdentifier)) {
      fields.curve = ec::curve_of(parameters.object_identifier("namedCurve"));
    }
    if (!fields.curve) parameters.fail("parameters", start, ErrorCode::key_unsupported);
    parameters.expect_end("parameters");
  }
  if (key.next_is(der::context_constructed(1))) {
    DerReader outer = key.tagged("publicKey", 1);
    fields.public_point = outer.bit_string_bytes("publicKey");
    outer.expect_end("publicKey");
  }
  key.expect_end("ECPrivateKey");
  HANDFAST_TRY(reader.finish());
  return fields;
}

Result<PrivateMaterial> make_ec(ec::Curve curve, const EcFields& fields) {
  // RFC 5915 §3 asks for the length of the order; some writers drop leading zeros or add one.
  Bytes digits = fields.scalar;
  while (!digits.empty() && digits.front() == 0) digits = digits.subspan(1);
  ec::Scalar scalar(ec::field_size(curve));
  if (digits.size() > scalar.size()) return malformed("privateKey", fields.scalar_offset);
  std::ranges::copy(digits, scalar.writable().last(digits.size()).begin());
  auto key = ecdsa::private_key(curve, scalar.view());
  if (!key) return malformed("privateKey", fields.scalar_offset);
  if (fields.public_point) {
    const OwnedPoint point = ec::decode_point(curve, *fields.public_point, ec::Form::any);
    const EC_POINT* const own = EC_KEY_get0_public_key(key->get());
    if (!point || EC_POINT_cmp(ec::group(curve), point.get(), own, nullptr) != 0) {
      return malformed("publicKey", fields.scalar_offset);
    }
  }
  return PrivateMaterial(std::move(*key));
}

Result<PrivateMaterial> read_ec(ec::Curve curve, Bytes der, std::size_t offset) {
  HANDFAST_TRY_ASSIGN(const EcFields fields, read_ec_fields(der, offset));
  if (fields.curve && *fields.curve != curve) return malformed("parameters", offset);
  return make_ec(curve, fields);
}

// CurvePrivateKey ::= OCTET STRING, RFC 8410 §7.
Result<OwnedPkey> read_ed25519(Bytes der, std::size_t offset) {
  DerReader reader = key_reader(der, offset);
  const Bytes seed = reader.octet_string("CurvePrivateKey");
  HANDFAST_TRY(reader.finish());
  if (seed.size() != pure::kSeedSize) return malformed("CurvePrivateKey", offset);
  OwnedPkey key = pure::private_key(KeyType::ed25519, seed);
  if (!key) return crypto_failure();
  return key;
}

// ML-DSA-PrivateKey ::= CHOICE {
//   seed [0] OCTET STRING (SIZE (32)),
//   expandedKey OCTET STRING,
//   both SEQUENCE { seed OCTET STRING (SIZE (32)), expandedKey OCTET STRING } }  (RFC 9881 §6)
Result<OwnedPkey> read_ml_dsa(KeyType type, Bytes der, std::size_t offset) {
  const std::size_t expanded_size = pure::sizes_of(type)->expanded_key;
  DerReader reader = key_reader(der, offset);
  std::optional<Bytes> seed;
  std::optional<Bytes> expanded;
  if (reader.next_is(der::context(0))) {
    seed = reader.element("seed", der::context(0)).content;
  } else if (reader.next_is(der::kOctetString)) {
    expanded = reader.octet_string("expandedKey");
  } else {
    DerReader both = reader.sequence("both");
    seed = both.octet_string("seed");
    expanded = both.octet_string("expandedKey");
    both.expect_end("both");
  }
  HANDFAST_TRY(reader.finish());
  if (seed && seed->size() != pure::kSeedSize) return malformed("seed", offset);
  if (expanded && expanded->size() != expanded_size) return malformed("expandedKey", offset);
  OwnedPkey key = seed ? pure::private_key(type, *seed) : pure::private_key_from_expanded(type, *expanded);
  if (!key) {
    ERR_clear_error();
    return malformed("privateKey", offset);
  }
  // "When receiving a private key that contains both …, the recipient SHOULD perform a seed consistency
  // check"
  if (seed && expanded) {
    WipedBytes own{ByteString(expanded_size)};
    HANDFAST_TRY(pure::get_expanded_key(*key, own.writable()));
    if (!constant_time_equal(own.view(), *expanded)) return malformed("expandedKey", offset);
  }
  return key;
}

Result<PrivateMaterial> read_pure(KeyType type, Bytes der, std::size_t offset,
                                  std::optional<Bytes> public_key) {
  HANDFAST_TRY_ASSIGN(OwnedPkey key,
                      type == KeyType::ed25519 ? read_ed25519(der, offset) : read_ml_dsa(type, der, offset));
  if (public_key) {
    ByteString own(pure::sizes_of(type)->public_key);
    HANDFAST_TRY(pure::get_public_key(*key, own));
    if (!std::ranges::equal(own, *public_key)) return malformed("publicKey", offset);
  }
  return PrivateMaterial(std::move(key));
}

// Says which kind of key it is that is not supported. `rest` begins with the AlgorithmIdentifier.
Error named(Error error, Bytes rest) {
  if (error.code() != ErrorCode::key_unsupported) return error;
  DerReader reader(rest);
  const Bytes oid = reader.sequence("AlgorithmIdentifier").object_identifier("algorithm");
  const std::string_view name = unsupported_algorithm_name(oid);
  if (!name.empty()) error.with_detail(std::string(name));
  return error;
}

}  // namespace

Result<ParsedPrivateKey> read_pkcs8(Bytes der) {
  DerReader reader = key_reader(der, 0);
  DerReader info = reader.sequence("PrivateKeyInfo");
  info.small_integer("version", 1);
  const Bytes before = info.remaining();
  const KeyAlgorithm algorithm = read_key_algorithm(info, ErrorCode::key_unsupported);
  const Bytes identifier = before.first(before.size() - info.remaining().size());
  const DerElement key = info.element("privateKey", der::kOctetString);
  if (info.next_is(der::context_constructed(0))) info.any("attributes");
  std::optional<Bytes> public_key;
  if (info.next_is(der::context(1))) public_key = info.bit_string_bytes("publicKey", der::context(1));
  info.expect_end("PrivateKeyInfo");
  if (Result<void> verdict = reader.finish(); !verdict) return failure(named(verdict.error(), before));
  const auto curve = curve_of(algorithm.type);
  auto material = curve ? read_ec(*curve, key.content, key.content_offset)
                  : pure::sizes_of(algorithm.type)
                      ? read_pure(algorithm.type, key.content, key.content_offset, public_key)
                      : read_rsa(key.content, key.content_offset);
  if (!material) return failure(std::move(material).error());
  return ParsedPrivateKey{algorithm, copy_of(identifier), std::move(*material)};
}

Result<ParsedPrivateKey> read_sec1(Bytes der) {
  HANDFAST_TRY_ASSIGN(const EcFields fields, read_ec_fields(der, 0));
  if (!fields.curve) return malformed("parameters", fields.scalar_offset);
  HANDFAST_TRY_ASSIGN(auto material, make_ec(*fields.curve, fields));
  const KeyType type = type_of(*fields.curve);
  return ParsedPrivateKey{{type, std::nullopt}, algorithm_identifier(type), std::move(material)};
}

Result<ParsedPrivateKey> read_pkcs1(Bytes der) {
  HANDFAST_TRY_ASSIGN(auto material, read_rsa(der, 0));
  return ParsedPrivateKey{
      {KeyType::rsa, std::nullopt}, algorithm_identifier(KeyType::rsa), std::move(material)};
}

}  // namespace handfast::crypto
