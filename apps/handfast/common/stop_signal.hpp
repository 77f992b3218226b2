// StopSignal: SIGINT and SIGTERM as a call on an ordinary thread, instead of a handler in which little is
// allowed.
#pragma once

#include <atomic>
#include <csignal>
#include <functional>
#include <thread>

namespace handfast::apps {

// While it lives, both signals are blocked in the thread that made it and in threads started later; the first
// one that comes calls `on_signal`. Make it before any other thread.
class StopSignal {
 public:
  explicit StopSignal(std::function<void()> on_signal);
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;
  ~StopSignal();

 private:
  void wait();

  std::function<void()> on_signal_;
  std::atomic<bool> done_ = false;
  sigset_t before_{};
  std::thread thread_;
};

}  // namespace handfast::apps
