// MessageBuffer: see the header.
#include "handshake/message_buffer.hpp"

#include <algorithm>
#include <handfast/secret.hpp>
#include <utility>

namespace handfast::handshake {
namespace {
constexpr std::size_t kSmallestCapacity = 512;
}

MessageBuffer::MessageBuffer(MessageBuffer&& other) noexcept
    : budget_(other.budget_),
      data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      capacity_(std::exchange(other.capacity_, 0)) {}

MessageBuffer& MessageBuffer::operator=(MessageBuffer&& other) noexcept {
  if (this != &other) {
    reset();
    budget_ = other.budget_;
    data_ = std::exchange(other.data_, nullptr);
    size_ = std::exchange(other.size_, 0);
    capacity_ = std::exchange(other.capacity_, 0);
  }
  return *this;
}

Result<void> MessageBuffer::append(Bytes bytes, std::size_t hint) {
  const std::size_t needed = size_ + bytes.size();
  if (needed > capacity_) {
    const std::size_t affordable = std::max({needed, 2 * capacity_, kSmallestCapacity});
    const std::size_t capacity = std::max(needed, std::min(hint, affordable));
    if (!budget_->take(capacity)) {
      return failure(Error(ErrorCode::limit_exceeded).at("handshake memory", size_));
    }
    std::uint8_t* grown = nullptr;
    try {
      grown = new std::uint8_t[capacity];
    } catch (...) {
      budget_->give_back(capacity);
      throw;
    }
    std::copy_n(data_, size_, grown);
    const std::size_t size = size_;
    reset();
    data_ = grown;
    size_ = size;
    capacity_ = capacity;
  }
  std::copy(bytes.begin(), bytes.end(), data_ + size_);
  size_ = needed;
  return {};
}

void MessageBuffer::reset() {
  if (data_ == nullptr) return;
  wipe({data_, capacity_});
  delete[] std::exchange(data_, nullptr);
  budget_->give_back(capacity_);
  size_ = 0;
  capacity_ = 0;
}

}  // namespace handfast::handshake
