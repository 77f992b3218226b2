// The sub-command `handfast lab`: list, run, test.
#pragma once

#include <CLI/CLI.hpp>

#include "common/exit_code.hpp"

namespace handfast::apps {

// As add_connect_command().
void add_lab_command(CLI::App& app, ExitCode& exit);

}  // namespace handfast::apps
