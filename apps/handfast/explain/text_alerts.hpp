// Alerts and codes in a pasted text: "alert number 40", "handshake_failure", "error:0A000410", "num=20".
// Must take any bytes; `text` is normalized everywhere.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace handfast::apps {

struct AlertRow {
  unsigned number;
  std::string_view name;  // "handshake_failure"
};

// The alert that the text names by number or name, if it does. A bare number counts.
std::optional<AlertRow> alert_in(std::string_view text);
// What historic alerts point to; null for those of the registry.
std::string_view historic_id(unsigned number);

// Codes of OpenSSL's certificate checks: "num=20", "return code: 20", "error 20 at 0 depth", a bare number.
std::vector<int> verify_codes_in(std::string_view text);

// "error:1409442e" as OpenSSL 1.1 prints it, in the form of OpenSSL 3: "error:0a00042e". Empty if there is
// none.
std::string modern_code_in(std::string_view text);

}  // namespace handfast::apps
