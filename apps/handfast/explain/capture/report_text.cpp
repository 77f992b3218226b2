// A conversation as text: who, how it ended, its steps, and the reason.
#include <fmt/format.h>

#include <algorithm>

#include "common/escape.hpp"
#include "common/layout.hpp"
#include "common/numbers.hpp"
#include "connect/lanes.hpp"
#include "explain/capture/inference.hpp"
#include "explain/capture/report.hpp"
#include "trace/names.hpp"

namespace handfast::apps::capture {
namespace {

constexpr std::size_t kIndent = 4;
constexpr std::size_t kTitleColumns = 31;

std::string seconds_text(Microseconds at) {
  return fmt::format("{}.{:03}", at.count() / 1'000'000, at.count() / 1000 % 1000);
}

std::string outcome_text(const FinishedConversation& at, const Verdict& verdict, const Style& style) {
  if (verdict.outcome == Outcome::established) {
    std::string text = style.good() + " " + name_or_number(at.tls.version) + ", " + short_name(at.tls.suite);
    if (at.tls.decryption == Decryption::no_keys) text += " (no keys)";
    return text;
  }
  if (verdict.outcome == Outcome::unfinished) return style.paint(Tone::dim, "? no end in the capture");
  const auto messages =
      std::ranges::count_if(at.trace.steps, [](const TraceStep& step) { return step.number > 0; });
  return fmt::format("{} failed after {}{}", style.bad(),
                     count_text(static_cast<std::size_t>(messages), "message", "messages"),
                     at.tls.decryption == Decryption::no_keys ? " (no keys)" : "");
}

std::string tag_of(const Finding& finding) {
  return finding.id.empty()
             ? fmt::format("[{}]", handfast::apps::name_of(finding.confidence))
             : fmt::format("[{}, {}]", finding.id, handfast::apps::name_of(finding.confidence));
}

std::string headline(const FinishedConversation& at, const Verdict& verdict, const Hosts& hosts,
                     const Style& style) {
  std::string out = style.paint(Tone::bold, fmt::format("#{}", at.number));
  out += fmt::format("  {} {} {}", hosts.client, style.plain("→"), hosts.server);
  if (!at.tls.server_name.empty()) out += "  " + style.plain(escape_untrusted(at.tls.server_name));
  out += "  " + outcome_text(at, verdict, style);
  if (verdict.finding) out += "  " + tag_of(*verdict.finding);
  return out + "\n";
}

std::string arrow_title(const TraceStep& step, const Style& style) {
  std::string title = step.repeated > 1 ? fmt::format("{} x {}", step.repeated, step.title) : step.title;
  if (step.lane == Lane::neither) return "-- " + title;
  const bool client = step.lane == Lane::from_client;
  const std::string_view mark = style.unicode ? (client ? "▶" : "◀") : (client ? ">" : "<");
  return fmt::format("{} {}", style.paint(client ? Tone::from_me : Tone::from_peer, mark), title);
}

std::string say_text(const TraceStep& step) {
  std::string out;
  for (const Say& say : step.say) out += (out.empty() ? "" : "\n") + say.text;
  return out;
}

std::string step_text(const TraceStep& step, const ReportOptions& options) {
  const Style& style = options.style;
  const std::string title = arrow_title(step, style);
  const std::size_t width = display_width(step.repeated > 1 ? "00 x " + step.title : step.title) + 2;
  const std::string pad(width < kTitleColumns - 8 ? kTitleColumns - 8 - width : 1, ' ');
  std::string out;
  const std::string text = say_text(step);
  std::size_t room =
      style.width > kIndent + kTitleColumns + 30 ? style.width - kIndent - kTitleColumns - 1 : 40;
  bool first = true;
  std::string_view rest = text;
  do {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    for (const auto& line : fold(style.plain(rest.substr(0, end)), room)) {
      if (first) {
        out += fmt::format("{:{}}{:>7} {}{}{}\n", "", kIndent, seconds_text(step.at), title,
                           line.empty() ? "" : pad + " ", line);
      } else {
        out += fmt::format("{:{}}{}\n", "", kIndent + kTitleColumns + 1, line);
      }
      first = false;
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  } while (!rest.empty());
  if (first) out += fmt::format("{:{}}{:>7} {}\n", "", kIndent, seconds_text(step.at), title);
  if (options.verbosity >= 1 && !step.why.empty()) out += labelled("", step.why, style, kIndent + 8, 0);
  return out;
}

// Sizes say something where the message is due: the client's Finished is among its first two records.
const char* guess_text(const FinishedConversation& at, const HiddenRecord& record, std::size_t from_client) {
  if (at.tls.version != ProtocolVersion::tls1_3) {
    if (record.type == ContentType::alert) return " (alert)";
    return record.type == ContentType::handshake ? " (Finished)" : "";
  }
  const bool due = record.side == at.tls.client && from_client <= 2;
  switch (guess_of(record.size)) {
    case Guess::finished:
      return due ? " (likely Finished)" : "";
    case Guess::empty_certificate:
      return due ? " (likely an empty Certificate)" : "";
    case Guess::alert:
    case Guess::padded_alert:
      return " (likely an alert)";
    case Guess::unknown:
      break;
  }
  return "";
}

std::string hidden_text(const FinishedConversation& at, const Style& style) {
  if (at.tls.hidden_count == 0) return "";
  std::size_t from_client = 0;
  std::string sizes;
  std::size_t shown = 0;
  constexpr std::size_t kShown = 8;
  for (const HiddenRecord& record : at.tls.hidden) {
    if (shown++ == kShown) break;
    if (record.side == at.tls.client) ++from_client;
    sizes += fmt::format("{}{} {} B{}", sizes.empty() ? "" : ", ",
                         record.side == at.tls.client ? "client" : "server", record.size,
                         guess_text(at, record, from_client));
  }
  if (at.tls.hidden_count > kShown) sizes += ", …";
  return labelled(
      "hidden",
      fmt::format("{}: {}", count_text(at.tls.hidden_count, "encrypted record", "encrypted records"), sizes),
      style, kIndent, 8);
}

std::string finding_lines(const Finding& finding, const Style& style) {
  std::string why = finding.title;
  for (const auto& line : finding.evidence) why += "\n· " + line;
  std::string out = labelled("why", why, style, kIndent, 8);
  std::string others;
  for (const Candidate& one : finding.candidates)
    others += fmt::format("{}{}  {}", others.empty() ? "" : "\n", one.id, one.text);
  if (!others.empty())
    out += labelled(finding.confidence == Confidence::possible || finding.id.empty() ? "one of" : "or",
                    others, style, kIndent, 8);
  if (!finding.fix.empty()) out += labelled("fix", finding.fix, style, kIndent, 8);
  return out;
}

}  // namespace

std::string dialogue_name(const TlsFacts& facts) {
  const std::string both = facts.dialogue[0] + "\n" + facts.dialogue[1];
  const std::string& first = facts.dialogue[facts.client];
  const std::string& greeting = facts.dialogue[1 - facts.client];
  if (first.empty() && greeting.empty()) return "";
  if (first.starts_with("CONNECT ")) return "an HTTP proxy (CONNECT)";
  if (greeting.starts_with("* OK")) return "IMAP";
  if (greeting.starts_with("+OK")) return "POP3";
  if (greeting.starts_with("220") && first.find("LHLO") != std::string::npos) return "LMTP";
  if (greeting.starts_with("220") && first.find("AUTH TLS") != std::string::npos) return "FTP";
  if (greeting.starts_with("220")) return "SMTP";
  if (both.find("stream:stream") != std::string::npos) return "XMPP";
  if (greeting.starts_with('S') && first.size() == 8) return "PostgreSQL";
  if (greeting.size() > 5 && greeting[4] == '\x0a') return "MySQL";
  return "another protocol";
}

std::string conversation_text(const FinishedConversation& at, const Verdict& verdict, const Hosts& hosts,
                              const ReportOptions& options) {
  const Style& style = options.style;
  std::string out = headline(at, verdict, hosts, style);
  if (const auto dialogue = dialogue_name(at.tls); !dialogue.empty()) {
    out += labelled("", "TLS begins after a dialogue of " + dialogue, style, kIndent, 0);
  }
  for (const TraceStep& step : at.trace.steps) {
    out += step_text(step, options);
    if (options.verbosity >= 2 || options.hex) {
      out += field_lines(step, {style, options.verbosity, options.hex});
    }
    if (step.kind == StepKind::client_hello && !at.tls.ja4.empty() &&
        &step == at.trace.find(StepKind::client_hello)) {
      out += fmt::format("{:{}}JA4 {}\n", "", kIndent + kTitleColumns + 1, at.tls.ja4);
    }
  }
  out += hidden_text(at, style);
  const auto data = at.tls.application_bytes[0] + at.tls.application_bytes[1];
  if (data > 0) {
    out += labelled("data",
                    fmt::format("{} from the client, {} from the server",
                                bytes_text(at.tls.application_bytes[at.tls.client]),
                                bytes_text(at.tls.application_bytes[at.server_side()])),
                    style, kIndent, 8);
  }
  if (verdict.finding) out += finding_lines(*verdict.finding, style);
  for (const auto& note : verdict.notes) out += labelled("note", note, style, kIndent, 8);
  return out + "\n";
}

}  // namespace handfast::apps::capture
