// MessageAssembler: puts handshake messages together from the payloads of records. RFC 9846 §4, §5.1.
// Refuses a message by its claimed length before a byte of its body is kept.
#pragma once

#include <handfast/bytes.hpp>
#include <handfast/error.hpp>
#include <optional>

#include "handshake/message_buffer.hpp"

namespace handfast::handshake {

class MessageAssembler {
 public:
  explicit MessageAssembler(MemoryBudget& budget) : budget_(budget), current_(budget) {}

  // Takes bytes from the front of `payload`, up to the end of the current message. The message (header and
  // body) once it is whole. Errors: message_too_large, limit_exceeded.
  Result<std::optional<MessageBuffer>> take(Bytes& payload);
  // True between messages.
  [[nodiscard]] bool empty() const { return current_.size() == 0; }

 private:
  MemoryBudget& budget_;
  MessageBuffer current_;
};

}  // namespace handfast::handshake
