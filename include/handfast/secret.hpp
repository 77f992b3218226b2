// Secret: a short byte string that is wiped when it goes, cannot be copied by accident and cannot be printed.
// Also the one place where secrets are compared. Must not allocate.
#pragma once

#include <string.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <handfast/bytes.hpp>

namespace handfast {

// Overwrites `bytes` with zeros in a way the compiler may not remove.
inline void wipe(MutableBytes bytes) {
  if (!bytes.empty()) ::explicit_bzero(bytes.data(), bytes.size());
}
// The same for a size that the compiler knows: a few stores instead of a call. A handshake does it hundreds
// of times.
template <std::size_t Size>
inline void wipe(std::array<std::uint8_t, Size>& bytes) {
  bytes.fill(0);
  // Says that somebody reads the zeros, so that they must be written.
  asm volatile("" : : "r"(bytes.data()) : "memory");
}

// Compares in time that depends on the lengths only. Lengths are public.
[[nodiscard]] inline bool constant_time_equal(Bytes a, Bytes b) {
  if (a.size() != b.size()) return false;
  volatile std::uint8_t difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference = static_cast<std::uint8_t>(difference | (a[i] ^ b[i]));
  }
  return difference == 0;
}

// Up to `Capacity` secret bytes. Move-only; the source of a move is wiped; the destructor wipes.
template <std::size_t Capacity>
class Secret {
 public:
  Secret() = default;
  // `size` zero bytes, to be filled through writable(). size <= Capacity.
  explicit Secret(std::size_t size) : size_(std::min(size, Capacity)) {}
  // A copy of at most Capacity bytes of `bytes`; the caller wipes its own.
  explicit Secret(Bytes bytes) : size_(std::min(bytes.size(), Capacity)) {
    std::copy_n(bytes.begin(), size_, bytes_.begin());
  }
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  Secret(Secret&& other) noexcept : bytes_(other.bytes_), size_(other.size_) { other.clear(); }
  Secret& operator=(Secret&& other) noexcept {
    if (this != &other) {
      bytes_ = other.bytes_;
      size_ = other.size_;
      other.clear();
    }
    return *this;
  }
  ~Secret() { wipe(bytes_); }

  // The one explicit way to have a second copy (split halves, exporters).
  [[nodiscard]] Secret clone() const { return Secret(view()); }
  [[nodiscard]] Bytes view() const { return {bytes_.data(), size_}; }
  [[nodiscard]] MutableBytes writable() { return {bytes_.data(), size_}; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  void resize(std::size_t size) { size_ = std::min(size, Capacity); }
  void clear() {
    wipe(bytes_);
    size_ = 0;
  }

 private:
  std::array<std::uint8_t, Capacity> bytes_{};
  std::size_t size_ = 0;
};

// A secret of the key schedule: as long as the suite's hash, at most SHA-384's 48 bytes (RFC 9846 §7.1).
using HashSecret = Secret<48>;

// The result of a key exchange: at most P-384's 48 bytes and ML-KEM's 32, or P-521's 66.
using SharedSecret = Secret<80>;

// The premaster secret of TLS 1.2: the same, or a finite-field Diffie-Hellman value of up to 4096 bits.
using PremasterSecret = Secret<512>;

}  // namespace handfast
