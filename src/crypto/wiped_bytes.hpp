// WipedBytes: secret bytes of any length, on the heap. Secret (handfast/secret.hpp) is for short ones.
#pragma once

#include <handfast/bytes.hpp>
#include <handfast/secret.hpp>
#include <utility>

namespace handfast::crypto {

// Owns secret bytes of any length.
class WipedBytes {
 public:
  explicit WipedBytes(ByteString bytes) : bytes_(std::move(bytes)) {}
  WipedBytes(WipedBytes&&) noexcept = default;
  WipedBytes& operator=(WipedBytes&&) = delete;
  ~WipedBytes() { wipe(bytes_); }
  [[nodiscard]] Bytes view() const { return bytes_; }
  [[nodiscard]] MutableBytes writable() { return bytes_; }

 private:
  ByteString bytes_;
};

}  // namespace handfast::crypto
