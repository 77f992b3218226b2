// A conversation as JSON, schema handfast.explain-capture/1 (docs/json-explain.md). Changes are additive
// only.
#include <fmt/format.h>

#include <chrono>

#include "common/escape.hpp"
#include "connect/json.hpp"
#include "explain/capture/inference.hpp"
#include "explain/capture/report.hpp"
#include "trace/names.hpp"

namespace handfast::apps::capture {
namespace {

using Json = nlohmann::ordered_json;

// "2026-11-20T17:51:02.113456Z"
std::string instant_text(Instant time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(time - seconds).count();
  const auto days = std::chrono::floor<std::chrono::days>(seconds);
  const std::chrono::year_month_day date(days);
  const std::chrono::hh_mm_ss clock(seconds - days);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(), micros);
}

Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(escape_untrusted(text));
}

Json finding_json(const Finding& finding) {
  Json candidates = Json::array();
  for (const Candidate& one : finding.candidates) candidates.push_back({{"id", one.id}, {"text", one.text}});
  return {{"id", finding.id.empty() ? Json(nullptr) : Json(finding.id)},
          {"confidence", handfast::apps::name_of(finding.confidence)},
          {"title", finding.title},
          {"cause", finding.cause},
          {"evidence", finding.evidence},
          {"candidates", candidates},
          {"aka", finding.seen},
          {"fix", finding.fix}};
}

Json hidden_json(const TlsFacts& facts) {
  Json records = Json::array();
  for (const HiddenRecord& record : facts.hidden) {
    records.push_back({{"from", record.side == facts.client ? "client" : "server"},
                       {"type", static_cast<unsigned>(record.type)},
                       {"bytes", record.size}});
  }
  return {{"count", facts.hidden_count}, {"first", records}};
}

Json bytes_json(const std::array<std::uint64_t, 2>& bytes, const FinishedConversation& at) {
  return {{"client", bytes[at.tls.client]}, {"server", bytes[at.server_side()]}};
}

}  // namespace

Json conversation_json(const FinishedConversation& at, const Verdict& verdict, const Hosts& hosts,
                       const ReportOptions& options) {
  Json steps = Json::array();
  Json certificates = Json::object();
  for (const TraceStep& step : at.trace.steps) {
    steps.push_back(step_json(step, Microseconds{0}, options.verbosity >= 2, options.hex));
    for (const auto& certificate : step.certificates) {
      certificates["sha256:" + certificate.sha256] = certificate_json(certificate);
    }
  }
  const TlsFacts& facts = at.tls;
  Json out = {{"n", at.number},
              {"client", hosts.client},
              {"server", hosts.server},
              {"started", instant_text(at.first)},
              {"duration_ms", static_cast<double>((at.last - at.first).count()) / 1e6},
              {"server_name", text_or_null(facts.server_name)},
              {"dialogue", text_or_null(dialogue_name(facts))},
              {"outcome", name_of(verdict.outcome)},
              {"version", facts.server_hello_seen ? Json(name_or_number(facts.version)) : Json(nullptr)},
              {"cipher_suite", facts.server_hello_seen ? Json(name_or_number(facts.suite)) : Json(nullptr)},
              {"ja3", text_or_null(facts.ja3)},
              {"ja3s", text_or_null(facts.ja3s)},
              {"ja4", text_or_null(facts.ja4)},
              {"decryption", name_of(facts.decryption)},
              {"hidden_records", hidden_json(facts)},
              {"application_bytes", bytes_json(facts.application_bytes, at)},
              {"lost_bytes", bytes_json(facts.lost, at)},
              {"handshake", {{"steps", steps}}},
              {"certificates", certificates},
              {"finding", verdict.finding ? finding_json(*verdict.finding) : Json(nullptr)},
              {"notes", verdict.notes}};
  return out;
}

}  // namespace handfast::apps::capture
