// The header of every handshake message: see the header file. RFC 9846 §4.
#include "message/handshake_header.hpp"

#include "wire/reader.hpp"
#include "wire/writer.hpp"

namespace handfast::message {

std::optional<HandshakeHeader> peek_header(Bytes stream) {
  if (stream.size() < kHandshakeHeaderSize) return std::nullopt;
  wire::Reader reader(stream);
  HandshakeHeader header;
  header.type = static_cast<HandshakeType>(reader.u8("msg_type"));
  header.length = reader.u24("length");
  return header;
}

ByteString blank_message(HandshakeType type, std::size_t length) {
  ByteString message;
  message.reserve(kHandshakeHeaderSize + length);
  wire::Writer writer(message);
  writer.u8(static_cast<std::uint8_t>(type));
  writer.u24(static_cast<std::uint32_t>(length));
  message.resize(kHandshakeHeaderSize + length);
  return message;
}

Result<RawMessage> raw_message(Bytes message) {
  wire::Reader reader(message);
  RawMessage out;
  out.type = static_cast<HandshakeType>(reader.u8("msg_type"));
  out.bytes = message;
  const std::size_t offset = reader.offset();
  if (reader.u24("length") != reader.remaining()) reader.fail("length", offset);
  reader.rest("body");
  HANDFAST_TRY(reader.finish());
  return out;
}

}  // namespace handfast::message
