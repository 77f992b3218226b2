// Path validation, certificate by certificate. RFC 5280 §6.1.3 (a), §6.1.4 (k) to (o).
#include "pki/checks.hpp"

#include <fmt/format.h>

#include "pki/der_time.hpp"
#include "pki/dns_name.hpp"
#include "pki/general_name.hpp"
#include "pki/key_info.hpp"
#include "pki/name_match.hpp"
#include "pki/oid.hpp"
#include "pki/rules.hpp"
#include "pki/signature_algorithm.hpp"

namespace handfast::pki {
namespace {

bool check_time(const Certificate& certificate, std::size_t depth, Time now, Faults& faults) {
  // RFC 5280 §4.1.2.5: "the period of time from notBefore through notAfter, inclusive".
  if (now > certificate.not_after) {
    const ErrorCode code =
        depth == 0 ? ErrorCode::certificate_expired : ErrorCode::certificate_issuer_expired;
    return faults.report(code, depth, certificate, "validity.notAfter", [&] {
      return fmt::format("valid until {}, now it is {}", time_to_text(certificate.not_after),
                         time_to_text(now));
    });
  }
  if (now < certificate.not_before) {
    return faults.report(ErrorCode::certificate_not_yet_valid, depth, certificate, "validity.notBefore", [&] {
      return fmt::format("valid from {} on, now it is {}", time_to_text(certificate.not_before),
                         time_to_text(now));
    });
  }
  return true;
}

bool check_key(const Certificate& certificate, std::size_t depth, const ValidationPolicy& policy,
               Faults& faults) {
  const KeyInfo key = key_info_of(certificate.spki);
  if (!key.type) {
    return faults.report(ErrorCode::certificate_unsupported_algorithm, depth, certificate,
                         "subjectPublicKeyInfo", [&] { return "key algorithm " + key.text; });
  }
  if (!key.is_rsa()) return true;
  // CABF BR §6.1.5: the size of the modulus is divisible by 8.
  const bool uneven = policy.profile == Profile::webpki && key.bits % 8 != 0;
  if (key.bits >= policy.min_rsa_bits && !uneven) return true;
  return faults.report(ErrorCode::certificate_weak_key, depth, certificate, "subjectPublicKeyInfo", [&] {
    return uneven ? fmt::format("RSA with {} bits, which 8 does not divide", key.bits)
                  : fmt::format("RSA with {} bits, at least {} are asked for", key.bits, policy.min_rsa_bits);
  });
}

bool check_rules(const Certificate& certificate, std::size_t depth, Role role, Profile profile,
                 Faults& faults) {
  for (const Rule* rule = next_broken_rule(certificate, role, profile); rule != nullptr;
       rule = next_broken_rule(certificate, role, profile, rule)) {
    if (!faults.report(rule->code, depth, certificate, rule->field,
                       [&] { return std::string(rule->sentence); })) {
      return false;
    }
  }
  return true;
}

bool allows_purpose(const ExtendedKeyUsage& usage, Side peer) {
  return !usage.present || usage.any || (peer == Side::server ? usage.server_auth : usage.client_auth);
}

bool check_extended_key_usage(const Certificate& certificate, std::size_t depth, const VerifyInput& input,
                              Faults& faults) {
  if (!input.policy.check_purpose || allows_purpose(certificate.extended_key_usage, input.peer)) return true;
  return faults.report(ErrorCode::certificate_bad_extended_key_usage, depth, certificate, "extKeyUsage", [&] {
    return fmt::format("it lacks {}", input.peer == Side::server ? "serverAuth" : "clientAuth");
  });
}

// A wildcard for a whole public suffix matches nothing. CABF BR §3.2.2.6: "If the FQDN portion of any
// Wildcard Domain Name is "registry-controlled" or is a "public suffix", CAs MUST refuse issuance unless the
// Applicant proves its rightful control of the entire Domain Namespace"; who does has the name itself in
// there, too.
bool check_public_suffix(const Certificate& leaf, const VerifyInput& input, Faults& faults) {
  const ValidationPolicy& policy = input.policy;
  if (policy.is_public_suffix == nullptr || policy.profile != Profile::webpki || input.name->is_ip()) {
    return true;
  }
  const std::string_view wanted = input.name->dns();
  const std::size_t dot = wanted.find('.');
  if (dot == std::string_view::npos || !policy.is_public_suffix(wanted.substr(dot + 1))) return true;
  GeneralNameWalker walker(leaf.subject_alt_name.content);
  GeneralName name;
  while (walker.next(name)) {
    if (name.type == GeneralNameType::dns_name && ascii_equal(as_text(name.value), wanted)) return true;
  }
  return faults.report(ErrorCode::certificate_name_mismatch, 0, leaf, "subjectAltName", [&] {
    return fmt::format("a wildcard for all of the public suffix '{}' is for nobody (CABF BR §3.2.2.6)",
                       wanted.substr(dot + 1));
  });
}

// RFC 5280 §6.1.4 (k): "verify that the basicConstraints extension is present and that cA is set to TRUE", if
// the version is 3; an anchor of version 1 was chosen by hand.
bool check_ca(const PathStep& step, std::size_t depth, Profile profile, Faults& faults) {
  const Certificate& certificate = *step.certificate;
  if (certificate.version == 1 && step.anchor != nullptr && profile == Profile::rfc5280) return true;
  if (!certificate.basic_constraints.ca) {
    const bool present = certificate.basic_constraints.present;
    return faults.report(ErrorCode::certificate_issuer_not_ca, depth, certificate, "basicConstraints",
                         [&] { return std::string(present ? "cA is FALSE" : "the extension is missing"); });
  }
  // §6.1.4 (n): "If a key usage extension is present, verify that the keyCertSign bit is set."
  if (!certificate.key_usage.allows(KeyUsage::key_cert_sign)) {
    return faults.report(ErrorCode::certificate_bad_key_usage, depth, certificate, "keyUsage",
                         [] { return std::string("keyCertSign is not set"); });
  }
  return true;
}

// §6.1.4 (l), (m): pathLenConstraint "gives the maximum number of non-self-issued intermediate certificates
// that may follow this certificate in a valid certification path".
bool check_length(const Path& path, const ValidationPolicy& policy, Faults& faults) {
  const std::size_t depth = path.size() - 1;
  const Certificate& certificate = *path.back().certificate;
  std::size_t below = 0;
  for (std::size_t i = 1; i < depth; ++i) below += path[i].certificate->self_issued ? 0 : 1;
  const auto& allowed = certificate.basic_constraints.path_len;
  if (allowed && below > *allowed) {
    return faults.report(ErrorCode::certificate_path_too_long, depth, certificate,
                         "basicConstraints.pathLenConstraint",
                         [&] { return fmt::format("{} CAs below it, {} are allowed", below, *allowed); });
  }
  const bool is_intermediate = path.back().anchor == nullptr && !certificate.self_issued;
  const std::size_t intermediates = below + (is_intermediate ? 1 : 0);
  if (intermediates > policy.max_intermediates) {
    return faults.report(ErrorCode::certificate_path_too_long, depth, certificate, "path",
                         [&] { return fmt::format("more than {} intermediates", policy.max_intermediates); });
  }
  return true;
}

}  // namespace

bool check_common(const Certificate& certificate, std::size_t depth, bool is_anchor, const VerifyInput& input,
                  Faults& faults) {
  const Role role = is_anchor ? Role::anchor : depth == 0 ? Role::leaf : Role::intermediate;
  if (!check_time(certificate, depth, input.now, faults)) return false;
  // RFC 5280 §4.2: "A certificate-using system MUST reject the certificate if it encounters a critical
  // extension it does not recognize".
  if (!certificate.unknown_critical_extension.empty()) {
    const Bytes type = certificate.unknown_critical_extension;
    const bool go_on = faults.report(
        ErrorCode::certificate_unknown_critical_extension, depth, certificate, "extensions", [&] {
          return oid::equal(type, oid::kCtPoison) ? "it is a precertificate (CT poison), not the certificate"
                                                  : "extension " + oid::to_string(type);
        });
    if (!go_on) return false;
  }
  return check_key(certificate, depth, input.policy, faults) &&
         check_rules(certificate, depth, role, input.policy.profile, faults);
}

bool check_leaf(const Certificate& leaf, const VerifyInput& input, Faults& faults) {
  if (!check_extended_key_usage(leaf, 0, input, faults)) return false;
  // RFC 9846 §4.5.1.2: "If the keyUsage extension is present, the digitalSignature bit MUST be set."
  if (input.policy.require_digital_signature && !leaf.key_usage.allows(KeyUsage::digital_signature) &&
      !faults.report(ErrorCode::certificate_bad_key_usage, 0, leaf, "keyUsage",
                     [] { return std::string("digitalSignature is not set"); })) {
    return false;
  }
  if (input.name == nullptr) return true;
  const Result<void> match = match_server_name(leaf, *input.name, faults.collecting());
  if (match) return check_public_suffix(leaf, input, faults);
  return faults.report(match.error().code(), 0, leaf, "subjectAltName",
                       [&] { return std::string(match.error().detail()); });
}

bool check_signature_algorithm(const Certificate& certificate, std::size_t depth,
                               const ValidationPolicy& policy, Faults& faults) {
  const auto algorithm = [&] { return signature_algorithm_to_text(certificate.signature_algorithm); };
  if (!certificate.signature_method) {
    return faults.report(ErrorCode::certificate_unsupported_algorithm, depth, certificate,
                         "signatureAlgorithm", algorithm);
  }
  if (certificate.signature_method->hash == crypto::HashAlgorithm::sha1 && !policy.allow_sha1) {
    return faults.report(ErrorCode::certificate_weak_signature, depth, certificate, "signatureAlgorithm",
                         algorithm);
  }
  return true;
}

bool check_issuer(const Path& path, const VerifyInput& input, Faults& faults) {
  const std::size_t depth = path.size() - 1;
  const PathStep& step = path.back();
  return check_ca(step, depth, input.policy.profile, faults) && check_length(path, input.policy, faults) &&
         check_extended_key_usage(*step.certificate, depth, input, faults) &&
         check_common(*step.certificate, depth, step.anchor != nullptr, input, faults);
}

}  // namespace handfast::pki
