// Connecting: one address after the other, each with its share of the time that is left.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <handfast/tcp.hpp>

#include "io/address.hpp"
#include "io/system_call.hpp"

namespace handfast {
namespace {

using std::chrono::steady_clock;

// A connected socket, or an errno value.
struct Connected {
  Socket socket;
  int system_error = 0;
};

int wait_connected(int descriptor, Deadline deadline) {
  pollfd waiting{descriptor, POLLOUT, 0};
  const int ready = io::poll_until(&waiting, 1, deadline);
  if (ready < 0) return errno;
  if (ready == 0) return ETIMEDOUT;
  int result = 0;
  socklen_t length = sizeof result;
  if (::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &result, &length) != 0) return errno;
  return result;
}

Connected connect_one(const Endpoint& endpoint, Deadline deadline) {
  const auto address = io::address_from_text(endpoint.address, endpoint.port);
  if (!address) return {Socket(), EINVAL};
  Socket socket(::socket(address->family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket.is_open()) return {Socket(), errno};
  // Handshake messages are small and waited for: sending them at once saves a round trip's worth of delay.
  const int on = 1;
  ::setsockopt(socket.descriptor(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(socket.descriptor(), address->get(), address->length) != 0) {
    // An interrupted non-blocking connect goes on in the background, as EINPROGRESS does.
    if (errno != EINPROGRESS && errno != EINTR) return {Socket(), errno};
    if (const int system_error = wait_connected(socket.descriptor(), deadline)) {
      return {Socket(), system_error};
    }
  }
  return {std::move(socket), 0};
}

Deadline share_of(Deadline deadline, std::size_t left) {
  if (deadline == kNoDeadline) return deadline;
  const auto now = steady_clock::now();
  return now + (deadline - now) / static_cast<std::int64_t>(left);
}

Error all_failed(const ConnectReport& report) {
  std::string detail = "connecting";
  for (const auto& attempt : report.attempts) {
    detail += detail == "connecting" ? ": " : "; ";
    detail += attempt.endpoint.to_string() + ": " + attempt.reason;
  }
  if (report.attempts.empty()) detail += ": there is no address";
  return Error(ErrorCode::io_failed).with_detail(std::move(detail));
}

}  // namespace

Result<Socket> connect_tcp(const std::vector<Endpoint>& endpoints, Deadline deadline, ConnectReport* report) {
  ConnectReport unused;
  ConnectReport& out = report != nullptr ? *report : unused;
  out.attempts.clear();
  out.failure = NetworkFailure::other;
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    const auto start = steady_clock::now();
    auto connected = connect_one(endpoints[i], share_of(deadline, endpoints.size() - i));
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - start);
    out.failure = io::failure_of(connected.system_error);
    out.attempts.push_back({endpoints[i], out.failure,
                            connected.system_error != 0 ? io::words_of(connected.system_error) : "", took});
    if (connected.system_error == 0) return std::move(connected.socket);
  }
  return failure(all_failed(out));
}

}  // namespace handfast
