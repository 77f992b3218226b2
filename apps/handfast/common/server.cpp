// The accept loop, and the clean end.
#include "common/server.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>

namespace handfast::apps {

// accept() may fail for a while, when descriptors run out: descriptors come back as visitors leave.
static constexpr std::size_t kAcceptTries = 100;
static constexpr std::chrono::milliseconds kAcceptPause{100};

Server::Server(TcpListener listener, Host host, std::size_t max_connections, std::chrono::milliseconds grace)
    : listener_(std::move(listener)),
      host_(std::move(host)),
      max_connections_(max_connections),
      grace_(grace) {}

Server::~Server() {
  stop();
  see_everybody_out();
}

Result<void> Server::run() {
  Result<void> outcome;
  for (std::size_t count = 0; max_connections_ == 0 || count < max_connections_; ++count) {
    Visitor* place = free_place();
    if (place == nullptr) break;
    auto socket = accept_patiently();
    if (!socket) {
      if (socket.error().code() != ErrorCode::connection_closed) outcome = std::unexpected(socket.error());
      break;
    }
    receive(*place, std::move(*socket));
  }
  if (outcome && max_connections_ > 0) {
    // The last visitors may take the time they are allowed anyway; stop() cuts that short.
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] {
      return stopping_ ||
             std::none_of(visitors_.begin(), visitors_.end(), [](const Visitor& v) { return v.busy; });
    });
  }
  see_everybody_out();
  return outcome;
}

void Server::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  listener_.stop();
}

Result<Socket> Server::accept_patiently() {
  for (std::size_t tries = 0;; ++tries) {
    auto socket = listener_.accept();
    if (socket || socket.error().code() == ErrorCode::connection_closed || tries == kAcceptTries)
      return socket;
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, kAcceptPause, [&] { return stopping_; });
  }
}

Server::Visitor* Server::free_place() {
  std::unique_lock lock(mutex_);
  auto place = visitors_.end();
  changed_.wait(lock, [&] {
    place = std::find_if(visitors_.begin(), visitors_.end(),
                         [](const Visitor& visitor) { return !visitor.busy; });
    return stopping_ || place != visitors_.end();
  });
  return stopping_ ? nullptr : &*place;
}

void Server::receive(Visitor& place, Socket socket) {
  if (place.thread.joinable()) place.thread.join();  // it is done, or the place were not free
  {
    const std::lock_guard lock(mutex_);
    place.handle = Socket(::dup(socket.descriptor()));
    place.busy = true;
  }
  try {
    place.thread = std::thread(
        [this, &place, visitor = std::move(socket)]() mutable { visit(place, std::move(visitor)); });
  } catch (const std::system_error&) {
    // The system has no thread to spare: this visitor is turned away, the next may fare better.
    const std::lock_guard lock(mutex_);
    place.handle.close();
    place.busy = false;
  }
}

void Server::visit(Visitor& place, Socket socket) {
  host_(std::move(socket));
  {
    // The second descriptor keeps the connection open as long as it lives.
    const std::lock_guard lock(mutex_);
    place.handle.close();
  }
  const std::lock_guard lock(mutex_);
  place.busy = false;
  changed_.notify_all();
}

void Server::see_everybody_out() {
  {
    std::unique_lock lock(mutex_);
    const auto nobody = [&] {
      return std::none_of(visitors_.begin(), visitors_.end(),
                          [](const Visitor& visitor) { return visitor.busy; });
    };
    if (!changed_.wait_for(lock, grace_, nobody)) {
      for (const Visitor& visitor : visitors_) {
        if (visitor.busy) ::shutdown(visitor.handle.descriptor(), SHUT_RDWR);
      }
    }
  }
  for (Visitor& visitor : visitors_) {
    if (visitor.thread.joinable()) visitor.thread.join();
  }
}

}  // namespace handfast::apps
