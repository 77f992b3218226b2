// Encoders of extension bodies: see the header. RFC 9846 §4.3, 6066, 7301, 8449.
#include "message/extension_encoders.hpp"

namespace handfast::message {
namespace {

using wire::Writer;

template <class Enum>
void write_codepoints(Writer& writer, std::span<const Enum> values) {
  for (const Enum value : values) writer.u16(static_cast<std::uint16_t>(value));
}

void write_vector8(Writer& writer, Bytes content) {
  const auto scope = writer.vector8();
  writer.bytes(content);
}

void write_vector16(Writer& writer, Bytes content) {
  const auto scope = writer.vector16();
  writer.bytes(content);
}

void write_key_share_entry(Writer& writer, const KeyShareEntry& entry) {
  writer.u16(static_cast<std::uint16_t>(entry.group));
  write_vector16(writer, entry.key_exchange);
}

}  // namespace

void encode_server_name(Writer& writer, std::string_view host_name) {
  const auto server_name_list = writer.vector16();
  writer.u8(static_cast<std::uint8_t>(NameType::host_name));
  write_vector16(writer, as_bytes(host_name));
}

void encode_supported_versions(Writer& writer, std::span<const ProtocolVersion> versions) {
  const auto scope = writer.vector8();
  write_codepoints(writer, versions);
}

void encode_key_share_client(Writer& writer, std::span<const KeyShareEntry> client_shares) {
  const auto scope = writer.vector16();
  for (const KeyShareEntry& entry : client_shares) write_key_share_entry(writer, entry);
}

void encode_psk_key_exchange_modes(Writer& writer, std::span<const PskKeyExchangeMode> ke_modes) {
  const auto scope = writer.vector8();
  for (const PskKeyExchangeMode mode : ke_modes) writer.u8(static_cast<std::uint8_t>(mode));
}

void encode_offered_psks(Writer& writer, std::span<const PskIdentity> identities,
                         std::span<const std::size_t> binder_sizes) {
  {
    const auto list = writer.vector16();
    for (const PskIdentity& identity : identities) {
      write_vector16(writer, identity.identity);
      writer.u32(identity.obfuscated_ticket_age);
    }
  }
  const auto binders = writer.vector16();
  for (const std::size_t size : binder_sizes) {
    const auto entry = writer.vector8();
    for (std::size_t i = 0; i < size; ++i) writer.u8(0);
  }
}

void encode_status_request(Writer& writer) {
  writer.u8(static_cast<std::uint8_t>(CertificateStatusType::ocsp));
  write_vector16(writer, {});
  write_vector16(writer, {});
}

void encode_padding(Writer& writer, std::size_t length) {
  for (std::size_t i = 0; i < length; ++i) writer.u8(0);
}

void encode_renegotiation_info(Writer& writer, Bytes renegotiated_connection) {
  write_vector8(writer, renegotiated_connection);
}

void encode_supported_groups(Writer& writer, std::span<const NamedGroup> named_group_list) {
  const auto scope = writer.vector16();
  write_codepoints(writer, named_group_list);
}

void encode_signature_algorithms(Writer& writer, std::span<const SignatureScheme> schemes) {
  const auto scope = writer.vector16();
  write_codepoints(writer, schemes);
}

void encode_compression_algorithms(Writer& writer,
                                   std::span<const CertificateCompressionAlgorithm> algorithms) {
  const auto scope = writer.vector8();
  write_codepoints(writer, algorithms);
}

void encode_application_protocols(Writer& writer, std::span<const std::string> names) {
  const auto protocol_name_list = writer.vector16();
  for (const std::string& name : names) write_vector8(writer, as_bytes(name));
}

void encode_cookie(Writer& writer, Bytes cookie) { write_vector16(writer, cookie); }

void encode_record_size_limit(Writer& writer, std::uint16_t limit) { writer.u16(limit); }

void encode_certificate_authorities(Writer& writer, std::span<const ByteString> authorities) {
  const auto scope = writer.vector16();
  for (const ByteString& name : authorities) write_vector16(writer, name);
}

void encode_selected_version(Writer& writer, ProtocolVersion selected_version) {
  writer.u16(static_cast<std::uint16_t>(selected_version));
}

void encode_key_share_server(Writer& writer, const KeyShareEntry& server_share) {
  write_key_share_entry(writer, server_share);
}

void encode_key_share_retry(Writer& writer, NamedGroup selected_group) {
  writer.u16(static_cast<std::uint16_t>(selected_group));
}

void encode_selected_identity(Writer& writer, std::uint16_t selected_identity) {
  writer.u16(selected_identity);
}

void encode_application_protocol(Writer& writer, std::string_view name) {
  const auto protocol_name_list = writer.vector16();
  write_vector8(writer, as_bytes(name));
}

void encode_certificate_status(Writer& writer, Bytes ocsp_response) {
  writer.u8(static_cast<std::uint8_t>(CertificateStatusType::ocsp));
  const auto response = writer.vector24();
  writer.bytes(ocsp_response);
}

void encode_max_early_data_size(Writer& writer, std::uint32_t max_early_data_size) {
  writer.u32(max_early_data_size);
}

}  // namespace handfast::message
