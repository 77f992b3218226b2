// Completion: the answer to a decision that is made outside the connection (a signature, a certificate's
// verdict), now or later, on this thread or another. Must not block anybody.
#pragma once

#include <functional>
#include <handfast/error.hpp>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace handfast {

// The place where an answer waits for its connection. Shared by the two ends; the library's own side.
template <class T>
class PendingDecision {
 public:
  explicit PendingDecision(std::function<void()> wake) : wake_(std::move(wake)) {}

  // First answer wins. Answers false if there is one already or if nobody waits any more.
  bool answer(Result<T> result) {
    std::function<void()> wake;
    {
      const std::lock_guard lock(mutex_);
      if (answered_ || cancelled_) return false;
      answered_ = true;
      result_.emplace(std::move(result));
      if (watched_) wake = wake_;
    }
    if (wake) wake();
    return true;
  }
  // The answer, once. Empty while there is none; from then on the answer also calls `wake`.
  std::optional<Result<T>> take() {
    const std::lock_guard lock(mutex_);
    watched_ = true;
    return std::exchange(result_, std::nullopt);
  }
  void cancel() {
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
    wake_ = nullptr;
  }
  [[nodiscard]] bool cancelled() const {
    const std::lock_guard lock(mutex_);
    return cancelled_;
  }

 private:
  mutable std::mutex mutex_;
  std::function<void()> wake_;
  std::optional<Result<T>> result_;
  bool answered_ = false;
  bool cancelled_ = false;
  bool watched_ = false;
};

// Move-only. Defined in every case:
// * complete() inside the call that handed it out: the handshake goes on without a pause;
// * complete() later, from any thread: ConnectionOptions::wake is called on that thread, and the next
//   receive() of the connection goes on;
// * complete() a second time, or after the connection is gone: answers false, changes nothing;
// * destroyed without complete(): the handshake fails with decision_abandoned.
template <class T>
class Completion {
 public:
  explicit Completion(std::shared_ptr<PendingDecision<T>> pending) : pending_(std::move(pending)) {}
  Completion(Completion&&) noexcept = default;
  Completion& operator=(Completion&& other) noexcept {
    if (this != &other) {
      abandon();
      pending_ = std::move(other.pending_);
    }
    return *this;
  }
  Completion(const Completion&) = delete;
  Completion& operator=(const Completion&) = delete;
  ~Completion() { abandon(); }

  // True if the answer was taken.
  bool complete(Result<T> answer) { return pending_ && pending_->answer(std::move(answer)); }
  // True once the connection is gone: the work may be dropped.
  [[nodiscard]] bool cancelled() const { return !pending_ || pending_->cancelled(); }

 private:
  void abandon() {
    if (pending_) pending_->answer(failure(ErrorCode::decision_abandoned));
    pending_.reset();
  }
  std::shared_ptr<PendingDecision<T>> pending_;
};

}  // namespace handfast
