// Standard output, and whether what was written got there: a report that nobody can read is no answer.
#pragma once

#include <handfast/error.hpp>
#include <string_view>

namespace handfast::apps {

// Writes all of it and flushes. Errors: io_failed.
Result<void> write_output(std::string_view text);

}  // namespace handfast::apps
