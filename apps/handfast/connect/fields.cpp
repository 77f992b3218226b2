// Fields and annotated bytes: each range of a message with what it means, as its decoder read it.
#include <fmt/format.h>

#include <algorithm>

#include "common/escape.hpp"
#include "common/numbers.hpp"
#include "connect/lanes.hpp"

namespace handfast::apps {
namespace {

constexpr std::size_t kHexColumns = 16;   // bytes on a line
constexpr std::size_t kLongestDump = 96;  // of one field; the middle of a key or certificate says nothing

// A field that encloses others has its own bytes up to the first of them.
std::size_t own_length(const std::vector<TraceField>& fields, std::size_t index) {
  const auto& field = fields[index];
  if (index + 1 < fields.size() && fields[index + 1].depth > field.depth) {
    return std::min(field.length, fields[index + 1].offset - field.offset);
  }
  return field.length;
}

std::string indent_of(const TraceField& field) {
  return std::string(7 + 2 * std::min(field.depth, 12U), ' ');
}

std::string hex_lines(const TraceStep& step, std::size_t offset, std::size_t length,
                      const std::string& indent, const Style& style) {
  std::string out;
  const std::size_t shown = std::min(length, kLongestDump);
  for (std::size_t at = 0; at < shown; at += kHexColumns) {
    std::string line = fmt::format("{}{:5}  ", indent, offset + at);
    for (std::size_t i = at; i < std::min(at + kHexColumns, shown); ++i) {
      line += fmt::format("{:02x} ", step.bytes[offset + i]);
    }
    line.pop_back();
    out += style.paint(Tone::dim, line) + "\n";
  }
  if (shown < length) {
    out += style.paint(Tone::dim, fmt::format("{}       (and {} more)", indent, bytes_text(length - shown))) +
           "\n";
  }
  return out;
}

}  // namespace

std::string field_lines(const TraceStep& step, const LaneOptions& options) {
  const Style& style = options.style;
  std::string out;
  for (std::size_t i = 0; i < step.fields.size(); ++i) {
    const auto& field = step.fields[i];
    const std::string indent = indent_of(field);
    std::string line = fmt::format("{}{}", indent, field.name);
    if (!field.meaning.empty()) {
      line += fmt::format(": {}", style.plain(field.meaning));
    } else if (field.length > 2) {
      line += fmt::format(": {}", bytes_text(field.length));
    } else if (field.offset + field.length <= step.bytes.size()) {
      line += fmt::format(": 0x{}", to_hex(Bytes(step.bytes).subspan(field.offset, field.length)));
    }
    out += line + "\n";
    const std::size_t own = own_length(step.fields, i);
    if (options.hex && field.offset + own <= step.bytes.size()) {
      out += hex_lines(step, field.offset, own, indent + "  ", style);
    }
  }
  if (options.hex && step.fields.empty() && !step.bytes.empty()) {
    out += hex_lines(step, 0, step.bytes.size(), std::string(9, ' '), style);
  }
  return out;
}

}  // namespace handfast::apps
