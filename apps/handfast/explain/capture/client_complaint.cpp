// Which alert may mean what, held against the certificates that were sent.
#include "explain/capture/client_complaint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <handfast/server_name.hpp>

#include "common/escape.hpp"
#include "common/failure_table.hpp"
#include "common/numbers.hpp"
#include "pki/certificate.hpp"
#include "pki/name_match.hpp"
#include "trace/names.hpp"

namespace handfast::apps::capture {
namespace {

const std::vector<CertificateFact>* chain_of(const FinishedConversation& conversation) {
  const TraceStep* const step = conversation.trace.find(StepKind::certificate);
  return step == nullptr || step->certificates.empty() ? nullptr : &step->certificates;
}

Time captured_at(const FinishedConversation& conversation) {
  return std::chrono::floor<std::chrono::seconds>(conversation.last);
}

Finding with_evidence(std::string_view id, Confidence confidence, std::string evidence) {
  Finding finding = finding_of(id, confidence);
  if (!evidence.empty()) finding.evidence.push_back(std::move(evidence));
  return finding;
}

// certificate_expired: the dates tell whether the certificate or the client's clock is to blame.
Finding about_dates(const FinishedConversation& conversation) {
  if (auto fault = date_fault(conversation)) {
    return with_evidence(fault->id, Confidence::certain, std::move(fault->evidence));
  }
  if (chain_of(conversation) == nullptr) {
    Finding finding = finding_of("C-07", Confidence::likely);
    add_candidates(finding, {"C-08", "C-09", "C-10"});
    return finding;
  }
  Finding finding = with_evidence("C-10", Confidence::likely,
                                  "by the capture's clock every certificate that was sent is valid");
  add_candidates(finding, {"C-08"});
  return finding;
}

// unknown_ca, and what Java and Go send for every fault.
Finding about_certificates(const FinishedConversation& conversation, bool any_fault) {
  if (any_fault) {
    if (auto fault = date_fault(conversation)) {
      return with_evidence(fault->id, Confidence::certain, std::move(fault->evidence));
    }
    if (auto fault = name_fault(conversation)) {
      return with_evidence(fault->id, Confidence::likely, std::move(fault->evidence));
    }
  }
  if (auto fault = trust_fault(conversation)) {
    Finding finding = with_evidence(fault->id, Confidence::likely, std::move(fault->evidence));
    if (fault->id == "C-01") add_candidates(finding, {"C-02", "X-01"});
    if (fault->id == "C-02") add_candidates(finding, {"C-01", "C-05", "X-01"});
    if (fault->id == "C-04") add_candidates(finding, {"X-01"});
    return finding;
  }
  Finding finding = finding_of("C-02", Confidence::possible);
  add_candidates(finding, {"C-01", "C-03", "C-04", "X-01"});
  if (any_fault) add_candidates(finding, {"C-07", "H-01", "C-12", "C-14"});
  return finding;
}

Finding about_version(const FinishedConversation& conversation) {
  return with_evidence("P-01", Confidence::certain,
                       "ServerHello chooses " + name_or_number(conversation.tls.version));
}

Finding about_parameters(const FinishedConversation& conversation) {
  if (conversation.tls.downgrade_sentinel && conversation.tls.tls13_offered) {
    return with_evidence("P-08", Confidence::certain, "ServerHello.random ends in DOWNGRD");
  }
  Finding finding = finding_of("P-19", Confidence::likely);
  add_candidates(finding, {"P-16", "P-18", "R-05"});
  return finding;
}

}  // namespace

Finding finding_of(std::string_view id, Confidence confidence) {
  Finding finding;
  finding.id = id;
  finding.confidence = confidence;
  finding.exit = exit_code_of(id);
  if (const FailureText* const text = find_failure(id)) {
    finding.title = text->title;
    finding.cause = text->cause;
    finding.seen = text->seen;
    finding.fix = text->fix;
  }
  return finding;
}

void add_candidates(Finding& finding, std::initializer_list<std::string_view> ids) {
  for (const auto id : ids) {
    const bool there = id == finding.id || std::ranges::any_of(finding.candidates, [&](const Candidate& one) {
                         return one.id == id;
                       });
    const FailureText* const text = find_failure(id);
    if (!there && text != nullptr) finding.candidates.push_back({std::string(id), std::string(text->title)});
  }
}

std::optional<ChainFault> date_fault(const FinishedConversation& conversation) {
  const auto* const chain = chain_of(conversation);
  if (chain == nullptr) return std::nullopt;
  const Time now = captured_at(conversation);
  for (const CertificateFact& fact : *chain) {
    const auto certificate = pki::Certificate::parse(fact.der);
    if (!certificate) continue;
    const bool leaf = &fact == &chain->front();
    if (certificate->not_after < now) {
      return ChainFault{leaf ? "C-07" : "C-08",
                        fmt::format("{} ended on {}, {} before it was captured", fact.subject, fact.not_after,
                                    span_text(now - certificate->not_after))};
    }
    if (certificate->not_before > now) {
      return ChainFault{"C-09", fmt::format("{} begins on {}, {} after it was captured", fact.subject,
                                            fact.not_before, span_text(certificate->not_before - now))};
    }
  }
  return std::nullopt;
}

std::optional<ChainFault> name_fault(const FinishedConversation& conversation) {
  const auto* const chain = chain_of(conversation);
  if (chain == nullptr || conversation.tls.server_name.empty()) return std::nullopt;
  const auto name = ServerName::parse(conversation.tls.server_name);
  const auto certificate = pki::Certificate::parse(chain->front().der);
  if (!name || !certificate) return std::nullopt;
  const auto matched = pki::match_server_name(*certificate, *name);
  if (matched) return std::nullopt;
  return ChainFault{matched.error().info().catalogue,
                    fmt::format("the client asked for {}, the certificate is for {}",
                                escape_untrusted(conversation.tls.server_name),
                                chain->front().names.empty() ? "no name" : joined(chain->front().names))};
}

std::optional<ChainFault> trust_fault(const FinishedConversation& conversation) {
  const auto* const chain = chain_of(conversation);
  if (chain == nullptr) return std::nullopt;
  const CertificateFact& last = chain->back();
  if (chain->size() == 1 && last.self_issued)
    return ChainFault{"C-03", "one certificate was sent, signed by itself"};
  if (last.self_issued) {
    return ChainFault{"C-04", fmt::format("the list ends in {}, which is signed by itself", last.subject)};
  }
  if (chain->size() == 1) {
    return ChainFault{"C-01",
                      fmt::format("the server sent 1 certificate; its issuer {} was not sent", last.issuer)};
  }
  return ChainFault{"C-02", fmt::format("the server sent {} certificates, up to the issuer {}", chain->size(),
                                        last.issuer)};
}

Finding client_complaint(const FinishedConversation& conversation, AlertDescription alert) {
  using enum AlertDescription;
  switch (alert) {
    case certificate_expired:
      return about_dates(conversation);
    case unknown_ca:
      return about_certificates(conversation, false);
    case bad_certificate:
    case certificate_unknown:
      return about_certificates(conversation, true);
    case unsupported_certificate: {
      Finding finding = finding_of("C-12", Confidence::likely);
      add_candidates(finding, {"C-13", "C-14", "C-15"});
      return finding;
    }
    case certificate_revoked:
      return finding_of("C-22", Confidence::certain);
    case bad_certificate_status_response: {
      Finding finding = finding_of("C-25", Confidence::likely);
      add_candidates(finding, {"C-24"});
      return finding;
    }
    case decrypt_error: {
      Finding finding = finding_of("R-06", Confidence::likely);
      add_candidates(finding, {"M-10", "S-01"});
      return finding;
    }
    case protocol_version:
      return about_version(conversation);
    case handshake_failure: {
      Finding finding = finding_of("P-03", Confidence::possible);
      add_candidates(finding, {"P-09", "P-13", "P-14", "C-14"});
      return finding;
    }
    case insufficient_security:
      return finding_of("P-14", Confidence::likely);
    case illegal_parameter:
      return about_parameters(conversation);
    case unsupported_extension:
      return finding_of("P-18", Confidence::certain);
    default:
      return finding_of(find_alert(alert).ids.front(), Confidence::likely);
  }
}

}  // namespace handfast::apps::capture
