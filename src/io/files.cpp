// Reading files whole, with a limit.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <handfast/system.hpp>
#include <handfast/tcp.hpp>

#include "io/system_call.hpp"

namespace handfast {
namespace {

constexpr std::size_t kChunk = std::size_t{64} << 10U;

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t limit) {
  // Socket is a descriptor that is closed when it goes; a file's is no different.
  const Socket file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return failure(io::system_failure(path, errno));
  struct stat status{};
  std::string text;
  if (::fstat(file.descriptor(), &status) == 0 && status.st_size > 0) {
    // In one piece: a private key's text must not be left behind by a growing string.
    text.reserve(std::min(static_cast<std::size_t>(status.st_size), limit) + kChunk);
  }
  for (;;) {
    const std::size_t have = text.size();
    text.resize(have + kChunk);
    const auto count = ::read(file.descriptor(), text.data() + have, kChunk);
    const int system_error = errno;
    text.resize(have + (count > 0 ? static_cast<std::size_t>(count) : 0));
    if (count < 0 && system_error == EINTR) continue;
    if (count < 0) return failure(io::system_failure(path, system_error));
    if (count == 0) return text;
    if (text.size() > limit) {
      return failure(Error(ErrorCode::file_too_large)
                         .with_detail(path + " is larger than " + std::to_string(limit) + " bytes"));
    }
  }
}

}  // namespace handfast
