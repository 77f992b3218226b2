// AlgorithmIdentifier of keys: see the header.
#include "crypto/key_algorithm.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace handfast::crypto {
namespace {

constexpr std::array<std::uint8_t, 9> kRsaEncryption{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01};
constexpr std::array<std::uint8_t, 9> kMgf1{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x08};
constexpr std::array<std::uint8_t, 9> kRsaPss{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a};
constexpr std::array<std::uint8_t, 7> kEcPublicKey{0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01};
constexpr std::array<std::uint8_t, 3> kEd25519{0x2b, 0x65, 0x70};
constexpr std::array<std::uint8_t, 9> kMlDsa44{0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x11};
constexpr std::array<std::uint8_t, 9> kMlDsa65{0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x12};
constexpr std::array<std::uint8_t, 9> kMlDsa87{0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x13};
constexpr std::array<std::uint8_t, 8> kSha2Arc{0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02};

struct NamedOid {
  std::string_view oid;  // content octets
  std::string_view name;
};
constexpr NamedOid kUnsupported[] = {
    {"\x60\x86\x48\x01\x65\x03\x04\x03\x11", "ML-DSA-44"},
    {"\x60\x86\x48\x01\x65\x03\x04\x03\x12", "ML-DSA-65"},
    {"\x60\x86\x48\x01\x65\x03\x04\x03\x13", "ML-DSA-87"},
    {"\x2b\x65\x71", "Ed448"},
    {"\x2b\x65\x6e", "X25519, which signs nothing"},
    {"\x2a\x86\x48\xce\x38\x04\x01", "DSA"},
    {"\x2a\x86\x48\xce\x38\x04\x03", "DSA with SHA-1"},
    {"\x60\x86\x48\x01\x65\x03\x04\x03\x02", "DSA with SHA-256"},
    {"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x02", "RSA with MD2"},
    {"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x04", "RSA with MD5"},
};

std::optional<KeyType> ml_dsa_of(Bytes oid) {
  if (std::ranges::equal(oid, kMlDsa44)) return KeyType::ml_dsa_44;
  if (std::ranges::equal(oid, kMlDsa65)) return KeyType::ml_dsa_65;
  if (std::ranges::equal(oid, kMlDsa87)) return KeyType::ml_dsa_87;
  return std::nullopt;
}

constexpr std::uint64_t kMaxSaltLength = 1024;  // no modulus that Handfast accepts has room for more

// HashAlgorithm of RFC 4055 §2.1. Only the SHA-2 functions: TLS has no RSA-PSS scheme with another one.
std::optional<HashAlgorithm> read_hash(DerReader& reader) {
  DerReader identifier = reader.sequence("hashAlgorithm");
  const Bytes oid = identifier.object_identifier("hashAlgorithm");
  // RFC 4055 §2.1: the parameters are NULL or, of old, absent; "implementations MUST accept both".
  if (!identifier.empty()) identifier.null("hashAlgorithm parameters");
  identifier.expect_end("hashAlgorithm parameters");
  if (oid.size() != kSha2Arc.size() + 1 || !std::ranges::equal(oid.first(kSha2Arc.size()), kSha2Arc)) {
    return std::nullopt;
  }
  switch (oid.back()) {
    case 1:
      return HashAlgorithm::sha256;
    case 2:
      return HashAlgorithm::sha384;
    case 3:
      return HashAlgorithm::sha512;
    default:
      return std::nullopt;
  }
}

// RSASSA-PSS-params, RFC 4055 §3.1: all fields have defaults, the hash's is SHA-1. In a key the salt length
// is a minimum.
std::optional<HashAlgorithm> read_pss_parameters(DerReader& reader, ErrorCode unsupported) {
  const std::size_t start = reader.offset();
  DerReader parameters = reader.sequence("RSASSA-PSS-params");
  std::optional<HashAlgorithm> hash;
  std::optional<HashAlgorithm> mask_hash;
  std::uint64_t salt_length = 20;
  std::uint64_t trailer = 1;
  if (parameters.next_is(der::context_constructed(0))) {
    DerReader field = parameters.tagged("hashAlgorithm", 0);
    hash = read_hash(field);
    field.expect_end("hashAlgorithm");
  }
  if (parameters.next_is(der::context_constructed(1))) {
    DerReader field = parameters.tagged("maskGenAlgorithm", 1);
    DerReader identifier = field.sequence("maskGenAlgorithm");
    const bool mgf1 = std::ranges::equal(identifier.object_identifier("maskGenAlgorithm"), kMgf1);
    if (mgf1) {
      mask_hash = read_hash(identifier);
      identifier.expect_end("maskGenAlgorithm");
    }
    field.expect_end("maskGenAlgorithm");
  }
  if (parameters.next_is(der::context_constructed(2))) {
    DerReader field = parameters.tagged("saltLength", 2);
    salt_length = field.small_integer("saltLength", kMaxSaltLength);
    field.expect_end("saltLength");
  }
  if (parameters.next_is(der::context_constructed(3))) {
    DerReader field = parameters.tagged("trailerField", 3);
    trailer = field.small_integer("trailerField", 1);
    field.expect_end("trailerField");
  }
  parameters.expect_end("RSASSA-PSS-params");
  if (!hash || hash != mask_hash || salt_length > hash_size(*hash) || trailer != 1) {
    reader.fail("RSASSA-PSS-params", start, unsupported);
    return std::nullopt;
  }
  return hash;
}

}  // namespace

