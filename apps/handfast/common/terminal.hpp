// What the output can show: colour, symbols, width. The rules are those of NO_COLOR, CLICOLOR_FORCE, TERM and
// the locale. Must not print.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace handfast::apps {

// Colours by meaning; a symbol always goes with them.
enum class Tone : std::uint8_t { plain, good, warning, bad, dim, from_me, from_peer, bold };

// Where the facts come from: the system, or a test.
struct TerminalFacts {
  bool is_terminal = false;
  std::optional<std::size_t> columns;
  std::function<const char*(const char*)> variable;  // getenv
};
TerminalFacts terminal_facts(int descriptor);

// Reads what follows from the facts; `ascii` is --ascii.
class Style {
 public:
  Style() = default;  // no colour, no boxes, ASCII, 80 columns
  static Style of(const TerminalFacts& facts, bool ascii);

  bool colour = false;
  bool boxes = false;    // box-drawing characters and arrows
  bool unicode = false;  // other symbols: ✔ ·
  bool is_terminal = false;
  std::size_t width = 80;

  // The text in its colour, and in ASCII if that is all there is. `text` must be escaped already.
  [[nodiscard]] std::string paint(Tone tone, std::string_view text) const;
  [[nodiscard]] std::string plain(std::string_view text) const { return paint(Tone::plain, text); }
  [[nodiscard]] std::string good() const { return paint(Tone::good, "✔"); }
  [[nodiscard]] std::string bad() const { return paint(Tone::bad, "✘"); }
  [[nodiscard]] std::string warning() const { return paint(Tone::warning, "!"); }
};

// Breaks `text` at spaces into lines of at most `width` columns; a longer word is broken anywhere.
std::vector<std::string> fold(std::string_view text, std::size_t width);

}  // namespace handfast::apps
