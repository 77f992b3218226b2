// The sub-command `handfast connect`.
#pragma once

#include <CLI/CLI.hpp>

#include "common/exit_code.hpp"

namespace handfast::apps {

// Adds the sub-command and its options. Its callback runs inside CLI::App::parse() and leaves its result in
// `exit`, which must outlive `app`.
void add_connect_command(CLI::App& app, ExitCode& exit);

}  // namespace handfast::apps
