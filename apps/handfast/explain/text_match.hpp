// From a text that somebody pasted to the failures that it may mean: ids, alert numbers and names, OpenSSL's
// codes, and what clients print (data/failures/). Must not print, and must take any bytes.
#pragma once

#include <cstddef>
#include <handfast/codepoints.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/failure_table.hpp"

namespace handfast::apps {

// Longer than any message; a log file is not one message.
inline constexpr std::size_t kLongestExplainedText = 65'536;

// What in the text led to a failure. The better ones come first.
enum class MatchKind : std::uint8_t { id, message, alert, code, weak_message, related };
std::string_view name_of(MatchKind kind);

struct TextMatch {
  const FailureText* failure;
  MatchKind kind;
  std::size_t length;       // of the message that was found; 0 for others
  std::string_view client;  // who prints it; empty for others
  std::string_view text;    // what was found, as the catalogue has it
};

// An alert that the text names, be it in the registry or a historic one.
struct NamedAlert {
  unsigned number;
  std::string name;
  std::string_view sentence;
};

struct TextExplanation {
  std::vector<TextMatch> matches;  // the best first, each failure once
  std::optional<NamedAlert> alert;
  bool ambiguous = false;  // the second is as good as the first

  [[nodiscard]] bool empty() const { return matches.empty() && !alert; }
};

// text.size() <= kLongestExplainedText.
TextExplanation explain_text(std::string_view text);

// The text in small letters, with '_', '-', quotes and runs of white space alike: what messages are compared
// by.
std::string normalized(std::string_view text);

// Whether `pattern` (normalized, "…" stands for anything) occurs in `text` (normalized) as whole words.
bool occurs(std::string_view pattern, std::string_view text);

}  // namespace handfast::apps
