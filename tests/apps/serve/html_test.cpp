// Foreign text on its way into HTML.
#include "serve/html.hpp"

#include <gtest/gtest.h>

#include "serve/markup.hpp"

namespace handfast::apps::serve {
namespace {

TEST(Html, EscapesWhatWouldBeMarkup) {
  EXPECT_EQ(html_text("<script>alert('x')</script>"), "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;");
  EXPECT_EQ(html_text("a\" onload=\"b & c"), "a&quot; onload=&quot;b &amp; c");
}

TEST(Html, ShowsWhatWouldBeInvisible) {
  const std::string escaped = html_text(std::string_view("a\0b\x1b[31m\x7f", 9));
  EXPECT_EQ(escaped.find('\0'), std::string::npos);
  EXPECT_EQ(escaped.find('\x1b'), std::string::npos);
  EXPECT_NE(html_text("\xe2\x80\xae"
                      "gpj.exe"),
            "\xe2\x80\xae"
            "gpj.exe");  // right-to-left override
  EXPECT_EQ(html_text("\xff"), "\\xff");
}

TEST(Html, LeavesOrdinaryTextAlone) { EXPECT_EQ(html_text("bücher.example ✔"), "bücher.example ✔"); }

TEST(Html, WritesBytesInHexadecimal) {
  const std::uint8_t bytes[] = {0x00, 0xab, 0x7f};
  EXPECT_EQ(hex_text(bytes), "00 ab 7f");
  EXPECT_EQ(hex_text({}), "");
}

TEST(Markup, TellsLiteralsFromTexts) {
  const std::string foreign = "<b>";
  const char* pointer = "<i>";
  Markup inner;
  inner.add("<u>", foreign, "</u>");
  Markup out;
  out.add("<p>", foreign, pointer, std::string_view("&"), 42, inner, "</p>");
  EXPECT_EQ(out.text(), "<p>&lt;b&gt;&lt;i&gt;&amp;42<u>&lt;b&gt;</u></p>");
}

}  // namespace
}  // namespace handfast::apps::serve
