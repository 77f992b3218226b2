// Reader: takes a structure of the TLS presentation language apart (RFC 9846 §3), field by field.
// The first failure sticks: later reads return empty values, and finish() reports field and offset.
// So a decoder reads like the RFC's struct, without a test on each line. Must not allocate.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <handfast/bytes.hpp>
#include <handfast/error.hpp>
#include <handfast/observer.hpp>
#include <span>

namespace handfast::wire {

class Reader {
 public:
  // `base_offset` is the offset of bytes[0] as errors and fields count it. `sink` may be null.
  explicit Reader(Bytes bytes, std::size_t base_offset = 0, FieldSink* sink = nullptr)
      : rest_(bytes), offset_(base_offset), sink_(sink), failure_(&own_failure_) {}
  Reader(const Reader&) = delete;  // a nested reader points into its parent
  Reader& operator=(const Reader&) = delete;

  std::uint8_t u8(const char* field) { return static_cast<std::uint8_t>(number(field, 1)); }
  std::uint16_t u16(const char* field) { return static_cast<std::uint16_t>(number(field, 2)); }
  std::uint32_t u24(const char* field) { return static_cast<std::uint32_t>(number(field, 3)); }
  std::uint32_t u32(const char* field) { return static_cast<std::uint32_t>(number(field, 4)); }
  std::uint64_t u64(const char* field) { return number(field, 8); }

  // opaque field[size]
  Bytes bytes(const char* field, std::size_t size);
  template <std::size_t Size>
  std::array<std::uint8_t, Size> array(const char* field) {
    std::array<std::uint8_t, Size> out{};
    const Bytes in = bytes(field, Size);
    for (std::size_t i = 0; i < in.size(); ++i) out[i] = in[i];
    return out;
  }
  // Everything that is left.
  Bytes rest(const char* field) { return bytes(field, rest_.size()); }

  // opaque field<min..max> with a length prefix of 1, 2 or 3 bytes. The sizes count bytes.
  Bytes vector8(const char* field, std::size_t min, std::size_t max) { return vector(field, 1, min, max); }
  Bytes vector16(const char* field, std::size_t min, std::size_t max) { return vector(field, 2, min, max); }
  Bytes vector24(const char* field, std::size_t min, std::size_t max) { return vector(field, 3, min, max); }

  // The same, as a Reader of the vector's content that shares this one's failure. Must not outlive this one.
  Reader nested8(const char* field, std::size_t min, std::size_t max) { return nested(field, 1, min, max); }
  Reader nested16(const char* field, std::size_t min, std::size_t max) { return nested(field, 2, min, max); }
  Reader nested24(const char* field, std::size_t min, std::size_t max) { return nested(field, 3, min, max); }

  // True at the end and after a failure, so that loops end.
  [[nodiscard]] bool empty() const { return rest_.empty() || failed(); }
  [[nodiscard]] std::size_t remaining() const { return failed() ? 0 : rest_.size(); }
  // What is left, without reading it.
  [[nodiscard]] Bytes peek() const { return failed() ? Bytes{} : rest_; }
  [[nodiscard]] std::size_t offset() const { return offset_; }
  [[nodiscard]] FieldSink* sink() const { return sink_; }
  [[nodiscard]] unsigned depth() const { return depth_; }
  [[nodiscard]] bool failed() const { return failure_->field != nullptr; }

  // Records a failure that the caller found, if none is there yet.
  void fail(const char* field, std::size_t offset, ErrorCode code = ErrorCode::message_malformed);
  // Fails unless everything was read.
  void expect_end(const char* field) {
    if (!empty()) fail(field, offset_);
  }
  // The verdict: nothing failed and nothing is left over.
  [[nodiscard]] Result<void> finish();

 private:
  struct Failure {
    const char* field = nullptr;
    std::size_t offset = 0;
    ErrorCode code = ErrorCode::message_malformed;
  };

  Reader(Bytes bytes, std::size_t base_offset, FieldSink* sink, unsigned depth, Failure* failure)
      : rest_(bytes), offset_(base_offset), sink_(sink), depth_(depth), failure_(failure) {}

  std::uint64_t number(const char* field, std::size_t size);
  // The length prefix and content of a vector; the prefix is consumed, the content not.
  Bytes open_vector(const char* field, std::size_t prefix, std::size_t min, std::size_t max);
  Bytes vector(const char* field, std::size_t prefix, std::size_t min, std::size_t max);
  Reader nested(const char* field, std::size_t prefix, std::size_t min, std::size_t max);
  void report(const char* field, std::size_t length) {
    if (sink_ != nullptr) sink_->on_field({field, offset_, length, depth_});
  }
  void advance(std::size_t size) {
    rest_ = rest_.subspan(size);
    offset_ += size;
  }

  Bytes rest_;
  std::size_t offset_;
  FieldSink* sink_;
  unsigned depth_ = 0;
  Failure own_failure_;
  Failure* failure_;
};

}  // namespace handfast::wire
