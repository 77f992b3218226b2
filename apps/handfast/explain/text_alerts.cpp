// Numbers and names, without regular expressions: the input may be anything.
#include "explain/text_alerts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <handfast/codepoints.hpp>

#include "explain/text_match.hpp"

namespace handfast::apps {
namespace {

struct Historic {
  AlertRow alert;
  std::string_view id;
};
// Numbers that the registry reserves: older versions sent them.
constexpr std::array kHistoric = {
    Historic{{21, "decryption_failed"}, "R-01"},
    Historic{{30, "decompression_failure"}, "R-04"},
    Historic{{41, "no_certificate"}, "M-01"},
    Historic{{60, "export_restriction"}, "P-03"},
    Historic{{111, "certificate_unobtainable"}, "R-08"},
    Historic{{114, "bad_certificate_hash_value"}, "R-08"},
};
// OpenSSL numbers the alerts that it receives from here on.
constexpr unsigned kOpensslAlertBase = 1000;
constexpr unsigned kHighestCode = 255;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The number at the front of `text`, if it fits.
std::optional<unsigned> number_at(std::string_view text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end == text.data()) return std::nullopt;
  return value;
}

// The number after each occurrence of `word`.
std::vector<unsigned> numbers_after(std::string_view word, std::string_view text) {
  std::vector<unsigned> found;
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    if (const auto value = number_at(text.substr(at + word.size()))) found.push_back(*value);
  }
  return found;
}

std::optional<AlertRow> alert_of(unsigned number) {
  if (number > kHighestCode) return std::nullopt;
  const auto name = name_of(static_cast<AlertDescription>(number));
  if (!name.empty()) return AlertRow{number, name};
  for (const Historic& row : kHistoric) {
    if (row.alert.number == number) return row.alert;
  }
  return std::nullopt;
}

// The reason in "error:0a000410" or "error:14094410", if it is one of libssl's.
std::optional<unsigned> reason_in(std::string_view text) {
  constexpr std::string_view kWord = "error:";
  constexpr std::size_t kDigits = 8;
  for (std::size_t at = text.find(kWord); at != std::string_view::npos; at = text.find(kWord, at + 1)) {
    const auto digits = text.substr(at + kWord.size(), kDigits);
    unsigned code = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
    if (digits.size() != kDigits || error != std::errc{} || end != digits.data() + kDigits) continue;
    constexpr unsigned kLibssl = 0x14;
    if (code >> 23U == kLibssl) return code & 0x7f'ffffU;
    if (code >> 24U == kLibssl) return code & 0xfffU;
  }
  return std::nullopt;
}

bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= 3 && std::all_of(text.begin(), text.end(), is_digit);
}

std::optional<AlertRow> alert_by_number(std::string_view text) {
  if (is_number(text)) return alert_of(*number_at(text));
  for (const std::string_view word :
       {"alert number ", "alert ", "alert(", "alert: ", "alert code ", "alert description: "}) {
    for (const unsigned number : numbers_after(word, text)) {
      if (const auto row = alert_of(number)) return row;
    }
  }
  for (const unsigned number : numbers_after("reason(", text)) {
    if (number >= kOpensslAlertBase) return alert_of(number - kOpensslAlertBase);
  }
  if (const auto reason = reason_in(text); reason && *reason >= kOpensslAlertBase) {
    return alert_of(*reason - kOpensslAlertBase);
  }
  return std::nullopt;
}

std::optional<AlertRow> alert_by_name(std::string_view text) {
  // Without that word a name may be anything: "certificate revoked" is what OpenSSL calls its own verdict.
  const bool about_alerts = occurs("alert", text) || text.find("tls: ") != std::string_view::npos;
  std::optional<AlertRow> best;
  for (unsigned number = 0; number <= kHighestCode; ++number) {
    const auto row = alert_of(number);
    if (!row || (best && best->name.size() >= row->name.size())) continue;
    const std::string name = normalized(row->name);
    if (text == name || (about_alerts && occurs(name, text))) best = row;
  }
  return best;
}

}  // namespace

std::optional<AlertRow> alert_in(std::string_view text) {
  if (const auto row = alert_by_number(text)) return row;
  return alert_by_name(text);
}

std::string_view historic_id(unsigned number) {
  for (const Historic& row : kHistoric) {
    if (row.alert.number == number) return row.id;
  }
  return {};
}

std::vector<int> verify_codes_in(std::string_view text) {
  std::vector<unsigned> codes;
  if (is_number(text)) codes.push_back(*number_at(text));
  for (const std::string_view word : {"num=", "return code: ", "verify error:num=", "verify result: "}) {
    for (const unsigned code : numbers_after(word, text)) codes.push_back(code);
  }
  for (std::size_t at = text.find("error "); at != std::string_view::npos; at = text.find("error ", at + 1)) {
    const auto code = number_at(text.substr(at + 6));
    if (code && text.substr(at + 6).find(" depth") != std::string_view::npos) codes.push_back(*code);
  }
  std::vector<int> out;
  for (const unsigned code : codes) {
    if (code <= kHighestCode && code > 0) out.push_back(static_cast<int>(code));
  }
  return out;
}

std::string modern_code_in(std::string_view text) {
  const auto reason = reason_in(text);
  return reason ? fmt::format("error:{:08x}", 0x0a00'0000U | *reason) : std::string();
}

}  // namespace handfast::apps
