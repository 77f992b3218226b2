// What a peer sent is made harmless here before it reaches a page or a terminal.
// Must be the only way by which foreign text enters HTML.
#pragma once

#include <handfast/bytes.hpp>
#include <string>
#include <string_view>

namespace handfast::apps::serve {

// Text for an HTML element or a quoted attribute: what escape_untrusted() makes visible, and references for
// & < > " '.
std::string html_text(std::string_view foreign);

// "0a 1b 2c", lower case.
std::string hex_text(Bytes bytes);

}  // namespace handfast::apps::serve
