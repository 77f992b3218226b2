// One connection to the runner: handshake, checks, what the flags want written, the echo, the end.
#pragma once

#include <handfast/error.hpp>

#include "options.hpp"
#include "sessions.hpp"

namespace handfast::bogo {

// Nothing, or the reason why exit code 89 is due: this shim cannot do what is asked.
// Errors are the connection's own, or the shim's findings (internal_error with "shim: " in its detail).
Result<void> run_connection(const Options& options, Sessions& sessions);

}  // namespace handfast::bogo
