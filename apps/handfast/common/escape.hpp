// Making untrusted text safe to print: a certificate or a banner can attack the terminal.
// Must be applied to everything that a peer sent before it reaches a terminal or a trace.
#pragma once

#include <cstddef>
#include <cstdint>
#include <handfast/bytes.hpp>
#include <string>
#include <string_view>

namespace handfast::apps {

// Printable UTF-8 stays. Control bytes and bytes that are not UTF-8 become "\x1b"; characters that reorder,
// hide or break lines (bidi controls, zero-width, separators, C1) become "\u{202e}". Escaping again changes
// nothing.
std::string escape_untrusted(std::string_view text);
inline std::string escape_untrusted(Bytes bytes) { return escape_untrusted(as_text(bytes)); }

// The same for text of several lines: newlines and tabs stay.
std::string escape_untrusted_text(std::string_view text);

// The program's own symbols as ASCII ("✔" → "ok", "·" → "-"); any other character above ASCII as "\u{…}".
std::string to_ascii(std::string_view text);

// Columns on a terminal. Expects printable UTF-8.
std::size_t display_width(std::string_view text);

// "0a1b2c".
std::string to_hex(Bytes bytes);

// One character off the front of `text`. `valid` is false for a byte that is no UTF-8; then one byte is
// taken.
struct Character {
  std::uint32_t code = 0;
  bool valid = false;
  std::string_view bytes;
};
Character take_character(std::string_view& text);

}  // namespace handfast::apps
