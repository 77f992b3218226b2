// What the runner expects to come out of a handshake.
#pragma once

#include <handfast/connection.hpp>
#include <string>

#include "options.hpp"
#include "outside.hpp"
#include "recorder.hpp"
#include "sessions.hpp"

namespace handfast::bogo {

// Something is not as the flags say. Not the library's failure but the shim's finding.
Error mismatch(std::string what);

// After the handshake. The error names the first thing that is not as it should be.
Result<void> check_handshake(const Options& options, const Connection& connection, const Recorder& recorder,
                             const Seen& seen);

// After the exchange: what this end has kept for the next connection.
Result<void> check_sessions(const Options& options, const Connection& connection, const Recorder& recorder,
                            const Seen& seen, const Sessions& sessions);
Result<void> check_recording(const Options& options, const Recorder& recorder);

}  // namespace handfast::bogo
