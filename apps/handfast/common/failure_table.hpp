// What a person needs to know about each failure: one row per id of the failure catalogue (data/failures/).
// The ids are part of the product: they appear in output, JSON and docs.
#pragma once

#include <handfast/codepoints.hpp>
#include <span>
#include <string_view>

#include "common/exit_code.hpp"

namespace handfast::apps {

// What a program prints. "…" stands for what varies.
struct SeenText {
  std::string_view client;  // "OpenSSL"
  std::string_view text;
  bool weak;  // it goes with many failures: counts only where nothing else is known
};

// What to change, and in which software: "nginx", "java"; "any" and "handfast" are among them.
struct FixText {
  std::string_view software;
  std::string_view text;
};

struct FailureText {
  std::string_view id;      // "C-07"
  std::string_view title;   // the headline, without a final full stop
  std::string_view cause;   // what lies behind it
  std::string_view seen;    // how other programs call it, the most frequent ones; may be empty
  std::string_view fix;     // lines
  std::string_view detect;  // how to find out
  std::string_view fails;   // who fails, and who works, where programs differ; may be empty
  std::string_view works;
  std::span<const SeenText> seen_texts;
  std::span<const FixText> fixes;
  std::span<const AlertDescription> alerts;
  std::span<const int> verify_codes;  // of OpenSSL's certificate checks
  std::span<const std::string_view> like;
  std::string_view apart;  // a command that tells it from those
  std::string_view apart_meaning;
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
