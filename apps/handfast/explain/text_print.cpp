// Verdict first, then what to do. All texts are the project's own, so only the input is escaped.
#include "explain/text_print.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <handfast/codepoints.hpp>

#include "common/escape.hpp"
#include "common/layout.hpp"

namespace handfast::apps {
namespace {

using Json = nlohmann::ordered_json;

// Candidates that get their cause and fix, and those that are listed at all.
constexpr std::size_t kShownInFull = 6;
constexpr std::size_t kShownCommands = 4;

std::string alert_line(const NamedAlert& alert, const Style& style) {
  const std::string head = fmt::format("alert {}, {}", alert.number, alert.name);
  std::string text = style.paint(Tone::bold, head);
  return fmt::format("{}: {}\n\n", text, style.plain(alert.sentence));
}

std::string headline(const FailureText& failure, const Style& style) {
  std::string out;
  for (const auto& line : fold(style.plain(failure.title), style.width - 6)) {
    out += fmt::format("{:<4}  {}\n", out.empty() ? failure.id : "", style.paint(Tone::bold, line));
  }
  return out;
}

std::string clients_text(const FailureText& failure) {
  std::string out;
  for (const SeenText& seen : failure.seen_texts) {
    if (!out.empty()) out += "\n";
    out += fmt::format("{}: {}", seen.client, seen.text);
  }
  return out;
}

std::string like_text(const FailureText& failure) {
  std::string out;
  for (const auto id : failure.like) {
    const FailureText* const other = find_failure(id);
    if (other != nullptr) out += fmt::format("{}{}  {}", out.empty() ? "" : "\n", id, other->title);
  }
  return out;
}

std::string in_full(const FailureText& failure, const Style& style) {
  std::string out = headline(failure, style) + "\n";
  out += labelled("cause", failure.cause, style);
  if (!failure.fails.empty()) out += labelled("who fails", failure.fails, style);
  if (!failure.works.empty()) out += labelled("who works", failure.works, style);
  out += "\n" + labelled("fix", failure.fix, style);
  out += "\n" + labelled("how to find out", failure.detect, style);
  out += labelled("what is seen", clients_text(failure), style);
  if (!failure.like.empty()) {
    out += "\n" + labelled("looks alike", like_text(failure), style);
    out += labelled("to tell apart", failure.apart, style);
    out += labelled("", failure.apart_meaning, style);
  }
  return out;
}

std::string candidate_text(const TextMatch& match, const Style& style) {
  std::string out = headline(*match.failure, style);
  out += labelled("cause", match.failure->cause, style, 6, 7);
  out += labelled("fix", match.failure->fix.substr(0, match.failure->fix.find('\n')), style, 6, 7);
  return out;
}

// The commands of the best candidates, each once.
std::string commands_text(const TextExplanation& explanation, const Style& style) {
  std::string out;
  std::vector<std::string_view> shown;
  for (const TextMatch& match : explanation.matches) {
    const auto command = match.failure->apart;
    const bool again = std::ranges::find(shown, command) != shown.end();
    if (command.empty() || again || shown.size() >= kShownCommands) continue;
    shown.push_back(command);
    out += labelled("", command, style, 3, 0);
    out += labelled("", match.failure->apart_meaning, style, 6, 0);
  }
  return out.empty() ? out : "\nto tell them apart:\n" + out;
}

std::string candidates_text(const TextExplanation& explanation, const Style& style) {
  const auto count = explanation.matches.size();
  std::string out = fmt::format("{} failures look like this:\n\n", count);
  std::string others;
  for (std::size_t i = 0; i < count; ++i) {
    if (i < kShownInFull) {
      out += candidate_text(explanation.matches[i], style) + "\n";
    } else {
      others += headline(*explanation.matches[i].failure, style);
    }
  }
  out += others;
  if (out.ends_with("\n\n")) out.pop_back();
  out += commands_text(explanation, style);
  out += fmt::format("\nhandfast explain {} tells more\n", explanation.matches.front().failure->id);
  return out;
}

Json match_json(const TextMatch& match) {
  Json out = failure_json(*match.failure);
  out["matched"] = {{"kind", name_of(match.kind)}};
  if (!match.text.empty()) {
    out["matched"]["client"] = match.client;
    out["matched"]["text"] = match.text;
  }
  return out;
}

}  // namespace

std::string explanation_text(const TextExplanation& explanation, const Style& style) {
  std::string out;
  if (explanation.alert) out += alert_line(*explanation.alert, style);
  if (explanation.matches.empty()) return out;
  const bool one = !explanation.ambiguous && (explanation.matches.size() == 1 ||
                                              explanation.matches.front().kind <= MatchKind::message);
  if (!one) return out + candidates_text(explanation, style);
  out += in_full(*explanation.matches.front().failure, style);
  std::string others;
  for (std::size_t i = 1; i < explanation.matches.size(); ++i) {
    others += headline(*explanation.matches[i].failure, style);
  }
  if (!others.empty()) out += "\nalso possible:\n" + others;
  return out;
}

Json failure_json(const FailureText& failure) {
  Json fix = Json::array();
  for (const FixText& one : failure.fixes) fix.push_back({{"for", one.software}, {"text", one.text}});
  Json seen = Json::array();
  for (const SeenText& one : failure.seen_texts) {
    seen.push_back({{"client", one.client}, {"text", one.text}});
  }
  Json alerts = Json::array();
  for (const AlertDescription alert : failure.alerts) {
    alerts.push_back({{"number", static_cast<unsigned>(alert)}, {"name", name_of(alert)}});
  }
  Json out = {{"id", failure.id},
              {"title", failure.title},
              {"cause", failure.cause},
              {"detect", failure.detect},
              {"fix", fix},
              {"seen", seen},
              {"alerts", alerts},
              {"fails", failure.fails},
              {"works", failure.works},
              {"like", failure.like}};
  out["apart"] = failure.apart.empty() ? Json(nullptr)
                                       : Json{{"command", failure.apart}, {"meaning", failure.apart_meaning}};
  out["exit_code"] = static_cast<int>(exit_code_of(failure.id));
  return out;
}

Json explanation_json(const TextExplanation& explanation, std::string_view input) {
  Json failures = Json::array();
  for (const TextMatch& match : explanation.matches) failures.push_back(match_json(match));
  Json out = {{"schema", "handfast.explain-text/1"},
              {"tool", {{"name", "handfast"}, {"version", HANDFAST_VERSION}}},
              {"input", escape_untrusted_text(input)},
              {"alert", nullptr},
              {"ambiguous", explanation.ambiguous},
              {"failures", failures}};
  if (explanation.alert) {
    out["alert"] = {{"number", explanation.alert->number},
                    {"name", explanation.alert->name},
                    {"sentence", explanation.alert->sentence}};
  }
  out["exit_code"] = explanation.empty() ? 1 : 0;
  return out;
}

}  // namespace handfast::apps
