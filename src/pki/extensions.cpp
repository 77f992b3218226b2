// One function for each extension, and one table that says which OID goes where. RFC 5280 §4.2.
// An extension that is known but whose meaning validation does not use counts as unknown when it is critical.
#include "pki/extensions.hpp"

#include "pki/general_name.hpp"
#include "pki/name_constraints.hpp"
#include "pki/oid.hpp"

namespace handfast::pki {
namespace {

using crypto::DerReader;
namespace der = crypto::der;

void parse_authority_key_identifier(DerReader& value, Certificate& certificate) {
  read_authority_key_identifier(value, certificate.authority_key_identifier);
}

void parse_subject_key_identifier(DerReader& value, Certificate& certificate) {
  certificate.subject_key_identifier.key_identifier = value.octet_string("subjectKeyIdentifier");
}

void parse_key_usage(DerReader& value, Certificate& certificate) {
  const std::size_t offset = value.offset();
  const crypto::DerBitString bits = value.bit_string("keyUsage");
  if (bits.bytes.size() > 2) return value.fail("keyUsage", offset);
  for (std::size_t i = 0; i < bits.bytes.size(); ++i) {
    certificate.key_usage.bits = static_cast<std::uint16_t>(certificate.key_usage.bits |
                                                            (unsigned{bits.bytes[i]} << (i == 0 ? 8U : 0U)));
  }
  // "When the keyUsage extension appears in a certificate, at least one of the bits MUST be set to 1."
  if (certificate.key_usage.bits == 0) value.fail("keyUsage", offset);
}

void parse_subject_alt_name(DerReader& value, Certificate& certificate) {
  const crypto::DerElement names = value.element("subjectAltName", der::kSequence);
  certificate.subject_alt_name.content = names.content;
  DerReader reader(names.content, names.content_offset);
  // GeneralNames ::= SEQUENCE SIZE (1..MAX) OF GeneralName
  do {
    const std::size_t offset = reader.offset();
    const GeneralName name = read_general_name(reader, "subjectAltName");
    // "For IP version 4 […] exactly four octets. For IP version 6 […] exactly sixteen octets."
    if (name.type == GeneralNameType::ip_address && name.value.size() != 4 && name.value.size() != 16) {
      reader.fail("subjectAltName.iPAddress", offset);
    }
  } while (!reader.empty());
  if (const Result<void> verdict = reader.finish(); !verdict) {
    value.fail(verdict.error().field(), verdict.error().offset());
  }
}

void parse_basic_constraints(DerReader& value, Certificate& certificate) {
  BasicConstraints& out = certificate.basic_constraints;
  DerReader fields = value.sequence("basicConstraints");
  if (fields.next_is(der::kBoolean)) {
    // X.690 §11.5 forbids to write the DEFAULT value, FALSE. Such certificates are widespread and mean
    // nothing else: they are let through.
    out.ca = fields.boolean("basicConstraints.cA");
  }
  if (fields.next_is(der::kInteger)) {
    out.path_len = fields.small_integer("basicConstraints.pathLenConstraint", UINT64_MAX);
  }
  fields.expect_end("basicConstraints");
}

void parse_name_constraints(DerReader& value, Certificate& certificate) {
  read_name_constraints(value, certificate.name_constraints);
}

// The content of SEQUENCE SIZE (1..MAX), whose elements are looked at when they are needed.
void parse_sequence(DerReader& value, const char* field, SequenceExtension& out) {
  const crypto::DerElement element = value.element(field, der::kSequence);
  out.content = element.content;
}

void parse_policies(DerReader& value, Certificate& certificate) {
  parse_sequence(value, "certificatePolicies", certificate.certificate_policies);
}

void parse_policy_mappings(DerReader& value, Certificate& certificate) {
  parse_sequence(value, "policyMappings", certificate.policy_mappings);
}

void parse_authority_info_access(DerReader& value, Certificate& certificate) {
  // Used for advice only: its content is read leniently, by the describing view.
  certificate.authority_info_access.content = value.remaining();
  value.any("authorityInfoAccess");
}

void parse_policy_constraints(DerReader& value, Certificate& certificate) {
  PolicyConstraints& out = certificate.policy_constraints;
  const std::size_t offset = value.offset();
  DerReader fields = value.sequence("policyConstraints");
  if (fields.next_is(der::context(0))) {
    out.require_explicit_policy =
        fields.small_integer("policyConstraints.requireExplicitPolicy", UINT64_MAX, der::context(0));
  }
  if (fields.next_is(der::context(1))) {
    out.inhibit_policy_mapping =
        fields.small_integer("policyConstraints.inhibitPolicyMapping", UINT64_MAX, der::context(1));
  }
  fields.expect_end("policyConstraints");
  // "Conforming CAs MUST NOT issue certificates where policy constraints is an empty sequence."
  if (!out.require_explicit_policy && !out.inhibit_policy_mapping) value.fail("policyConstraints", offset);
}

void parse_inhibit_any_policy(DerReader& value, Certificate& certificate) {
  certificate.inhibit_any_policy.skip_certs = value.small_integer("inhibitAnyPolicy", UINT64_MAX);
}

void parse_extended_key_usage(DerReader& value, Certificate& certificate) {
  ExtendedKeyUsage& out = certificate.extended_key_usage;
  DerReader purposes = value.sequence("extKeyUsage");
  // ExtKeyUsageSyntax ::= SEQUENCE SIZE (1..MAX) OF KeyPurposeId
  do {
    const Bytes purpose = purposes.object_identifier("extKeyUsage");
    if (oid::equal(purpose, oid::kServerAuth)) {
      out.server_auth = true;
    } else if (oid::equal(purpose, oid::kClientAuth)) {
      out.client_auth = true;
    } else if (oid::equal(purpose, oid::kOcspSigning)) {
      out.ocsp_signing = true;
    } else if (oid::equal(purpose, oid::kAnyExtendedKeyUsage)) {
      out.any = true;
    } else {
      out.others = true;
    }
  } while (!purposes.empty());
}

void parse_tls_feature(DerReader& value, Certificate& certificate) {
  const crypto::DerElement element = value.element("tlsFeature", der::kSequence);
  certificate.tls_feature.content = element.content;
  DerReader features(element.content, element.content_offset);
  while (!features.empty()) {
    constexpr std::uint64_t kStatusRequest = 5;
    if (features.small_integer("tlsFeature", kMaxTlsFeature) == kStatusRequest)
      certificate.must_staple = true;
  }
  if (const Result<void> verdict = features.finish(); !verdict) {
    value.fail(verdict.error().field(), verdict.error().offset());
  }
}

void parse_ocsp_no_check(DerReader& value, Certificate& certificate) {
  const std::size_t offset = value.offset();
  if (!value.element("ocspNoCheck", der::kNull).content.empty()) value.fail("ocspNoCheck", offset);
  certificate.ocsp_no_check = true;
}

void parse_sct_list(DerReader& value, Certificate& certificate) {
  certificate.signed_certificate_timestamps.content = value.octet_string("signedCertificateTimestampList");
}

void parse_distribution_points(DerReader& value, Certificate& certificate) {
  // Where lists of revoked certificates are: looked at, strictly, when there are lists.
  certificate.crl_distribution_points.content = value.remaining();
  value.any("cRLDistributionPoints");
}

struct Row {
  Bytes oid;
  void (*parse)(DerReader& value, Certificate& certificate);
  ExtensionFlags& (*flags)(Certificate& certificate);  // null: not kept
  bool processed;                                      // false: must not be critical
};

template <auto Member>
ExtensionFlags& flags_of(Certificate& certificate) {
  return certificate.*Member;
}

using C = Certificate;
constexpr Row kRows[] = {
    {oid::kAuthorityKeyIdentifier, parse_authority_key_identifier, flags_of<&C::authority_key_identifier>,
     true},
    {oid::kSubjectKeyIdentifier, parse_subject_key_identifier, flags_of<&C::subject_key_identifier>, true},
    {oid::kKeyUsage, parse_key_usage, flags_of<&C::key_usage>, true},
    {oid::kSubjectAltName, parse_subject_alt_name, flags_of<&C::subject_alt_name>, true},
    {oid::kBasicConstraints, parse_basic_constraints, flags_of<&C::basic_constraints>, true},
    {oid::kNameConstraints, parse_name_constraints, flags_of<&C::name_constraints>, true},
    {oid::kExtKeyUsage, parse_extended_key_usage, flags_of<&C::extended_key_usage>, true},
    {oid::kCertificatePolicies, parse_policies, flags_of<&C::certificate_policies>, true},
    {oid::kPolicyMappings, parse_policy_mappings, flags_of<&C::policy_mappings>, true},
    {oid::kPolicyConstraints, parse_policy_constraints, flags_of<&C::policy_constraints>, true},
    {oid::kInhibitAnyPolicy, parse_inhibit_any_policy, flags_of<&C::inhibit_any_policy>, true},
    {oid::kAuthorityInfoAccess, parse_authority_info_access, flags_of<&C::authority_info_access>, false},
    {oid::kSctList, parse_sct_list, flags_of<&C::signed_certificate_timestamps>, false},
    {oid::kTlsFeature, parse_tls_feature, flags_of<&C::tls_feature>, true},
    {oid::kOcspNoCheck, parse_ocsp_no_check, nullptr, true},
    {oid::kCrlDistributionPoints, parse_distribution_points, flags_of<&C::crl_distribution_points>, true},
};

// Whether the value was read.
bool parse_value(const Extension& extension, DerReader& value, Certificate& certificate) {
  bool known = false;
  for (const Row& row : kRows) {
    if (!oid::equal(row.oid, extension.oid)) continue;
    if (row.flags != nullptr) {
      ExtensionFlags& flags = row.flags(certificate);
      flags.present = true;
      flags.critical = extension.critical;
    }
    row.parse(value, certificate);
    if (row.processed) return true;
    known = true;
    break;
  }
  if (extension.critical && certificate.unknown_critical_extension.empty()) {
    certificate.unknown_critical_extension = extension.oid;
  }
  return known;
}

}  // namespace

// AuthorityKeyIdentifier ::= SEQUENCE { keyIdentifier [0] OPTIONAL, authorityCertIssuer [1] OPTIONAL,
//                                       authorityCertSerialNumber [2] OPTIONAL }
void read_authority_key_identifier(DerReader& value, AuthorityKeyIdentifier& out) {
  DerReader fields = value.sequence("authorityKeyIdentifier");
  if (fields.next_is(der::context(0))) {
    out.key_identifier = fields.element("authorityKeyIdentifier.keyIdentifier", der::context(0)).content;
  }
  if (fields.next_is(der::context_constructed(1))) {
    DerReader names =
        fields.nested("authorityKeyIdentifier.authorityCertIssuer", der::context_constructed(1));
    while (!names.empty()) read_general_name(names, "authorityKeyIdentifier.authorityCertIssuer");
    out.has_issuer = true;
  }
  if (fields.next_is(der::context(2))) {
    fields.integer("authorityKeyIdentifier.authorityCertSerialNumber", der::context(2));
    out.has_serial = true;
  }
  fields.expect_end("authorityKeyIdentifier");
}

crypto::DerElement read_extension(DerReader& extensions, Extension& extension) {
  DerReader fields = extensions.sequence("extensions");
  extension.oid = fields.object_identifier("extnID");
  if (fields.next_is(der::kBoolean)) extension.critical = fields.boolean("critical");
  const crypto::DerElement value = fields.element("extnValue", der::kOctetString);
  extension.value = value.content;
  fields.expect_end("extensions");
  return value;
}

void parse_extensions(DerReader& tagged, Certificate& certificate) {
  read_extensions<kMaxExtensions>(tagged, "extensions", certificate.extensions,
                                  [&](const Extension& extension, DerReader& value) {
                                    return parse_value(extension, value, certificate);
                                  });
}

bool ExtensionWalker::next(Extension& extension) {
  if (rest_.empty()) return false;
  extension = {};
  DerReader reader(rest_);
  read_extension(reader, extension);
  rest_ = reader.remaining();
  return !reader.failed();
}

}  // namespace handfast::pki
