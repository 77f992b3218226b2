// Decision: waiting in a flow for an answer from outside (a signature, a verdict).
// The answer may come at once, later, from another thread, or never: see handfast/completion.hpp.
#pragma once

#include <coroutine>
#include <functional>
#include <handfast/completion.hpp>
#include <handfast/connection_info.hpp>
#include <handfast/error.hpp>
#include <memory>
#include <optional>
#include <utility>

#include "handshake/flow.hpp"

namespace handfast::handshake {

// What the driver polls while a flow waits for a decision.
class DecisionWaiter {
 public:
  virtual ~DecisionWaiter() = default;
  // True once the answer is there. An answer that is an error ends the handshake instead of resuming the
  // flow.
  virtual Result<bool> poll() = 0;
  [[nodiscard]] virtual Waiting::For kind() const = 0;
};

// Defined by Context: remembers who waits; null when nobody does.
void wait_for_decision(Context& context, DecisionWaiter* waiter);

template <class T>
class Decision final : public DecisionWaiter {
 public:
  Decision(Context& context, Waiting::For kind, std::shared_ptr<PendingDecision<T>> pending)
      : context_(&context), kind_(kind), pending_(std::move(pending)) {}
  Decision(Decision&&) noexcept = default;
  Decision& operator=(Decision&&) = delete;
  ~Decision() override {
    if (pending_) pending_->cancel();
  }

  bool await_ready() {
    answer_ = pending_->take();
    return answer_.has_value() && answer_->has_value();
  }
  void await_suspend(std::coroutine_handle<>) {
    if (answer_.has_value()) {
      fail(*context_, answer_->error());
    } else {
      wait_for_decision(*context_, this);
    }
  }
  T await_resume() { return std::move(**answer_); }

  Result<bool> poll() override {
    if (!answer_.has_value()) answer_ = pending_->take();
    if (!answer_.has_value()) return false;
    if (!answer_->has_value()) return failure(answer_->error());
    return true;
  }
  [[nodiscard]] Waiting::For kind() const override { return kind_; }

 private:
  Context* context_;
  Waiting::For kind_;
  std::shared_ptr<PendingDecision<T>> pending_;
  std::optional<Result<T>> answer_;
};

}  // namespace handfast::handshake
