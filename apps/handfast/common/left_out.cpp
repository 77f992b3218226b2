// Lines about what was left out.
#include "common/left_out.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "common/escape.hpp"

namespace handfast::apps {

std::vector<std::string> left_out_lines(std::span<const Error> refused) {
  std::vector<std::string> lines;
  for (const Error& error : refused.first(std::min(refused.size(), kMostLeftOut))) {
    // The place first: it is what one looks for.
    std::string text = "left out: " + std::string(error.detail());
    if (!error.detail().empty()) text += ": ";
    text += error.info().sentence;
    if (*error.field() != '\0') text += fmt::format(", {} at byte {}", error.field(), error.offset());
    lines.push_back(escape_untrusted(text));
  }
  if (refused.size() > lines.size()) {
    lines.push_back(fmt::format("left out: {} more", refused.size() - lines.size()));
  }
  return lines;
}

}  // namespace handfast::apps
