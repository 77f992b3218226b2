// A finding as text.
#include "connect/print_finding.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "common/escape.hpp"
#include "common/layout.hpp"

namespace handfast::apps {
namespace {

constexpr std::string_view kIndent = "   ";
std::string headline(const Finding& finding, const Style& style) {
  const std::string tag = finding.id.empty()
                              ? fmt::format("[{}]", name_of(finding.confidence))
                              : fmt::format("[{}, {}]", finding.id, name_of(finding.confidence));
  const auto lines = fold(style.plain(finding.title), style.width - 4);
  std::string out;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    out += i == 0 ? style.bad() + " " : std::string("  ");
    out += style.paint(Tone::bold, lines[i]);
    if (i + 1 < lines.size()) out += "\n";
  }
  const std::size_t used = 2 + display_width(lines.back());
  if (used + 2 + tag.size() > style.width) return out + "\n  " + tag + "\n";
  return out + std::string(style.width - used - tag.size(), ' ') + tag + "\n";
}

// "+ every group (25) ......... accepted: TLS 1.3"
std::string probe_lines(const Finding& finding, const Style& style) {
  if (finding.probes.empty()) return {};
  std::string out = fmt::format("{}{}\n", kIndent,
                                finding.probes.size() == 1
                                    ? std::string("asked once more to find out:")
                                    : fmt::format("asked {} more times to find out:", finding.probes.size()));
  std::size_t width = 0;
  for (const auto& line : finding.probes) width = std::max(width, display_width(line.question));
  for (const auto& line : finding.probes) {
    const std::string dots(width - display_width(line.question) + 3, '.');
    const std::string text =
        fmt::format("{} {} {}{}", line.question, dots, line.outcome, line.tells ? " ◀" : "");
    for (const auto& part : fold(style.plain(text), style.width - 7)) {
      out += fmt::format("     {}\n", style.paint(line.tells ? Tone::bold : Tone::plain, part));
    }
  }
  return out;
}

}  // namespace

std::string finding_text(const Finding& finding, const Style& style) {
  std::string out = headline(finding, style);
  if (!finding.cause.empty()) {
    for (const auto& line : fold(style.plain(finding.cause), style.width - 4))
      out += fmt::format("  {}\n", line);
  }
  if (!finding.chain.empty()) {
    out += "\n";
    for (const auto& line : finding.chain) out += fmt::format("{}{}\n", kIndent, style.plain(line));
  }
  out += "\n";
  bool first = true;
  for (const auto& line : finding.evidence) {
    out += labelled(first ? "evidence" : "", "· " + line, style);
    first = false;
  }
  first = true;
  const std::string_view label = finding.confidence == Confidence::possible ? "possible" : "also possible";
  for (const auto& candidate : finding.candidates) {
    out += labelled(first ? label : "", fmt::format("{}  {}", candidate.id, candidate.text), style);
    first = false;
  }
  out += probe_lines(finding, style);
  if (!finding.fails.empty()) out += labelled("who fails", finding.fails, style);
  if (!finding.works.empty()) out += labelled("who works", finding.works, style);
  if (!finding.seen.empty()) out += labelled("others call it", finding.seen, style);
  if (!finding.software.empty()) out += labelled("server", finding.software + " (its own words)", style);
  if (!finding.fix.empty()) out += "\n" + labelled("fix", finding.fix, style);
  if (!finding.saved_as.empty())
    out += labelled("saved", finding.saved_as + ": what the server forgot", style);
  if (!finding.missing_pem.empty() && finding.saved_as.empty()) {
    out +=
        labelled("missing", "--save-missing writes the certificate that the server forgot to a file", style);
  }
  return out;
}

}  // namespace handfast::apps
