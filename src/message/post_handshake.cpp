// NewSessionTicket, KeyUpdate and EndOfEarlyData: decoders and encoders. RFC 9846 §4.6, §4.7.1, §4.7.3.
#include "message/post_handshake.hpp"

#include "message/extension_encoders.hpp"
#include "message/extension_reader.hpp"
#include "message/message_codec.hpp"

namespace handfast::message {

using wire::Reader;
using wire::Writer;

// struct {
//     uint32 ticket_lifetime;
//     uint32 ticket_age_add;
//     opaque ticket_nonce<0..255>;
//     opaque ticket<1..2^16-1>;
//     Extension extensions<0..2^16-1>;
// } NewSessionTicket;
Result<NewSessionTicket> decode_new_session_ticket(Bytes message, FieldSink* sink) {
  Reader reader(message, 0, sink);
  read_header(reader, NewSessionTicket::kType);
  NewSessionTicket out;
  out.raw = message;
  out.ticket_lifetime = reader.u32("ticket_lifetime");
  out.ticket_age_add = reader.u32("ticket_age_add");
  out.ticket_nonce = reader.vector8("ticket_nonce", 0, 0xff);
  out.ticket = reader.vector16("ticket", 1, 0xffff);
  out.extensions =
      read_extensions(reader, ExtensionPlace::new_session_ticket, [&out](ExtensionType type, Reader& body) {
        if (type != ExtensionType::early_data) return false;
        out.max_early_data_size = body.u32("max_early_data_size");
        return true;
      });
  return verdict(reader, NewSessionTicket::kType, out);
}

// struct {
//     KeyUpdateRequest request_update;
// } KeyUpdate;
Result<KeyUpdate> decode_key_update(Bytes message, FieldSink* sink) {
  Reader reader(message, 0, sink);
  read_header(reader, KeyUpdate::kType);
  KeyUpdate out;
  out.raw = message;
  const std::size_t offset = reader.offset();
  out.request_update = static_cast<KeyUpdateRequest>(reader.u8("request_update"));
  // "If an implementation receives any other value, it MUST terminate the connection with an
  // "illegal_parameter" alert." §4.7.3
  if (out.request_update > KeyUpdateRequest::update_requested) {
    reader.fail("request_update", offset, ErrorCode::message_illegal_value);
  }
  return verdict(reader, KeyUpdate::kType, out);
}

// struct {} EndOfEarlyData;
Result<EndOfEarlyData> decode_end_of_early_data(Bytes message, FieldSink* sink) {
  Reader reader(message, 0, sink);
  read_header(reader, EndOfEarlyData::kType);
  EndOfEarlyData out;
  out.raw = message;
  return verdict(reader, EndOfEarlyData::kType, out);
}

Result<void> encode_new_session_ticket(const NewSessionTicketPlan& plan, ByteString& out) {
  return write_message(NewSessionTicket::kType, out, [&plan](Writer& writer) {
    if (plan.ticket.empty()) return false;
    writer.u32(plan.ticket_lifetime);
    writer.u32(plan.ticket_age_add);
    {
      const auto ticket_nonce = writer.vector8();
      writer.bytes(plan.ticket_nonce);
    }
    {
      const auto ticket = writer.vector16();
      writer.bytes(plan.ticket);
    }
    const auto extensions = writer.vector16();
    if (plan.max_early_data_size) {
      write_extension(writer, ExtensionType::early_data, encode_max_early_data_size,
                      *plan.max_early_data_size);
    }
    return write_extensions(writer, plan.extra);
  });
}

Result<void> encode_key_update(KeyUpdateRequest request_update, ByteString& out) {
  return write_message(KeyUpdate::kType, out, [&](Writer& writer) {
    writer.u8(static_cast<std::uint8_t>(request_update));
    return true;
  });
}

Result<void> encode_end_of_early_data(ByteString& out) {
  return write_message(EndOfEarlyData::kType, out, [](Writer&) { return true; });
}

}  // namespace handfast::message
