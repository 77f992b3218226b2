// A session as JSON.
#include "connect/json.hpp"

#include "common/escape.hpp"
#include "trace/names.hpp"

namespace handfast::apps {
namespace {

using Json = nlohmann::ordered_json;

// An answer is kept up to here; a trace is no download.
constexpr std::size_t kLongestAnswer = 65'536;

double milliseconds(std::chrono::microseconds time) { return static_cast<double>(time.count()) / 1000.0; }

const char* mark_name(Mark mark) {
  switch (mark) {
    case Mark::good:
      return "good";
    case Mark::warning:
      return "warning";
    case Mark::bad:
      return "bad";
    case Mark::none:
      break;
  }
  return "none";
}

Json fact_json(const Fact& fact) {
  Json items = Json::array();
  for (const auto& item : fact.items) {
    Json entry = {{"text", item.text}};
    if (item.code) entry["code"] = number_text(*item.code);
    if (item.bytes > 0) entry["bytes"] = item.bytes;
    if (item.grease) entry["grease"] = true;
    if (item.post_quantum) entry["post_quantum"] = true;
    if (item.chosen) entry["chosen"] = true;
    items.push_back(std::move(entry));
  }
  return items;
}

Json network_json(const SessionResult& result) {
  Json attempts = Json::array();
  for (const auto& attempt : result.network.attempts) {
    Json entry = {{"ip", attempt.endpoint.address},
                  {"port", attempt.endpoint.port},
                  {"connected", attempt.failure == NetworkFailure::none},
                  {"ms", milliseconds(attempt.took)}};
    if (!attempt.reason.empty()) entry["reason"] = attempt.reason;
    attempts.push_back(std::move(entry));
  }
  Json resolved = Json::array();
  for (const auto& endpoint : result.network.resolved) resolved.push_back(endpoint.address);
  return {{"resolved", resolved}, {"dns_ms", milliseconds(result.network.resolving)}, {"attempts", attempts}};
}

Json connection_json(const SessionResult& result) {
  if (!result.info) return nullptr;
  const ConnectionInfo& info = *result.info;
  Json out = {
      {"version", name_or_number(info.version)},
      {"cipher_suite", name_or_number(info.suite)},
      {"group", name_or_number(info.group)},
      {"post_quantum", has_post_quantum(info.group)},
      {"signature_scheme", name_or_number(info.server_signature_scheme)},
      {"application_protocol",
       info.application_protocol.empty() ? Json(nullptr) : Json(escape_untrusted(info.application_protocol))},
      {"hello_retry", info.hello_retry},
      {"resumed", info.resumed},
      {"round_trips", result.trace.round_trips},
      {"handshake_ms", milliseconds(result.handshake_time)},
      {"client_certificate", info.client_signature_scheme.has_value()},
      {"external_psk",
       info.external_psk.empty() ? Json(nullptr) : Json(escape_untrusted(as_text(info.external_psk)))},
  };
  return out;
}

Json finding_json(const Finding& finding, const char* severity) {
  Json candidates = Json::array();
  for (const auto& candidate : finding.candidates) {
    candidates.push_back({{"id", candidate.id}, {"text", candidate.text}});
  }
  Json probes = Json::array();
  for (const auto& line : finding.probes) {
    probes.push_back({{"question", line.question}, {"outcome", line.outcome}, {"tells", line.tells}});
  }
  Json out = {
      {"id", finding.id},         {"severity", severity},   {"confidence", name_of(finding.confidence)},
      {"title", finding.title},   {"cause", finding.cause}, {"evidence", finding.evidence},
      {"candidates", candidates}, {"aka", finding.seen},    {"fix", finding.fix},
      {"probes", probes}};
  if (!finding.fails.empty()) out["fails"] = finding.fails;
  if (!finding.works.empty()) out["works"] = finding.works;
  if (!finding.software.empty()) out["server"] = finding.software;
  if (!finding.missing_pem.empty()) out["missing_certificate"] = finding.missing_pem;
  if (!finding.saved_as.empty()) out["saved_as"] = finding.saved_as;
  return out;
}

Json error_json(const Error& error) {
  Json out = {
      {"code", error.info().name},
      {"sentence", error.info().sentence},
      {"alert", error.code() == ErrorCode::io_failed ? Json(nullptr) : Json(name_or_number(error.alert()))},
      {"reference", error.info().reference}};
  if (const auto message = error.message()) out["message"] = name_of(*message);
  if (*error.field() != '\0') {
    out["field"] = error.field();
    out["offset"] = error.offset();
  }
  if (!error.detail().empty()) out["detail"] = escape_untrusted(error.detail());
  return out;
}

Json staple_json(const std::optional<StapleFact>& staple) {
  if (!staple) return nullptr;
  Json out = {{"verdict", name_of(staple->verdict)}, {"status", staple->status}};
  if (!staple->this_update.empty()) out["this_update"] = staple->this_update;
  if (!staple->next_update.empty()) out["next_update"] = staple->next_update;
  if (!staple->revoked_since.empty()) out["revoked_since"] = staple->revoked_since;
  if (!staple->produced_at.empty()) out["produced_at"] = staple->produced_at;
  if (!staple->responder.empty()) out["responder"] = staple->responder;
  if (!staple->problem.empty()) out["problem"] = staple->problem;
  return out;
}

Json findings_json(const SessionResult& result) {
  Json findings = Json::array();
  if (result.finding) findings.push_back(finding_json(*result.finding, "high"));
  if (result.overruled) {
    Json overruled = finding_json(*result.overruled, "critical");
    overruled["ignored_by"] = "--insecure";
    findings.push_back(std::move(overruled));
  }
  return findings;
}

Json advice_json(const SessionResult& result) {
  Json all = Json::array();
  for (const Advice& advice : result.advice) {
    all.push_back({{"id", advice.id}, {"text", advice.text}, {"fix", advice.fix}});
  }
  return all;
}

}  // namespace

Json certificate_json(const CertificateFact& certificate) {
  Json out = {{"sha256", certificate.sha256},
              {"subject", certificate.subject_name},
              {"issuer", certificate.issuer_name},
              {"names", certificate.names},
              {"key", certificate.key},
              {"signature", certificate.signature},
              {"serial", certificate.serial},
              {"not_before", certificate.not_before},
              {"not_after", certificate.not_after},
              {"self_issued", certificate.self_issued}};
  if (certificate.days_left) out["days_left"] = *certificate.days_left;
  if (!certificate.problem.empty()) out["problem"] = certificate.problem;
  return out;
}

Json step_json(const TraceStep& step, Microseconds since, bool with_fields, bool with_bytes) {
  Json out = {{"id", id_of(step.kind)}};
  if (step.number > 0) out["n"] = step.number;
  if (step.lane != Lane::neither) {
    out["dir"] = step.direction == Direction::sent ? "out" : "in";
    out["from"] = step.lane == Lane::from_client ? "client" : "server";
  }
  out["title"] = step.title;
  out["t_ms"] = milliseconds(step.at - since);
  if (step.size > 0) out["bytes"] = step.size;
  if (step.wire_size > 0) {
    out["wire_bytes"] = step.wire_size;
    out["shares_records"] = step.shares_records;
  }
  if (step.repeated > 1) out["repeated"] = step.repeated;
  out["encrypted"] = step.encrypted;
  Json say = Json::array();
  for (const auto& line : step.say) say.push_back({{"text", line.text}, {"mark", mark_name(line.mark)}});
  out["say"] = std::move(say);
  if (!step.why.empty()) out["why"] = step.why;
  Json facts = Json::object();
  for (const auto& fact : step.facts) facts[fact.id] = fact_json(fact);
  if (!facts.empty()) out["facts"] = std::move(facts);
  if (!step.certificates.empty()) {
    Json ids = Json::array();
    for (const auto& certificate : step.certificates) ids.push_back("sha256:" + certificate.sha256);
    out["certificates"] = std::move(ids);
  }
  if (with_fields) {
    Json fields = Json::array();
    for (const auto& field : step.fields) {
      fields.push_back({{"name", field.name},
                        {"offset", field.offset},
                        {"length", field.length},
                        {"depth", field.depth},
                        {"meaning", field.meaning}});
    }
    out["fields"] = std::move(fields);
  }
  if (with_bytes && !step.bytes.empty()) out["hex"] = to_hex(step.bytes);
  return out;
}

Json session_json(const SessionResult& result, const ConnectCommand& command, const std::string& answer) {
  Json steps = Json::array();
  Json certificates = Json::object();
  for (const auto& step : result.trace.steps) {
    steps.push_back(step_json(step, Microseconds{0}, command.verbosity >= 2, command.hex));
    for (const auto& certificate : step.certificates) {
      certificates["sha256:" + certificate.sha256] = certificate_json(certificate);
    }
  }
  Json out = {
      {"schema", "handfast.connect/1"},
      {"tool", {{"name", "handfast"}, {"version", HANDFAST_VERSION}}},
      {"target",
       {{"input", escape_untrusted(command.input)},
        {"host", escape_untrusted(result.target.host)},
        {"port", result.target.port},
        {"name", escape_untrusted(result.name)}}},
      {"started", result.started},
      {"duration_ms", milliseconds(result.duration)},
      {"complete", !result.out_of_time},
      {"network", network_json(result)},
      {"established", result.info.has_value()},
      {"identity_checked", result.identity_checked},
      {"insecure", result.insecure},
      {"connection", connection_json(result)},
      {"handshake", {{"steps", steps}}},
      {"certificates", certificates},
      {"staple", staple_json(result.staple)},
      {"error", result.trace.error ? error_json(*result.trace.error) : Json(nullptr)},
      {"findings", findings_json(result)},
      {"advice", advice_json(result)},
  };
  if (command.send) {
    out["answer"] = {{"bytes", result.answer_size},
                     {"text", escape_untrusted_text(std::string_view(answer).substr(0, kLongestAnswer))},
                     {"truncated", answer.size() > kLongestAnswer}};
  }
  out["exit_code"] = static_cast<int>(result.exit);
  return out;
}

}  // namespace handfast::apps
