// Numbers for people.
#include "common/numbers.hpp"

#include <fmt/core.h>

namespace handfast::apps {

std::string with_spaces(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, " ");
  return digits;
}

std::string bytes_text(std::uint64_t bytes) { return with_spaces(bytes) + " B"; }

std::string milliseconds_text(std::chrono::microseconds duration) {
  const auto count = static_cast<double>(duration.count());
  if (duration >= std::chrono::seconds(10)) return fmt::format("{:.1f} s", count / 1e6);
  return fmt::format("{:.1f} ms", count / 1e3);
}

namespace {

struct Parts {
  int year;
  unsigned month;
  unsigned day;
  std::chrono::hh_mm_ss<std::chrono::seconds> clock;
};

Parts parts_of(Time time) {
  const auto days = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(days);
  return {static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
          static_cast<unsigned>(date.day()), std::chrono::hh_mm_ss<std::chrono::seconds>(time - days)};
}

}  // namespace

std::string time_text(Time time) {
  const auto [year, month, day, clock] = parts_of(time);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", year, month, day, clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

std::string date_text(Time time) {
  const auto [year, month, day, clock] = parts_of(time);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}", year, month, day, clock.hours().count(),
                     clock.minutes().count());
}

std::string count_text(std::size_t count, const char* singular, const char* plural) {
  return fmt::format("{} {}", count, count == 1 ? singular : plural);
}

std::string span_text(std::chrono::seconds span) {
  const auto seconds = span.count() < 0 ? -span.count() : span.count();
  if (seconds >= 86400) return fmt::format("{} d {} h", seconds / 86400, seconds % 86400 / 3600);
  if (seconds >= 3600) return fmt::format("{} h {} min", seconds / 3600, seconds % 3600 / 60);
  if (seconds >= 60) return fmt::format("{} min", seconds / 60);
  return fmt::format("{} s", seconds);
}

}  // namespace handfast::apps
