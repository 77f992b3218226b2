// Flags become the library's settings.
#pragma once

#include <handfast/config.hpp>
#include <memory>

#include "options.hpp"
#include "outside.hpp"
#include "sessions.hpp"

namespace handfast::bogo {

// Empty if Handfast can do what the flags ask for; else what is missing, for exit code 89.
std::string missing_feature(const Options& options);

// `options`, `sessions` and `seen` outlive the configuration.
Result<std::shared_ptr<const ClientConfig>> make_client_config(const Options& options, Sessions& sessions,
                                                               Seen& seen);
Result<std::shared_ptr<const ServerConfig>> make_server_config(const Options& options, Sessions& sessions,
                                                               Seen& seen);

}  // namespace handfast::bogo
