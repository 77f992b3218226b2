// TCP as the blocking stream needs it: resolve a name, connect to one of its addresses, listen.
// RFC 9293, RFC 8305 (the addresses are tried one after the other). Errors are io_failed in the system's
// words. Must not know TLS.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <handfast/error.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace handfast {

// When an operation gives up. Deadlines are points of the steady clock, so that retries do not extend them.
using Deadline = std::chrono::steady_clock::time_point;
inline constexpr Deadline kNoDeadline = Deadline::max();

// What the network did, for those who must tell one failure from another.
enum class NetworkFailure : std::uint8_t {
  none,
  not_resolved,
  refused,
  unreachable,
  reset,
  timed_out,
  other,
};

// A socket that is closed when it goes. Move-only.
class Socket {
 public:
  Socket() = default;
  // Takes over `descriptor`.
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  Socket& operator=(Socket&& other) noexcept;
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket();

  [[nodiscard]] int descriptor() const { return descriptor_; }
  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
  void close();

 private:
  int descriptor_ = -1;
};

// An IP address and a port.
struct Endpoint {
  std::string address;  // "192.0.2.1", "2001:db8::1"
  std::uint16_t port = 0;
  bool ipv6 = false;

  // "192.0.2.1:443", "[2001:db8::1]:443".
  [[nodiscard]] std::string to_string() const;
};

// What resolving and connecting did, also when they failed.
struct ConnectReport {
  struct Attempt {
    Endpoint endpoint;
    NetworkFailure failure = NetworkFailure::none;
    std::string reason;  // the system's words; empty on success
    std::chrono::microseconds took{0};
  };
  std::vector<Endpoint> resolved;  // in the order in which they are tried
  std::chrono::microseconds resolving{0};
  std::vector<Attempt> attempts;  // the last one is the one that worked, if one did
  NetworkFailure failure = NetworkFailure::none;
};

// The addresses of `host`, in the system's order of preference. An address literal ("::1" or "[::1]" too) is
// answered without asking anybody. The system's resolver cannot be interrupted: past the deadline it is left
// to finish on a thread of its own. `report` may be null.
Result<std::vector<Endpoint>> resolve(std::string_view host, std::uint16_t port, Deadline deadline,
                                      ConnectReport* report = nullptr);

// Connects to the first endpoint that accepts; what is left of the time is shared among those left.
// The error names each attempt. `report` may be null.
Result<Socket> connect_tcp(const std::vector<Endpoint>& endpoints, Deadline deadline,
                           ConnectReport* report = nullptr);

// Waits for connections. Thread-safety: stop() from any thread, the rest from one at a time.
class TcpListener {
 public:
  // Listens on `address` (an IP address; loopback unless asked otherwise); port 0 lets the system choose.
  static Result<TcpListener> bind(std::string_view address = "127.0.0.1", std::uint16_t port = 0);
  TcpListener(TcpListener&&) noexcept = default;
  TcpListener& operator=(TcpListener&&) noexcept = default;

  [[nodiscard]] const Endpoint& endpoint() const { return endpoint_; }
  [[nodiscard]] std::uint16_t port() const { return endpoint_.port; }

  // The next connection. Errors: io_failed (also at the deadline), connection_closed after stop().
  Result<Socket> accept(Deadline deadline = kNoDeadline);
  // Ends a waiting accept() and all later ones.
  void stop();

 private:
  TcpListener(Socket socket, Socket stop, Endpoint endpoint)
      : socket_(std::move(socket)), stop_(std::move(stop)), endpoint_(std::move(endpoint)) {}
  Socket socket_;
  Socket stop_;  // an eventfd: readable once stopped
  Endpoint endpoint_;
};

// The address at the other end of a connected socket; empty where there is none (a socketpair).
Endpoint peer_of(const Socket& socket);

}  // namespace handfast
