// See the header.
#include "message/builders.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "message/golden.hpp"
#include "message/server_hello.hpp"
#include "support/hex.hpp"

namespace handfast::message::test {

using handfast::test::from_hex;

namespace {

void append(ByteString& out, Bytes bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

void append_number(ByteString& out, std::size_t value, std::size_t size) {
  for (std::size_t i = size; i-- > 0;) out.push_back(static_cast<std::uint8_t>(value >> (8U * i)));
}

// What comes before `Extension extensions` in the smallest message.
ByteString prefix_of(ExtensionPlace place) {
  const std::string random(64, '7');
  switch (place) {
    case ExtensionPlace::client_hello:
      return from_hex("0303" + random + "00" + "00021301" + "0100");
    case ExtensionPlace::server_hello:
    case ExtensionPlace::server_hello_tls12:
      return from_hex("0303" + random + "00" + "1301" + "00");
    case ExtensionPlace::hello_retry_request: {
      ByteString out = from_hex("0303");
      append(out, kHelloRetryRequestRandom);
      append(out, from_hex("00130100"));
      return out;
    }
    case ExtensionPlace::encrypted_extensions:
      return {};
    case ExtensionPlace::certificate_request:
      return from_hex("00");
    case ExtensionPlace::certificate:
      return from_hex("00");  // the list's length is added when it is known
    case ExtensionPlace::new_session_ticket:
      return from_hex("00000e10 01020304 00 0001aa");
  }
  return {};
}

}  // namespace

RawExtension extension(ExtensionType type, std::string_view body_hex) { return {type, from_hex(body_hex)}; }
RawExtension extension(unsigned type, std::string_view body_hex) {
  return extension(static_cast<ExtensionType>(type), body_hex);
}

ByteString message_of(HandshakeType type, Bytes body) {
  ByteString out{static_cast<std::uint8_t>(type)};
  append_number(out, body.size(), 3);
  append(out, body);
  return out;
}

std::vector<ExtensionPlace> all_places() {
  using enum ExtensionPlace;
  return {client_hello, server_hello,        hello_retry_request, encrypted_extensions,
          certificate,  certificate_request, new_session_ticket,  server_hello_tls12};
}

std::string to_string(ExtensionPlace place) {
  if (place == ExtensionPlace::server_hello_tls12) return "ServerHello (TLS 1.2)";
  return std::string(name_of(type_of(place)));
}

HandshakeType type_of(ExtensionPlace place) {
  switch (place) {
    case ExtensionPlace::client_hello:
      return HandshakeType::client_hello;
    case ExtensionPlace::server_hello:
    case ExtensionPlace::server_hello_tls12:
      return HandshakeType::server_hello;
    case ExtensionPlace::hello_retry_request:
      return HandshakeType::hello_retry_request;
    case ExtensionPlace::encrypted_extensions:
      return HandshakeType::encrypted_extensions;
    case ExtensionPlace::certificate:
      return HandshakeType::certificate;
    case ExtensionPlace::certificate_request:
      return HandshakeType::certificate_request;
    case ExtensionPlace::new_session_ticket:
      return HandshakeType::new_session_ticket;
  }
  return {};
}

std::size_t first_extension(ExtensionPlace place) {
  const std::size_t entry = place == ExtensionPlace::certificate ? 3 + 3 + 1 : 0;
  return 4 + prefix_of(place).size() + entry + 2;
}

ByteString message_with(ExtensionPlace place, std::vector<RawExtension> extensions) {
  if (place == ExtensionPlace::server_hello && std::ranges::none_of(extensions, [](const auto& e) {
        return e.type == ExtensionType::supported_versions;
      })) {
    extensions.push_back(extension(ExtensionType::supported_versions, "0304"));
  }
  ByteString block;
  for (const RawExtension& extension : extensions) {
    append_number(block, static_cast<std::uint16_t>(extension.type), 2);
    append_number(block, extension.body.size(), 2);
    append(block, extension.body);
  }
  ByteString body = prefix_of(place);
  if (place == ExtensionPlace::certificate) {
    append_number(body, 3 + 1 + 2 + block.size(), 3);
    append(body, from_hex("000001cc"));
  }
  append_number(body, block.size(), 2);
  append(body, block);
  const HandshakeType type = type_of(place);
  return message_of(type == HandshakeType::hello_retry_request ? HandshakeType::server_hello : type, body);
}

ByteString valid_body(ExtensionType type, ExtensionPlace place) {
  using enum ExtensionType;
  const bool asked = place == ExtensionPlace::client_hello;
  switch (type) {
    case server_name:
      return from_hex(asked ? "000e 00 000b 6578616d706c652e6f7267" : "");
    case max_fragment_length:
      return from_hex("04");
    case status_request:
      if (place == ExtensionPlace::certificate) return from_hex("01 000002 3000");
      return from_hex(asked ? "01 0004 0002abcd 0001ee" : "");
    case supported_groups:
      return from_hex("0006 11ec 001d 0a0a");
    case ec_point_formats:
      return from_hex("0100");
    case signature_algorithms:
    case signature_algorithms_cert:
      return from_hex("0004 0403 0804");
    case application_layer_protocol_negotiation:
      return from_hex(asked ? "000c 026832 08687474702f312e31" : "0003 026832");
    case signed_certificate_timestamp:
      return from_hex(place == ExtensionPlace::certificate || place == ExtensionPlace::server_hello_tls12
                          ? "0007 0002aabb 0001cc"
                          : "");
    case client_certificate_type:
    case server_certificate_type:
      return from_hex(asked ? "020200" : "02");
    case padding:
      return from_hex("000000");
    case compress_certificate:
      return from_hex("0400010002");
    case record_size_limit:
      return from_hex("4001");
    case session_ticket:
      return from_hex(asked ? "a1a2a3" : "");
    case pre_shared_key:
      if (!asked) return from_hex("0000");
      return from_hex("000f 0002a1a2 00000001 0001b1 00000002 0042 20" + std::string(64, '1') + "20" +
                      std::string(64, '2'));
    case early_data:
      return from_hex(place == ExtensionPlace::new_session_ticket ? "00004000" : "");
    case supported_versions:
      return from_hex(asked ? "04 0304 0303" : "0304");
    case cookie:
      return from_hex("0002c0c1");
    case psk_key_exchange_modes:
      return from_hex("0101");
    case certificate_authorities:
      return from_hex("0008 0002 3000 0002 3000");
    case oid_filters:
      return from_hex("0009 02 5513 0000 01 2a 0000");
    case key_share:
      if (place == ExtensionPlace::hello_retry_request) return from_hex("0017");
      return from_hex(asked ? "000c 0a0a 0001 00 001d 0003 010203" : "001d 0003 010203");
    case ticket_request:
      return from_hex(asked ? "0201" : "02");
    case renegotiation_info:
      return from_hex("00");
    default:
      return {};
  }
}

ByteString rich_message(ExtensionPlace place) {
  std::vector<RawExtension> extensions{extension(0xfafa, "00")};
  for (const ExtensionRule& rule : extension_table()) {
    if (is_allowed(rule.type, place) && rule.type != ExtensionType::pre_shared_key) {
      extensions.push_back({rule.type, valid_body(rule.type, place)});
    }
  }
  if (is_allowed(ExtensionType::pre_shared_key, place)) {
    extensions.push_back({ExtensionType::pre_shared_key, valid_body(ExtensionType::pre_shared_key, place)});
  }
  return message_with(place, extensions);
}

std::vector<Sample> samples() {
  std::vector<Sample> out;
  for (const ExtensionPlace place : all_places()) out.push_back({to_string(place), rich_message(place)});
  for (const auto& [name, hex] : {std::pair{"RFC 8448 ClientHello", kClientHello},
                                  {"RFC 8448 ServerHello", kServerHello},
                                  {"RFC 8448 EncryptedExtensions", kEncryptedExtensions},
                                  {"RFC 8448 CertificateRequest", kCertificateRequest},
                                  {"RFC 8448 CertificateVerify", kCertificateVerify},
                                  {"RFC 8448 Finished", kFinished},
                                  {"RFC 8448 NewSessionTicket", kNewSessionTicket},
                                  {"KeyUpdate", std::string_view("1800000101")},
                                  {"EndOfEarlyData", std::string_view("05000000")}}) {
    out.push_back({name, from_hex(hex)});
  }
  return out;
}

std::string outcome(const Result<void>& result) {
  if (result) return "ok";
  const Error& error = result.error();
  const auto message = error.message();
  return fmt::format("{} at {}+{} in {}", error.info().name, error.field(), error.offset(),
                     message ? name_of(*message) : "nothing");
}

const Field* FieldList::find(std::string_view name) const {
  for (const Field& field : fields) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

}  // namespace handfast::message::test
