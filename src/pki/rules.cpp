// The table of rules. rfc5280 holds what a relying party must refuse although no step of §6 says so; the
// stricter profiles add what binds those who issue.
#include "pki/rules.hpp"

#include <algorithm>
#include <iterator>

#include "crypto/der.hpp"
#include "pki/distinguished_name.hpp"
#include "pki/dns_name.hpp"
#include "pki/general_name.hpp"
#include "pki/name_constraints.hpp"
#include "pki/name_match.hpp"
#include "pki/oid.hpp"

namespace handfast::pki {
namespace {

using C = Certificate;
using E = ErrorCode;

constexpr unsigned bit(Profile profile) { return 1U << static_cast<unsigned>(profile); }
constexpr unsigned kStrict = bit(Profile::rfc5280_strict);
constexpr unsigned kWeb = bit(Profile::webpki);
constexpr unsigned kAlways = bit(Profile::rfc5280) | kStrict | kWeb;

constexpr unsigned kLeaf = static_cast<unsigned>(Role::leaf);
constexpr unsigned kIntermediate = static_cast<unsigned>(Role::intermediate);
constexpr unsigned kAnchor = static_cast<unsigned>(Role::anchor);
constexpr unsigned kAll = kLeaf | kIntermediate | kAnchor;

bool serial_not_positive(const C& c) {
  return c.serial[0] >= 0x80 || std::all_of(c.serial.begin(), c.serial.end(), [](int b) { return b == 0; });
}

bool serial_too_long(const C& c) { return c.serial.size() - (c.serial[0] == 0 ? 1 : 0) > 20; }

bool lacks_authority_key_identifier(const C& c) { return !c.authority_key_identifier.key_identifier; }

// Self-signed certificates may leave it out.
bool lacks_authority_key_identifier_unless_self_issued(const C& c) {
  return !c.self_issued && lacks_authority_key_identifier(c);
}

bool has_bad_dns_name(const C& c) {
  GeneralNameWalker walker(c.subject_alt_name.content);
  GeneralName name;
  while (walker.next(name)) {
    const std::string_view text = as_text(name.value);
    if (name.type != GeneralNameType::dns_name) continue;
    if (!is_dns_name_or_wildcard(text) || text.find('_') != std::string_view::npos) return true;
  }
  return false;
}

bool has_address_as_dns_name(const C& c) {
  GeneralNameWalker walker(c.subject_alt_name.content);
  GeneralName name;
  while (walker.next(name)) {
    if (name.type == GeneralNameType::dns_name && looks_like_address(as_text(name.value))) return true;
  }
  return false;
}

// An address however people write it: "192.168.001.001", "0xC0A80101", "2001:DB8::1".
bool is_some_address(std::string_view text) {
  const bool digits = std::all_of(text.begin(), text.end(), [](char c) {
    const char lower = ascii_lower(c);
    return (c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'f') || lower == 'x' || c == '.' || c == ':';
  });
  if (!digits) return false;
  return text.find(':') != std::string_view::npos || text.starts_with("0x") || text.starts_with("0X") ||
         looks_like_address(text);
}

bool is_unicode_host(std::string_view text) {
  return text.find('.') != std::string_view::npos && text.find(' ') == std::string_view::npos &&
         std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

// CABF BR §7.1.4.3 wants the common name to be one of the alternative names, character by character. A common
// name that is another name altogether is no danger (it is never matched) and common in private use; what is
// refused is one that means a host or an address but spells it in another way.
bool misspells_alternative_name(const C& c) {
  const auto common_name = attribute_text(c.subject, oid::kCommonName);
  if (!common_name) return false;
  bool misspelt = is_some_address(*common_name) || is_unicode_host(*common_name);
  GeneralNameWalker walker(c.subject_alt_name.content);
  GeneralName name;
  while (walker.next(name)) {
    if (name.type != GeneralNameType::dns_name && name.type != GeneralNameType::ip_address) continue;
    const std::string text = general_name_to_text(name);
    if (text == *common_name) return false;
    misspelt = misspelt || ascii_equal(text, *common_name);
  }
  return misspelt;
}

bool has_malformed_authority_info_access(const C& c) {
  if (!c.authority_info_access.present) return false;
  crypto::DerReader reader(c.authority_info_access.content);
  crypto::DerReader descriptions = reader.sequence("authorityInfoAccess");
  do {
    crypto::DerReader description = descriptions.sequence("accessDescription");
    description.object_identifier("accessMethod");
    read_general_name(description, "accessLocation");
    description.expect_end("accessDescription");
  } while (!descriptions.empty());
  return !reader.finish();
}

// Roots that were made before the Baseline Requirements (1 July 2012) and are still in use may differ. A date
// from before X.509 version 3 (1996) says nothing about when a certificate was made.
bool is_older_than_baseline(const C& c) {
  using std::chrono::sys_days;
  constexpr sys_days kVersion3 = std::chrono::year(1996) / 6 / 1;
  constexpr sys_days kBaseline = std::chrono::year(2012) / 7 / 1;
  return c.not_before >= kVersion3 && c.not_before < kBaseline;
}

bool ca(const C& c) { return c.basic_constraints.ca; }
bool signs_certificates(const C& c) {
  return c.key_usage.present && c.key_usage.allows(KeyUsage::key_cert_sign);
}

// clang-format off: one rule a line or two reads as the table it is
constexpr Rule kRules[] = {
    {kAlways, kAll, E::certificate_extension_forbidden, "issuer", "the issuer is empty (RFC 5280 §4.1.2.4)",
     [](const C& c) { return name_is_empty(c.issuer); }},
    {kAlways, kIntermediate | kAnchor, E::certificate_extension_forbidden, "subject", "a CA has no name (RFC 5280 §4.1.2.6)",
     [](const C& c) { return name_is_empty(c.subject); }},
    {kAlways, kAll, E::certificate_extension_forbidden, "keyUsage", "a CA whose key may not sign certificates (RFC 5280 §4.2.1.9)",
     [](const C& c) { return ca(c) && c.basic_constraints.path_len && !c.key_usage.allows(KeyUsage::key_cert_sign); }},
    {kAlways, kAll, E::certificate_unsupported_version, "version", "extensions or TLS need version 3 (RFC 5280 §4.1.2.1)",
     [](const C& c) { return c.version != 3 && !(c.version == 1 && c.self_issued); }},

    {kStrict | kWeb, kLeaf | kIntermediate, E::certificate_extension_forbidden, "serialNumber", "the serial number is not positive (RFC 5280 §4.1.2.2)",
     serial_not_positive},
    {kStrict | kWeb, kLeaf | kIntermediate, E::certificate_extension_forbidden, "serialNumber", "the serial number is longer than 20 octets (RFC 5280 §4.1.2.2)",
     serial_too_long},
    {kStrict | kWeb, kAll, E::certificate_extension_forbidden, "authorityKeyIdentifier", "the extension is critical (RFC 5280 §4.2.1.1)",
     [](const C& c) { return c.authority_key_identifier.critical; }},
    {kStrict | kWeb, kAll, E::certificate_extension_forbidden, "subjectKeyIdentifier", "the extension is critical (RFC 5280 §4.2.1.2)",
     [](const C& c) { return c.subject_key_identifier.critical; }},
    {kStrict | kWeb, kAll, E::certificate_extension_forbidden, "authorityKeyIdentifier", "the key identifier is missing (RFC 5280 §4.2.1.1)",
     lacks_authority_key_identifier_unless_self_issued},
    {kStrict, kIntermediate | kAnchor, E::certificate_extension_forbidden, "subjectKeyIdentifier", "a CA without the extension (RFC 5280 §4.2.1.2)",
     [](const C& c) { return !c.subject_key_identifier.present; }},
    {kStrict | kWeb, kIntermediate, E::certificate_extension_forbidden, "basicConstraints", "the extension of a CA is not critical (RFC 5280 §4.2.1.9)",
     [](const C& c) { return ca(c) && !c.basic_constraints.critical; }},
    {kStrict, kAnchor, E::certificate_extension_forbidden, "basicConstraints", "the extension of a CA is not critical (RFC 5280 §4.2.1.9)",
     [](const C& c) { return ca(c) && !c.basic_constraints.critical; }},
    {kStrict | kWeb, kAll, E::certificate_extension_forbidden, "keyUsage", "keyCertSign without cA (RFC 5280 §4.2.1.3)",
     [](const C& c) { return !ca(c) && signs_certificates(c); }},
    {kStrict, kAll, E::certificate_extension_forbidden, "nameConstraints", "the extension is not critical (RFC 5280 §4.2.1.10)",
     [](const C& c) { return c.name_constraints.present && !c.name_constraints.critical; }},
    {kStrict | kWeb, kLeaf, E::certificate_extension_forbidden, "nameConstraints", "the extension belongs in CA certificates (RFC 5280 §4.2.1.10)",
     [](const C& c) { return c.name_constraints.present && !ca(c); }},
    {kStrict, kAll, E::certificate_extension_forbidden, "nameConstraints", "a DNS constraint begins with a period (RFC 5280 §4.2.1.10)",
     [](const C& c) { return has_leading_period_constraint(c.name_constraints); }},
    {kStrict | kWeb, kAll, E::certificate_extension_forbidden, "policyConstraints", "the extension is not critical (RFC 5280 §4.2.1.11)",
     [](const C& c) { return c.policy_constraints.present && !c.policy_constraints.critical; }},
    {kStrict | kWeb, kLeaf, E::certificate_extension_forbidden, "subjectAltName", "not critical although the subject is empty (RFC 5280 §4.2.1.6)",
     [](const C& c) { return name_is_empty(c.subject) && c.subject_alt_name.present && !c.subject_alt_name.critical; }},
    {kStrict | kWeb, kLeaf, E::certificate_extension_forbidden, "subjectAltName", "a DNS name is malformed or has an underscore (RFC 5280 §4.2.1.6)",
     has_bad_dns_name},
    {kStrict | kWeb, kLeaf, E::certificate_extension_forbidden, "subjectAltName", "an IP address is written as DNS name (RFC 5280 §4.2.1.6)",
     has_address_as_dns_name},

    {kWeb, kAnchor, E::certificate_extension_forbidden, "authorityKeyIdentifier", "a root's extension lacks the key identifier (CABF BR §7.1.2.1.3)",
     [](const C& c) { return c.self_issued && c.authority_key_identifier.present && lacks_authority_key_identifier(c); }},
    {kWeb, kAnchor, E::certificate_extension_forbidden, "authorityKeyIdentifier", "a root's extension names issuer or serial number (CABF BR §7.1.2.1.3)",
     [](const C& c) { return c.self_issued && !is_older_than_baseline(c) && (c.authority_key_identifier.has_issuer || c.authority_key_identifier.has_serial); }},
    {kWeb, kAnchor, E::certificate_extension_forbidden, "authorityKeyIdentifier", "a root's extension is not its own key identifier (CABF BR §7.1.2.1.3)",
     [](const C& c) { return c.self_issued && c.authority_key_identifier.key_identifier && c.subject_key_identifier.present &&
                             !oid::equal(*c.authority_key_identifier.key_identifier, c.subject_key_identifier.key_identifier); }},
    {kWeb, kAnchor, E::certificate_bad_extended_key_usage, "extKeyUsage", "a root must not have the extension (CABF BR §7.1.2.1.2)",
     [](const C& c) { return c.self_issued && c.extended_key_usage.present; }},
    {kWeb, kLeaf, E::certificate_bad_extended_key_usage, "extKeyUsage", "the extension is missing (CABF BR §7.1.2.7.6)",
     [](const C& c) { return !c.extended_key_usage.present; }},
    {kWeb, kLeaf, E::certificate_bad_extended_key_usage, "extKeyUsage", "anyExtendedKeyUsage or critical (CABF BR §7.1.2.7.6)",
     [](const C& c) { return c.extended_key_usage.any || c.extended_key_usage.critical; }},
    {kWeb, kLeaf, E::certificate_extension_forbidden, "basicConstraints", "a CA certificate used as a server's (CABF BR §7.1.2.7.8)",
     ca},
    {kWeb, kLeaf, E::certificate_extension_forbidden, "subjectAltName", "critical although there is a subject (CABF BR §7.1.2.7.12)",
     [](const C& c) { return c.subject_alt_name.critical && !name_is_empty(c.subject); }},
    {kWeb, kLeaf, E::certificate_name_mismatch, "subject", "the common name spells an alternative name in another way (CABF BR §7.1.4.3)",
     misspells_alternative_name},
    {kWeb, kLeaf | kIntermediate, E::certificate_extension_forbidden, "authorityInfoAccess", "the extension is malformed (CABF BR §7.1.2.7.7)",
     has_malformed_authority_info_access},
};
// clang-format on

}  // namespace

const Rule* next_broken_rule(const Certificate& certificate, Role role, Profile profile,
                             const Rule* previous) {
  const Rule* rule = previous == nullptr ? std::begin(kRules) : previous + 1;
  for (; rule != std::end(kRules); ++rule) {
    const bool applies =
        (rule->profiles & bit(profile)) != 0 && (rule->roles & static_cast<unsigned>(role)) != 0;
    if (applies && rule->broken(certificate)) return rule;
  }
  return nullptr;
}

}  // namespace handfast::pki
