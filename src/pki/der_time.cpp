// Times. RFC 5280 §4.1.2.5.1, §4.1.2.5.2.
#include "pki/der_time.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "crypto/der_writer.hpp"

namespace handfast::pki {
namespace {

namespace der = crypto::der;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::year_month_day;

int two_digits(Bytes text, std::size_t at) { return (text[at] - '0') * 10 + (text[at + 1] - '0'); }

struct CivilTime {
  year_month_day date;
  std::chrono::hh_mm_ss<seconds> time;
};

CivilTime civil(Time time) {
  const sys_days day = std::chrono::floor<days>(time);
  return {year_month_day(day), std::chrono::hh_mm_ss<seconds>(time - day)};
}

}  // namespace

Time read_time(crypto::DerReader& reader, const char* field) {
  const std::size_t offset = reader.offset();
  const bool utc = reader.next_is(der::kUtcTime);
  const Bytes text = reader.element(field, utc ? der::kUtcTime : der::kGeneralizedTime).content;
  if (reader.failed()) return {};
  // "MUST be expressed in Greenwich Mean Time (Zulu) and MUST include seconds […], even where the number of
  // seconds is zero"; "GeneralizedTime values MUST NOT include fractional seconds."
  const std::size_t year_digits = utc ? 2 : 4;
  const bool shaped = text.size() == year_digits + 11 && text.back() == 'Z' &&
                      std::all_of(text.begin(), text.end() - 1, [](int c) { return c >= '0' && c <= '9'; });
  if (!shaped) {
    reader.fail(field, offset);
    return {};
  }
  int year = two_digits(text, 0);
  year = utc ? year + (year >= 50 ? 1900 : 2000) : year * 100 + two_digits(text, 2);
  const std::size_t rest = year_digits;
  const year_month_day date{std::chrono::year(year),
                            std::chrono::month(static_cast<unsigned>(two_digits(text, rest))),
                            std::chrono::day(static_cast<unsigned>(two_digits(text, rest + 2)))};
  const int hour = two_digits(text, rest + 4);
  const int minute = two_digits(text, rest + 6);
  const int second = two_digits(text, rest + 8);
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) {
    reader.fail(field, offset);
    return {};
  }
  return sys_days(date) + hours(hour) + minutes(minute) + seconds(second);
}

ByteString write_time(Time time) {
  const CivilTime parts = civil(time);
  const int year = static_cast<int>(parts.date.year());
  std::string text = fmt::format("{:02}{:02}{:02}{:02}{:02}Z", static_cast<unsigned>(parts.date.month()),
                                 static_cast<unsigned>(parts.date.day()), parts.time.hours().count(),
                                 parts.time.minutes().count(), parts.time.seconds().count());
  const bool utc = year >= 1950 && year < 2050;
  text = utc ? fmt::format("{:02}{}", year % 100, text) : fmt::format("{:04}{}", year, text);
  return crypto::der_encode(utc ? der::kUtcTime : der::kGeneralizedTime, {as_bytes(text)});
}

std::string time_to_text(Time time) {
  const CivilTime parts = civil(time);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(parts.date.year()),
                     static_cast<unsigned>(parts.date.month()), static_cast<unsigned>(parts.date.day()),
                     parts.time.hours().count(), parts.time.minutes().count(), parts.time.seconds().count());
}

}  // namespace handfast::pki
