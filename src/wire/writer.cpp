// Writer: see the header.
#include "wire/writer.hpp"

namespace handfast::wire {

Writer::Vector::Vector(Writer& writer, std::size_t prefix)
    : writer_(writer), prefix_(prefix), start_(writer.out_.size()) {
  writer_.out_.insert(writer_.out_.end(), prefix, 0xff);
}

Writer::Vector::~Vector() {
  const std::size_t length = writer_.out_.size() - start_ - prefix_;
  if ((length >> (8U * prefix_)) != 0) {
    writer_.overflowed_ = true;
    return;
  }
  for (std::size_t i = 0; i < prefix_; ++i) {
    writer_.out_[start_ + i] = static_cast<std::uint8_t>(length >> (8U * (prefix_ - 1 - i)));
  }
}

}  // namespace handfast::wire
