// EncryptedExtensions: decoder and encoder. RFC 9846 §4.4.1, §4.3.
#include "message/encrypted_extensions.hpp"

#include "message/extension_bodies.hpp"
#include "message/extension_encoders.hpp"
#include "message/extension_reader.hpp"
#include "message/message_codec.hpp"

namespace handfast::message {
namespace {

using wire::Reader;
using wire::Writer;

bool read_extension(EncryptedExtensions& message, ExtensionType type, Reader& body) {
  using enum ExtensionType;
  switch (type) {
    case server_name:  // empty, RFC 6066 §3
      message.server_name = true;
      return true;
    case max_fragment_length:  // RFC 6066 §4
      message.max_fragment_length = body.u8("max_fragment_length");
      return true;
    case supported_groups:
      message.supported_groups = read_named_group_list(body);
      return true;
    case application_layer_protocol_negotiation:
      message.application_protocol = read_chosen_protocol(body);
      return true;
    case client_certificate_type:  // RFC 7250 §3
      message.client_certificate_type = static_cast<CertificateType>(body.u8("client_certificate_type"));
      return true;
    case server_certificate_type:
      message.server_certificate_type = static_cast<CertificateType>(body.u8("server_certificate_type"));
      return true;
    case record_size_limit:
      message.record_size_limit = read_record_size_limit(body);
      return true;
    case early_data:
      message.early_data = true;
      return true;
    case ticket_request:  // struct { uint8 expected_count; } ServerTicketRequestHint, RFC 9149 §3
      message.ticket_request_expected_count = body.u8("expected_count");
      return true;
    default:
      return false;
  }
}

}  // namespace

// struct {
//     Extension extensions<0..2^16-1>;
// } EncryptedExtensions;
Result<EncryptedExtensions> decode_encrypted_extensions(Bytes message, FieldSink* sink) {
  Reader reader(message, 0, sink);
  read_header(reader, EncryptedExtensions::kType);
  EncryptedExtensions out;
  out.raw = message;
  out.extensions =
      read_extensions(reader, ExtensionPlace::encrypted_extensions,
                      [&out](ExtensionType type, Reader& body) { return read_extension(out, type, body); });
  return verdict(reader, EncryptedExtensions::kType, out);
}

Result<void> encode_encrypted_extensions(const EncryptedExtensionsPlan& plan, ByteString& out) {
  return write_message(EncryptedExtensions::kType, out, [&plan](Writer& writer) {
    const auto extensions = writer.vector16();
    if (!plan.supported_groups.empty()) {
      write_extension(writer, ExtensionType::supported_groups, encode_supported_groups,
                      plan.supported_groups);
    }
    if (!plan.application_protocol.empty()) {
      write_extension(writer, ExtensionType::application_layer_protocol_negotiation,
                      encode_application_protocol, plan.application_protocol);
    }
    if (plan.record_size_limit) {
      write_extension(writer, ExtensionType::record_size_limit, encode_record_size_limit,
                      *plan.record_size_limit);
    }
    if (plan.server_name) write_empty_extension(writer, ExtensionType::server_name);
    if (plan.early_data) write_empty_extension(writer, ExtensionType::early_data);
    return write_extensions(writer, plan.extra);
  });
}

}  // namespace handfast::message
