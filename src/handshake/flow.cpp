// Flow: frames, hand-over, exceptions. See the header.
#include "handshake/flow.hpp"

#include <handfast/secret.hpp>
#include <new>

namespace handfast::handshake {

std::optional<Flow> Flow::take_next() { return std::exchange(handle_.promise().next, std::nullopt); }

void* Flow::promise_type::operator new(std::size_t size) noexcept {
  return ::operator new(size, std::nothrow);
}

void Flow::promise_type::operator delete(void* frame, std::size_t size) noexcept {
  wipe({static_cast<std::uint8_t*>(frame), size});
  ::operator delete(frame);
}

void Flow::promise_type::return_value(Flow next_flow) {
  if (!next_flow) {
    fail(context, ErrorCode::out_of_memory);
    return;
  }
  next = std::move(next_flow);
}

void Flow::promise_type::unhandled_exception() noexcept {
  try {
    throw;
  } catch (const std::bad_alloc&) {
    fail(context, ErrorCode::out_of_memory);
  } catch (...) {
    fail(context, ErrorCode::internal_error);
  }
}

}  // namespace handfast::handshake
