// The sub-command `handfast demo`.
#pragma once

#include <CLI/CLI.hpp>

#include "common/exit_code.hpp"

namespace handfast::apps {

// Adds the sub-command and its options; the contract is that of add_connect_command.
void add_demo_command(CLI::App& app, ExitCode& exit);

}  // namespace handfast::apps
