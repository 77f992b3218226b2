#include "common/stop_signal.hpp"

#include <ctime>
#include <utility>

namespace handfast::apps {
namespace {

sigset_t stop_signals() {
  sigset_t out;
  sigemptyset(&out);
  sigaddset(&out, SIGINT);
  sigaddset(&out, SIGTERM);
  return out;
}

}  // namespace

StopSignal::StopSignal(std::function<void()> on_signal) : on_signal_(std::move(on_signal)) {
  const sigset_t signals = stop_signals();
  pthread_sigmask(SIG_BLOCK, &signals, &before_);
  thread_ = std::thread([this] { wait(); });
}

StopSignal::~StopSignal() {
  done_ = true;
  thread_.join();
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void StopSignal::wait() {
  const sigset_t signals = stop_signals();
  const timespec pause{0, 100'000'000};  // how long the destructor may have to wait
  while (!done_) {
    if (sigtimedwait(&signals, nullptr, &pause) > 0) on_signal_();
  }
}

}  // namespace handfast::apps
