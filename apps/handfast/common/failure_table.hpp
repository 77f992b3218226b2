// What a person needs to know about each failure: one row per id of the failure catalogue.
// The ids are part of the product: they appear in output, JSON and docs.
#pragma once

#include <handfast/codepoints.hpp>
#include <span>
#include <string_view>

#include "common/exit_code.hpp"

namespace handfast::apps {

struct FailureText {
  std::string_view id;     // "C-07"
  std::string_view title;  // the headline, without a final full stop
  std::string_view cause;  // what lies behind it, one sentence; may be empty
  std::string_view seen;   // how other programs call it; may be empty
  std::string_view fix;    // lines
};

// The row of `id`, or null.
const FailureText* find_failure(std::string_view id);
std::span<const FailureText> failure_table();

// The exit code that an id leads to.
ExitCode exit_code_of(std::string_view id);

// What a received alert means: the first id is the best guess, the others are possible too.
struct AlertText {
  AlertDescription alert;
  std::string_view sentence;
  std::span<const std::string_view> ids;
  bool certain;  // the alert leaves no doubt
};
// The row of `alert`; a general one for numbers that are not in the registry.
const AlertText& find_alert(AlertDescription alert);

}  // namespace handfast::apps
