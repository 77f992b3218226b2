// Escaping and measuring text. RFC 3629 (UTF-8), Unicode UAX #9 (bidi controls).
#include "common/escape.hpp"

#include <fmt/core.h>

#include <array>
#include <utility>

namespace handfast::apps {
namespace {

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};

// Characters that are not what they seem on a terminal.
constexpr std::array kDeceptive = {
    Range{0x80, 0x9f},        // C1 controls: 0x9b is CSI
    Range{0xad, 0xad},        // soft hyphen
    Range{0x61c, 0x61c},      // arabic letter mark
    Range{0x180e, 0x180e},    // vowel separator
    Range{0x200b, 0x200f},    // zero width, directional marks
    Range{0x2028, 0x202e},    // line and paragraph separators, embeddings and overrides
    Range{0x2060, 0x206f},    // word joiner, isolates
    Range{0xfe00, 0xfe0f},    // variation selectors
    Range{0xfeff, 0xfeff},    // byte order mark
    Range{0xfff0, 0xffff},    // specials and noncharacters
    Range{0xe0000, 0x10ffff}  // tags, private use planes
};

// Two columns on a terminal (East Asian wide and emoji), roughly.
constexpr std::array kWide = {
    Range{0x1100, 0x115f}, Range{0x2e80, 0xa4cf},   Range{0xac00, 0xd7a3},
    Range{0xf900, 0xfaff}, Range{0xfe30, 0xfe6f},   Range{0xff00, 0xff60},
    Range{0xffe0, 0xffe6}, Range{0x1f300, 0x1faff}, Range{0x20000, 0x3fffd},
};

// No column at all: combining marks.
constexpr std::array kCombining = {
    Range{0x300, 0x36f},   Range{0x483, 0x489},   Range{0x591, 0x5bd},
    Range{0x610, 0x61a},   Range{0x64b, 0x65f},   Range{0x1ab0, 0x1aff},
    Range{0x1dc0, 0x1dff}, Range{0x20d0, 0x20ff}, Range{0xfe20, 0xfe2f},
};

template <std::size_t N>
bool is_in(const std::array<Range, N>& ranges, std::uint32_t code) {
  for (const auto& range : ranges) {
    if (code >= range.first && code <= range.last) return true;
  }
  return false;
}

// Length, bits and smallest code point of a sequence by its first byte.
struct Lead {
  std::size_t length;
  std::uint32_t bits;
  std::uint32_t smallest;
};

Lead lead_of(std::uint8_t byte) {
  if (byte < 0x80) return {1, byte, 0};
  if (byte >= 0xc2 && byte <= 0xdf) return {2, byte & 0x1fU, 0x80};
  if (byte >= 0xe0 && byte <= 0xef) return {3, byte & 0x0fU, 0x800};
  if (byte >= 0xf0 && byte <= 0xf4) return {4, byte & 0x07U, 0x10000};
  return {0, 0, 0};
}

std::string escape(std::string_view text, bool keep_lines) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Character character = take_character(text);
    const bool line = character.code == '\n' || character.code == '\t';
    if (!character.valid || (character.code < 0x20 && !(keep_lines && line)) || character.code == 0x7f) {
      out += fmt::format("\\x{:02x}", static_cast<std::uint8_t>(character.bytes.front()));
    } else if (is_in(kDeceptive, character.code)) {
      out += fmt::format("\\u{{{:x}}}", character.code);
    } else {
      out += character.bytes;
    }
  }
  return out;
}

}  // namespace

Character take_character(std::string_view& text) {
  Character character;
  const auto byte_at = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const Lead lead = lead_of(byte_at(0));
  bool valid = lead.length != 0 && lead.length <= text.size();
  character.code = lead.bits;
  for (std::size_t i = 1; valid && i < lead.length; ++i) {
    valid = (byte_at(i) & 0xc0U) == 0x80;
    character.code = (character.code << 6U) | (byte_at(i) & 0x3fU);
  }
  // Overlong forms, surrogates and what lies beyond Unicode are not UTF-8.
  valid = valid && character.code >= lead.smallest && character.code <= 0x10ffff &&
          (character.code < 0xd800 || character.code > 0xdfff);
  character.valid = valid;
  character.bytes = text.substr(0, valid ? lead.length : 1);
  text.remove_prefix(character.bytes.size());
  return character;
}

std::string escape_untrusted(std::string_view text) { return escape(text, false); }
std::string escape_untrusted_text(std::string_view text) { return escape(text, true); }

std::string to_ascii(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 17> kSymbols = {{
      {"✔", "ok"},
      {"✘", "X"},
      {"·", "-"},
      {"→", "->"},
      {"←", "<-"},
      {"▶", ">"},
      {"◀", "<"},
      {"│", "|"},
      {"─", "-"},
      {"–", "-"},
      {"—", "-"},
      {"…", "..."},
      {"░", ":"},
      {"≥", ">="},
      {"≤", "<="},
      {"“", "\""},
      {"”", "\""},
  }};
  std::string out;
  while (!text.empty()) {
    const Character character = take_character(text);
    if (character.valid && character.code < 0x80) {
      out += character.bytes;
      continue;
    }
    bool known = false;
    for (const auto& [symbol, ascii] : kSymbols) {
      if (symbol == character.bytes) {
        out += ascii;
        known = true;
      }
    }
    if (known) continue;
    out += character.valid ? fmt::format("\\u{{{:x}}}", character.code)
                           : fmt::format("\\x{:02x}", static_cast<std::uint8_t>(character.bytes.front()));
  }
  return out;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const Character character = take_character(text);
    if (is_in(kCombining, character.code)) continue;
    width += is_in(kWide, character.code) ? 2 : 1;
  }
  return width;
}

std::string to_hex(Bytes bytes) {
  std::string out;
  out.reserve(2 * bytes.size());
  for (const auto byte : bytes) out += fmt::format("{:02x}", byte);
  return out;
}

}  // namespace handfast::apps
