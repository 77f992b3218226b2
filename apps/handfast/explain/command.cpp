// `handfast explain`: options, what the input is, and who answers.
#include "explain/command.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "common/escape.hpp"
#include "common/numbers.hpp"
#include "common/terminal.hpp"
#include "explain/capture/byte_source.hpp"
#include "explain/capture/capture_reader.hpp"
#include "explain/capture/run.hpp"
#include "explain/text_match.hpp"
#include "explain/text_print.hpp"

namespace handfast::apps {
namespace {

constexpr std::string_view kFooter = R"(examples:
  handfast explain C-01                                   an id of the catalogue
  handfast explain 40                                     an alert by number; handshake_failure by name
  handfast explain "unable to get local issuer certificate"
  curl -sS https://example.org 2>&1 | handfast explain -  what a client printed
  handfast explain trace.pcapng --keys sslkeys.log        the handshakes in a capture, decrypted
  tcpdump -w - port 443 | handfast explain - --failed     only those that failed
exit codes: 0 explained, 1 nothing to explain, or a text that the catalogue does not know, 40 a capture that
  cannot be read, 41 no TLS in it, 42 some of it stays hidden; else that of the worst failure: see handfast(1))";

struct ExplainCommand {
  std::vector<std::string> words;
  std::string error;  // --error: a text, whatever it looks like
  bool json = false;
  bool ascii = false;
  int verbosity = 0;
  bool hex = false;
  bool redact = false;
  bool failed_only = false;
  bool exit_zero = false;
  std::vector<std::string> key_logs;
};

ExitCode fail(std::string_view text, ExitCode exit = ExitCode::usage) {
  fmt::print(stderr, "handfast explain: {}\n", escape_untrusted_text(text));
  return exit;
}

bool write_out(const std::string& text) {
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
}

ExitCode print(const std::string& text, ExitCode exit) {
  // What nobody can read explains nothing.
  return write_out(text) ? exit : fail("standard output cannot be written");
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

// A bar on a terminal, ten times a second at most, erased at the end.
class Progress {
 public:
  Progress() : shown_(::isatty(STDERR_FILENO) == 1) {}
  ~Progress() {
    if (drawn_) fmt::print(stderr, "\r\x1b[K");
  }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void update(std::uint64_t done, std::optional<std::uint64_t> of) {
    const auto now = std::chrono::steady_clock::now();
    if (!shown_ || now - last_ < std::chrono::milliseconds(100)) return;
    last_ = now;
    drawn_ = true;
    constexpr std::uint64_t kMebibyte = std::uint64_t{1} << 20U;
    if (of && *of > 0) {
      fmt::print(stderr, "\r{:3} % of {} MiB\x1b[K", std::min<std::uint64_t>(100, done * 100 / *of),
                 *of / kMebibyte);
    } else {
      fmt::print(stderr, "\r{} MiB\x1b[K", done / kMebibyte);
    }
  }

 private:
  bool shown_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point last_;
};

ExitCode explain_capture(const ExplainCommand& command, capture::ByteSource& source,
                         const std::string& input) {
  capture::CaptureCommand out;
  out.key_logs = command.key_logs;
  out.report.style = Style::of(terminal_facts(STDOUT_FILENO), command.ascii);
  out.report.verbosity = command.verbosity;
  out.report.hex = command.hex;
  out.report.redact = command.redact;
  out.json = command.json;
  out.failed_only = command.failed_only;
  out.exit_zero = command.exit_zero;
  out.input = command.redact ? "redacted" : input;
  Progress progress;
  return capture::run_capture(
      source, out,
      {write_out, [](const std::string& text) { fail(text); },
       [&progress](std::uint64_t done, std::optional<std::uint64_t> of) { progress.update(done, of); }});
}

// Gives the first bytes of a source once more, before the rest.
class Prefixed : public capture::ByteSource {
 public:
  Prefixed(ByteString front, capture::ByteSource& rest) : front_(std::move(front)), rest_(rest) {}
  Result<std::size_t> read(MutableBytes out) override {
    if (at_ == front_.size()) return rest_.read(out);
    const std::size_t size = std::min(out.size(), front_.size() - at_);
    std::copy_n(front_.begin() + static_cast<std::ptrdiff_t>(at_), size, out.begin());
    at_ += size;
    return size;
  }
  [[nodiscard]] std::optional<std::uint64_t> size() const override { return rest_.size(); }

 private:
  ByteString front_;
  std::size_t at_ = 0;
  capture::ByteSource& rest_;
};

// As much as comes, up to `limit`.
Result<ByteString> read_front(capture::ByteSource& source, std::size_t limit) {
  ByteString out(limit);
  std::size_t size = 0;
  while (size < limit) {
    HANDFAST_TRY_ASSIGN(const std::size_t got, source.read(MutableBytes(out).subspan(size)));
    if (got == 0) break;
    size += got;
  }
  out.resize(size);
  return out;
}

// A file or standard input: its first bytes say whether it is a capture; text is a message.
ExitCode explain_input(const ExplainCommand& command, const std::string& path) {
  auto source = capture::FileSource::open(path);
  if (!source) return fail(source.error().detail());
  auto front = read_front(**source, 4);
  if (!front) return fail(front.error().detail());
  if (!capture::looks_like_capture(*front)) {
    auto rest = read_front(**source, kLongestExplainedText);
    if (!rest) return fail(rest.error().detail());
    const bool text = std::ranges::find(*front, 0) == front->end();
    if (path != "-" && !text) {
      return fail(escape_untrusted(path) + ": this is no pcap or pcapng file", ExitCode::capture_unreadable);
    }
    return explain(command, std::string(as_text(*front)) + std::string(as_text(*rest)));
  }
  if (command.redact && (command.hex || command.verbosity >= 2)) {
    return fail("--redact shows no bytes: it does not go with -x and -vv");
  }
  Prefixed whole(std::move(*front), **source);
  return explain_capture(command, whole, path);
}

bool is_file(const std::string& path) {
  struct stat facts{};
  return !path.empty() && ::stat(path.c_str(), &facts) == 0;
}

bool looks_like_path(std::string_view text) {
  return text.ends_with(".pcap") || text.ends_with(".pcapng") || text.ends_with(".cap");
}

ExitCode run(const ExplainCommand& command) {
  if (!command.error.empty()) return explain(command, command.error);
  if (command.words.size() == 1) {
    const std::string& word = command.words.front();
    if (word == "-" || is_file(word) || looks_like_path(word)) return explain_input(command, word);
  }
  std::string text;
  for (const auto& word : command.words) text += (text.empty() ? "" : " ") + word;
  return explain(command, text);
}

void add_capture_options(CLI::App& command, ExplainCommand& options) {
  command
      .add_option("--keys", options.key_logs,
                  "A key log (SSLKEYLOGFILE) that decrypts the capture; repeatable")
      ->type_name("FILE")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command.add_flag("--failed", options.failed_only, "Of a capture, show only the conversations that failed");
  command.add_flag("-v", options.verbosity,
                   "Of a capture, say what each step is for; -vv: show the fields of messages");
  command.add_flag("-x,--hex", options.hex, "Of a capture, show the bytes of each message");
  command.add_flag("--redact", options.redact,
                   "Replace names, addresses, certificates and tickets, for sharing");
  command.add_flag("--exit-zero", options.exit_zero,
                   "Exit with 0 although conversations failed or stay hidden");
}

}  // namespace

void add_explain_command(CLI::App& app, ExitCode& exit) {
  CLI::App* const command = app.add_subcommand(
      "explain", "Say what an error message, an alert, an id or a capture means, and what to change");
  auto options = std::make_shared<ExplainCommand>();
  command->add_option(
      "INPUT", options->words,
      "An id (C-01), an alert (40, handshake_failure), the message of a client, or a capture (pcap, "
      "pcapng); -: standard input");
  command->add_option("--error", options->error, "A message, whatever it looks like")->type_name("TEXT");
  add_capture_options(*command, *options);
  command->add_flag("--json", options->json,
                    "Print JSON instead (schema handfast.explain-text/1 or handfast.explain-capture/1)");
  command->add_flag("--ascii", options->ascii, "No characters beyond ASCII");
  command->footer(std::string(kFooter));
  command->callback([options, &exit] { exit = run(*options); });
}

}  // namespace handfast::apps
