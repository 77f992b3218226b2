// The lab's words.
#include "lab/print.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "common/escape.hpp"
#include "common/failure_table.hpp"
#include "common/layout.hpp"
#include "common/numbers.hpp"

namespace handfast::apps::lab {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kSchema = "handfast.lab/1";
constexpr std::size_t kNameColumns = 12;
constexpr std::size_t kStatusColumns = 9;

std::string title_of(std::string_view id) {
  const FailureText* failure = find_failure(id);
  return failure == nullptr ? std::string() : std::string(failure->title);
}

// How many failures of the catalogue the lab makes.
std::size_t covered() {
  std::string_view last;
  std::size_t count = 0;
  for (const Scenario& scenario : scenarios()) {
    count += scenario.id() != last ? 1 : 0;
    last = scenario.id();
  }
  return count;
}

// As one types it in a shell.
std::string quoted(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) {
    const bool plain = word.find_first_of(" \\'\"$&|;<>*?()") == std::string::npos;
    out += (out.empty() ? "" : " ") + (plain ? word : "'" + word + "'");
  }
  return out;
}

std::vector<std::string> connect_words(const LabServer& server) {
  return server.fill_in(std::vector<std::string>{"handfast", "connect", "--ca", "%ca", "%o", "%h:%p"});
}

std::string status_text(const Outcome& outcome) {
  return outcome.status ? std::to_string(*outcome.status) : "too long";
}

}  // namespace

std::string list_text(const Style& style) {
  std::string out;
  for (const Scenario& scenario : scenarios()) {
    out += labelled(scenario.name,
                    std::string(scenario.what) + (scenario.accepted ? " (handfast accepts it)" : ""), style,
                    2, kNameColumns);
  }
  out += "\n" + style.paint(Tone::bold, "not here") + "\n";
  for (const LeftOut& failure : left_out()) out += labelled(failure.id, failure.why, style, 2, kNameColumns);
  out +=
      fmt::format("\n{} of the {} failures of the catalogue. Try: handfast lab run {}, handfast explain {}\n",
                  covered(), failure_table().size(), scenarios().front().name, scenarios().front().name);
  return out;
}

Json list_json() {
  Json here = Json::array();
  for (const Scenario& scenario : scenarios()) {
    here.push_back({{"name", scenario.name},
                    {"id", scenario.id()},
                    {"title", title_of(scenario.id())},
                    {"what", scenario.what},
                    {"accepted", scenario.accepted},
                    {"connect_options", scenario.options}});
  }
  Json missing = Json::array();
  for (const LeftOut& failure : left_out()) {
    missing.push_back({{"id", failure.id}, {"title", title_of(failure.id)}, {"why", failure.why}});
  }
  return {{"schema", kSchema}, {"scenarios", here}, {"left_out", missing}};
}

std::string servers_text(const Servers& servers, const Style& style) {
  std::string out;
  for (const auto& server : servers) {
    const Scenario& scenario = server->scenario();
    out += fmt::format("{}  {}\n", style.paint(Tone::bold, fmt::format("{:<10}", scenario.name)),
                       style.plain(server->fill_in("https://%h:%p/")));
    out += labelled("this server", scenario.what, style);
    out += labelled("try", quoted(connect_words(*server)), style);
    out += labelled(
        "", quoted(server->fill_in(std::vector<std::string>{"curl", "--cacert", "%ca", "https://%h:%p/"})),
        style);
    out += "\n";
  }
  return out + style.plain("On loopback only. Ctrl-C ends, and takes the certificates along.") + "\n";
}

Json servers_json(const Servers& servers, const Workshop& shop) {
  Json all = Json::array();
  for (const auto& server : servers) {
    const Scenario& scenario = server->scenario();
    all.push_back({{"name", scenario.name},
                   {"id", scenario.id()},
                   {"what", scenario.what},
                   {"host", scenario.host},
                   {"port", server->port()},
                   {"accepted", scenario.accepted},
                   {"connect", connect_words(*server)}});
  }
  return {{"schema", kSchema}, {"ca", shop.authority_file()}, {"folder", shop.folder()}, {"servers", all}};
}

std::string trial_head(const Style& style) {
  return style.paint(Tone::bold, fmt::format("{:<{}}{:<{}}{}", "scenario", kNameColumns, "exit",
                                             kStatusColumns, "what it said last")) +
         "\n";
}

std::string trial_row(const Outcome& outcome, const Style& style) {
  const std::string last = style.plain(escape_untrusted(outcome.last_line));
  const std::size_t columns = kNameColumns + kStatusColumns;
  std::string out =
      fmt::format("{:<{}}{:<{}}", outcome.scenario->name, kNameColumns, status_text(outcome), kStatusColumns);
  if (last.empty()) return out + "\n";
  bool first = true;
  for (const auto& line : fold(last, style.width - columns)) {
    out += (first ? "" : std::string(columns, ' ')) + line + "\n";
    first = false;
  }
  return out;
}

std::string trial_sum(const std::vector<Outcome>& outcomes, const Style& style) {
  const auto accepted = static_cast<std::size_t>(
      std::ranges::count_if(outcomes, [](const Outcome& outcome) { return outcome.status == 0; }));
  const auto unexpected = static_cast<std::size_t>(std::ranges::count_if(
      outcomes, [](const Outcome& outcome) { return outcome.status == 0 && !outcome.scenario->accepted; }));
  std::string out =
      fmt::format("\n{}, {} with exit status 0", count_text(outcomes.size(), "trial", "trials"), accepted);
  if (unexpected > 0) {
    out += fmt::format("; {} of them where handfast connect refuses", unexpected);
  }
  return style.plain(out) + "\n";
}

Json trial_json(const std::vector<Outcome>& outcomes, const TrialSettings& settings) {
  Json all = Json::array();
  for (const Outcome& outcome : outcomes) {
    all.push_back({{"name", outcome.scenario->name},
                   {"id", outcome.scenario->id()},
                   {"accepted", outcome.scenario->accepted},
                   {"exit_status", outcome.status ? Json(*outcome.status) : Json(nullptr)},
                   {"last_line", escape_untrusted(outcome.last_line)},
                   {"ms", outcome.took.count()}});
  }
  return {{"schema", kSchema}, {"command", settings.command}, {"trials", all}};
}

}  // namespace handfast::apps::lab
