// TcpListener.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <handfast/tcp.hpp>

#include "io/address.hpp"
#include "io/system_call.hpp"

namespace handfast {

Result<TcpListener> TcpListener::bind(std::string_view address, std::uint16_t port) {
  const std::string what = "listening on " + std::string(address) + " port " + std::to_string(port);
  const auto target = io::address_from_text(address, port);
  if (!target) return failure(Error(ErrorCode::io_failed).with_detail(what + ": not an IP address"));
  Socket socket(::socket(target->family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket.is_open()) return failure(io::system_failure(what, errno));
  const int on = 1;
  ::setsockopt(socket.descriptor(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(socket.descriptor(), target->get(), target->length) != 0 ||
      ::listen(socket.descriptor(), SOMAXCONN) != 0) {
    return failure(io::system_failure(what, errno));
  }
  sockaddr_storage storage{};
  socklen_t length = sizeof storage;
  if (::getsockname(socket.descriptor(), reinterpret_cast<sockaddr*>(&storage), &length) != 0) {
    return failure(io::system_failure(what, errno));
  }
  HANDFAST_TRY_ASSIGN(Socket wakeup, io::make_wakeup());
  return TcpListener(std::move(socket), std::move(wakeup), io::endpoint_of(storage));
}

namespace {

// Errors of the connection that was about to be accepted, not of the listener: accept(2) says to try again.
bool concerns_one_connection(int system_error) {
  return system_error == EINTR || system_error == EAGAIN || system_error == ECONNABORTED ||
         system_error == ENETDOWN || system_error == EPROTO || system_error == ENOPROTOOPT ||
         system_error == EHOSTDOWN || system_error == EHOSTUNREACH || system_error == ENETUNREACH;
}

}  // namespace

Result<Socket> TcpListener::accept(Deadline deadline) {
  for (;;) {
    pollfd waiting[] = {{socket_.descriptor(), POLLIN, 0}, {stop_.descriptor(), POLLIN, 0}};
    const int ready = io::poll_until(waiting, 2, deadline);
    if (ready < 0) return failure(io::system_failure("accept", errno));
    if (ready == 0) return failure(io::system_failure("accept", ETIMEDOUT));
    if (waiting[1].revents != 0) return failure(ErrorCode::connection_closed);
    Socket socket(::accept4(socket_.descriptor(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket.is_open()) {
      const int on = 1;
      ::setsockopt(socket.descriptor(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      return socket;
    }
    if (!concerns_one_connection(errno)) return failure(io::system_failure("accept", errno));
  }
}

void TcpListener::stop() { io::signal_wakeup(stop_); }

}  // namespace handfast
