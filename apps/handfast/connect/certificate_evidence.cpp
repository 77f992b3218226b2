// The evidence of certificate failures.
#include "connect/certificate_evidence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/escape.hpp"
#include "common/numbers.hpp"
#include "trace/names.hpp"

namespace handfast::apps {
namespace {

// When this program was written. A clock before that is wrong, whatever else is true.
constexpr Time kWrittenAt{std::chrono::sys_days{std::chrono::year{2026} / 11 / 1}};

constexpr std::size_t kShownNames = 8;

// Products that inspect connections sign with CAs of these names.
constexpr std::array<std::string_view, 20> kInspectors = {
    "Zscaler",       "Netskope", "Fortinet",     "FortiGate",   "Palo Alto",   "Sophos",         "Kaspersky",
    "ESET",          "Avast",    "AVG",          "Bitdefender", "Blue Coat",   "Cisco Umbrella", "McAfee",
    "Charles Proxy", "Fiddler",  "DO_NOT_TRUST", "mitmproxy",   "PortSwigger", "Check Point",
};

const std::vector<CertificateFact>* sent_chain(const Circumstances& at) {
  const TraceStep* step = at.trace->find(StepKind::certificate);
  return step != nullptr && !step->certificates.empty() ? &step->certificates : nullptr;
}

std::string_view inspector_in(const std::vector<CertificateFact>& chain) {
  for (const auto& certificate : chain) {
    for (const auto name : kInspectors) {
      if (certificate.issuer_name.find(name) != std::string::npos) return name;
    }
  }
  return "";
}

bool is_about_trust(ErrorCode code) {
  return code == ErrorCode::certificate_unknown_issuer ||
         code == ErrorCode::certificate_missing_intermediate ||
         code == ErrorCode::certificate_self_signed_root;
}

bool is_about_dates(ErrorCode code) {
  return code == ErrorCode::certificate_expired || code == ErrorCode::certificate_issuer_expired ||
         code == ErrorCode::certificate_not_yet_valid;
}

bool is_about_name(ErrorCode code) {
  return code == ErrorCode::certificate_name_mismatch || code == ErrorCode::certificate_wildcard_mismatch ||
         code == ErrorCode::certificate_ip_mismatch ||
         code == ErrorCode::certificate_no_subject_alternative_name;
}

void draw_chain(Finding& finding, const std::vector<CertificateFact>& chain, const Circumstances& at) {
  std::size_t width = 0;
  for (const auto& certificate : chain) width = std::max(width, display_width(certificate.subject));
  const auto row = [&](std::string_view word, const std::string& subject, const std::string& rest) {
    const std::size_t used = display_width(subject);
    finding.chain.push_back(fmt::format("{:<8} {}{}   {}", word, subject,
                                        std::string(width > used ? width - used : 0, ' '), rest));
  };
  for (const auto& certificate : chain) {
    row("sent", certificate.subject,
        "issued by " + (certificate.self_issued ? "itself" : "\"" + certificate.issuer + "\""));
  }
  const auto& last = chain.back();
  if (last.self_issued || !last.problem.empty()) return;
  width = std::max(width, display_width(last.issuer));
  row("missing", last.issuer, "◀ not sent, and not in " + at.trust_origin);
}

// The certificate that the error names, else the first.
const CertificateFact& at_fault(const std::vector<CertificateFact>& chain, const Error& error) {
  const std::size_t depth = error.certificate_depth().value_or(0);
  return chain[depth < chain.size() ? depth : 0];
}

void add_dates(Finding& finding, const CertificateFact& certificate, const Circumstances& at) {
  finding.evidence.push_back(fmt::format("\"{}\" is valid from {} to {}", certificate.subject,
                                         certificate.not_before, certificate.not_after));
  finding.evidence.push_back(fmt::format("your clock says {}", time_text(at.now)));
  if (at.now < kWrittenAt) {
    finding.evidence.push_back(
        fmt::format("this program was written after {}: your clock is at least {} behind",
                    date_text(kWrittenAt), span_text(kWrittenAt - at.now)));
  } else {
    finding.candidates.push_back(
        {"C-10", "if other sites fail like this too, it is your clock that is wrong"});
  }
}

void add_names(Finding& finding, const CertificateFact& leaf, const Circumstances& at) {
  finding.evidence.push_back("you asked for " + escape_untrusted(at.name));
  std::vector<std::string> names = leaf.names;
  const std::size_t more = names.size() > kShownNames ? names.size() - kShownNames : 0;
  names.resize(names.size() - more);
  std::string text = names.empty() ? "no name at all" : joined(names, ", ");
  if (more > 0) text += fmt::format(" and {} more", more);
  finding.evidence.push_back("the certificate is for " + text);
  if (names.empty()) finding.evidence.push_back("its common name is " + leaf.subject);
}

}  // namespace

std::string_view certificate_id(const Error& error, const Circumstances& at) {
  if (is_about_dates(error.code()) && at.now < kWrittenAt &&
      error.code() == ErrorCode::certificate_not_yet_valid) {
    return "C-10";
  }
  const auto* chain = sent_chain(at);
  if (is_about_trust(error.code()) && chain != nullptr && !inspector_in(*chain).empty()) return "X-01";
  return error.info().catalogue;
}

void add_certificate_evidence(Finding& finding, const Error& error, const Circumstances& at) {
  const auto* chain = sent_chain(at);
  if (chain != nullptr) {
    const auto& fault = at_fault(*chain, error);
    if (is_about_trust(error.code()) || error.code() == ErrorCode::certificate_self_signed) {
      draw_chain(finding, *chain, at);
      finding.evidence.push_back(
          fmt::format("the server sent {}", count_text(chain->size(), "certificate", "certificates")));
    }
    if (is_about_dates(error.code())) add_dates(finding, fault, at);
    if (is_about_name(error.code())) add_names(finding, chain->front(), at);
    if (finding.id == "X-01") {
      finding.confidence = Confidence::likely;
      finding.evidence.push_back(fmt::format("the issuer's name contains \"{}\"", inspector_in(*chain)));
    }
  }
  // Without fetching from the CA, a forgotten intermediate and an unknown CA look alike.
  if (error.code() == ErrorCode::certificate_missing_intermediate) {
    finding.confidence = Confidence::likely;
    finding.candidates.push_back({"C-02", "the issuer is a CA that this store does not know"});
  } else if (error.code() == ErrorCode::certificate_unknown_issuer && finding.id == "C-02") {
    finding.confidence = Confidence::likely;
    finding.candidates.push_back({"C-01", "the server forgot an intermediate certificate"});
  }
  // Dates and names were said above, in full.
  const bool said = chain != nullptr && (is_about_dates(error.code()) || is_about_name(error.code()));
  if (said) return;
  if (error.certificate_depth()) {
    finding.evidence.push_back(fmt::format("certificate {} of the chain: {}", *error.certificate_depth(),
                                           escape_untrusted(error.certificate_subject())));
  }
  if (!error.detail().empty()) finding.evidence.push_back(escape_untrusted(error.detail()));
}

}  // namespace handfast::apps
