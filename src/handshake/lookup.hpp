// Lookup: waiting in a flow for something that may not be there. Like Decision, but whatever goes wrong
// outside means "nothing": a store that is down must not end a handshake.
#pragma once

#include <coroutine>
#include <handfast/completion.hpp>
#include <memory>
#include <optional>
#include <utility>

#include "handshake/decision.hpp"

namespace handfast::handshake {

// `Answer` is what is asked for: there may be a T in it.
template <class T, class Answer = std::optional<T>>
class Lookup final : public DecisionWaiter {
 public:
  using Pending = PendingDecision<Answer>;

  // `pending` null: nobody is asked.
  Lookup(Context& context, std::shared_ptr<Pending> pending)
      : context_(&context), pending_(std::move(pending)) {}
  Lookup(Lookup&&) noexcept = default;
  Lookup& operator=(Lookup&&) = delete;
  ~Lookup() override {
    if (pending_) pending_->cancel();
  }

  bool await_ready() { return !pending_ || take(); }
  void await_suspend(std::coroutine_handle<>) { wait_for_decision(*context_, this); }
  std::optional<T> await_resume() { return std::move(found_); }

  Result<bool> poll() override { return take(); }
  [[nodiscard]] Waiting::For kind() const override { return Waiting::For::session; }

 private:
  bool take() {
    std::optional<Result<Answer>> answer = pending_->take();
    if (!answer) return false;
    if (answer->has_value()) found_ = std::move(**answer);
    return true;
  }

  Context* context_;
  std::shared_ptr<Pending> pending_;
  std::optional<T> found_;
};

}  // namespace handfast::handshake
