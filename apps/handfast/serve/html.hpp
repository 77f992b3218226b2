// What a peer sent is made harmless here before it reaches a page or a terminal.
// Must be the only way by which foreign text enters HTML.
#pragma once

#include <handfast/bytes.hpp>
#include <string>
#include <string_view>

namespace handfast::apps::serve {

// Text for an HTML element or a quoted attribute. Control characters, bidirectional overrides and bytes that
// are no UTF-8 become visible as \x1b; & < > " ' become references.
std::string html_text(std::string_view foreign);

// The same rules for control and stray bytes, without HTML references: for JSON, where the writer quotes.
std::string plain_text(std::string_view foreign);

// "0a 1b 2c", lower case.
std::string hex_text(Bytes bytes);

}  // namespace handfast::apps::serve
