// From an error to a finding. The texts are in common/failure_table.cpp.
#include "connect/diagnosis.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "common/escape.hpp"
#include "common/failure_table.hpp"
#include "common/numbers.hpp"
#include "connect/alert_diagnosis.hpp"
#include "connect/certificate_evidence.hpp"
#include "trace/names.hpp"

namespace handfast::apps {
namespace {

void take_texts(Finding& finding, std::string_view id) {
  finding.id = id;
  finding.exit = exit_code_of(id);
  if (const FailureText* text = find_failure(id)) {
    finding.title = text->title;
    finding.cause = text->cause;
    finding.seen = text->seen;
    finding.fix = text->fix;
    finding.fails = text->fails;
    finding.works = text->works;
  }
}

void add_place(Finding& finding, const Error& error) {
  std::string place;
  if (const auto message = error.message()) place = fmt::format("in {}", name_of(*message));
  if (*error.field() != '\0') {
    place += fmt::format("{}field {} at byte {}", place.empty() ? "" : ", ", error.field(), error.offset());
  }
  if (!place.empty()) finding.evidence.push_back(place);
  if (!error.detail().empty()) finding.evidence.push_back(escape_untrusted(error.detail()));
}

// What the library knows of this very case comes before what is true in general.
void add_fix(Finding& finding, const Error& error) {
  if (error.fix().empty()) return;
  const std::string general = std::move(finding.fix);
  finding.fix = escape_untrusted(error.fix());
  if (!general.empty()) finding.fix += "\n" + general;
}

// The server answered in an older version than was offered: whatever the error is called, that is the reason.
const TraceStep* old_server_hello(const Trace& trace) {
  const TraceStep* hello = trace.find(StepKind::server_hello);
  const Fact* version = hello != nullptr ? hello->fact("version") : nullptr;
  if (version == nullptr || version->items.empty()) return nullptr;
  // TLS 1.2 is no reason if it was offered: by supported_versions, or by a hello without them.
  static constexpr auto kTls12 = static_cast<std::uint16_t>(ProtocolVersion::tls1_2);
  const TraceStep* offer = trace.find(StepKind::client_hello);
  const Fact* offered = offer != nullptr ? offer->fact("versions") : nullptr;
  const bool tls12_offered =
      offer != nullptr &&
      (offered == nullptr ||
       std::ranges::any_of(offered->items, [](const FactItem& item) { return item.code == kTls12; }));
  if (version->items.front().code == kTls12 && tls12_offered) return nullptr;
  return version->items.front().code == static_cast<std::uint16_t>(ProtocolVersion::tls1_3) ? nullptr : hello;
}

Finding diagnose_network(const Error& error, const Circumstances& at) {
  const bool hello_sent = at.trace->find(StepKind::client_hello) != nullptr;
  const bool answered = at.trace->find(StepKind::server_hello) != nullptr;
  Finding finding;
  if (!at.connected || !hello_sent) {
    finding = finding_of("N-10", Confidence::certain);
    if (at.network == NetworkFailure::not_resolved) {
      finding.title = "The name could not be resolved";
      finding.exit = ExitCode::name_not_resolved;
    } else if (at.network == NetworkFailure::refused) {
      finding.title = "Connection refused: nothing listens on that port";
    } else if (at.network == NetworkFailure::timed_out) {
      finding.title = "No answer: the connection timed out";
    } else if (at.network == NetworkFailure::unreachable) {
      finding.title = "The address cannot be reached";
    }
  } else if (at.network == NetworkFailure::timed_out) {
    finding = finding_of("N-05", answered ? Confidence::possible : Confidence::likely);
    if (answered) finding.title = "The server stopped answering in the middle of the handshake";
    if (at.trace->established_at.count() > 0) finding.title = "The server stopped answering";
  } else {
    finding = finding_of("N-07", Confidence::certain);
    if (answered) finding.title = "The connection was reset in the middle of the conversation";
  }
  if (const TraceStep* hello = at.trace->find(StepKind::client_hello); hello != nullptr && !answered) {
    finding.evidence.push_back(fmt::format("the ClientHello had {}", bytes_text(hello->size)));
  }
  add_place(finding, error);
  return finding;
}

// The first bytes were text of another protocol; the detail holds them.
Finding diagnose_other_protocol(const Error& error) {
  const std::string_view bytes = error.detail();
  const bool web = bytes.starts_with("HTTP/") || bytes.starts_with("<!DOCTYPE") ||
                   bytes.starts_with("<html") || bytes.starts_with("<HTML");
  const bool named = error.code() != ErrorCode::record_not_tls;
  Finding finding = finding_of(web ? "N-01" : error.info().catalogue,
                               web || named ? Confidence::certain : Confidence::likely);
  if (!bytes.empty()) {
    finding.evidence.push_back("it answered: " +
                               escape_untrusted(bytes.substr(0, bytes.find_first_of("\r\n"))));
  }
  return finding;
}

Finding diagnose_record(const Error& error, const Circumstances& at) {
  if (error.code() == ErrorCode::record_plain_http || error.code() == ErrorCode::record_other_protocol ||
      error.code() == ErrorCode::record_not_tls) {
    return diagnose_other_protocol(error);
  }
  Finding finding = finding_of(error.info().catalogue, Confidence::certain);
  if (const TraceStep* hello = at.trace->find(StepKind::client_hello);
      hello != nullptr && error.code() == ErrorCode::no_tls_answer) {
    finding.evidence.push_back(fmt::format("the ClientHello had {}", bytes_text(hello->size)));
  }
  add_place(finding, error);
  return finding;
}

// Nothing was sent yet: a file, or the store of trust anchors.
Finding diagnose_local(const Error& error) {
  const bool no_anchors = error.detail().starts_with("no trust anchors");
  Finding finding = finding_of(no_anchors ? "S-06" : error.info().catalogue, Confidence::certain);
  if (error.code() == ErrorCode::io_failed) {
    finding = Finding{};
    finding.title = "A file cannot be used";
    finding.exit = ExitCode::usage;
  }
  if (finding.title.empty()) finding.title = error.info().sentence;
  add_place(finding, error);
  add_fix(finding, error);
  return finding;
}

Finding diagnose_old_server(const TraceStep& hello) {
  const bool ssl =
      hello.fact("version")->items.front().code == static_cast<std::uint16_t>(ProtocolVersion::ssl3_0);
  Finding finding = finding_of(ssl ? "P-07" : "P-01", Confidence::certain);
  finding.title = "The server answered in " + hello.fact("version")->items.front().text + ", not in TLS 1.3";
  finding.evidence.push_back("ServerHello chooses " + hello.fact("version")->items.front().text);
  return finding;
}

}  // namespace

Finding finding_of(std::string_view id, Confidence confidence) {
  Finding finding;
  take_texts(finding, id);
  finding.confidence = confidence;
  return finding;
}

void add_offer(Finding& finding, const Trace& trace) {
  const std::pair<const char*, const char*> lists[] = {{"versions", "versions"},
                                                       {"suites", "suites"},
                                                       {"groups", "groups"},
                                                       {"signature_schemes", "signatures"}};
  for (const auto& [id, word] : lists) {
    const auto text = offered_text(trace, id);
    if (!text.empty()) finding.evidence.push_back(fmt::format("this client offered {}: {}", word, text));
  }
}

std::string_view name_of(Confidence confidence) {
  switch (confidence) {
    case Confidence::certain:
      return "certain";
    case Confidence::likely:
      return "likely";
    case Confidence::possible:
      break;
  }
  return "possible";
}

std::string offered_text(const Trace& trace, std::string_view fact_id) {
  const TraceStep* hello = trace.find(StepKind::client_hello);
  const Fact* fact = hello != nullptr ? hello->fact(fact_id) : nullptr;
  if (fact == nullptr) return "";
  std::vector<std::string> names;
  for (const auto& item : fact->items) {
    if (!item.grease) names.push_back(item.text);
  }
  return joined(names, ", ");
}

void rename(Finding& finding, std::string_view id, Confidence confidence) {
  // The same id keeps what was said of this very case.
  if (finding.id != id) take_texts(finding, id);
  finding.confidence = confidence;
  std::erase_if(finding.candidates, [&](const Candidate& candidate) {
    return confidence == Confidence::certain || candidate.id == id;
  });
}

// The catalogue is about certificates; keys without one are too rare for it.
Finding diagnose_raw_key(const Error& error) {
  Finding finding;
  finding.title = error.info().sentence;
  finding.exit = ExitCode::certificate;
  finding.fix =
      "if the server has a new key: get its public key from whoever runs it, and name it with --raw-key";
  return finding;
}

Finding diagnose_certificate(const Error& error, const Circumstances& at) {
  if (error.code() == ErrorCode::raw_public_key_unknown) return diagnose_raw_key(error);
  Finding finding = finding_of(certificate_id(error, at), Confidence::certain);
  add_certificate_evidence(finding, error, at);
  add_fix(finding, error);
  return finding;
}

Finding diagnose(const Error& error, const Circumstances& at) {
  if (const TraceStep* hello = old_server_hello(*at.trace)) return diagnose_old_server(*hello);
  const bool local = error.category() == ErrorCategory::local && error.code() != ErrorCode::name_invalid;
  if (local && !at.connected && at.network == NetworkFailure::none) return diagnose_local(error);
  switch (error.category()) {
    case ErrorCategory::certificate:
      return diagnose_certificate(error, at);
    case ErrorCategory::alert_received:
      return diagnose_alert(error, at);
    case ErrorCategory::record:
      return diagnose_record(error, at);
    default:
      break;
  }
  if (error.code() == ErrorCode::io_failed) return diagnose_network(error, at);
  // M-10 is the same fault seen from the other end.
  const bool server_signature = error.code() == ErrorCode::certificate_verify_mismatch;
  Finding finding = finding_of(server_signature ? "R-06" : error.info().catalogue, Confidence::certain);
  if (finding.title.empty()) finding.title = error.info().sentence;
  if (finding.id.empty()) finding.exit = ExitCode::internal;
  const auto& info = error.info();
  finding.evidence.push_back(info.reference.empty() ? std::string(info.sentence)
                                                    : fmt::format("{} ({})", info.sentence, info.reference));
  add_place(finding, error);
  if (!error.offered().empty() || !error.accepted().empty()) add_offer(finding, *at.trace);
  return finding;
}

}  // namespace handfast::apps
