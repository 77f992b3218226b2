// The header of every handshake message. RFC 9846 §4.
// Must not judge whether a message may come now: that is the flow's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <handfast/bytes.hpp>
#include <handfast/codepoints.hpp>
#include <handfast/error.hpp>
#include <optional>

namespace handfast::message {

inline constexpr std::size_t kHandshakeHeaderSize = 4;

// struct {
//     HandshakeType msg_type;
//     uint24 length;
//     …
// } Handshake;
struct HandshakeHeader {
  HandshakeType type{};
  std::uint32_t length = 0;  // of the body, as claimed

  [[nodiscard]] std::size_t message_size() const { return kHandshakeHeaderSize + length; }
};

// The header at the front of `stream`, or nothing while fewer than four bytes are there.
std::optional<HandshakeHeader> peek_header(Bytes stream);

// A header, and room for a body of `length` bytes, fewer than 2^24.
ByteString blank_message(HandshakeType type, std::size_t length);

// One whole message. Views.
struct RawMessage {
  HandshakeType type{};
  Bytes bytes;  // header and body: what the transcript hashes

  [[nodiscard]] Bytes body() const {
    return bytes.size() < kHandshakeHeaderSize ? Bytes{} : bytes.subspan(kHandshakeHeaderSize);
  }
};

// `message` must be exactly one message. Errors: message_malformed.
Result<RawMessage> raw_message(Bytes message);

}  // namespace handfast::message
