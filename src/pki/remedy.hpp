// What would mend a fault: one sentence, with the names that matter.
#pragma once

#include <string>

#include "pki/path.hpp"
#include "pki/verify.hpp"

namespace handfast::pki {

// Not escaped: names and URLs come from certificates. Empty if nothing is known.
std::string remedy(const Fault& fault, const VerifyInput& input);

}  // namespace handfast::pki
