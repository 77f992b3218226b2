// Labels and folded text.
#include "common/layout.hpp"

#include <algorithm>

#include "common/escape.hpp"

namespace handfast::apps {

std::string labelled(std::string_view label, std::string_view text, const Style& style, std::size_t indent,
                     std::size_t columns) {
  constexpr std::size_t kLeast = 20;  // on terminals that are too narrow for anything
  const std::size_t room = std::max(style.width, indent + columns + kLeast) - indent - columns;
  std::string out;
  bool first = true;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    for (const auto& line : fold(style.plain(text.substr(0, end)), room)) {
      const std::string_view shown = first ? label : std::string_view();
      const std::size_t used = display_width(shown);
      out.append(indent, ' ').append(shown).append(columns > used ? columns - used : 0, ' ');
      out.append(line).push_back('\n');
      first = false;
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace handfast::apps
