// What a peer sends must not reach the terminal's interpreter.
#include "common/escape.hpp"

#include <gtest/gtest.h>

namespace handfast::apps {
namespace {

TEST(Escape, LeavesPrintableTextAlone) {
  EXPECT_EQ(escape_untrusted("example.org"), "example.org");
  EXPECT_EQ(escape_untrusted("Bücher 株式会社 ✔"), "Bücher 株式会社 ✔");
}

TEST(Escape, ShowsControls) {
  EXPECT_EQ(escape_untrusted("\x1b[31mred"), "\\x1b[31mred");
  EXPECT_EQ(escape_untrusted("a\nb\rc\td\x7f"), "a\\x0ab\\x0dc\\x09d\\x7f");
  EXPECT_EQ(escape_untrusted(std::string_view("a\0b", 3)), "a\\x00b");
  EXPECT_EQ(escape_untrusted("\xc2\x9b"
                             "31m"),
            "\\u{9b}31m");  // CSI as one character
}

TEST(Escape, ShowsBidiAndInvisibleCharacters) {
  EXPECT_EQ(escape_untrusted("a\xe2\x80\xae"
                             "b"),
            "a\\u{202e}b");
  EXPECT_EQ(escape_untrusted("a\xe2\x80\x8b"
                             "b"),
            "a\\u{200b}b");
  EXPECT_EQ(escape_untrusted("\xef\xbb\xbf"), "\\u{feff}");
}

TEST(Escape, ShowsBytesThatAreNotUtf8) {
  EXPECT_EQ(escape_untrusted("\xff"), "\\xff");
  EXPECT_EQ(escape_untrusted("\xc3"), "\\xc3");                             // cut
  EXPECT_EQ(escape_untrusted("\xc0\x9b"), "\\xc0\\x9b");                    // overlong
  EXPECT_EQ(escape_untrusted("\xe0\x80\x9b"), "\\xe0\\x80\\x9b");           // overlong
  EXPECT_EQ(escape_untrusted("\xed\xa0\x80"), "\\xed\\xa0\\x80");           // surrogate
  EXPECT_EQ(escape_untrusted("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");  // beyond Unicode
}

TEST(Escape, TwiceIsOnce) {
  const std::string once = escape_untrusted("\x1b\xff\xe2\x80\xae");
  EXPECT_EQ(escape_untrusted(once), once);
}

TEST(Escape, NoControlByteSurvivesWhateverComes) {
  for (unsigned a = 0; a < 256; ++a) {
    for (unsigned b = 0; b < 256; ++b) {
      const char text[] = {static_cast<char>(a), static_cast<char>(b)};
      for (const char out : escape_untrusted(std::string_view(text, 2))) {
        const auto byte = static_cast<unsigned char>(out);
        ASSERT_TRUE(byte >= 0x20 && byte != 0x7f) << a << " " << b;
      }
    }
  }
}

TEST(Escape, KeepsLinesOfText) { EXPECT_EQ(escape_untrusted_text("a\n\tb\x1b"), "a\n\tb\\x1b"); }

TEST(Ascii, ReplacesTheProgramsOwnSymbols) {
  EXPECT_EQ(to_ascii("✔ a · b → c"), "ok a - b -> c");
  EXPECT_EQ(to_ascii("Bücher"), "B\\u{fc}cher");
}

TEST(Width, CountsColumns) {
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("│─▶"), 3U);
  EXPECT_EQ(display_width("株式"), 4U);
  EXPECT_EQ(display_width("e\xcc\x81"), 1U);
}

}  // namespace
}  // namespace handfast::apps
