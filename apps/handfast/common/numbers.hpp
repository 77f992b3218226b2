// Numbers for people: "1 792 B", "+11.8 ms", "in 24.9 ms". Must not depend on the locale.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <handfast/clock.hpp>
#include <string>

namespace handfast::apps {

std::string with_spaces(std::uint64_t number);                      // "1 792"
std::string bytes_text(std::uint64_t bytes);                        // "1 792 B"
std::string milliseconds_text(std::chrono::microseconds duration);  // "11.8 ms", "1.2 s" from 10 s on
std::string time_text(Time time);                                   // "2026-11-20T17:51:02Z"
std::string date_text(Time time);                                   // "2026-11-20 17:51"
std::string count_text(std::size_t count, const char* singular, const char* plural);  // "1 group", "2 groups"
// "8 d 8 h", "3 h 12 min", "40 s".
std::string span_text(std::chrono::seconds span);

}  // namespace handfast::apps
