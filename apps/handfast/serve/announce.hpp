// What `serve` and `demo` say on the terminal: where the server is, how to trust it, who came.
#pragma once

#include <string>

#include "common/terminal.hpp"
#include "identity.hpp"
#include "session.hpp"

namespace handfast::apps::serve {

// Address, certificate and, for a throw-away authority, its root and how to trust it. `root_file` is where
// the root was written; may be empty.
std::string announcement(const Site& site, const Identity& identity, const std::string& root_file,
                         const Style& style);

// One line about a visitor, without line end.
std::string visit_line(const SessionReport& report, const Style& style);

}  // namespace handfast::apps::serve
