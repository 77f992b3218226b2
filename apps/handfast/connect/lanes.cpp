// The lanes. Widths: 3 for the number, a life line, the lane, a life line, then time and size.
#include "connect/lanes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "common/escape.hpp"
#include "common/numbers.hpp"

namespace handfast::apps {
namespace {

constexpr std::size_t kNumberColumns = 3;
constexpr std::size_t kMeasureColumns = 24;
constexpr std::size_t kWidestLane = 56;

// Characters of the drawing.
struct Strokes {
  std::string_view life;
  std::string_view line;
  std::string_view right;
  std::string_view left;
};
Strokes strokes_of(const Style& style) {
  return style.boxes ? Strokes{"│", "─", "▶", "◀"} : Strokes{"|", "-", ">", "<"};
}

std::size_t lane_width(const Style& style) {
  return std::min(kWidestLane, style.width - kNumberColumns - 3 - kMeasureColumns);
}

std::string repeated(std::string_view stroke, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += stroke;
  return out;
}

std::string padding(std::size_t width, std::size_t used) {
  return std::string(used < width ? width - used : 0, ' ');
}

// "Finished", "2 × NewSessionTicket".
std::string title_of(const TraceStep& step) {
  return step.repeated > 1 ? fmt::format("{} x {}", step.repeated, step.title) : step.title;
}

std::string arrow(const TraceStep& step, const LaneOptions& options) {
  const Style& style = options.style;
  const Strokes strokes = strokes_of(style);
  const std::string title = style.plain(title_of(step));
  const std::size_t width = lane_width(style);
  const std::size_t used = display_width(title) + 6;
  const std::string line = repeated(strokes.line, width > used ? width - used : 1);
  const Tone tone = step.direction == Direction::sent ? Tone::from_me : Tone::from_peer;
  // The client stands on the left, whoever watches.
  if (step.lane == Lane::from_client) {
    return fmt::format(" {} {}  ", style.paint(Tone::bold, title),
                       style.paint(tone, fmt::format("{}{}", line, strokes.right)));
  }
  return fmt::format("  {} {} ", style.paint(tone, fmt::format("{}{}", strokes.left, line)),
                     style.paint(Tone::bold, title));
}

std::string mark_text(Mark mark, const Style& style) {
  switch (mark) {
    case Mark::good:
      return " " + style.good();
    case Mark::warning:
      return " " + style.warning();
    case Mark::bad:
      return " " + style.bad();
    case Mark::none:
      break;
  }
  return "";
}

// A line between the life lines; the right one is left out where the text needs the room.
std::string text_line(std::string_view text, std::string_view mark, std::size_t mark_width, Tone tone,
                      const LaneOptions& options) {
  const Style& style = options.style;
  const std::string life = style.paint(Tone::dim, strokes_of(style).life);
  const std::size_t width = lane_width(style);
  const std::size_t used = 3 + display_width(style.unicode ? std::string(text) : to_ascii(text)) + mark_width;
  std::string out =
      fmt::format("{}{}   {}{}", padding(kNumberColumns + 1, 0), life, style.paint(tone, text), mark);
  if (used < width) out += padding(width, used) + life;
  return out + "\n";
}

std::string say_lines(const Say& say, const LaneOptions& options) {
  const std::string mark = mark_text(say.mark, options.style);
  const std::size_t mark_width = say.mark == Mark::none ? 0 : options.style.unicode ? 2 : 3;
  const std::size_t room = lane_width(options.style) + kMeasureColumns - 3 - mark_width;
  const auto lines = fold(options.style.plain(say.text), room);
  std::string out;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool last = i + 1 == lines.size();
    out += text_line(lines[i], last ? mark : "", last ? mark_width : 0, Tone::plain, options);
  }
  return out;
}

std::string why_lines(const TraceStep& step, const LaneOptions& options) {
  std::string out;
  for (const auto& line : fold(step.why, lane_width(options.style) + kMeasureColumns - 3)) {
    out += text_line(line, "", 0, Tone::dim, options);
  }
  return out;
}

std::string keys_line(const TraceStep& step, const LaneOptions& options) {
  const Style& style = options.style;
  const Strokes strokes = strokes_of(style);
  const std::size_t width = lane_width(style);
  const std::size_t used = display_width(step.title) + 8;
  const std::string text = fmt::format("{} {} {}", repeated(strokes.line, 2), step.title,
                                       repeated(strokes.line, width > used ? width - used + 1 : 1));
  const std::string life = style.paint(Tone::dim, strokes.life);
  return fmt::format("{}{}   {} {}\n", padding(kNumberColumns + 1, 0), life, style.paint(Tone::dim, text),
                     life);
}

}  // namespace

std::string lane_header(const LaneOptions& options) {
  const Style& style = options.style;
  const std::size_t width = lane_width(style);
  const std::string life = style.paint(Tone::dim, strokes_of(style).life);
  return fmt::format("{}me{}server\n{}{}{}{}\n", padding(kNumberColumns, 0), padding(width - 4, 0),
                     padding(kNumberColumns + 1, 0), life, padding(width, 0), life);
}

std::string lane_step(const TraceStep& step, Microseconds since, bool flight_starts,
                      const LaneOptions& options) {
  const Style& style = options.style;
  std::string out;
  if (step.lane == Lane::neither) {
    out = keys_line(step, options);
  } else {
    const std::string life = style.paint(Tone::dim, strokes_of(style).life);
    std::string measures;
    if (flight_starts) measures += fmt::format("+{}", milliseconds_text(step.at - since));
    measures = fmt::format("{:>12}", measures);
    if (step.size > 0) measures += fmt::format("  {:>8}", bytes_text(step.size));
    out = fmt::format("{:>2}  {}{}{}{}\n", step.number, life, arrow(step, options), life, measures);
  }
  for (const auto& say : step.say) out += say_lines(say, options);
  if (options.verbosity >= 1 && !step.why.empty()) out += why_lines(step, options);
  if (options.verbosity >= 2 || options.hex) out += field_lines(step, options);
  return out;
}

}  // namespace handfast::apps
