// One sentence for each kind of fault. The program's longer texts, by id, are in its table of failures.
#include "pki/remedy.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "pki/der_time.hpp"
#include "pki/describe.hpp"
#include "pki/distinguished_name.hpp"
#include "pki/oid.hpp"

namespace handfast::pki {
namespace {

using E = ErrorCode;

std::string quoted(Bytes name) { return "'" + name_to_text(name) + "'"; }

std::string name_for(const VerifyInput& input) {
  if (input.name == nullptr) return "its names";
  return (input.name->is_ip() ? "IP:" : "DNS:") + input.name->to_string();
}

// "; it is at http://…": where the certificate says that its issuer's is.
std::string where(const Certificate& certificate) {
  const std::vector<std::string> urls = ca_issuer_urls(certificate);
  return urls.empty() ? "" : "; it is at " + urls.front();
}

std::string wanted_key(const Certificate& certificate) {
  const auto& wanted = certificate.authority_key_identifier.key_identifier;
  if (!wanted) return "";
  constexpr std::size_t kShown = 20;
  std::string text = " with key identifier ";
  for (const std::uint8_t byte : wanted->first(std::min(wanted->size(), kShown)))
    text += fmt::format("{:02x}", byte);
  return text;
}

// Issuers, keys and signatures.
std::string trust_remedy(const Fault& fault, const VerifyInput& input) {
  const Certificate& c = *fault.certificate;
  switch (fault.code) {
    case E::certificate_missing_intermediate:
      return fmt::format("append the certificate of {} to the file, behind the certificate that it signed{}",
                         quoted(c.issuer), where(c));
    case E::certificate_unknown_issuer:
      return fmt::format(
          "if you know the CA {}, trust its root here; if it is an intermediate, send it along{}",
          quoted(c.issuer), where(c));
    case E::certificate_self_signed:
      return "have a CA issue the certificate, or trust exactly this one where it is checked";
    case E::certificate_self_signed_root:
      return fmt::format(
          "if you know the CA {}, trust it where it is checked; sending it along changes nothing",
          quoted(c.subject));
    case E::certificate_wrong_intermediate:
      return fmt::format("replace the intermediate by the certificate of {}{}, which came with this one{}",
                         quoted(c.issuer), wanted_key(c), where(c));
    case E::certificate_bad_signature:
      return fmt::format(
          "get the certificate and that of its issuer {} from the CA again: one of them was changed, "
          "or the issuer has another key of the same name",
          quoted(c.issuer));
    case E::certificate_weak_signature:
      return fmt::format("have {} issue it again, signed with SHA-256 or better", quoted(c.issuer));
    case E::certificate_weak_key:
      return fmt::format(
          "make a new key (ECDSA P-256, or RSA with {} bits) and have the certificate issued for it",
          std::max<std::size_t>(input.policy.min_rsa_bits, 2048));
    case E::certificate_unsupported_algorithm:
      return "have it issued again with an RSA, ECDSA (P-256, P-384, P-521) or Ed25519 key, signed with "
             "SHA-256 or "
             "better";
    case E::certificate_budget_exhausted:
      return "send the leaf and its intermediates only";
    default:
      return "";
  }
}

// What a CA wrote into a certificate.
std::string content_remedy(const Fault& fault, const VerifyInput& input) {
  const Certificate& c = *fault.certificate;
  switch (fault.code) {
    case E::certificate_unsupported_version:
      return "have it issued again as X.509 version 3";
    case E::certificate_bad_extended_key_usage:
      return fmt::format("have it issued again with extendedKeyUsage = {}",
                         input.peer == Side::server ? "serverAuth" : "clientAuth");
    case E::certificate_bad_key_usage:
      return fmt::format("have it issued again with keyUsage = {}",
                         fault.depth == 0 ? "digitalSignature" : "keyCertSign, cRLSign");
    case E::certificate_name_constraint:
      return "have it issued by a CA that may sign for this name, or have that CA's name constraints widened";
    case E::certificate_path_too_long:
      if (!c.basic_constraints.path_len) return "use a chain with fewer CAs";
      return fmt::format(
          "have {} issued again with a larger pathLenConstraint, or issue from a CA that is nearer to "
          "the root",
          quoted(c.subject));
    case E::certificate_issuer_not_ca:
      return fmt::format("issue from a CA: {} would need basicConstraints = CA:TRUE, critical",
                         quoted(c.subject));
    case E::certificate_unknown_critical_extension:
      return oid::equal(c.unknown_critical_extension, oid::kCtPoison)
                 ? "use the final certificate, which the CA made after the precertificate"
                 : "have it issued again without this extension, or with the extension not critical";
    case E::certificate_policy_violation:
      return "have it issued under a policy that every CA of the chain allows";
    case E::certificate_extension_forbidden:
      return fmt::format("have it issued again with a correct {}", fault.field);
    default:
      return "";
  }
}

std::string date_or_name_remedy(const Fault& fault, const VerifyInput& input) {
  const Certificate& c = *fault.certificate;
  switch (fault.code) {
    case E::certificate_expired:
      return fmt::format("renew it, and reload the server: it ended at {}", time_to_text(c.not_after));
    case E::certificate_issuer_expired:
      return fmt::format(
          "replace {} by the certificate that its CA gives out today, or leave it out if another path "
          "leads to a root",
          quoted(c.subject));
    case E::certificate_not_yet_valid:
      return fmt::format("wait until {}, or set the clock right (here or where it was issued)",
                         time_to_text(c.not_before));
    case E::certificate_name_mismatch:
    case E::certificate_wildcard_mismatch:
    case E::certificate_no_subject_alternative_name:
      return fmt::format(
          "have it issued again with subjectAltName = {}{}", name_for(input),
          fault.code == E::certificate_no_subject_alternative_name ? "" : ", or ask for a name that it has");
    case E::certificate_ip_mismatch:
      return fmt::format("have it issued again with subjectAltName = {}, or connect by name",
                         name_for(input));
    default:
      return "";
  }
}

std::string revocation_remedy(const Fault& fault, const VerifyInput&) {
  switch (fault.code) {
    case E::certificate_revoked:
      return "have it issued again for a new key, and find out why it was revoked";
    case E::certificate_revocation_unknown:
      return "give a list of revoked certificates of its issuer that is in date, or let the server staple a "
             "response";
    case E::certificate_staple_missing:
      return "switch stapling on at the server, or have it issued without the TLS feature extension";
    case E::certificate_staple_invalid:
      return "let the server fetch a new response from the CA's OCSP responder";
    default:
      return "";
  }
}

}  // namespace

std::string remedy(const Fault& fault, const VerifyInput& input) {
  for (const auto& part : {trust_remedy, content_remedy, date_or_name_remedy, revocation_remedy}) {
    if (std::string text = part(fault, input); !text.empty()) return text;
  }
  return "";
}

}  // namespace handfast::pki
