// AlgorithmIdentifiers of signatures. RFC 4055 §3.1 (RSASSA-PSS-params), RFC 5758, RFC 8410, RFC 9881.
#include "pki/signature_algorithm.hpp"

#include <string_view>

#include "crypto/der.hpp"
#include "crypto/der_writer.hpp"
#include "crypto/key_algorithm.hpp"
#include "pki/oid.hpp"

namespace handfast::pki {
namespace {

using crypto::der_encode;
using crypto::DerReader;
using crypto::HashAlgorithm;
using crypto::SignatureAlgorithm;
using crypto::SignatureMethod;
namespace der = crypto::der;

struct Row {
  Bytes oid;
  SignatureMethod method;
  bool null_parameters;  // RSA has NULL, the others nothing (RFC 3279 §2.2.1, RFC 5758 §3.2)
  const char* name;
};

constexpr Row kRows[] = {
    {oid::kSha256WithRsa,
     {SignatureAlgorithm::rsa_pkcs1, HashAlgorithm::sha256},
     true,
     "sha256WithRSAEncryption"},
    {oid::kSha384WithRsa,
     {SignatureAlgorithm::rsa_pkcs1, HashAlgorithm::sha384},
     true,
     "sha384WithRSAEncryption"},
    {oid::kSha512WithRsa,
     {SignatureAlgorithm::rsa_pkcs1, HashAlgorithm::sha512},
     true,
     "sha512WithRSAEncryption"},
    {oid::kSha1WithRsa, {SignatureAlgorithm::rsa_pkcs1, HashAlgorithm::sha1}, true, "sha1WithRSAEncryption"},
    {oid::kEcdsaWithSha256, {SignatureAlgorithm::ecdsa, HashAlgorithm::sha256}, false, "ecdsa-with-SHA256"},
    {oid::kEcdsaWithSha384, {SignatureAlgorithm::ecdsa, HashAlgorithm::sha384}, false, "ecdsa-with-SHA384"},
    {oid::kEcdsaWithSha512, {SignatureAlgorithm::ecdsa, HashAlgorithm::sha512}, false, "ecdsa-with-SHA512"},
    {oid::kEcdsaWithSha1, {SignatureAlgorithm::ecdsa, HashAlgorithm::sha1}, false, "ecdsa-with-SHA1"},
    {oid::kEd25519, {SignatureAlgorithm::ed25519, HashAlgorithm::sha512}, false, "Ed25519"},
    {oid::kMlDsa44, {SignatureAlgorithm::ml_dsa_44, HashAlgorithm::sha512}, false, "ML-DSA-44"},
    {oid::kMlDsa65, {SignatureAlgorithm::ml_dsa_65, HashAlgorithm::sha512}, false, "ML-DSA-65"},
    {oid::kMlDsa87, {SignatureAlgorithm::ml_dsa_87, HashAlgorithm::sha512}, false, "ML-DSA-87"},
};

bool is_ml_dsa(SignatureMethod method) {
  return method.algorithm == SignatureAlgorithm::ml_dsa_44 ||
         method.algorithm == SignatureAlgorithm::ml_dsa_65 ||
         method.algorithm == SignatureAlgorithm::ml_dsa_87;
}

struct HashRow {
  Bytes oid;
  HashAlgorithm hash;
};

constexpr HashRow kHashes[] = {{oid::kSha256, HashAlgorithm::sha256},
                               {oid::kSha384, HashAlgorithm::sha384},
                               {oid::kSha512, HashAlgorithm::sha512}};

std::optional<HashAlgorithm> read_hash(DerReader& reader) {
  DerReader identifier = reader.sequence("hashAlgorithm");
  const Bytes type = identifier.object_identifier("algorithm");
  // RFC 4055 §2.1: both, NULL and absent parameters, "MUST be accepted".
  if (!identifier.empty()) identifier.null("parameters");
  identifier.expect_end("hashAlgorithm");
  for (const HashRow& row : kHashes) {
    if (oid::equal(row.oid, type)) return row.hash;
  }
  return std::nullopt;
}

// Only what TLS and the WebPKI know: one hash for message and mask, a salt as long as the hash. The defaults
// of the ASN.1 are SHA-1 and never meant.
std::optional<SignatureMethod> read_pss(DerReader& identifier) {
  DerReader parameters = identifier.sequence("RSASSA-PSS-params");
  DerReader hash_field = parameters.tagged("hashAlgorithm", 0);
  const auto hash = read_hash(hash_field);
  DerReader mask_field = parameters.tagged("maskGenAlgorithm", 1);
  DerReader mask = mask_field.sequence("maskGenAlgorithm");
  const Bytes generator = mask.object_identifier("algorithm");
  const auto mask_hash = read_hash(mask);
  mask.expect_end("maskGenAlgorithm");
  DerReader salt_field = parameters.tagged("saltLength", 2);
  const std::uint64_t salt = salt_field.small_integer("saltLength", 0xffff);
  parameters.expect_end("RSASSA-PSS-params");
  identifier.expect_end("algorithm");
  if (!identifier.status() || !hash || mask_hash != hash || !oid::equal(generator, oid::kMgf1))
    return std::nullopt;
  if (salt != crypto::hash_size(*hash)) return std::nullopt;
  return SignatureMethod{SignatureAlgorithm::rsa_pss, *hash};
}

ByteString encode_hash(HashAlgorithm hash) {
  Bytes type = oid::kSha256;
  for (const HashRow& row : kHashes) {
    if (row.hash == hash) type = row.oid;
  }
  return der_encode(der::kSequence, {der_encode(der::kObjectIdentifier, {type}), der_encode(der::kNull, {})});
}

ByteString encode_pss(HashAlgorithm hash) {
  const ByteString hash_identifier = encode_hash(hash);
  const ByteString mask =
      der_encode(der::kSequence, {der_encode(der::kObjectIdentifier, {oid::kMgf1}), hash_identifier});
  const auto salt = static_cast<std::uint8_t>(crypto::hash_size(hash));
  const ByteString parameters = der_encode(
      der::kSequence, {der_encode(der::context_constructed(0), {hash_identifier}),
                       der_encode(der::context_constructed(1), {mask}),
                       der_encode(der::context_constructed(2), {crypto::der_unsigned(Bytes(&salt, 1))})});
  return der_encode(der::kSequence, {der_encode(der::kObjectIdentifier, {oid::kRsassaPss}), parameters});
}

}  // namespace

std::optional<SignatureMethod> signature_method_of(Bytes algorithm_identifier) {
  DerReader reader(algorithm_identifier);
  DerReader identifier = reader.sequence("algorithm");
  const Bytes type = identifier.object_identifier("algorithm");
  if (oid::equal(type, oid::kRsassaPss)) return read_pss(identifier);
  for (const Row& row : kRows) {
    if (!oid::equal(row.oid, type)) continue;
    if (row.null_parameters) identifier.null("parameters");
    identifier.expect_end("algorithm");
    if (!reader.finish() || (is_ml_dsa(row.method) && !crypto::has_ml_dsa())) return std::nullopt;
    return row.method;
  }
  return std::nullopt;
}

ByteString algorithm_identifier_of(SignatureMethod method) {
  if (method.algorithm == SignatureAlgorithm::rsa_pss) return encode_pss(method.hash);
  for (const Row& row : kRows) {
    const bool same_hash = method.algorithm == SignatureAlgorithm::ed25519 || is_ml_dsa(method) ||
                           row.method.hash == method.hash;
    if (row.method.algorithm != method.algorithm || !same_hash) continue;
    const ByteString null = der_encode(der::kNull, {});
    return der_encode(der::kSequence, {der_encode(der::kObjectIdentifier, {row.oid}),
                                       row.null_parameters ? Bytes(null) : Bytes()});
  }
  return {};
}

std::string signature_algorithm_to_text(Bytes algorithm_identifier) {
  DerReader reader(algorithm_identifier);
  DerReader identifier = reader.sequence("algorithm");
  const Bytes type = identifier.object_identifier("algorithm");
  if (oid::equal(type, oid::kRsassaPss)) return "RSASSA-PSS";
  for (const Row& row : kRows) {
    if (oid::equal(row.oid, type)) return row.name;
  }
  const std::string_view name = crypto::unsupported_algorithm_name(type);
  return name.empty() ? oid::to_string(type) : std::string(name);
}

}  // namespace handfast::pki
