// Making certificates. RFC 5280 §4.1, §4.2; key identifiers as RFC 7093 §2 (1).
#include "pki/issue.hpp"

#include "crypto/der.hpp"
#include "crypto/der_writer.hpp"
#include "crypto/hash.hpp"
#include "pki/certificate.hpp"
#include "pki/der_time.hpp"
#include "pki/oid.hpp"
#include "pki/signature_algorithm.hpp"

namespace handfast::pki {
namespace {

using crypto::der_encode;
namespace der = crypto::der;

void append(ByteString& out, const ByteString& part) { out.insert(out.end(), part.begin(), part.end()); }

ByteString encode_boolean(bool value) {
  const std::uint8_t octet = value ? 0xff : 0x00;
  return der_encode(der::kBoolean, {Bytes(&octet, 1)});
}

ByteString encode_attribute(Bytes type, const std::string& value) {
  const ByteString pair = der_encode(der::kSequence, {der_encode(der::kObjectIdentifier, {type}),
                                                      der_encode(der::kUtf8String, {as_bytes(value)})});
  return der_encode(der::kSet, {pair});
}

ByteString encode_subject(const IssueSpec& spec) {
  ByteString rdns;
  if (!spec.organization.empty()) append(rdns, encode_attribute(oid::kOrganizationName, spec.organization));
  if (!spec.common_name.empty()) append(rdns, encode_attribute(oid::kCommonName, spec.common_name));
  return der_encode(der::kSequence, {rdns});
}

ByteString encode_basic_constraints(const IssueSpec& spec) {
  ByteString fields;
  if (spec.is_ca) append(fields, encode_boolean(true));
  if (spec.is_ca && spec.path_len) {
    const std::uint8_t octets[] = {static_cast<std::uint8_t>(*spec.path_len >> 8U),
                                   static_cast<std::uint8_t>(*spec.path_len)};
    append(fields, crypto::der_unsigned(octets));
  }
  return encode_extension(oid::kBasicConstraints, true, der_encode(der::kSequence, {fields}));
}

ByteString encode_key_usage(const IssueSpec& spec) {
  constexpr auto kCa =
      static_cast<std::uint16_t>(KeyUsage::key_cert_sign) | static_cast<std::uint16_t>(KeyUsage::crl_sign);
  constexpr unsigned kLeaf = static_cast<std::uint16_t>(KeyUsage::digital_signature);
  const unsigned bits = spec.key_usage ? *spec.key_usage : spec.is_ca ? kCa : kLeaf;
  // X.690 §11.2.2: trailing zero bits of a named bit list are left out.
  const std::uint8_t octets[] = {static_cast<std::uint8_t>(bits >> 8U), static_cast<std::uint8_t>(bits)};
  const std::size_t size = octets[1] != 0 ? 2 : 1;
  std::uint8_t unused = 0;
  while (unused < 7 && (octets[size - 1] & (1U << unused)) == 0) ++unused;
  const ByteString value = der_encode(der::kBitString, {Bytes(&unused, 1), Bytes(octets).first(size)});
  return encode_extension(oid::kKeyUsage, true, value);
}

ByteString encode_extended_key_usage(const IssueSpec& spec) {
  ByteString purposes;
  if (spec.server_auth) append(purposes, der_encode(der::kObjectIdentifier, {oid::kServerAuth}));
  if (spec.client_auth) append(purposes, der_encode(der::kObjectIdentifier, {oid::kClientAuth}));
  return encode_extension(oid::kExtKeyUsage, false, der_encode(der::kSequence, {purposes}));
}

ByteString encode_subject_alt_name(const IssueSpec& spec, bool critical) {
  ByteString names;
  for (const std::string& name : spec.dns_names) append(names, der_encode(der::context(2), {as_bytes(name)}));
  for (const ByteString& address : spec.ip_addresses) append(names, der_encode(der::context(7), {address}));
  return encode_extension(oid::kSubjectAltName, critical, der_encode(der::kSequence, {names}));
}

ByteString encode_subtrees(unsigned number, const std::vector<std::string>& dns,
                           const std::vector<ByteString>& addresses) {
  ByteString subtrees;
  for (const std::string& name : dns) {
    append(subtrees, der_encode(der::kSequence, {der_encode(der::context(2), {as_bytes(name)})}));
  }
  for (const ByteString& address : addresses) {
    append(subtrees, der_encode(der::kSequence, {der_encode(der::context(7), {address})}));
  }
  return subtrees.empty() ? subtrees : der_encode(der::context_constructed(number), {subtrees});
}

ByteString encode_name_constraints(const IssueSpec& spec) {
  const ByteString permitted = encode_subtrees(0, spec.permitted_dns, spec.permitted_ips);
  const ByteString excluded = encode_subtrees(1, spec.excluded_dns, {});
  if (permitted.empty() && excluded.empty()) return {};
  return encode_extension(oid::kNameConstraints, true, der_encode(der::kSequence, {permitted, excluded}));
}

ByteString encode_authority_info_access(const std::string& url) {
  const ByteString description =
      der_encode(der::kSequence, {der_encode(der::kObjectIdentifier, {oid::kAccessCaIssuers}),
                                  der_encode(der::context(6), {as_bytes(url)})});
  return encode_extension(oid::kAuthorityInfoAccess, false, der_encode(der::kSequence, {description}));
}

// RFC 7093 §2: "The keyIdentifier is composed of the leftmost 160-bits of the SHA-256 hash of the value of
// the BIT STRING subjectPublicKey".
Result<ByteString> key_identifier_of(Bytes spki) {
  crypto::DerReader reader(spki);
  crypto::DerReader fields = reader.sequence("subjectPublicKeyInfo");
  fields.element("algorithm", der::kSequence);
  const Bytes key = fields.bit_string_bytes("subjectPublicKey");
  HANDFAST_TRY(reader.status());
  HANDFAST_TRY_ASSIGN(const crypto::Digest digest, crypto::hash(crypto::HashAlgorithm::sha256, {key}));
  return copy_of(digest.view().first(20));
}

struct IssuerView {
  ByteString name;
  ByteString key_identifier;
};

Result<IssuerView> look_at_issuer(const crypto::PrivateKey& key, Bytes certificate,
                                  const ByteString& subject) {
  if (certificate.empty()) return IssuerView{subject, {}};
  HANDFAST_TRY_ASSIGN(const Certificate parsed, Certificate::parse(certificate));
  if (!oid::equal(parsed.spki, key.public_key())) return failure(ErrorCode::configuration_key_mismatch);
  if (parsed.subject_key_identifier.present) {
    return IssuerView{copy_of(parsed.subject), copy_of(parsed.subject_key_identifier.key_identifier)};
  }
  HANDFAST_TRY_ASSIGN(ByteString identifier, key_identifier_of(parsed.spki));
  return IssuerView{copy_of(parsed.subject), std::move(identifier)};
}

Result<ByteString> encode_extensions(const IssueSpec& spec, Bytes subject_spki, const IssuerView& issuer) {
  ByteString out;
  append(out, encode_basic_constraints(spec));
  append(out, encode_key_usage(spec));
  if (spec.server_auth || spec.client_auth) append(out, encode_extended_key_usage(spec));
  HANDFAST_TRY_ASSIGN(const ByteString identifier, key_identifier_of(subject_spki));
  append(out,
         encode_extension(oid::kSubjectKeyIdentifier, false, der_encode(der::kOctetString, {identifier})));
  if (!issuer.key_identifier.empty()) {
    const ByteString field = der_encode(der::context(0), {issuer.key_identifier});
    append(out, encode_extension(oid::kAuthorityKeyIdentifier, false, der_encode(der::kSequence, {field})));
  }
  const bool empty_subject = spec.common_name.empty() && spec.organization.empty();
  if (!spec.dns_names.empty() || !spec.ip_addresses.empty()) {
    append(out, encode_subject_alt_name(spec, empty_subject));
  }
  if (spec.is_ca) append(out, encode_name_constraints(spec));
  if (!spec.ca_issuers_url.empty()) append(out, encode_authority_info_access(spec.ca_issuers_url));
  for (const ByteString& extension : spec.more_extensions) append(out, extension);
  return der_encode(der::context_constructed(3), {der_encode(der::kSequence, {out})});
}

crypto::SignatureMethod method_for(const crypto::PrivateKey& key) {
  using crypto::HashAlgorithm;
  using crypto::KeyType;
  using crypto::SignatureAlgorithm;
  switch (key.type()) {
    case KeyType::rsa:
      return {SignatureAlgorithm::rsa_pkcs1, HashAlgorithm::sha256};
    case KeyType::rsa_pss:
      return {SignatureAlgorithm::rsa_pss, HashAlgorithm::sha256};
    case KeyType::ec_p256:
      return {SignatureAlgorithm::ecdsa, HashAlgorithm::sha256};
    case KeyType::ec_p384:
      return {SignatureAlgorithm::ecdsa, HashAlgorithm::sha384};
    case KeyType::ec_p521:
      return {SignatureAlgorithm::ecdsa, HashAlgorithm::sha512};
    case KeyType::ml_dsa_44:
      return {SignatureAlgorithm::ml_dsa_44, HashAlgorithm::sha512};
    case KeyType::ml_dsa_65:
      return {SignatureAlgorithm::ml_dsa_65, HashAlgorithm::sha512};
    case KeyType::ml_dsa_87:
      return {SignatureAlgorithm::ml_dsa_87, HashAlgorithm::sha512};
    case KeyType::ed25519:
      break;
  }
  return {SignatureAlgorithm::ed25519, HashAlgorithm::sha512};
}

Result<void> check_spec(const IssueSpec& spec) {
  // RFC 5280 §A.1: ub-common-name and ub-organization-name are 64.
  constexpr std::size_t kUpperBound = 64;
  const char* wrong = nullptr;
  if (spec.common_name.size() > kUpperBound || spec.organization.size() > kUpperBound)
    wrong = "a name is too long";
  if (spec.not_after < spec.not_before) wrong = "the certificate ends before it begins";
  if (spec.serial.size() > 20) wrong = "the serial number is too long";
  if (spec.path_len && *spec.path_len > 0xffff) wrong = "the path length is too large";
  if (wrong == nullptr) return {};
  return failure(Error(ErrorCode::configuration_invalid).with_detail(wrong));
}

}  // namespace

ByteString encode_extension(Bytes type, bool critical, Bytes value) {
  // DER leaves out a DEFAULT value (FALSE).
  const ByteString flag = critical ? encode_boolean(true) : ByteString();
  return der_encode(der::kSequence, {der_encode(der::kObjectIdentifier, {type}), flag,
                                     der_encode(der::kOctetString, {value})});
}

Result<ByteString> issue(const IssueSpec& spec, Bytes subject_spki, const crypto::PrivateKey& issuer_key,
                         Bytes issuer_certificate) {
  HANDFAST_TRY(check_spec(spec));
  const ByteString subject = encode_subject(spec);
  HANDFAST_TRY_ASSIGN(const IssuerView issuer, look_at_issuer(issuer_key, issuer_certificate, subject));
  HANDFAST_TRY_ASSIGN(const ByteString extensions, encode_extensions(spec, subject_spki, issuer));
  const crypto::SignatureMethod method =
      spec.signature_method ? *spec.signature_method : method_for(issuer_key);
  const ByteString algorithm = algorithm_identifier_of(method);

  // What follows the serial number in TBSCertificate.
  ByteString rest = algorithm;
  append(rest, issuer.name);
  append(rest, der_encode(der::kSequence, {write_time(spec.not_before), write_time(spec.not_after)}));
  append(rest, subject);
  rest.insert(rest.end(), subject_spki.begin(), subject_spki.end());
  append(rest, extensions);

  ByteString serial = spec.serial;
  if (serial.empty()) {
    HANDFAST_TRY_ASSIGN(const crypto::Digest digest, crypto::hash(crypto::HashAlgorithm::sha256, {rest}));
    serial = copy_of(digest.view().first(16));
  }
  constexpr std::uint8_t kVersion3[] = {2};
  const ByteString version =
      der_encode(der::context_constructed(0), {der_encode(der::kInteger, {Bytes(kVersion3)})});
  const ByteString tbs = der_encode(der::kSequence, {version, crypto::der_unsigned(serial), rest});
  HANDFAST_TRY_ASSIGN(const ByteString signature, issuer_key.sign(method, tbs));
  return der_encode(der::kSequence, {tbs, algorithm, crypto::der_bit_string(signature)});
}

}  // namespace handfast::pki
