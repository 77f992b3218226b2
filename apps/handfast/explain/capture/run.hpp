// `handfast explain CAPTURE`: reads a capture to its end and tells every TLS conversation in it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "common/exit_code.hpp"
#include "explain/capture/byte_source.hpp"
#include "explain/capture/report.hpp"

namespace handfast::apps::capture {

struct CaptureCommand {
  std::vector<std::string> key_logs;
  ReportOptions report;
  bool json = false;
  bool failed_only = false;  // --failed
  bool exit_zero = false;
  std::string input;  // as it was given, for JSON
};

// Where output goes: the answer, and what is said beside it. `progress` may be empty.
struct CaptureOutput {
  std::function<bool(const std::string&)> print;
  std::function<void(const std::string&)> complain;
  std::function<void(std::uint64_t done, std::optional<std::uint64_t> of)> progress;
};

ExitCode run_capture(ByteSource& source, const CaptureCommand& command, const CaptureOutput& output);

}  // namespace handfast::apps::capture
