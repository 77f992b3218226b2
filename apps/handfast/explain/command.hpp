// `handfast explain`: what an error message, an alert or an id of the catalogue means, and what to change.
#pragma once

#include <CLI/CLI.hpp>

#include "common/exit_code.hpp"

namespace handfast::apps {

// Adds the sub-command. Running it sets `exit`.
void add_explain_command(CLI::App& app, ExitCode& exit);

}  // namespace handfast::apps
