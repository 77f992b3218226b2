// The text of an inspection.
#include "check_cert/print.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "common/escape.hpp"
#include "common/failure_table.hpp"
#include "common/layout.hpp"
#include "common/numbers.hpp"
#include "trace/certificates.hpp"

namespace handfast::apps {
namespace {

constexpr std::size_t kShownNames = 8;
constexpr std::size_t kShownCertificates = 16;
constexpr std::size_t kShownFindings = 40;

std::string names_text(const CertificateFact& fact) {
  if (fact.names.empty()) return "none";
  std::string text;
  for (std::size_t i = 0; i < std::min(fact.names.size(), kShownNames); ++i) {
    text += (i > 0 ? ", " : "") + fact.names[i];
  }
  if (fact.names.size() > kShownNames) text += fmt::format(" and {} more", fact.names.size() - kShownNames);
  return text;
}

std::string dates_text(const CertificateFact& fact) {
  std::string text = fmt::format("{} to {}", fact.not_before, fact.not_after);
  if (!fact.days_left) return text;
  const auto days = *fact.days_left;
  return text +
         (days < 0 ? fmt::format(" (ended {} days ago)", -days) : fmt::format(" ({} days left)", days));
}

std::string certificate_text(const CertificateSource& source, std::size_t index, const Style& style) {
  constexpr std::size_t kColumns = 9;
  const auto line = [&](std::string_view label, std::string_view text) {
    return labelled(label, text, style, 4, kColumns);
  };
  const CertificateFact& fact = source.fact;
  std::string out = fmt::format(
      "{:>2}  {}\n", index + 1,
      style.paint(Tone::bold, source.refused.empty() ? fact.subject_name : "(unreadable certificate)"));
  const std::string place =
      fmt::format("{}, certificate {}, at byte {}", source.file, source.number, source.offset);
  if (!source.refused.empty()) return out + line("from", place) + line("problem", source.refused);
  out += line("issuer", fact.self_issued ? "itself" : fact.issuer_name);
  out += line("valid", dates_text(fact));
  out += line("key", fmt::format("{}, signed with {}", fact.key, fact.signature));
  if (index == 0 || !fact.names.empty()) out += line("names", names_text(fact));
  out += line("serial", fact.serial);
  out += line("SHA-256", fact.sha256);
  out += line("from", place);
  return out;
}

std::string short_name(const pki::CheckedStep& step, const Inspection& inspection) {
  if (step.index && *step.index < inspection.certificates.size())
    return inspection.certificates[*step.index].fact.subject;
  return describe_certificate(step.der, nullptr).subject;
}

std::string path_text(const Inspection& inspection, const Style& style) {
  std::string text;
  for (const auto& step : inspection.report.path) {
    if (!text.empty()) text += "  ◀ signed by  ";
    text += short_name(step, inspection);
    if (!step.index) text += fmt::format(" (in {})", inspection.trust);
  }
  const bool open = !inspection.report.path.empty() && inspection.report.path.back().index.has_value();
  if (inspection.report.failure && open) text += "  ◀ ?";
  return text.empty() ? "" : labelled("path", text, style, 0, 8);
}

std::string verdict_text(const Inspection& inspection, const CheckCertCommand& command, const Style& style) {
  const auto lines = [&](const std::string& symbol, const std::string& text) {
    std::string out;
    std::string lead = symbol;
    for (const auto& line : fold(style.plain(text), style.width - 3)) {
      out += fmt::format("{} {}\n", lead, style.paint(Tone::bold, line));
      lead = " ";
    }
    return out;
  };
  const auto& failure = inspection.report.failure;
  if (failure) {
    const FailureText* row = find_failure(failure->info().catalogue);
    const std::string title(row != nullptr ? row->title : failure->info().sentence);
    return lines(style.bad(), fmt::format("{} [{}]", title, failure->info().catalogue));
  }
  const std::string_view kind = command.client ? "client" : "server";
  const std::string who = command.name ? fmt::format(" for {}", command.name->to_string())
                                       : std::string(" (no --name: names not checked)");
  return lines(style.good(),
               fmt::format("Trusted as a {}'s certificate{}, by the rules of {}, at {}", kind,
                           escape_untrusted(who), name_of(command.profile), time_text(inspection.at)));
}

std::string where(const pki::CheckFinding& finding) {
  if (finding.index) return fmt::format("certificate {}", *finding.index + 1);
  return finding.subject.empty() ? "the list" : "the root";
}

std::string finding_lines(const pki::CheckFinding& finding, const Style& style) {
  const std::string symbol = finding.severity == pki::Severity::error     ? style.bad()
                             : finding.severity == pki::Severity::warning ? style.warning()
                                                                          : style.plain("·");
  std::string subject = finding.subject.empty() ? "" : " (" + escape_untrusted(finding.subject) + ")";
  constexpr std::size_t kLongestSubject = 100;
  if (subject.size() > kLongestSubject) subject.clear();
  std::string out = fmt::format("{} {}  {}\n", symbol, finding.id, style.plain(where(finding) + subject));
  out += labelled("", escape_untrusted(finding.what), style, 2, 6);
  if (!finding.fix.empty()) out += labelled("fix", escape_untrusted(finding.fix), style, 8, 5);
  return out;
}

std::string summary_of(const Inspection& inspection) {
  std::size_t count[3] = {};
  for (const auto& finding : inspection.report.findings) ++count[static_cast<std::size_t>(finding.severity)];
  return fmt::format("{}, {}, {}", count_text(count[0], "error", "errors"),
                     count_text(count[1], "warning", "warnings"),
                     count_text(count[2], "piece of advice", "pieces of advice"));
}

}  // namespace

std::string inspection_text(const Inspection& inspection, const CheckCertCommand& command,
                            const Style& style) {
  std::string out;
  const auto& certificates = inspection.certificates;
  for (std::size_t i = 0; i < std::min(certificates.size(), kShownCertificates); ++i) {
    out += certificate_text(certificates[i], i, style);
  }
  if (certificates.size() > kShownCertificates) {
    out += fmt::format("    … and {} more (all of them with --json)\n",
                       certificates.size() - kShownCertificates);
  }
  out += "\n" + path_text(inspection, style);
  out += verdict_text(inspection, command, style);
  for (const auto& note : inspection.notes) out += labelled("·", note, style, 0, 2);
  const auto& findings = inspection.report.findings;
  if (findings.empty()) return style.unicode ? out : to_ascii(out);
  out += "\n";
  for (std::size_t i = 0; i < std::min(findings.size(), kShownFindings); ++i)
    out += finding_lines(findings[i], style);
  if (findings.size() > kShownFindings) {
    out +=
        fmt::format("… and {} more findings (all of them with --json)\n", findings.size() - kShownFindings);
  }
  out += "\n" + summary_of(inspection) + "\n";
  return style.unicode ? out : to_ascii(out);
}

}  // namespace handfast::apps
