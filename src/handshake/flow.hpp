// Flow: a handshake written as the RFC draws it, top to bottom, as a coroutine that can stop at each
// co_await.
//
//   co_await step(…)         a pure step that returns Result<T>: goes on with the value, or ends here for
//   good co_await hs.receive<M>() stops until a message M came; anything else ends the handshake co_await
//   hs.sign(…)      stops until the outside decision is made co_return next_flow(…)   hands over; a flow
//   never awaits a flow
//
// g++ 12 miscompiles richer shapes: only `auto x = co_await f(names);`, `x = co_await f(names);` and
// `co_await f(names);` are allowed, and only in src/handshake/*_flow.cpp (a lint checks it).
// Frames are wiped when they are freed.
#pragma once

#include <coroutine>
#include <cstddef>
#include <handfast/error.hpp>
#include <optional>
#include <utility>

namespace handfast::handshake {

class Context;
// Ends the handshake for good. Defined by Context; named here so that awaiters need no more of it.
void fail(Context& context, Error error);

// What `co_return hs.establish(…)` gives back: the handshake is complete.
struct Complete {};

// A step that failed leaves the coroutine suspended for ever; the driver destroys it.
template <class T>
class StepAwaiter {
 public:
  StepAwaiter(Context& context, Result<T> result) : context_(context), result_(std::move(result)) {}
  [[nodiscard]] bool await_ready() const noexcept { return result_.has_value(); }
  void await_suspend(std::coroutine_handle<>) { fail(context_, std::move(result_).error()); }
  T await_resume() {
    if constexpr (!std::is_void_v<T>) return std::move(*result_);
  }

 private:
  Context& context_;
  Result<T> result_;
};

// Owns a coroutine frame.
class [[nodiscard]] Flow {
 public:
  struct promise_type;

  Flow() = default;
  Flow(Flow&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Flow& operator=(Flow&& other) noexcept {
    if (this != &other) {
      destroy();
      handle_ = std::exchange(other.handle_, nullptr);
    }
    return *this;
  }
  ~Flow() { destroy(); }

  // False if the frame could not be allocated.
  explicit operator bool() const { return handle_ != nullptr; }
  void resume() const { handle_.resume(); }
  [[nodiscard]] bool done() const { return handle_.done(); }
  // After done(): the flow that goes on, or nothing if the handshake is complete.
  std::optional<Flow> take_next();
  void destroy() {
    if (handle_) std::exchange(handle_, nullptr).destroy();
  }

 private:
  explicit Flow(std::coroutine_handle<promise_type> handle) : handle_(handle) {}
  std::coroutine_handle<promise_type> handle_;
};

struct Flow::promise_type {
  // Every flow takes the Context first.
  template <class... Arguments>
  explicit promise_type(Context& hs, const Arguments&...) : context(hs) {}

  static void* operator new(std::size_t size) noexcept;
  static void operator delete(void* frame, std::size_t size) noexcept;
  static Flow get_return_object_on_allocation_failure() { return {}; }

  Flow get_return_object() { return Flow(std::coroutine_handle<promise_type>::from_promise(*this)); }
  [[nodiscard]] std::suspend_always initial_suspend() const noexcept { return {}; }
  [[nodiscard]] std::suspend_always final_suspend() const noexcept { return {}; }
  void return_value(Flow next_flow);
  void return_value(Complete) {}
  void unhandled_exception() noexcept;

  template <class T>
  StepAwaiter<T> await_transform(Result<T> result) {
    // The analyzer loses sight of coroutine frames and takes `context` for uninitialized.
    return {context, std::move(result)};  // NOLINT(clang-analyzer-core.CallAndMessage)
  }
  // Receive and Decision (context.hpp) are awaiters themselves.
  template <class Awaiter>
    requires requires(Awaiter awaiter) { awaiter.await_ready(); }
  Awaiter await_transform(Awaiter awaiter) {
    return awaiter;
  }

  Context& context;
  std::optional<Flow> next;
};

}  // namespace handfast::handshake
