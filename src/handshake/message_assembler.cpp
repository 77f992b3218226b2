// MessageAssembler: see the header.
#include "handshake/message_assembler.hpp"

#include <algorithm>
#include <handfast/codepoints.hpp>
#include <utility>

#include "base/limits.hpp"

namespace handfast::handshake {
namespace {

constexpr std::size_t kHeaderSize = 4;

std::size_t longest(HandshakeType type) {
  return type == HandshakeType::certificate || type == HandshakeType::compressed_certificate
             ? limits::kMaxCertificateMessage
             : limits::kMaxHandshakeMessage;
}

}  // namespace

// struct {
//     HandshakeType msg_type;    /* handshake type */
//     uint24 length;             /* remaining bytes in message */
//     …
// } Handshake;
Result<std::optional<MessageBuffer>> MessageAssembler::take(Bytes& payload) {
  const auto move_in = [&](std::size_t target) -> Result<void> {
    const std::size_t size = std::min(target - current_.size(), payload.size());
    const Bytes piece = payload.first(size);
    payload = payload.subspan(size);
    return current_.append(piece, target);
  };
  if (current_.size() < kHeaderSize) HANDFAST_TRY(move_in(kHeaderSize));
  if (current_.size() < kHeaderSize) return std::nullopt;

  const Bytes header = current_.view().first(kHeaderSize);
  const auto type = static_cast<HandshakeType>(header[0]);
  const std::size_t length = static_cast<std::size_t>(header[1]) << 16U |
                             static_cast<std::size_t>(header[2]) << 8U | static_cast<std::size_t>(header[3]);
  if (length > longest(type)) return failure(Error(ErrorCode::message_too_large).in(type).at("length", 1));

  HANDFAST_TRY(move_in(kHeaderSize + length));
  if (current_.size() < kHeaderSize + length) return std::nullopt;
  return std::exchange(current_, MessageBuffer(budget_));
}

}  // namespace handfast::handshake
