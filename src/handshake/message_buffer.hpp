// MessageBuffer: one received handshake message, reassembled once, wiped when it goes.
// MemoryBudget caps all of them together, so that a peer that has not proved who it is cannot make this end
// keep much.
#pragma once

#include <cstddef>
#include <handfast/bytes.hpp>
#include <handfast/error.hpp>

namespace handfast::handshake {

// Bytes that buffers of one handshake may hold at one time. Not thread-safe; outlives its buffers.
class MemoryBudget {
 public:
  explicit MemoryBudget(std::size_t limit) : left_(limit) {}
  MemoryBudget(const MemoryBudget&) = delete;
  MemoryBudget& operator=(const MemoryBudget&) = delete;
  [[nodiscard]] bool take(std::size_t size) {
    if (size > left_) return false;
    left_ -= size;
    return true;
  }
  void give_back(std::size_t size) { left_ += size; }

 private:
  std::size_t left_;
};

// Grows as bytes arrive, never because of a length that was only claimed. Move-only.
class MessageBuffer {
 public:
  MessageBuffer() = default;
  explicit MessageBuffer(MemoryBudget& budget) : budget_(&budget) {}
  MessageBuffer(MessageBuffer&& other) noexcept;
  MessageBuffer& operator=(MessageBuffer&& other) noexcept;
  ~MessageBuffer() { reset(); }

  // Errors: limit_exceeded when the budget is used up. Throws std::bad_alloc. `hint`: the size that is
  // expected in the end; the capacity at most doubles on the way there.
  Result<void> append(Bytes bytes, std::size_t hint);
  [[nodiscard]] Bytes view() const { return {data_, size_}; }
  [[nodiscard]] std::size_t size() const { return size_; }
  void reset();

 private:
  MemoryBudget* budget_ = nullptr;
  std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace handfast::handshake
