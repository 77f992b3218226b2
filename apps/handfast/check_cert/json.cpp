// An inspection as JSON.
#include "check_cert/json.hpp"

#include "common/escape.hpp"
#include "common/failure_table.hpp"
#include "common/numbers.hpp"
#include "connect/json.hpp"
#include "crypto/hash.hpp"

namespace handfast::apps {
namespace {

using Json = nlohmann::ordered_json;

const char* severity_name(pki::Severity severity) {
  switch (severity) {
    case pki::Severity::error:
      return "high";
    case pki::Severity::warning:
      return "medium";
    case pki::Severity::advice:
      break;
  }
  return "low";
}

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json finding_json(const pki::CheckFinding& finding) {
  const FailureText* row = find_failure(finding.id);
  return {{"id", finding.id},
          {"severity", severity_name(finding.severity)},
          {"title", row != nullptr ? Json(row->title) : Json(nullptr)},
          {"code", finding.code ? Json(info_of(*finding.code).name) : Json(nullptr)},
          {"certificate", or_null(finding.index)},
          {"depth", or_null(finding.depth)},
          {"subject", escape_untrusted(finding.subject)},
          {"what", escape_untrusted(finding.what)},
          {"fix", escape_untrusted(finding.fix)}};
}

Json source_json(const CertificateSource& source) {
  Json out = {{"file", source.file}, {"number", source.number}, {"offset", source.offset}};
  if (!source.refused.empty()) {
    out["problem"] = source.refused;
    return out;
  }
  if (!source.fact.sha256.empty()) out.update(certificate_json(source.fact));
  return out;
}

}  // namespace

Json inspection_json(const Inspection& inspection, const CheckCertCommand& command) {
  Json certificates = Json::array();
  for (const auto& source : inspection.certificates) certificates.push_back(source_json(source));
  Json path = Json::array();
  for (const auto& step : inspection.report.path) {
    const auto digest = crypto::hash(crypto::HashAlgorithm::sha256, {step.der});
    path.push_back({{"sha256", digest ? Json(to_hex(digest->view())) : Json(nullptr)},
                    {"certificate", or_null(step.index)}});
  }
  Json findings = Json::array();
  for (const auto& finding : inspection.report.findings) findings.push_back(finding_json(finding));
  const auto& failure = inspection.report.failure;
  return {{"schema", "handfast.check-cert/1"},
          {"tool", {{"name", "handfast"}, {"version", HANDFAST_VERSION}}},
          {"at", time_text(inspection.at)},
          {"profile", name_of(command.profile)},
          {"purpose", command.client ? "client" : "server"},
          {"name", command.name ? Json(command.name->to_string()) : Json(nullptr)},
          {"trust", inspection.trust},
          {"certificates", certificates},
          {"accepted", !failure.has_value()},
          {"path", path},
          {"failure", failure ? Json(failure->info().catalogue) : Json(nullptr)},
          {"findings", findings},
          {"notes", inspection.notes},
          {"exit_code", static_cast<int>(inspection.exit)}};
}

}  // namespace handfast::apps
