// Reader: see the header. RFC 9846 §3.3 (numbers), §3.4 (vectors).
#include "wire/reader.hpp"

namespace handfast::wire {

void Reader::fail(const char* field, std::size_t offset, ErrorCode code) {
  if (!failed()) *failure_ = {field, offset, code};
}

std::uint64_t Reader::number(const char* field, std::size_t size) {
  if (failed()) return 0;
  if (rest_.size() < size) {
    fail(field, offset_);
    return 0;
  }
  report(field, size);
  std::uint64_t value = 0;
  for (const std::uint8_t byte : rest_.first(size)) value = (value << 8U) | byte;
  advance(size);
  return value;
}

Bytes Reader::bytes(const char* field, std::size_t size) {
  if (failed()) return {};
  if (rest_.size() < size) {
    fail(field, offset_);
    return {};
  }
  report(field, size);
  const Bytes out = rest_.first(size);
  advance(size);
  return out;
}

Bytes Reader::open_vector(const char* field, std::size_t prefix, std::size_t min, std::size_t max) {
  if (failed()) return {};
  if (rest_.size() < prefix) {
    fail(field, offset_);
    return {};
  }
  std::size_t length = 0;
  for (const std::uint8_t byte : rest_.first(prefix)) length = (length << 8U) | byte;
  if (length > rest_.size() - prefix || length < min || length > max) {
    fail(field, offset_);
    return {};
  }
  report(field, prefix + length);
  advance(prefix);
  return rest_.first(length);
}

Bytes Reader::vector(const char* field, std::size_t prefix, std::size_t min, std::size_t max) {
  const Bytes content = open_vector(field, prefix, min, max);
  if (!failed()) advance(content.size());
  return content;
}

Reader Reader::nested(const char* field, std::size_t prefix, std::size_t min, std::size_t max) {
  const Bytes content = open_vector(field, prefix, min, max);
  const std::size_t start = offset_;
  if (!failed()) advance(content.size());
  return {content, start, sink_, depth_ + 1, failure_};
}

Result<void> Reader::finish() {
  if (!failed() && !rest_.empty()) fail("trailing bytes", offset_);
  if (failed()) return failure(Error(failure_->code).at(failure_->field, failure_->offset));
  return {};
}

}  // namespace handfast::wire
