// Style and folding.
#include "common/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "common/escape.hpp"

namespace handfast::apps {
namespace {

constexpr std::size_t kNarrowest = 60;
constexpr std::size_t kWidest = 120;

std::string_view value_of(const TerminalFacts& facts, const char* name) {
  const char* value = facts.variable ? facts.variable(name) : nullptr;
  return value != nullptr ? value : "";
}

// The locale that decides about characters: LC_ALL, else LC_CTYPE, else LANG.
bool locale_is_utf8(const TerminalFacts& facts) {
  std::string_view locale = value_of(facts, "LC_ALL");
  if (locale.empty()) locale = value_of(facts, "LC_CTYPE");
  if (locale.empty()) locale = value_of(facts, "LANG");
  return locale.find("UTF-8") != std::string_view::npos || locale.find("utf8") != std::string_view::npos ||
         locale.find("UTF8") != std::string_view::npos || locale.find("utf-8") != std::string_view::npos;
}

std::string_view code_of(Tone tone) {
  switch (tone) {
    case Tone::plain:
      return "";
    case Tone::good:
      return "32";
    case Tone::warning:
      return "33";
    case Tone::bad:
      return "91";
    case Tone::dim:
      return "2";
    case Tone::from_me:
      return "36";
    case Tone::from_peer:
      return "35";
    case Tone::bold:
      return "1";
  }
  return "";
}

}  // namespace

TerminalFacts terminal_facts(int descriptor) {
  TerminalFacts facts;
  facts.is_terminal = ::isatty(descriptor) == 1;
  facts.variable = [](const char* name) { return static_cast<const char*>(std::getenv(name)); };
  winsize size{};
  if (facts.is_terminal && ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    facts.columns = size.ws_col;
  }
  return facts;
}

Style Style::of(const TerminalFacts& facts, bool ascii) {
  const bool plain_terminal = !facts.is_terminal || value_of(facts, "TERM") == "dumb";
  const bool no_colour = !value_of(facts, "NO_COLOR").empty();
  const std::string_view force = value_of(facts, "CLICOLOR_FORCE");
  const bool forced = !force.empty() && force != "0";

  Style style;
  style.is_terminal = facts.is_terminal;
  style.colour = forced || (!plain_terminal && !no_colour);
  style.unicode = !ascii && locale_is_utf8(facts);
  style.boxes = style.unicode && style.colour;
  style.width = std::clamp(facts.columns.value_or(80), kNarrowest, kWidest);
  return style;
}

std::string Style::paint(Tone tone, std::string_view text) const {
  std::string out = unicode ? std::string(text) : to_ascii(text);
  const std::string_view code = code_of(tone);
  if (!colour || code.empty() || out.empty()) return out;
  return "\x1b[" + std::string(code) + "m" + out + "\x1b[0m";
}

std::vector<std::string> fold(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  std::string line;
  std::size_t line_width = 0;
  const auto end_line = [&] {
    lines.push_back(std::move(line));
    line.clear();
    line_width = 0;
  };
  while (!text.empty()) {
    const std::size_t space = std::min(text.find(' '), text.size());
    std::string_view word = text.substr(0, space);
    text.remove_prefix(std::min(space + 1, text.size()));
    const std::size_t word_width = display_width(word);
    if (line_width > 0 && line_width + 1 + word_width > width) end_line();
    if (line_width > 0) {
      line += ' ';
      ++line_width;
    }
    while (!word.empty()) {
      const Character character = take_character(word);
      const std::size_t columns = display_width(character.bytes);
      if (line_width + columns > width && line_width > 0) end_line();
      line += character.bytes;
      line_width += columns;
    }
  }
  if (!line.empty() || lines.empty()) lines.push_back(std::move(line));
  return lines;
}

}  // namespace handfast::apps
