// Writer: builds a structure of the TLS presentation language (RFC 9846 §3) at the end of a byte string.
// A vector's length prefix is patched when its scope ends; until then it holds 0xff, so that an unfinished
// structure is never mistaken for a valid one. A vector that is too long for its prefix sticks as overflow.
#pragma once

#include <cstddef>
#include <cstdint>
#include <handfast/bytes.hpp>

namespace handfast::wire {

class Writer {
 public:
  // Appends to `out`, which must outlive the Writer. Throws std::bad_alloc like the byte string itself.
  explicit Writer(ByteString& out) : out_(out) {}
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void u8(std::uint8_t value) { out_.push_back(value); }
  void u16(std::uint16_t value) { number(value, 2); }
  void u24(std::uint32_t value) { number(value, 3); }
  void u32(std::uint32_t value) { number(value, 4); }
  void bytes(Bytes bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); }

  // While it lives, what is written belongs to a vector whose prefix has `prefix` bytes.
  class [[nodiscard]] Vector {
   public:
    Vector(Writer& writer, std::size_t prefix);
    Vector(const Vector&) = delete;
    Vector& operator=(const Vector&) = delete;
    ~Vector();

   private:
    Writer& writer_;
    std::size_t prefix_;
    std::size_t start_;
  };
  Vector vector8() { return {*this, 1}; }
  Vector vector16() { return {*this, 2}; }
  Vector vector24() { return {*this, 3}; }

  [[nodiscard]] std::size_t size() const { return out_.size(); }
  // True if any vector was longer than its prefix can say: the output must be thrown away.
  [[nodiscard]] bool overflowed() const { return overflowed_; }

 private:
  void number(std::uint64_t value, std::size_t size) {
    for (std::size_t i = size; i-- > 0;) out_.push_back(static_cast<std::uint8_t>(value >> (8U * i)));
  }

  ByteString& out_;
  bool overflowed_ = false;
};

}  // namespace handfast::wire
