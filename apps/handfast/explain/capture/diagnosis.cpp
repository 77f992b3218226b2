// Alerts first, then what is no TLS, then how the connection ended, then what sizes show.
#include "explain/capture/diagnosis.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "common/escape.hpp"
#include "common/failure_table.hpp"
#include "common/numbers.hpp"
#include "explain/capture/client_complaint.hpp"
#include "explain/capture/inference.hpp"
#include "trace/names.hpp"

namespace handfast::apps::capture {
namespace {

// A ClientHello beyond this does not fit into one packet of an Ethernet.
constexpr std::size_t kOnePacket = 1400;
constexpr unsigned kManyTimes = 2;
constexpr std::chrono::seconds kSilence{3};

std::string alert_text(AlertDescription alert) {
  return fmt::format("{} (alert {})", name_or_number(alert), static_cast<unsigned>(alert));
}

bool is_failure(const AlertSeen& alert) {
  const bool orderly = alert.description == AlertDescription::close_notify ||
                       alert.description == AlertDescription::user_canceled;
  // A warning such as no_renegotiation ends nothing; TLS 1.3 has no levels.
  return !orderly && (alert.level == AlertLevel::fatal || alert.encrypted);
}

const AlertSeen* fatal_alert(const TlsFacts& facts) {
  const auto found = std::ranges::find_if(facts.alerts, is_failure);
  return found == facts.alerts.end() ? nullptr : &*found;
}

bool is_established(const TlsFacts& facts) {
  if (facts.finished[0] && facts.finished[1]) return true;
  return facts.version == ProtocolVersion::tls1_3 && facts.server_hello_seen && looks_established(facts);
}

Finding server_refusal(const FinishedConversation& at, const AlertSeen& alert) {
  using enum AlertDescription;
  const AlertText& text = find_alert(alert.description);
  std::string_view id = text.ids.front();
  Confidence confidence = text.certain ? Confidence::certain : Confidence::likely;
  if (text.ids.size() > 2) confidence = Confidence::possible;
  if (alert.description == protocol_version && !at.tls.tls13_offered) id = "P-02";
  const bool empty_handed = at.tls.client_certificate_sent == false;
  if (alert.description == handshake_failure && at.tls.certificate_requested) {
    id = "M-01";
    confidence = empty_handed ? Confidence::certain : Confidence::likely;
  } else if (empty_handed &&
             (alert.description == bad_certificate || alert.description == certificate_unknown)) {
    id = "M-02";
    confidence = Confidence::likely;
  }
  Finding finding = finding_of(id, confidence);
  finding.title = "The server refused: " + alert_text(alert.description);
  finding.evidence.push_back("the server's alert says: " + std::string(text.sentence));
  if (confidence != Confidence::possible) finding.evidence.emplace_back(find_failure(id)->title);
  if (empty_handed)
    finding.evidence.emplace_back("the client was asked for a certificate and sent an empty list");
  for (const auto other : text.ids) {
    const bool fits =
        !other.starts_with("M-0") || at.tls.certificate_requested || alert.description != handshake_failure;
    if (fits) add_candidates(finding, {other});
  }
  return finding;
}

Finding client_refusal(const FinishedConversation& at, const AlertSeen& alert) {
  Finding finding = client_complaint(at, alert.description);
  finding.evidence.insert(finding.evidence.begin(), "the client's alert: " + alert_text(alert.description));
  return finding;
}

// The other side's first bytes were no TLS.
Finding not_tls(const Error& error) {
  const auto detail = error.detail();
  Finding finding = finding_of(error.info().catalogue, Confidence::certain);
  if (error.code() == ErrorCode::record_not_tls) finding.confidence = Confidence::likely;
  if (!detail.empty()) {
    finding.evidence.push_back("it answered: " +
                               escape_untrusted(detail.substr(0, detail.find_first_of("\r\n"))));
  }
  return finding;
}

bool is_no_tls(const Error& error) {
  return error.code() == ErrorCode::record_not_tls || error.code() == ErrorCode::record_plain_http ||
         error.code() == ErrorCode::record_other_protocol || error.code() == ErrorCode::record_bad_version;
}

void add_size_suspicion(Finding& finding, const FinishedConversation& at) {
  finding.evidence.push_back(fmt::format("the ClientHello had {}", bytes_text(at.tls.client_hello_size)));
  if (at.tls.client_hello_size > kOnePacket) add_candidates(finding, {"P-12"});
  add_candidates(finding, {"P-11"});
}

// A ClientHello and nothing after it.
std::optional<Finding> unanswered(const FinishedConversation& at) {
  const unsigned server = at.server_side();
  if (at.tcp.reset_by == server) {
    Finding finding = finding_of("N-07", Confidence::certain);
    add_size_suspicion(finding, at);
    return finding;
  }
  if (at.tcp.fin[server]) {
    Finding finding = finding_of("N-08", Confidence::certain);
    add_size_suspicion(finding, at);
    return finding;
  }
  const unsigned repeated = at.tcp.repeated[at.tls.client];
  const std::uint32_t open = at.tcp.unacknowledged[at.tls.client];
  if (repeated >= kManyTimes && open > 0) {
    Finding finding = finding_of("N-05", Confidence::likely);
    finding.evidence.push_back(fmt::format(
        "{} of the client's data were sent {} times and never acknowledged", bytes_text(open), repeated + 1));
    add_size_suspicion(finding, at);
    return finding;
  }
  if (at.last - at.first < kSilence) return std::nullopt;
  Finding finding = finding_of("N-05", Confidence::possible);
  finding.evidence.push_back(fmt::format(
      "no answer within {}", span_text(std::chrono::floor<std::chrono::seconds>(at.last - at.first))));
  add_candidates(finding, {"N-06", "P-12"});
  return finding;
}

Finding hidden_refusal(std::size_t size) {
  Finding finding;
  finding.confidence = Confidence::likely;
  finding.exit = ExitCode::certificate;
  finding.title = "The client gave up: it rejected the server's certificate";
  finding.evidence.push_back(
      fmt::format("after the server's flight it sent one record of {} bytes: the size of an encrypted "
                  "alert{}; a Finished "
                  "would have 53 or 69",
                  size, size == 35 ? " as Java pads it" : ""));
  finding.fix = "to be sure: set SSLKEYLOGFILE for the client and capture again, or look for its log line";
  add_candidates(finding, {"C-01", "C-02", "C-03", "C-04", "C-07", "H-01", "X-01"});
  return finding;
}

Finding hidden_certificate_request() {
  Finding finding = finding_of("M-02", Confidence::likely);
  finding.evidence.emplace_back(
      "the client's records have the sizes of an empty Certificate and Finished, and the server's only "
      "answer the "
      "size of an alert");
  return finding;
}

// A handshake that began and did not end.
std::optional<Finding> broken_off(const FinishedConversation& at) {
  const unsigned server = at.server_side();
  if (at.tls.version == ProtocolVersion::tls1_3) {
    if (const std::size_t size = hidden_alert_size(at.tls, at.tls.client)) return hidden_refusal(size);
  }
  if (at.tls.version < ProtocolVersion::tls1_2 && at.tls.server_hello_seen) {
    Finding finding = finding_of("P-01", Confidence::likely);
    finding.evidence.push_back("ServerHello chooses " + name_or_number(at.tls.version));
    return finding;
  }
  if (at.tcp.reset_by == server) {
    Finding finding = finding_of("N-07", Confidence::certain);
    finding.title = "The server reset the connection in the middle of the handshake";
    return finding;
  }
  if (at.tcp.fin[server] && !at.tcp.fin[at.tls.client]) {
    Finding finding = finding_of("N-08", Confidence::likely);
    finding.title = "The server closed the connection in the middle of the handshake";
    return finding;
  }
  return std::nullopt;
}

std::optional<Finding> find_failure_in(const FinishedConversation& at) {
  const TlsFacts& facts = at.tls;
  if (const AlertSeen* const alert = fatal_alert(facts)) {
    return alert->side == facts.client ? client_refusal(at, *alert) : server_refusal(at, *alert);
  }
  for (const unsigned side : {at.server_side(), facts.client}) {
    const auto& error = facts.error[side];
    if (!error) continue;
    if (is_no_tls(*error) && side != facts.client) return not_tls(*error);
    Finding finding = finding_of(error->info().catalogue, Confidence::likely);
    finding.evidence.push_back(fmt::format("the {}: {}", side == facts.client ? "client" : "server",
                                           escape_untrusted(error->to_string())));
    return finding;
  }
  if (facts.client_hello_seen && !facts.server_hello_seen && at.tcp.bytes[at.server_side()] == 0)
    return unanswered(at);
  if (is_established(facts)) {
    if (looks_refused_without_certificate(facts)) return hidden_certificate_request();
    return std::nullopt;
  }
  return broken_off(at);
}

std::vector<std::string> notes_of(const FinishedConversation& at, const std::optional<Finding>& finding) {
  std::vector<std::string> notes;
  const TlsFacts& facts = at.tls;
  if (facts.joined_late) notes.emplace_back("the capture begins after the ClientHello");
  for (const unsigned side : {facts.client, at.server_side()}) {
    const char* const who = side == facts.client ? "client" : "server";
    if (facts.lost[side] > 0) {
      notes.push_back(
          fmt::format("{} of the {} are missing in the capture", bytes_text(facts.lost[side]), who));
    }
  }
  if (facts.decryption == Decryption::unsupported) {
    notes.push_back(fmt::format("{} is not decrypted here", name_or_number(facts.suite)));
  } else if (facts.decryption == Decryption::failed) {
    notes.emplace_back("the keys do not fit: they are another conversation's, or bytes are missing");
  }
  if (at.tcp.ending == Ending::evicted)
    notes.emplace_back("not followed to its end: too many conversations at once");
  if (!finding) {
    if (auto fault = date_fault(at)) notes.push_back(fmt::format("{} ({})", fault->evidence, fault->id));
  }
  const bool data = facts.application_bytes[0] + facts.application_bytes[1] > 0;
  if (!finding && data && facts.decryption == Decryption::done && at.tcp.fin[at.server_side()] &&
      !facts.closed_orderly[at.server_side()]) {
    notes.emplace_back("the server ended without close_notify: what it sent may be incomplete (N-09)");
  }
  return notes;
}

}  // namespace

const char* name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::established:
      return "established";
    case Outcome::failed:
      return "failed";
    case Outcome::unfinished:
      break;
  }
  return "unfinished";
}

Verdict judge(const FinishedConversation& conversation) {
  Verdict verdict;
  verdict.finding = find_failure_in(conversation);
  verdict.notes = notes_of(conversation, verdict.finding);
  verdict.outcome = verdict.finding                    ? Outcome::failed
                    : is_established(conversation.tls) ? Outcome::established
                                                       : Outcome::unfinished;
  return verdict;
}

}  // namespace handfast::apps::capture
