// Server: accepts visitors and gives each of them a thread, up to a number. Simple on purpose: it serves
// people who look at handshakes, not crowds.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <handfast/tcp.hpp>
#include <mutex>
#include <thread>
#include <vector>

#include "session.hpp"

namespace handfast::apps::serve {

// Visitors at the same time; more wait in the system's queue. Each costs a thread and some 100 KiB.
inline constexpr std::size_t kMaxVisitorsAtOnce = 64;

class Server {
 public:
  using OnReport = std::function<void(const SessionReport&)>;

  // `max_connections` 0: no end. `on_report` is called from the visitors' threads, one at a time.
  Server(TcpListener listener, Site site, std::size_t max_connections, OnReport on_report);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  [[nodiscard]] const Endpoint& endpoint() const { return listener_.endpoint(); }

  // Serves until stop() or the last of `max_connections`; running visits are finished within kGrace, then
  // cut. Errors: those of accept().
  Result<void> run();
  // From any thread.
  void stop();

 private:
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
  Site site_;
  std::size_t max_connections_;
  OnReport on_report_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Visitor> visitors_{kMaxVisitorsAtOnce};
  bool stopping_ = false;
  std::mutex report_mutex_;
};

}  // namespace handfast::apps::serve
