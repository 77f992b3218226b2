// For the decoders of this layer: reads the bodies of extensions. RFC 9846 §4.3 and the RFC named at each
// function. Must not be included by other layers.
#pragma once

#include <cstddef>
#include <cstdint>

#include "message/extension_types.hpp"
#include "wire/reader.hpp"

namespace handfast::message {

// A list of elements with a 16-bit length prefix.
template <class List>
List read_list16(wire::Reader& reader, const char* field, std::size_t min, std::size_t max) {
  wire::Reader content = reader.nested16(field, min, max);
  const List list(content.peek(), content.offset());
  while (!content.empty()) List::Value::read(content);
  return list;
}

// The content of a vector of 16-bit numbers that `list` has opened at `offset`.
Bytes read_codepoints(wire::Reader& list, const char* field, const char* element, std::size_t offset);

// Enum field<min..max>, with a length prefix of 16 or 8 bits.
template <class Enum>
CodepointList<Enum> read_codepoints16(wire::Reader& reader, const char* field, const char* element,
                                      std::size_t min, std::size_t max) {
  const std::size_t offset = reader.offset();
  wire::Reader list = reader.nested16(field, min, max);
  return CodepointList<Enum>(read_codepoints(list, field, element, offset));
}
template <class Enum>
CodepointList<Enum> read_codepoints8(wire::Reader& reader, const char* field, const char* element,
                                     std::size_t min, std::size_t max) {
  const std::size_t offset = reader.offset();
  wire::Reader list = reader.nested8(field, min, max);
  return CodepointList<Enum>(read_codepoints(list, field, element, offset));
}

// ClientHello.
Bytes read_server_name_list(wire::Reader& reader);                               // RFC 6066 §3
CertificateStatusRequest read_certificate_status_request(wire::Reader& reader);  // RFC 6066 §8
OfferedPsks read_offered_psks(wire::Reader& reader);                             // RFC 9846 §4.3.11
CodepointList<ProtocolVersion> read_versions(wire::Reader& reader);              // RFC 9846 §4.3.1
TicketRequest read_ticket_request(wire::Reader& reader);                         // RFC 9149 §3

// ClientHello and others.
CodepointList<NamedGroup> read_named_group_list(wire::Reader& reader);        // RFC 9846 §4.3.7
CodepointList<SignatureScheme> read_signature_schemes(wire::Reader& reader);  // RFC 9846 §4.3.3
ProtocolNameList read_protocol_name_list(wire::Reader& reader);               // RFC 7301 §3.1
CodepointList<CertificateCompressionAlgorithm> read_compression_algorithms(wire::Reader& reader);  // RFC 8879
DistinguishedNameList read_certificate_authorities(wire::Reader& reader);  // RFC 9846 §4.3.4
Bytes read_cookie(wire::Reader& reader);                                   // RFC 9846 §4.3.2
std::uint16_t read_record_size_limit(wire::Reader& reader);                // RFC 8449 §4

// EncryptedExtensions: the one name that the server chose.
Bytes read_chosen_protocol(wire::Reader& reader);  // RFC 7301 §3.1
// CertificateEntry.
Bytes read_certificate_status(wire::Reader& reader);             // RFC 6066 §8: the OCSPResponse
Bytes read_signed_certificate_timestamps(wire::Reader& reader);  // RFC 6962 §3.3: the whole list

}  // namespace handfast::message
