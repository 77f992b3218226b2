// TerminalView.
#include "connect/terminal_view.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "common/escape.hpp"
#include "common/numbers.hpp"
#include "connect/print_finding.hpp"
#include "connect/summary.hpp"

namespace handfast::apps {

TerminalView::TerminalView(const ConnectCommand& command, const Style& style, std::FILE* out,
                           std::FILE* answer, bool answer_is_terminal)
    : command_(command),
      lanes_{style, command.verbosity, command.hex},
      out_(out),
      answer_(answer),
      answer_is_terminal_(answer_is_terminal) {
  if (command.insecure) warn_insecure();
}

void TerminalView::print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), out_);
  std::fflush(out_);
}

void TerminalView::start_again() {
  has_since_ = false;
  last_lane_ = Lane::neither;
  answered_ = false;
  print("\n" +
        lanes_.style.paint(Tone::bold, lanes_.style.plain("Again, with the session of the first visit")) +
        "\n\n");
}

void Notes::print(const std::string& text) {
  if (std::ranges::find(printed_, text) != printed_.end()) return;
  printed_.push_back(text);
  fmt::print(stderr, "handfast connect: note: {}\n", text);
}

void TerminalView::on_note(const std::string& text) {
  notes_.print(lanes_.style.unicode ? text : to_ascii(text));
}

void TerminalView::warn_insecure() {
  const Style& style = lanes_.style;
  print(fmt::format("{} {}\n  {}\n\n", style.paint(Tone::bad, "!!"),
                    style.paint(Tone::bad, "--insecure: the server's identity is NOT checked"),
                    style.plain("whoever is in between can read and change everything that is said here")));
}

void TerminalView::on_connected(const ConnectReport& report) {
  const auto target = Target::parse(command_.input);
  print(lanes_.style.plain(head_line(target ? target->to_string() : command_.input, report)) + "\n");
  for (const auto& line : failed_attempts(report)) print("  " + lanes_.style.plain(line) + "\n");
  print("\n" + lane_header(lanes_));
}

void TerminalView::on_step(const TraceStep& step) {
  if (step.kind == StepKind::dns || step.kind == StepKind::tcp) return;
  if (!has_since_) {
    since_ = step.at;
    has_since_ = true;
  }
  const bool flight_starts = step.lane != last_lane_ && step.lane != Lane::neither;
  if (step.lane != Lane::neither) last_lane_ = step.lane;
  // close_notify after the summary would only distract.
  if (step.kind == StepKind::close && step.direction == Direction::sent && lanes_.verbosity < 2) return;
  print(lane_step(step, since_, flight_starts, lanes_));
}

void TerminalView::on_investigation() {
  // A person waits; a pipe does not care.
  if (!lanes_.style.is_terminal) return;
  print("\n" + lanes_.style.paint(Tone::dim, "asking a few more questions to find the cause") + "\n");
}

void TerminalView::on_established(const SessionResult& result) {
  print("\n" + summary_text(result, lanes_.style, command_));
}

void TerminalView::on_answer(Bytes data) {
  const std::string text =
      answer_is_terminal_ ? escape_untrusted_text(as_text(data)) : std::string(as_text(data));
  // A carriage return before a newline is how protocols write lines: no need to show it.
  std::string shown = text;
  if (answer_is_terminal_) {
    for (std::size_t at = shown.find("\\x0d\n"); at != std::string::npos; at = shown.find("\\x0d\n", at)) {
      shown.erase(at, 4);
    }
  }
  if (!answered_ && out_ == answer_) print("\n");
  answered_ = true;
  if (shown.empty()) return;
  last_answered_ = shown.back();
  std::fwrite(shown.data(), 1, shown.size(), answer_);
  std::fflush(answer_);
}

void TerminalView::finish(const SessionResult& result) {
  if (answered_ && out_ == answer_ && last_answered_ != '\n') print("\n");
  if (!result.finding) return;
  std::string text = "\n";
  if (result.out_of_time) {
    text += lanes_.style.warning() + " " + lanes_.style.plain("--max-time is over; this is how far it got") +
            "\n";
  }
  print(text + finding_text(*result.finding, lanes_.style));
}

}  // namespace handfast::apps
