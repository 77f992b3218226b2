// Bodies of extensions: see the header. RFC 9846 §4.3, 6066, 6962, 7301, 8449, 8879, 9149.
#include "message/extension_bodies.hpp"

#include <bitset>

namespace handfast::message {

using wire::Reader;

Bytes read_codepoints(Reader& list, const char* field, const char* element, std::size_t offset) {
  const Bytes content = list.peek();
  if (content.size() % 2 != 0) list.fail(field, offset);
  if (list.sink() != nullptr) {
    while (!list.empty()) list.u16(element);
  }
  return content;
}

// struct {
//     ServerName server_name_list<1..2^16-1>
// } ServerNameList;
Bytes read_server_name_list(Reader& reader) {
  Reader list = reader.nested16("server_name_list", 1, 0xffff);
  std::bitset<256> types;
  Bytes host_name;
  while (!list.empty()) {
    const ServerNameEntry entry = ServerNameEntry::read(list);
    if (list.failed()) break;
    // "The ServerNameList MUST NOT contain more than one name of the same name_type." RFC 6066 §3
    if (types[entry.name_type]) list.fail("name_type", entry.offset, ErrorCode::message_illegal_value);
    types[entry.name_type] = true;
    if (entry.name_type == static_cast<std::uint8_t>(NameType::host_name)) host_name = entry.name;
  }
  return host_name;
}

// struct {
//     CertificateStatusType status_type;
//     select (status_type) {
//         case ocsp: OCSPStatusRequest;
//     } request;
// } CertificateStatusRequest;
//
// opaque ResponderID<1..2^16-1>;
// opaque Extensions<0..2^16-1>;
// struct {
//     ResponderID responder_id_list<0..2^16-1>;
//     Extensions  request_extensions;
// } OCSPStatusRequest;
CertificateStatusRequest read_certificate_status_request(Reader& reader) {
  CertificateStatusRequest out;
  out.status_type = static_cast<CertificateStatusType>(reader.u8("status_type"));
  out.request = reader.peek();
  if (out.status_type != CertificateStatusType::ocsp) {
    reader.rest("request");
    return out;
  }
  Reader responders = reader.nested16("responder_id_list", 0, 0xffff);
  while (!responders.empty()) responders.vector16("responder_id", 1, 0xffff);
  reader.vector16("request_extensions", 0, 0xffff);
  return out;
}

// struct {
//     PskIdentity identities<7..2^16-1>;
//     PskBinderEntry binders<33..2^16-1>;
// } OfferedPsks;
OfferedPsks read_offered_psks(Reader& reader) {
  OfferedPsks out;
  out.identities = read_list16<ElementList<PskIdentity>>(reader, "identities", 7, 0xffff);
  out.binders_offset = reader.offset();
  out.binders = read_list16<ElementList<PskBinderEntry>>(reader, "binders", 33, 0xffff);
  // "binders: A series of HMAC values, one for each value in the identities list" §4.3.11
  if (!reader.failed() && out.identities.size() != out.binders.size()) {
    reader.fail("binders", out.binders_offset, ErrorCode::message_illegal_value);
  }
  return out;
}

// ProtocolVersion versions<2..254>;
CodepointList<ProtocolVersion> read_versions(Reader& reader) {
  return read_codepoints8<ProtocolVersion>(reader, "versions", "version", 2, 254);
}

// struct {
//     uint8 new_session_count;
//     uint8 resumption_count;
// } ClientTicketRequest;
TicketRequest read_ticket_request(Reader& reader) {
  TicketRequest out;
  out.new_session_count = reader.u8("new_session_count");
  out.resumption_count = reader.u8("resumption_count");
  return out;
}

// NamedGroup named_group_list<2..2^16-1>;
CodepointList<NamedGroup> read_named_group_list(Reader& reader) {
  return read_codepoints16<NamedGroup>(reader, "named_group_list", "named_group", 2, 0xffff);
}

// SignatureScheme supported_signature_algorithms<2..2^16-2>;
CodepointList<SignatureScheme> read_signature_schemes(Reader& reader) {
  return read_codepoints16<SignatureScheme>(reader, "supported_signature_algorithms", "signature_scheme", 2,
                                            0xfffe);
}

// ProtocolName protocol_name_list<2..2^16-1>
ProtocolNameList read_protocol_name_list(Reader& reader) {
  return read_list16<ProtocolNameList>(reader, "protocol_name_list", 2, 0xffff);
}

// CertificateCompressionAlgorithm algorithms<2..2^8-2>;
CodepointList<CertificateCompressionAlgorithm> read_compression_algorithms(Reader& reader) {
  return read_codepoints8<CertificateCompressionAlgorithm>(reader, "algorithms", "algorithm", 2, 254);
}

// DistinguishedName authorities<3..2^16-1>;
DistinguishedNameList read_certificate_authorities(Reader& reader) {
  return read_list16<DistinguishedNameList>(reader, "authorities", 3, 0xffff);
}

// opaque cookie<1..2^16-1>;
Bytes read_cookie(Reader& reader) { return reader.vector16("cookie", 1, 0xffff); }

// uint16 RecordSizeLimit;
std::uint16_t read_record_size_limit(Reader& reader) {
  const std::size_t offset = reader.offset();
  const std::uint16_t limit = reader.u16("record_size_limit");
  // "An endpoint MUST treat receipt of a smaller value [than 64] as a fatal error and generate an
  // "illegal_parameter" alert." RFC 8449 §4
  if (limit < 64) reader.fail("record_size_limit", offset, ErrorCode::message_illegal_value);
  return limit;
}

Bytes read_chosen_protocol(Reader& reader) {
  const std::size_t offset = reader.offset();
  const ProtocolNameList names = read_protocol_name_list(reader);
  if (reader.failed()) return {};
  // "The "ProtocolNameList" MUST contain exactly one "ProtocolName"." RFC 7301 §3.1
  const ProtocolName first = *names.begin();
  if (first.name.size() + 1 != names.raw().size()) {
    reader.fail("protocol_name_list", offset, ErrorCode::message_illegal_value);
  }
  return first.name;
}

// struct {
//     CertificateStatusType status_type;
//     select (status_type) {
//         case ocsp: OCSPResponse;
//     } response;
// } CertificateStatus;
// opaque OCSPResponse<1..2^24-1>;
Bytes read_certificate_status(Reader& reader) {
  const std::size_t offset = reader.offset();
  const auto status_type = static_cast<CertificateStatusType>(reader.u8("status_type"));
  // ocsp is the only type that is ever asked for.
  if (status_type != CertificateStatusType::ocsp) {
    reader.fail("status_type", offset, ErrorCode::message_illegal_value);
  }
  return reader.vector24("response", 1, 0xffffff);
}

// opaque SerializedSCT<1..2^16-1>;
// struct {
//     SerializedSCT sct_list <1..2^16-1>;
// } SignedCertificateTimestampList;
Bytes read_signed_certificate_timestamps(Reader& reader) {
  const Bytes whole = reader.peek();
  Reader list = reader.nested16("sct_list", 1, 0xffff);
  while (!list.empty()) list.vector16("serialized_sct", 1, 0xffff);
  return whole;
}

}  // namespace handfast::message
