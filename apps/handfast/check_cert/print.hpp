// An inspection as text: what was found, best explained first.
#pragma once

#include <string>

#include "check_cert/inspection.hpp"
#include "common/terminal.hpp"

namespace handfast::apps {

std::string inspection_text(const Inspection& inspection, const CheckCertCommand& command,
                            const Style& style);

}  // namespace handfast::apps
