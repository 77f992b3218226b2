// HTML's own characters, on top of the escaping that every output shares.
#include "html.hpp"

#include "common/escape.hpp"

namespace handfast::apps::serve {

std::string html_text(std::string_view foreign) {
  std::string out;
  for (const char c : escape_untrusted(foreign)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string hex_text(Bytes bytes) {
  std::string out;
  out.reserve(bytes.size() * 3);
  for (const std::uint8_t byte : bytes) {
    if (!out.empty()) out += ' ';
    out += "0123456789abcdef"[byte >> 4U];
    out += "0123456789abcdef"[byte & 0xfU];
  }
  return out;
}

}  // namespace handfast::apps::serve
