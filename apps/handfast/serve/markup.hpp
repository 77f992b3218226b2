// Markup: a piece of HTML under construction. String literals go in as they are; everything else is text and
// is escaped on the way. So foreign text can reach a page only as text.
#pragma once

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "html.hpp"

namespace handfast::apps::serve {

class Markup {
 public:
  // Appends each part in turn: literals raw, texts escaped, numbers in decimal, other Markup as it is.
  template <class... Parts>
  Markup& add(const Parts&... parts) {
    (put(parts), ...);
    return *this;
  }
  // Bytes that the program itself made and knows to be markup (a stylesheet). Never foreign ones.
  Markup& add_trusted(std::string_view markup) {
    out_ += markup;
    return *this;
  }
  [[nodiscard]] const std::string& text() const { return out_; }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  template <std::size_t Size>
  void put(const char (&literal)[Size]) {
    out_.append(literal, Size - 1);
  }
  void put(std::string_view text) { out_ += html_text(text); }
  void put(const Markup& markup) { out_ += markup.out_; }
  template <std::integral Number>
    requires(sizeof(Number) > 1)  // a lone char is text, and a bool is a mistake
  void put(Number number) {
    out_ += std::to_string(number);
  }

  std::string out_;
};

}  // namespace handfast::apps::serve
