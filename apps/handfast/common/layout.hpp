// Lines of output that several commands draw alike. Must not print.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "common/terminal.hpp"

namespace handfast::apps {

// "   label             text": the text folded under itself, `columns` after the indent. Newlines begin new
// lines.
std::string labelled(std::string_view label, std::string_view text, const Style& style,
                     std::size_t indent = 3, std::size_t columns = 18);

}  // namespace handfast::apps
