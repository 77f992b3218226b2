// The table of flags. A flag that is not in it is something that this shim cannot do.
#pragma once

#include <span>
#include <string>

#include "options.hpp"

namespace handfast::bogo {

enum class Parsed { yes, unimplemented, malformed };

// `problem` names the flag that was not understood.
Parsed parse_flags(std::span<const char* const> arguments, AllOptions& out, std::string& problem);

}  // namespace handfast::bogo
