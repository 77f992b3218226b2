// The evidence of certificate failures: the chain as a picture, names, dates, the clock, inspection devices.
#pragma once

#include <handfast/error.hpp>
#include <string_view>

#include "connect/diagnosis.hpp"

namespace handfast::apps {

// The catalogue id: the error's own, or C-10 (this clock is wrong), or X-01 (an inspection device).
std::string_view certificate_id(const Error& error, const Circumstances& circumstances);

void add_certificate_evidence(Finding& finding, const Error& error, const Circumstances& circumstances);

}  // namespace handfast::apps
