// Writing reports.
#include "common/output.hpp"

#include <cerrno>
#include <cstdio>
#include <system_error>

namespace handfast::apps {

Result<void> write_output(std::string_view text) {
  errno = 0;
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0) return {};
  return failure(
      Error(ErrorCode::io_failed).with_detail("standard output: " + std::generic_category().message(errno)));
}

}  // namespace handfast::apps
