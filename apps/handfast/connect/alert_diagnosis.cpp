// Alerts in the light of what went before them.
#include "connect/alert_diagnosis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "common/failure_table.hpp"
#include "trace/names.hpp"

namespace handfast::apps {
namespace {

struct Verdict {
  std::string_view id;
  Confidence confidence;
};

// Whether the server takes any signature that our key can make.
bool takes_our_signatures(const TraceStep& request, const OwnCertificate& own) {
  const Fact* schemes = request.fact("signature_schemes");
  if (schemes == nullptr) return true;
  return std::ranges::any_of(schemes->items, [&](const FactItem& item) {
    return std::ranges::any_of(
        own.schemes, [&](SignatureScheme scheme) { return item.code == static_cast<std::uint16_t>(scheme); });
  });
}

std::optional<Verdict> judge_silence(const TraceStep& request, const OwnCertificate& own) {
  if (!takes_our_signatures(request, own)) return Verdict{"M-11", Confidence::certain};
  const bool named = request.fact("certificate_authorities") != nullptr;
  return Verdict{"M-04", named ? Confidence::certain : Confidence::likely};
}

// The server asked for a certificate before it refused: what is wrong with ours, as far as it can be seen
// from here. Nothing: it was not asked for, or nothing can be seen.
std::optional<Verdict> judge_client_certificate(AlertDescription alert, const Circumstances& at) {
  using enum AlertDescription;
  const TraceStep* request = at.trace->find(StepKind::cert_request);
  if (request == nullptr) return std::nullopt;
  const bool about_certificate = alert == bad_certificate || alert == unsupported_certificate ||
                                 alert == certificate_unknown || alert == certificate_required;
  if (!at.own) {
    if (alert == handshake_failure || alert == bad_certificate) return Verdict{"M-01", Confidence::likely};
    return std::nullopt;
  }
  const TraceStep* shown = at.trace->find(StepKind::client_auth);
  const bool sent_none = shown != nullptr && shown->certificates.empty();
  if (sent_none && (about_certificate || alert == handshake_failure)) return judge_silence(*request, *at.own);
  const bool in_date = at.own->not_before <= at.now && at.now <= at.own->not_after;
  if (alert == certificate_expired) {
    return in_date ? Verdict{"C-11", Confidence::likely} : Verdict{"M-08", Confidence::certain};
  }
  if (alert == decrypt_error) return Verdict{"M-10", Confidence::likely};
  if (!about_certificate) return std::nullopt;
  if (!at.own->for_clients) {
    return Verdict{"M-07", alert == unsupported_certificate ? Confidence::certain : Confidence::likely};
  }
  if (!in_date) return Verdict{"M-08", Confidence::likely};
  return std::nullopt;
}

}  // namespace

Finding diagnose_alert(const Error& error, const Circumstances& at) {
  const AlertText& alert = find_alert(error.alert());
  std::string_view first = alert.ids.front();
  Confidence confidence = alert.certain ? Confidence::certain : Confidence::likely;
  if (alert.ids.size() > 2) confidence = Confidence::possible;
  const bool asked = at.trace->find(StepKind::cert_request) != nullptr;
  // After the client spoke under a certificate request, a refusal is about its certificate.
  if (const auto verdict = judge_client_certificate(error.alert(), at)) {
    first = verdict->id;
    confidence = verdict->confidence;
  }
  Finding finding = finding_of(first, confidence);
  const auto code = static_cast<unsigned>(error.alert());
  std::string name = name_or_number(error.alert());
  finding.title = fmt::format("The server refused: {} (alert {})", name, code);
  finding.evidence.push_back(fmt::format("alert {} means: {}", code, alert.sentence));
  if (alert.ids.size() > 1 || !alert.certain) {
    finding.evidence.push_back(fmt::format(
        "it came {}", at.trace->find(StepKind::server_hello) == nullptr ? "in answer to the ClientHello"
                      : at.trace->established_at.count() > 0            ? "after the handshake"
                                                                        : "during the handshake"));
  }
  if (confidence != Confidence::possible) {
    const FailureText* text = find_failure(first);
    if (text != nullptr) finding.evidence.push_back(std::string(text->title));
  }
  for (const auto id : alert.ids) {
    const FailureText* text = find_failure(id);
    const bool other = confidence == Confidence::possible || id != first;
    const bool fits = !id.starts_with("M-") || asked || error.alert() != AlertDescription::handshake_failure;
    if (text != nullptr && other && fits)
      finding.candidates.push_back({std::string(id), std::string(text->title)});
  }
  const bool about_offer = error.alert() == AlertDescription::handshake_failure ||
                           error.alert() == AlertDescription::insufficient_security;
  if (about_offer) add_offer(finding, *at.trace);
  if (error.alert() == AlertDescription::protocol_version) {
    finding.evidence.push_back("this client offered: " + offered_text(*at.trace, "versions"));
  }
  if (error.alert() == AlertDescription::no_application_protocol) {
    finding.evidence.push_back("this client offered: " + offered_text(*at.trace, "application_protocols"));
  }
  return finding;
}

}  // namespace handfast::apps
