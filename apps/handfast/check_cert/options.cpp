// Taking arguments apart. Errors are sentences for the command line.
#include "check_cert/options.hpp"

#include <array>
#include <charconv>
#include <chrono>

#include "common/escape.hpp"

namespace handfast::apps {
namespace {

constexpr std::array kProfiles = {pki::Profile::rfc5280, pki::Profile::rfc5280_strict, pki::Profile::webpki};

std::unexpected<Error> wrong(std::string detail) {
  return failure(Error(ErrorCode::configuration_invalid).with_detail(std::move(detail)));
}

// Exactly `digits` digits at the front; -1 if they are not there.
int take_number(std::string_view& text, std::size_t digits) {
  int value = 0;
  if (text.size() < digits) return -1;
  for (const char c : text.substr(0, digits)) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, char wanted) {
  if (!text.starts_with(wanted)) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<Time> parse_date(std::string_view text) {
  using std::chrono::day, std::chrono::hours, std::chrono::minutes, std::chrono::month, std::chrono::seconds,
      std::chrono::sys_days, std::chrono::year, std::chrono::year_month_day;
  const int y = take_number(text, 4);
  if (y < 0 || !take(text, '-')) return std::nullopt;
  const int m = take_number(text, 2);
  if (m < 0 || !take(text, '-')) return std::nullopt;
  const int d = take_number(text, 2);
  const year_month_day date(year{y}, month{static_cast<unsigned>(m)}, day{static_cast<unsigned>(d)});
  if (d < 0 || !date.ok()) return std::nullopt;
  Time time = sys_days(date);
  if (text.empty()) return time;
  if (!take(text, 'T') && !take(text, ' ')) return std::nullopt;
  const int hour = take_number(text, 2);
  if (hour < 0 || hour > 23 || !take(text, ':')) return std::nullopt;
  const int minute = take_number(text, 2);
  if (minute < 0 || minute > 59) return std::nullopt;
  int second = 0;
  if (take(text, ':')) second = take_number(text, 2);
  if (second < 0 || second > 59) return std::nullopt;
  take(text, 'Z');
  if (!text.empty()) return std::nullopt;
  return time + hours(hour) + minutes(minute) + seconds(second);
}

}  // namespace

Result<Time> parse_time_argument(std::string_view text) {
  if (text.starts_with('@')) {
    long long seconds = 0;
    const auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), seconds);
    constexpr long long kYear9999 = 253'402'300'800;
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    if (whole && seconds >= 0 && seconds < kYear9999) return Time(std::chrono::seconds(seconds));
  } else if (const auto time = parse_date(text)) {
    return *time;
  }
  return wrong("'" + escape_untrusted(text) +
               "' is no time; write 2026-11-20, 2026-11-20T17:51:02Z or @1795197062");
}

Result<pki::Profile> parse_profile(std::string_view text) {
  for (const pki::Profile profile : kProfiles) {
    if (text == name_of(profile)) return profile;
  }
  return wrong("unknown profile '" + escape_untrusted(text) + "'; known are rfc5280, rfc5280_strict, webpki");
}

std::string_view name_of(pki::Profile profile) {
  switch (profile) {
    case pki::Profile::rfc5280:
      return "rfc5280";
    case pki::Profile::rfc5280_strict:
      return "rfc5280_strict";
    case pki::Profile::webpki:
      break;
  }
  return "webpki";
}

}  // namespace handfast::apps
