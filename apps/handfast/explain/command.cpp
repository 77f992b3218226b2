// `handfast explain`: options, what the input is, and who answers.
#include "explain/command.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <handfast/system.hpp>
#include <memory>
#include <string>
#include <vector>

#include "common/escape.hpp"
#include "common/terminal.hpp"
#include "explain/text_match.hpp"
#include "explain/text_print.hpp"

namespace handfast::apps {
namespace {

constexpr std::string_view kFooter = R"(examples:
  handfast explain C-01                                   an id of the catalogue
  handfast explain 40                                     an alert by number; handshake_failure by name
  handfast explain "unable to get local issuer certificate"
  curl -sS https://example.org 2>&1 | handfast explain -  what a client printed
exit codes: 0 explained, 1 nothing to explain, or a text that the catalogue does not know)";

struct ExplainCommand {
  std::vector<std::string> words;
  std::string error;  // --error: a text, whatever it looks like
  bool json = false;
  bool ascii = false;
};

ExitCode fail(std::string_view text) {
  fmt::print(stderr, "handfast explain: {}\n", escape_untrusted_text(text));
  return ExitCode::usage;
}

ExitCode print(const std::string& text, ExitCode exit) {
  // What nobody can read explains nothing.
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
    return fail("standard output cannot be written");
  }
  return exit;
}

ExitCode explain(const ExplainCommand& command, const std::string& text) {
  if (text.find_first_not_of(" \t\r\n") == std::string::npos)
    return fail("nothing to explain: the text is empty");
  if (text.size() > kLongestExplainedText) {
    return fail(
        fmt::format("the text is longer than {} bytes: give the message alone", kLongestExplainedText));
  }
  const TextExplanation explanation = explain_text(text);
  const ExitCode exit = explanation.empty() ? ExitCode::usage : ExitCode::success;
  if (command.json) {
    return print(explanation_json(explanation, text)
                         .dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) +
                     "\n",
                 exit);
  }
  if (explanation.empty()) {
    constexpr std::size_t kShown = 200;
    return fail(
        fmt::format("the catalogue knows no failure by this text: {}{}\n"
                    "give an id (C-01), an alert (40, handshake_failure) or the message of a client",
                    escape_untrusted(text.substr(0, kShown)), text.size() > kShown ? "…" : ""));
  }
  return print(explanation_text(explanation, Style::of(terminal_facts(STDOUT_FILENO), command.ascii)), exit);
}

ExitCode run(const ExplainCommand& command) {
  if (!command.error.empty()) return explain(command, command.error);
  if (command.words.size() == 1 && command.words.front() == "-") {
    auto text = read_file("/dev/stdin", kLongestExplainedText);
    if (!text) return fail(std::string(text.error().detail()));
    return explain(command, *text);
  }
  std::string text;
  for (const auto& word : command.words) text += (text.empty() ? "" : " ") + word;
  return explain(command, text);
}

}  // namespace

void add_explain_command(CLI::App& app, ExitCode& exit) {
  CLI::App* const command =
      app.add_subcommand("explain", "Say what an error message, an alert or an id means, and what to change");
  auto options = std::make_shared<ExplainCommand>();
  command->add_option(
      "TEXT", options->words,
      "An id (C-01), an alert (40, handshake_failure), or the message of a client; -: standard input");
  command->add_option("--error", options->error, "The same, for texts that begin with '-'")
      ->type_name("TEXT");
  command->add_flag("--json", options->json, "Print JSON (schema handfast.explain-text/1) instead");
  command->add_flag("--ascii", options->ascii, "No characters beyond ASCII");
  command->footer(std::string(kFooter));
  command->callback([options, &exit] { exit = run(*options); });
}

}  // namespace handfast::apps
