// Server: accepts visitors and gives each of them a thread, up to a number. Simple on purpose: it serves
// people who look at handshakes, not crowds. Must not know what is said to them.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <handfast/tcp.hpp>
#include <mutex>
#include <thread>
#include <vector>

namespace handfast::apps {

// Visitors at the same time; more wait in the system's queue. Each costs a thread and some 100 KiB.
inline constexpr std::size_t kMaxVisitorsAtOnce = 64;

class Server {
 public:
  // Talks to one visitor and returns when it is done; called on a thread of the visitor's own.
  using Host = std::function<void(Socket)>;

  // `max_connections` 0: no end. `grace`: how long visits may go on after stop().
  Server(TcpListener listener, Host host, std::size_t max_connections,
         std::chrono::milliseconds grace = kGrace);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  [[nodiscard]] const Endpoint& endpoint() const { return listener_.endpoint(); }

  // Serves until stop() or the last of `max_connections`; running visits are finished within the grace, then
  // cut. Errors: those of accept().
  Result<void> run();
  // From any thread.
  void stop();

 private:
  static constexpr std::chrono::milliseconds kGrace{1'500};
  struct Visitor {
    std::thread thread;
    Socket handle;  // a second descriptor of the visitor's socket, to cut it off with
    bool busy = false;
  };

  Result<Socket> accept_patiently();
  Visitor* free_place();  // waits; null after stop()
  void receive(Visitor& place, Socket socket);
  void visit(Visitor& place, Socket socket);
  void see_everybody_out();

  TcpListener listener_;
  Host host_;
  std::size_t max_connections_;
  std::chrono::milliseconds grace_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Visitor> visitors_{kMaxVisitorsAtOnce};
  bool stopping_ = false;
};

}  // namespace handfast::apps
