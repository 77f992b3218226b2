// Small helpers around system calls: errors in the system's words, waiting with a deadline, wake-ups.
// Must not know TLS.
#pragma once

#include <poll.h>

#include <handfast/error.hpp>
#include <handfast/tcp.hpp>
#include <string>
#include <string_view>

namespace handfast::io {

// The system's words for an errno value. Thread-safe.
std::string words_of(int system_error);

// io_failed with "<what>: <the system's words>".
Error system_failure(std::string_view what, int system_error);

// Which kind of network failure an errno value is.
NetworkFailure failure_of(int system_error);

// Deadline `timeout` from now; zero is none.
Deadline deadline_after(std::chrono::milliseconds timeout);

// poll(2) that survives signals and takes a deadline. The number of ready descriptors, 0 at the deadline, or
// -1 with errno.
int poll_until(pollfd* descriptors, nfds_t count, Deadline deadline);

bool set_nonblocking(int descriptor);

// An eventfd: one end is signalled from any thread, the other is polled.
Result<Socket> make_wakeup();
void signal_wakeup(const Socket& wakeup);
void drain_wakeup(const Socket& wakeup);

}  // namespace handfast::io
