// When colour, symbols and boxes are used; folding; numbers.
#include "common/terminal.hpp"

#include <gtest/gtest.h>

#include <map>

#include "common/numbers.hpp"

namespace handfast::apps {
namespace {

Style style_of(bool terminal, std::map<std::string, std::string> variables, bool ascii = false) {
  TerminalFacts facts;
  facts.is_terminal = terminal;
  facts.variable = [&](const char* name) -> const char* {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  };
  return Style::of(facts, ascii);
}

const std::map<std::string, std::string> kUtf8 = {{"LANG", "en_US.UTF-8"}, {"TERM", "xterm"}};

std::map<std::string, std::string> with(const char* name, const char* value) {
  auto variables = kUtf8;
  variables[name] = value;
  return variables;
}

TEST(Style, TerminalHasAll) {
  const Style style = style_of(true, kUtf8);
  EXPECT_TRUE(style.colour && style.boxes && style.unicode);
}

TEST(Style, PipeHasNoColourAndNoBoxes) {
  const Style style = style_of(false, kUtf8);
  EXPECT_FALSE(style.colour || style.boxes);
}

TEST(Style, NoColorAndDumbTerminals) {
  EXPECT_FALSE(style_of(true, with("NO_COLOR", "1")).colour);
  EXPECT_FALSE(style_of(true, with("NO_COLOR", "1")).boxes);
  EXPECT_TRUE(style_of(true, with("NO_COLOR", "")).colour);  // empty does not count
  EXPECT_FALSE(style_of(true, with("TERM", "dumb")).colour);
}

TEST(Style, ForceOverrides) {
  auto variables = with("CLICOLOR_FORCE", "1");
  variables["NO_COLOR"] = "1";
  EXPECT_TRUE(style_of(false, variables).colour);
  EXPECT_FALSE(style_of(false, with("CLICOLOR_FORCE", "0")).colour);
}

TEST(Style, SymbolsNeedUtf8) {
  EXPECT_FALSE(style_of(true, with("LANG", "C")).unicode);
  EXPECT_FALSE(style_of(true, with("LC_ALL", "POSIX")).unicode);  // stronger than LANG
  EXPECT_FALSE(style_of(true, kUtf8, true).unicode);              // --ascii
  EXPECT_EQ(style_of(false, with("LANG", "C")).good(), "ok");
}

TEST(Style, PaintsOnlyWithColour) {
  EXPECT_EQ(style_of(true, kUtf8).paint(Tone::bad, "x"), "\x1b[91mx\x1b[0m");
  EXPECT_EQ(style_of(false, kUtf8).paint(Tone::bad, "x"), "x");
}

TEST(Fold, BreaksAtSpacesAndLongWordsAnywhere) {
  EXPECT_EQ(fold("one two three", 7), (std::vector<std::string>{"one two", "three"}));
  EXPECT_EQ(fold("abcdefgh", 3), (std::vector<std::string>{"abc", "def", "gh"}));
  EXPECT_EQ(fold("", 5), (std::vector<std::string>{""}));
}

TEST(Numbers, ReadWell) {
  EXPECT_EQ(bytes_text(1792), "1 792 B");
  EXPECT_EQ(bytes_text(7), "7 B");
  EXPECT_EQ(milliseconds_text(std::chrono::microseconds(11840)), "11.8 ms");
  EXPECT_EQ(time_text(Time(std::chrono::seconds(1'795'132'800))), "2026-11-20T00:00:00Z");
  EXPECT_EQ(span_text(std::chrono::hours(200)), "8 d 8 h");
}

}  // namespace
}  // namespace handfast::apps
