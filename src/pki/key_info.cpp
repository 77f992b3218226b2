// Key types and sizes. RFC 3279 §2.3.1, RFC 4055 §1.2, RFC 5480 §2.1.1, RFC 8410 §3, RFC 9881 §2.
#include "pki/key_info.hpp"

#include <array>
#include <bit>
#include <string>
#include <string_view>

#include "crypto/der.hpp"
#include "crypto/key_algorithm.hpp"
#include "pki/oid.hpp"

namespace handfast::pki {
namespace {

using crypto::DerReader;
using crypto::KeyType;

constexpr oid::Oid<9> kRsaEncryption{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01};
constexpr oid::Oid<7> kEcPublicKey{0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01};
constexpr oid::Oid<8> kP256{0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};
constexpr oid::Oid<5> kP384{0x2b, 0x81, 0x04, 0x00, 0x22};
constexpr oid::Oid<5> kP521{0x2b, 0x81, 0x04, 0x00, 0x23};

struct Kind {
  Bytes oid;
  KeyType type;
  std::size_t bits;
  const char* name;
};

constexpr Kind kMlDsa[] = {{oid::kMlDsa44, KeyType::ml_dsa_44, std::size_t{8} * 1312, "ML-DSA-44"},
                           {oid::kMlDsa65, KeyType::ml_dsa_65, std::size_t{8} * 1952, "ML-DSA-65"},
                           {oid::kMlDsa87, KeyType::ml_dsa_87, std::size_t{8} * 2592, "ML-DSA-87"}};

constexpr Kind kCurves[] = {{kP256, KeyType::ec_p256, 256, "P-256"},
                            {kP384, KeyType::ec_p384, 384, "P-384"},
                            {kP521, KeyType::ec_p521, 521, "P-521"}};

std::string algorithm_name(Bytes oid) {
  const std::string_view name = crypto::unsupported_algorithm_name(oid);
  return name.empty() ? oid::to_string(oid) : std::string(name);
}

KeyInfo rsa_info(KeyType type, Bytes key) {
  DerReader reader(key);
  DerReader fields = reader.sequence("RSAPublicKey");
  const Bytes modulus = fields.unsigned_integer("modulus");
  if (modulus.empty()) return {std::nullopt, 0, "RSA, malformed"};
  const std::size_t bits =
      8 * (modulus.size() - 1) + static_cast<std::size_t>(std::bit_width(unsigned{modulus[0]}));
  return {type, bits, {}};
}

}  // namespace

KeyInfo key_info_of(Bytes spki) {
  DerReader reader(spki);
  DerReader fields = reader.sequence("subjectPublicKeyInfo");
  DerReader algorithm = fields.sequence("algorithm");
  const Bytes type = algorithm.object_identifier("algorithm");
  const Bytes key = fields.bit_string_bytes("subjectPublicKey");
  if (oid::equal(type, kRsaEncryption)) return rsa_info(KeyType::rsa, key);
  if (oid::equal(type, oid::kRsassaPss)) return rsa_info(KeyType::rsa_pss, key);
  if (oid::equal(type, oid::kEd25519)) return {KeyType::ed25519, 256, {}};
  for (const Kind& row : kMlDsa) {
    if (oid::equal(type, row.oid) && crypto::has_ml_dsa()) return {row.type, row.bits, {}};
  }
  if (!oid::equal(type, kEcPublicKey)) return {std::nullopt, 0, algorithm_name(type)};
  // RFC 5480 §2.1.1: "implicitCurve and specifiedCurve […] MUST NOT be used in PKIX".
  if (!algorithm.next_is(crypto::der::kObjectIdentifier))
    return {std::nullopt, 0, "EC with explicit parameters"};
  const Bytes curve = algorithm.object_identifier("namedCurve");
  for (const Kind& row : kCurves) {
    if (oid::equal(row.oid, curve)) return {row.type, row.bits, {}};
  }
  return {std::nullopt, 0, "EC on curve " + oid::to_string(curve)};
}

std::string KeyInfo::to_string() const {
  if (!type) return text;
  if (is_rsa()) return (*type == KeyType::rsa ? "RSA " : "RSA-PSS ") + std::to_string(bits);
  for (const Kind& row : kCurves) {
    if (row.type == *type) return row.name;
  }
  for (const Kind& row : kMlDsa) {
    if (row.type == *type) return row.name;
  }
  return "Ed25519";
}

}  // namespace handfast::pki
