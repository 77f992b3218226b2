// ServerHello and HelloRetryRequest: decoder and encoders. RFC 9846 §4.2.3, §4.2.4.
#include "message/server_hello.hpp"

#include <algorithm>

#include "message/extension_bodies.hpp"
#include "message/extension_encoders.hpp"
#include "message/extension_reader.hpp"
#include "message/message_codec.hpp"

namespace handfast::message {
namespace {

using wire::Reader;
using wire::Writer;

constexpr std::size_t kRandomOffset = kHandshakeHeaderSize + 2;

// What a ServerHello of TLS 1.2 answers, by the RFC of each extension.
bool read_extension12(ServerHello& hello, ExtensionType type, Reader& body) {
  using enum ExtensionType;
  switch (type) {
    case server_name:  // empty, RFC 6066 §3
      hello.server_name = true;
      return true;
    case max_fragment_length:  // RFC 6066 §4
      hello.max_fragment_length = body.u8("max_fragment_length");
      return true;
    case status_request:  // empty, RFC 6066 §8
      hello.status_request = true;
      return true;
    case ec_point_formats:  // RFC 8422 §5.2
      hello.ec_point_formats = body.vector8("ec_point_format_list", 1, 0xff);
      return true;
    case application_layer_protocol_negotiation:
      hello.application_protocol = read_chosen_protocol(body);
      return true;
    case signed_certificate_timestamp:
      hello.signed_certificate_timestamp = read_signed_certificate_timestamps(body);
      return true;
    case extended_main_secret:  // empty, RFC 7627 §5.1
      hello.extended_main_secret = true;
      return true;
    case record_size_limit:
      hello.record_size_limit = read_record_size_limit(body);
      return true;
    case session_ticket:  // empty, RFC 5077 §3.2
      hello.session_ticket = true;
      return true;
    case renegotiation_info:  // opaque renegotiated_connection<0..255>, RFC 5746 §3.2
      hello.renegotiation_info = body.vector8("renegotiated_connection", 0, 0xff);
      return true;
    default:
      return false;
  }
}

bool read_extension(ServerHello& hello, ExtensionType type, Reader& body) {
  using enum ExtensionType;
  switch (type) {
    case supported_versions:
      hello.selected_version = static_cast<ProtocolVersion>(body.u16("selected_version"));
      return true;
    case key_share:
      if (hello.is_hello_retry_request) {
        hello.selected_group = static_cast<NamedGroup>(body.u16("selected_group"));
      } else {
        hello.key_share = KeyShareEntry::read(body);
      }
      return true;
    case cookie:  // opaque cookie<1..2^16-1>;
      hello.cookie = body.vector16("cookie", 1, 0xffff);
      return true;
    case pre_shared_key:
      hello.selected_identity = body.u16("selected_identity");
      return true;
    default:
      return false;
  }
}

// "clients MUST check for this extension [supported_versions] prior to processing the rest of the
// ServerHello. This will require clients to parse the ServerHello to read the extension." §4.3.1
ExtensionPlace place_of(const ServerHello& hello, Bytes extensions_field) {
  if (hello.is_hello_retry_request) return ExtensionPlace::hello_retry_request;
  const Bytes block = extensions_field.subspan(std::min<std::size_t>(2, extensions_field.size()));
  return ExtensionBlock(block, 0).contains(ExtensionType::supported_versions)
             ? ExtensionPlace::server_hello
             : ExtensionPlace::server_hello_tls12;
}

void write_session_id(Writer& writer, Bytes legacy_session_id_echo) {
  const auto scope = writer.vector8();
  writer.bytes(legacy_session_id_echo);
}

}  // namespace

bool is_hello_retry_request(Bytes message) {
  if (message.size() < kRandomOffset + kHelloRetryRequestRandom.size()) return false;
  return message[0] == static_cast<std::uint8_t>(HandshakeType::server_hello) &&
         std::ranges::equal(message.subspan(kRandomOffset, kHelloRetryRequestRandom.size()),
                            kHelloRetryRequestRandom);
}

// struct {
//     ProtocolVersion legacy_version = 0x0303;    /* TLS v1.2 */
//     Random random;
//     opaque legacy_session_id_echo<0..32>;
//     CipherSuite cipher_suite;
//     uint8 legacy_compression_method = 0;
//     Extension extensions<6..2^16-1>;
// } ServerHello;
//
// The extensions' lower bound follows from supported_versions; a ServerHello of TLS 1.2 may have none at all.
Result<ServerHello> decode_server_hello(Bytes message, FieldSink* sink) {
  Reader reader(message, 0, sink);
  read_header(reader, ServerHello::kType);
  ServerHello hello;
  hello.raw = message;
  // "Upon receiving a message with type server_hello, implementations MUST first examine the Random value"
  // §4.2.3
  hello.is_hello_retry_request = is_hello_retry_request(message);
  hello.legacy_version = static_cast<ProtocolVersion>(reader.u16("legacy_version"));
  hello.random = reader.bytes("random", 32);
  hello.legacy_session_id_echo = reader.vector8("legacy_session_id_echo", 0, 32);
  hello.cipher_suite = static_cast<CipherSuite>(reader.u16("cipher_suite"));
  hello.legacy_compression_method = reader.u8("legacy_compression_method");
  if (!reader.empty()) {
    const ExtensionPlace place = place_of(hello, reader.peek());
    const bool is_tls12 = place == ExtensionPlace::server_hello_tls12;
    hello.extensions = read_extensions(reader, place, [&](ExtensionType type, Reader& body) {
      return is_tls12 ? read_extension12(hello, type, body) : read_extension(hello, type, body);
    });
  }
  const HandshakeType type = hello.type();
  return verdict(reader, type, hello);
}

Result<void> encode_server_hello(const ServerHelloPlan& plan, ByteString& out) {
  return write_message(HandshakeType::server_hello, out, [&plan](Writer& writer) {
    if (plan.random.size() != 32 || plan.legacy_session_id_echo.size() > 32) return false;
    writer.u16(static_cast<std::uint16_t>(plan.legacy_version));
    writer.bytes(plan.random);
    write_session_id(writer, plan.legacy_session_id_echo);
    writer.u16(static_cast<std::uint16_t>(plan.cipher_suite));
    writer.u8(0);
    // TLS 1.2: "The presence of extensions can be detected by determining whether there are bytes following
    // the compression_method field" (RFC 5246 §7.4.1.3); a client that sends none may not know them.
    const bool is_bare =
        !plan.key_share && !plan.selected_identity && !plan.selected_version && plan.extra.empty();
    if (is_bare) return true;
    const auto extensions = writer.vector16();
    if (plan.key_share) {
      write_extension(writer, ExtensionType::key_share, encode_key_share_server, *plan.key_share);
    }
    if (plan.selected_identity) {
      write_extension(writer, ExtensionType::pre_shared_key, encode_selected_identity,
                      *plan.selected_identity);
    }
    if (plan.selected_version) {
      write_extension(writer, ExtensionType::supported_versions, encode_selected_version,
                      *plan.selected_version);
    }
    return write_extensions(writer, plan.extra);
  });
}

Result<void> encode_hello_retry_request(const HelloRetryRequestPlan& plan, ByteString& out) {
  auto written = write_message(HandshakeType::server_hello, out, [&plan](Writer& writer) {
    if (plan.legacy_session_id_echo.size() > 32) return false;
    writer.u16(static_cast<std::uint16_t>(ProtocolVersion::tls1_2));
    writer.bytes(kHelloRetryRequestRandom);
    write_session_id(writer, plan.legacy_session_id_echo);
    writer.u16(static_cast<std::uint16_t>(plan.cipher_suite));
    writer.u8(0);
    const auto extensions = writer.vector16();
    if (plan.selected_group) {
      write_extension(writer, ExtensionType::key_share, encode_key_share_retry, *plan.selected_group);
    }
    if (!plan.cookie.empty()) {
      write_extension(writer, ExtensionType::cookie, encode_cookie, plan.cookie);
    }
    write_extension(writer, ExtensionType::supported_versions, encode_selected_version,
                    plan.selected_version);
    return write_extensions(writer, plan.extra);
  });
  if (!written) written.error().in(HandshakeType::hello_retry_request);
  return written;
}

}  // namespace handfast::message