KeyAlgorithm read_key_algorithm(DerReader& reader, ErrorCode unsupported) {
  const std::size_t start = reader.offset();
  DerReader identifier = reader.sequence("AlgorithmIdentifier");
  const Bytes oid = identifier.object_identifier("algorithm");
  KeyAlgorithm algorithm;
  if (std::ranges::equal(oid, kRsaEncryption)) {
    // RFC 3279 §2.3.1: "The parameters field MUST have ASN.1 type NULL for this algorithm identifier."
    identifier.null("parameters");
  } else if (std::ranges::equal(oid, kRsaPss)) {
    algorithm.type = KeyType::rsa_pss;
    if (!identifier.empty()) algorithm.pss_hash = read_pss_parameters(identifier, unsupported);
  } else if (std::ranges::equal(oid, kEcPublicKey)) {
    // RFC 5480 §2.1.1: "implicitCurve and specifiedCurve MUST NOT be used in PKIX."
    const std::size_t parameters = identifier.offset();
    const auto curve = identifier.next_is(der::kObjectIdentifier)
                           ? ec::curve_of(identifier.object_identifier("namedCurve"))
                           : std::nullopt;
    if (!curve) identifier.fail("ECParameters", parameters, unsupported);
    algorithm.type = type_of(curve.value_or(ec::Curve::p256));
  } else if (std::ranges::equal(oid, kEd25519)) {
    // RFC 8410 §3: "the parameters MUST be absent": expect_end() below.
    algorithm.type = KeyType::ed25519;
  } else if (const auto ml_dsa = ml_dsa_of(oid); ml_dsa && has_ml_dsa()) {
    // RFC 9881 §2: "the parameters component MUST be absent".
    algorithm.type = *ml_dsa;
  } else {
    identifier.fail("algorithm", start, unsupported);
  }
  identifier.expect_end("parameters");
  return algorithm;
}

std::string_view unsupported_algorithm_name(Bytes oid) {
  for (const NamedOid& row : kUnsupported) {
    if (std::ranges::equal(oid, as_bytes(row.oid))) return row.name;
  }
  return {};
}

Bytes algorithm_oid(KeyType type) {
  switch (type) {
    case KeyType::rsa:
      return kRsaEncryption;
    case KeyType::rsa_pss:
      return kRsaPss;
    case KeyType::ec_p256:
    case KeyType::ec_p384:
    case KeyType::ec_p521:
      return kEcPublicKey;
    case KeyType::ed25519:
      return kEd25519;
    case KeyType::ml_dsa_44:
      return kMlDsa44;
    case KeyType::ml_dsa_65:
      return kMlDsa65;
    case KeyType::ml_dsa_87:
      return kMlDsa87;
  }
  return {};
}

bool method_fits(const KeyAlgorithm& algorithm, SignatureMethod method) {
  switch (algorithm.type) {
    case KeyType::rsa:
      return method.algorithm == SignatureAlgorithm::rsa_pkcs1 ||
             method.algorithm == SignatureAlgorithm::rsa_pss;
    case KeyType::rsa_pss:
      return method.algorithm == SignatureAlgorithm::rsa_pss &&
             (!algorithm.pss_hash || *algorithm.pss_hash == method.hash);
    case KeyType::ec_p256:
    case KeyType::ec_p384:
    case KeyType::ec_p521:
      return method.algorithm == SignatureAlgorithm::ecdsa;
    case KeyType::ed25519:
      return method.algorithm == SignatureAlgorithm::ed25519;
    case KeyType::ml_dsa_44:
      return method.algorithm == SignatureAlgorithm::ml_dsa_44;
    case KeyType::ml_dsa_65:
      return method.algorithm == SignatureAlgorithm::ml_dsa_65;
    case KeyType::ml_dsa_87:
      return method.algorithm == SignatureAlgorithm::ml_dsa_87;
  }
  return false;
}

}  // namespace handfast::crypto
