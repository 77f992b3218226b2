// The lanes: a step of a trace as lines of text between two life lines, live. Pure: text in, text out.
#pragma once

#include <string>

#include "common/terminal.hpp"
#include "trace/model.hpp"

namespace handfast::apps {

struct LaneOptions {
  Style style;
  int verbosity = 0;  // 1: why; 2: fields
  bool hex = false;
};

// The two names above the lanes.
std::string lane_header(const LaneOptions& options);

// One step. `since` is the time that +0.0 ms stands for; `flight_starts` decides whether the time is shown.
std::string lane_step(const TraceStep& step, Microseconds since, bool flight_starts,
                      const LaneOptions& options);

// Fields with their meanings (-vv), and with their bytes (-x), each line indented.
std::string field_lines(const TraceStep& step, const LaneOptions& options);

}  // namespace handfast::apps
