// A finding as text.
#include "connect/print_finding.hpp"

#include <fmt/format.h>

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
  if (!finding.seen.empty()) out += labelled("others call it", finding.seen, style);
  if (!finding.fix.empty()) out += "\n" + labelled("fix", finding.fix, style);
  return out;
}

}  // namespace handfast::apps
