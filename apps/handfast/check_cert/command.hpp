// The sub-command `handfast check-cert`.
#pragma once

#include <CLI/CLI.hpp>

#include "common/exit_code.hpp"

namespace handfast::apps {

// As add_connect_command().
void add_check_cert_command(CLI::App& app, ExitCode& exit);

}  // namespace handfast::apps
