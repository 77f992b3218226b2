// ClientHello: decoder and encoder. RFC 9846 §4.2.2, §4.3.
#include "message/client_hello.hpp"

#include "message/extension_bodies.hpp"
#include "message/extension_reader.hpp"
#include "message/message_codec.hpp"

namespace handfast::message {
namespace {

using wire::Reader;
using wire::Writer;

// Extensions with a meaning in TLS 1.3 that RFC 9846 defines. Answers false if `type` is none of them.
bool read_core_extension(ClientHello& hello, ExtensionType type, Reader& body) {
  using enum ExtensionType;
  switch (type) {
    case supported_groups:
      hello.supported_groups = read_named_group_list(body);
      return true;
    case signature_algorithms:
      hello.signature_algorithms = read_signature_schemes(body);
      return true;
    case signature_algorithms_cert:
      hello.signature_algorithms_cert = read_signature_schemes(body);
      return true;
    case pre_shared_key:
      hello.pre_shared_key = read_offered_psks(body);
      return true;
    case early_data:
      hello.early_data = true;
      return true;
    case supported_versions:
      hello.supported_versions = read_versions(body);
      return true;
    case cookie:
      hello.cookie = read_cookie(body);
      return true;
    case psk_key_exchange_modes:  // PskKeyExchangeMode ke_modes<1..255>;
      hello.psk_key_exchange_modes = body.vector8("ke_modes", 1, 0xff);
      return true;
    case certificate_authorities:
      hello.certificate_authorities = read_certificate_authorities(body);
      return true;
    case post_handshake_auth:
      hello.post_handshake_auth = true;
      return true;
    case key_share:  // KeyShareEntry client_shares<0..2^16-1>;
      hello.key_share = read_list16<KeyShareList>(body, "client_shares", 0, 0xffff);
      return true;
    default:
      return false;
  }
}

// Extensions of other RFCs.
bool read_other_extension(ClientHello& hello, ExtensionType type, Reader& body) {
  using enum ExtensionType;
  switch (type) {
    case server_name:
      hello.server_name = read_server_name_list(body);
      return true;
    case max_fragment_length:  // RFC 6066 §4
      hello.max_fragment_length = body.u8("max_fragment_length");
      return true;
    case status_request:
      hello.status_request = read_certificate_status_request(body);
      return true;
    case ec_point_formats:  // ECPointFormat ec_point_format_list<1..2^8-1>, RFC 8422 §5.1.2
      hello.ec_point_formats = body.vector8("ec_point_format_list", 1, 0xff);
      return true;
    case application_layer_protocol_negotiation:
      hello.application_layer_protocol_negotiation = read_protocol_name_list(body);
      return true;
    case signed_certificate_timestamp:  // empty, RFC 6962 §3.3.1
      hello.signed_certificate_timestamp = true;
      return true;
    case client_certificate_type:  // CertificateType client_certificate_types<1..2^8-1>, RFC 7250 §3
      hello.client_certificate_type = body.vector8("client_certificate_types", 1, 0xff);
      return true;
    case server_certificate_type:
      hello.server_certificate_type = body.vector8("server_certificate_types", 1, 0xff);
      return true;
    case padding:  // RFC 7685 §3
      hello.padding = body.rest("padding");
      return true;
    case encrypt_then_mac:  // empty, RFC 7366 §2
      hello.encrypt_then_mac = true;
      return true;
    case extended_main_secret:  // empty, RFC 7627 §5.1
      hello.extended_main_secret = true;
      return true;
    case compress_certificate:
      hello.compress_certificate = read_compression_algorithms(body);
      return true;
    case record_size_limit:
      hello.record_size_limit = read_record_size_limit(body);
      return true;
    case session_ticket:  // RFC 5077 §3.2
      hello.session_ticket = body.rest("ticket");
      return true;
    case ticket_request:
      hello.ticket_request = read_ticket_request(body);
      return true;
    case renegotiation_info:  // opaque renegotiated_connection<0..255>, RFC 5746 §3.2
      hello.renegotiation_info = body.vector8("renegotiated_connection", 0, 0xff);
      return true;
    default:
      return false;
  }
}

}  // namespace

// struct {
//     ProtocolVersion legacy_version = 0x0303;    /* TLS v1.2 */
//     Random random;
//     opaque legacy_session_id<0..32>;
//     CipherSuite cipher_suites<2..2^16-2>;
//     opaque legacy_compression_methods<1..2^8-1>;
//     Extension extensions<7..2^16-1>;
// } ClientHello;
//
// The extensions' lower bound follows from supported_versions; TLS 1.2 hellos may have none at all.
Result<ClientHello> decode_client_hello(Bytes message, FieldSink* sink) {
  Reader reader(message, 0, sink);
  read_header(reader, ClientHello::kType);
  ClientHello hello;
  hello.raw = message;
  hello.legacy_version = static_cast<ProtocolVersion>(reader.u16("legacy_version"));
  hello.random = reader.bytes("random", 32);
  hello.legacy_session_id = reader.vector8("legacy_session_id", 0, 32);
  hello.cipher_suites = read_codepoints16<CipherSuite>(reader, "cipher_suites", "cipher_suite", 2, 0xfffe);
  hello.legacy_compression_methods = reader.vector8("legacy_compression_methods", 1, 0xff);
  // "The presence of extensions can be detected by determining whether there are bytes following the
  // compression_methods field at the end of the ClientHello." §4.2.2
  if (!reader.empty()) {
    hello.extensions =
        read_extensions(reader, ExtensionPlace::client_hello, [&hello](ExtensionType type, Reader& body) {
          return read_core_extension(hello, type, body) || read_other_extension(hello, type, body);
        });
  }
  return verdict(reader, ClientHello::kType, hello);
}

Result<void> encode_client_hello(const ClientHelloPlan& plan, ByteString& out) {
  return write_message(ClientHello::kType, out, [&plan](Writer& writer) {
    if (plan.random.size() != 32 || plan.legacy_session_id.size() > 32 || plan.cipher_suites.empty()) {
      return false;
    }
    writer.u16(static_cast<std::uint16_t>(plan.legacy_version));
    writer.bytes(plan.random);
    {
      const auto legacy_session_id = writer.vector8();
      writer.bytes(plan.legacy_session_id);
    }
    {
      const auto cipher_suites = writer.vector16();
      for (const CipherSuite suite : plan.cipher_suites) writer.u16(static_cast<std::uint16_t>(suite));
    }
    {
      const auto legacy_compression_methods = writer.vector8();
      writer.u8(0);
    }
    const auto extensions = writer.vector16();
    return write_extensions(writer, plan.extensions);
  });
}

}  // namespace handfast::message
