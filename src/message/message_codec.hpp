// For the decoders and encoders of this layer: what every message has in common. RFC 9846 §4.
// Must not be included by other layers.
#pragma once

#include <cstddef>
#include <handfast/bytes.hpp>
#include <handfast/codepoints.hpp>
#include <handfast/error.hpp>
#include <span>
#include <utility>

#include "message/handshake_header.hpp"
#include "message/planned_extension.hpp"
#include "wire/reader.hpp"
#include "wire/writer.hpp"

namespace handfast::message {

// msg_type and length; the length must be that of the rest.
inline void read_header(wire::Reader& reader, HandshakeType type) {
  if (static_cast<HandshakeType>(reader.u8("msg_type")) != type) {
    reader.fail("msg_type", 0, ErrorCode::message_unexpected);
  }
  const std::size_t offset = reader.offset();
  if (reader.u24("length") != reader.remaining()) reader.fail("length", offset);
}

// `value`, if the whole message was read without a failure.
template <class Message>
Result<Message> verdict(wire::Reader& reader, HandshakeType type, const Message& value) {
  if (auto end = reader.finish(); !end) [[unlikely]] {
    return failure(std::move(end.error().in(type)));
  }
  return value;
}

// Appends a message whose body `write_body(writer)` writes, answering false if the plan breaks the syntax.
template <class WriteBody>
Result<void> write_message(HandshakeType type, ByteString& out, WriteBody write_body) {
  const std::size_t start = out.size();
  wire::Writer writer(out);
  bool valid = true;
  writer.u8(static_cast<std::uint8_t>(type));
  {
    const auto body = writer.vector24();
    valid = write_body(writer);
  }
  if (valid && !writer.overflowed()) return {};
  out.resize(start);
  return failure(Error(ErrorCode::internal_error).in(type));
}

// One extension whose body `encode(writer, arguments…)` writes.
template <class Encode, class... Arguments>
void write_extension(wire::Writer& writer, ExtensionType type, Encode encode, const Arguments&... arguments) {
  writer.u16(static_cast<std::uint16_t>(type));
  const auto body = writer.vector16();
  encode(writer, arguments...);
}

inline void write_empty_extension(wire::Writer& writer, ExtensionType type) {
  writer.u16(static_cast<std::uint16_t>(type));
  writer.u16(0);
}

// False if a body did not fit.
inline bool write_extensions(wire::Writer& writer, std::span<const PlannedExtension> extensions) {
  bool fits = true;
  for (const PlannedExtension& extension : extensions) {
    writer.u16(static_cast<std::uint16_t>(extension.type));
    const auto body = writer.vector16();
    writer.bytes(extension.body);
    fits = fits && extension.fits;
  }
  return fits;
}

}  // namespace handfast::message
