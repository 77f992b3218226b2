// HTTP answers about TLS.
#include "connect/http_answer.hpp"

#include <fmt/format.h>

#include "common/escape.hpp"
#include "connect/alert_diagnosis.hpp"
#include "probe/look.hpp"

namespace handfast::apps {
namespace {

struct Sign {
  std::string_view status;  // "421"
  std::string_view words;   // in the answer; may be empty
  std::string_view id;
  Confidence confidence;
};

constexpr Sign kSigns[] = {
    {"421", "", "H-06", Confidence::certain},
    {"400", "No required SSL certificate was sent", "M-03", Confidence::certain},
    {"496", "", "M-03", Confidence::certain},
    {"400", "The SSL certificate error", "M-09", Confidence::possible},
    {"495", "", "M-06", Confidence::likely},
    {"525", "", "X-04", Confidence::certain},
    {"526", "", "X-04", Confidence::certain},
    {"502", "", "X-05", Confidence::possible},
};

}  // namespace

std::optional<Finding> diagnose_answer(std::string_view head, const Circumstances& at) {
  if (!head.starts_with("HTTP/1.") || head.size() < 12) return std::nullopt;
  const std::string_view status = head.substr(9, 3);
  for (const Sign& sign : kSigns) {
    if (status != sign.status || head.find(sign.words) == std::string_view::npos) continue;
    Finding finding = finding_of(sign.id, sign.confidence);
    finding.evidence.push_back("the handshake was completed; then it answered: " +
                               escape_untrusted(head.substr(0, head.find_first_of("\r\n"))));
    if (!sign.words.empty()) finding.evidence.push_back(fmt::format("the answer says \"{}\"", sign.words));
    if (at.trace->find(StepKind::cert_request) != nullptr) {
      finding.evidence.push_back("it had asked for a client certificate");
    }
    finding.software = escape_untrusted(probe::header_of(head, "server"));
    if (sign.id == "M-09") {
      finding.candidates.push_back({"M-06", "the server does not like our certificate for another reason"});
      finding.candidates.push_back({"M-08", "our certificate has expired"});
    }
    if (sign.confidence != Confidence::certain) finding.exit = ExitCode::success;
    return finding;
  }
  return std::nullopt;
}

}  // namespace handfast::apps
