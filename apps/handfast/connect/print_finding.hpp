// A finding as text: verdict first, then evidence, then what others call it and what to do.
#pragma once

#include <string>

#include "common/terminal.hpp"
#include "connect/diagnosis.hpp"

namespace handfast::apps {

std::string finding_text(const Finding& finding, const Style& style);

}  // namespace handfast::apps
