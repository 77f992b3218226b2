// Escaping: first what is no visible text, then what HTML would read as markup.
#include "html.hpp"

#include <fmt/format.h>

#include <cstdint>

namespace handfast::apps::serve {
namespace {

struct Character {
  std::uint32_t value = 0;
  std::size_t size = 0;  // 0: no UTF-8
};

// One character of UTF-8 as RFC 3629 §3 allows it: shortest form, no surrogates, up to U+10FFFF.
Character decode(std::string_view text) {
  const auto at = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i]));
  };
  const std::uint32_t lead = at(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < size) return {};
  std::uint32_t value = lead & (0xffU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((at(i) & 0xc0U) != 0x80U) return {};
    value = (value << 6U) | (at(i) & 0x3fU);
  }
  const std::uint32_t least = size == 4 ? 0x10000 : size == 3 ? 0x800 : 0x80;
  if (value < least || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) return {};
  return {value, size};
}

// Characters that steer a display instead of showing on it.
bool invisible(std::uint32_t c) {
  return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0xad || c == 0x61c || c == 0x180e ||
         (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) ||
         c == 0xfeff || (c >= 0xfff0 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe0fff);
}

}  // namespace

std::string plain_text(std::string_view foreign) {
  std::string out;
  out.reserve(foreign.size());
  while (!foreign.empty()) {
    const Character character = decode(foreign);
    const std::size_t size = character.size == 0 ? 1 : character.size;
    if (character.size == 0 || invisible(character.value)) {
      for (const char c : foreign.substr(0, size))
        out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      out += foreign.substr(0, size);
    }
    foreign.remove_prefix(size);
  }
  return out;
}

std::string html_text(std::string_view foreign) {
  std::string out;
  for (const char c : plain_text(foreign)) {
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
