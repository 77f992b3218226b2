// Times are milliseconds since the trace began; numbers of registries are given as "0x1301" beside their
// names.
#include "visit_json.hpp"

#include "common/escape.hpp"
#include "meanings.hpp"
#include "trace/names.hpp"

namespace handfast::apps::serve {
namespace {

using Json = nlohmann::ordered_json;
using Namer = Meaning (*)(std::uint16_t);

double milliseconds(Microseconds time) { return static_cast<double>(time.count()) / 1000.0; }

Json entry(std::uint16_t value, Namer name) {
  Json out = {{"id", number_text(value)}, {"name", name(value).name}};
  if (is_grease(value)) out["grease"] = true;
  return out;
}

Json list(const std::vector<std::uint16_t>& values, Namer name) {
  Json out = Json::array();
  for (const std::uint16_t value : values) out.push_back(entry(value, name));
  return out;
}

Json client_hello_json(const ClientOffer& offer) {
  Json extensions = Json::array();
  for (const OfferedExtension& extension : offer.extensions) {
    Json item = entry(extension.type, extension_meaning);
    item["bytes"] = extension.size;
    extensions.push_back(std::move(item));
  }
  Json shares = Json::array();
  for (const OfferedKeyShare& share : offer.key_shares) {
    Json item = entry(share.group, group_meaning);
    item["bytes"] = share.size;
    shares.push_back(std::move(item));
  }
  Json protocols = Json::array();
  for (const std::string& name : offer.application_protocols) protocols.push_back(escape_untrusted(name));
  return {{"bytes", offer.message_size},
          {"server_name", offer.server_name ? Json(escape_untrusted(*offer.server_name)) : Json(nullptr)},
          {"versions", list(offer.versions, version_meaning)},
          {"cipher_suites", list(offer.suites, suite_meaning)},
          {"groups", list(offer.groups, group_meaning)},
          {"key_shares", shares},
          {"signature_schemes", list(offer.signature_schemes, scheme_meaning)},
          {"certificate_signature_schemes", list(offer.certificate_signature_schemes, scheme_meaning)},
          {"application_protocols", protocols},
          {"extensions", extensions},
          {"post_quantum",
           {{"offered", offer.offers_post_quantum()}, {"key_sent", offer.sends_post_quantum_share()}}}};
}

Json step_json(const TraceStep& step) {
  Json out = {{"id", id_of(step.kind)}};
  if (step.number > 0) out["number"] = step.number;
  if (step.lane != Lane::neither) {
    out["from"] = step.lane == Lane::from_client ? "client" : "server";
    out["dir"] = step.direction == Direction::sent ? "out" : "in";
  }
  out["title"] = step.title;
  out["t_ms"] = milliseconds(step.at);
  out["bytes"] = step.size;
  out["encrypted"] = step.encrypted;
  Json say = Json::array();
  for (const Say& line : step.say) say.push_back(line.text);
  out["say"] = std::move(say);
  out["why"] = step.why;
  Json fields = Json::array();
  for (const TraceField& field : step.fields) {
    Json item = {
        {"name", field.name}, {"offset", field.offset}, {"length", field.length}, {"depth", field.depth}};
    if (!field.meaning.empty()) item["meaning"] = field.meaning;
    fields.push_back(std::move(item));
  }
  out["fields"] = std::move(fields);
  if (!step.bytes.empty()) out["hex"] = to_hex(step.bytes);
  return out;
}

Json choices_json(const Visit& visit) {
  const auto names = [](const std::vector<Candidate>& candidates) {
    Json out = Json::array();
    for (const Candidate& candidate : candidates) out.push_back(escape_untrusted(candidate.name));
    return out;
  };
  Json out = Json::array();
  for (const Decision& decision : decisions_of(visit.offer, visit.server, visit.outcome)) {
    out.push_back(
        {{"id", decision.id},
         {"chosen", decision.chosen.empty() ? Json(nullptr) : Json(escape_untrusted(decision.chosen))},
         {"why", escape_untrusted(decision.why)},
         {"client", names(decision.client)},
         {"server", names(decision.server)}});
  }
  return out;
}

}  // namespace

Json visit_json(const Visit& visit) {
  Json steps = Json::array();
  for (const TraceStep& step : visit.trace.steps) steps.push_back(step_json(step));
  const ConnectionInfo& outcome = visit.outcome;
  return {
      {"schema", "handfast.visit/1"},
      {"tool", {{"name", "handfast"}, {"version", HANDFAST_VERSION}}},
      {"started", visit.when},
      {"visitor", visit.visitor},
      {"connection",
       {{"version", name_of(outcome.version)},
        {"cipher_suite", name_of(outcome.suite)},
        {"group", name_of(outcome.group)},
        {"post_quantum", is_post_quantum(static_cast<std::uint16_t>(outcome.group))},
        {"server_signature_scheme", name_of(outcome.server_signature_scheme)},
        {"client_signature_scheme",
         outcome.client_signature_scheme ? Json(name_of(*outcome.client_signature_scheme)) : Json(nullptr)},
        {"application_protocol", outcome.application_protocol.empty()
                                     ? Json(nullptr)
                                     : Json(escape_untrusted(outcome.application_protocol))},
        {"hello_retry", outcome.hello_retry},
        {"round_trips", visit.trace.round_trips},
        {"established_ms", milliseconds(visit.trace.established_at)}}},
      {"ja4", {{"ja4", visit.ja4.text()}, {"ja4_r", visit.ja4.raw()}}},
      {"client_hello", client_hello_json(visit.offer)},
      {"choices", choices_json(visit)},
      {"handshake", {{"steps", std::move(steps)}}}};
}

}  // namespace handfast::apps::serve
