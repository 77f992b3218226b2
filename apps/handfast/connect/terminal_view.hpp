// TerminalView: a session as a person sees it: head line, lanes while they happen, summary or finding.
// The trace goes to one stream, the server's answer to another: a pipe gets the answer alone, untouched.
#pragma once

#include <cstdio>
#include <string>
#include <vector>

#include "connect/lanes.hpp"
#include "connect/options.hpp"
#include "connect/session.hpp"

namespace handfast::apps {

// To standard error, each once: two visits use the same files.
class Notes {
 public:
  void print(const std::string& text);

 private:
  std::vector<std::string> printed_;
};

class TerminalView : public SessionView {
 public:
  // Both streams must outlive the view. The answer is escaped if `answer_is_terminal`.
  TerminalView(const ConnectCommand& command, const Style& style, std::FILE* out, std::FILE* answer,
               bool answer_is_terminal);

  void on_note(const std::string& text) override;
  void on_connected(const ConnectReport& report) override;
  void on_step(const TraceStep& step) override;
  void on_investigation() override;
  void on_established(const SessionResult& result) override;
  void on_answer(Bytes data) override;
  // What comes last: the finding, or nothing more.
  void finish(const SessionResult& result);
  // A second session follows.
  void start_again();
  void print(const std::string& text);

 private:
  void warn_insecure();

  const ConnectCommand& command_;
  LaneOptions lanes_;
  std::FILE* out_;
  std::FILE* answer_;
  bool answer_is_terminal_;
  bool has_since_ = false;
  Microseconds since_{0};
  Lane last_lane_ = Lane::neither;
  bool answered_ = false;
  char last_answered_ = '\n';
  Notes notes_;
};

}  // namespace handfast::apps
