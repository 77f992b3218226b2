// Helpers around system calls. The header says what each does.
#include "io/system_call.hpp"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <limits>
#include <system_error>

namespace handfast::io {

std::string words_of(int system_error) { return std::generic_category().message(system_error); }

Error system_failure(std::string_view what, int system_error) {
  std::string detail(what);
  detail += ": ";
  detail += words_of(system_error);
  return Error(ErrorCode::io_failed).with_detail(std::move(detail));
}

NetworkFailure failure_of(int system_error) {
  switch (system_error) {
    case 0:
      return NetworkFailure::none;
    case ECONNREFUSED:
      return NetworkFailure::refused;
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ENETDOWN:
    case EHOSTDOWN:
    case EADDRNOTAVAIL:
      return NetworkFailure::unreachable;
    case ECONNRESET:
    case ECONNABORTED:
    case EPIPE:
      return NetworkFailure::reset;
    case ETIMEDOUT:
      return NetworkFailure::timed_out;
    default:
      return NetworkFailure::other;
  }
}

Deadline deadline_after(std::chrono::milliseconds timeout) {
  if (timeout.count() <= 0) return kNoDeadline;
  return std::chrono::steady_clock::now() + timeout;
}

namespace {

int milliseconds_until(Deadline deadline) {
  if (deadline == kNoDeadline) return -1;
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
  if (left <= 0) return 0;
  if (left > std::numeric_limits<int>::max()) return std::numeric_limits<int>::max();
  return static_cast<int>(left);
}

}  // namespace

int poll_until(pollfd* descriptors, nfds_t count, Deadline deadline) {
  for (;;) {
    const int ready = ::poll(descriptors, count, milliseconds_until(deadline));
    if (ready >= 0 || errno != EINTR) return ready;
  }
}

bool set_nonblocking(int descriptor) {
  const int flags = ::fcntl(descriptor, F_GETFL);
  return flags >= 0 && ::fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == 0;
}

Result<Socket> make_wakeup() {
  Socket wakeup(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  if (!wakeup.is_open()) return failure(system_failure("eventfd", errno));
  return wakeup;
}

void signal_wakeup(const Socket& wakeup) {
  const std::uint64_t one = 1;
  // A full counter is readable already: nothing is lost.
  [[maybe_unused]] const auto written = ::write(wakeup.descriptor(), &one, sizeof one);
}

void drain_wakeup(const Socket& wakeup) {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto read = ::read(wakeup.descriptor(), &count, sizeof count);
}

}  // namespace handfast::io
