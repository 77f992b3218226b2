// What to tell about entries of a bundle that could not be used while the others are.
#pragma once

#include <cstddef>
#include <handfast/error.hpp>
#include <span>
#include <string>
#include <vector>

namespace handfast::apps {

// Somebody may have broken a whole bundle: after so many the others are only counted.
inline constexpr std::size_t kMostLeftOut = 3;

// A line for each, escaped: "left out: roots.pem: certificate 3 of the file, at byte 4711: …".
std::vector<std::string> left_out_lines(std::span<const Error> refused);

}  // namespace handfast::apps
