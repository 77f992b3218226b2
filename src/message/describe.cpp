// describe_fields: dispatches to the production decoders by type.
#include "message/describe.hpp"

#include "message/decode.hpp"
#include "wire/reader.hpp"

namespace handfast::message {
namespace {

template <class Message>
Result<void> decode_as(Bytes message, FieldSink* sink) {
  HANDFAST_TRY(decode<Message>(message, sink));
  return {};
}

Result<void> decode_opaque(Bytes message, FieldSink* sink) {
  wire::Reader reader(message, 0, sink);
  const auto type = static_cast<HandshakeType>(reader.u8("msg_type"));
  const std::size_t offset = reader.offset();
  if (reader.u24("length") != reader.remaining()) reader.fail("length", offset);
  if (!reader.empty()) reader.rest("body");
  auto end = reader.finish();
  if (!end && !message.empty()) end.error().in(type);
  return end;
}

Result<void> decode_tls13(HandshakeType type, Bytes message, FieldSink* sink) {
  using enum HandshakeType;
  switch (type) {
    case encrypted_extensions:
      return decode_as<EncryptedExtensions>(message, sink);
    case certificate_request:
      return decode_as<CertificateRequest>(message, sink);
    case certificate:
      return decode_as<Certificate>(message, sink);
    case compressed_certificate:
      return decode_as<CompressedCertificate>(message, sink);
    case new_session_ticket:
      return decode_as<NewSessionTicket>(message, sink);
    case key_update:
      return decode_as<KeyUpdate>(message, sink);
    case end_of_early_data:
      return decode_as<EndOfEarlyData>(message, sink);
    default:
      return decode_opaque(message, sink);
  }
}

Result<void> decode_tls12(HandshakeType type, Bytes message, KeyExchange exchange, FieldSink* sink) {
  using enum HandshakeType;
  switch (type) {
    case certificate:
      return decode_as<Certificate12>(message, sink);
    case certificate_status:
      return decode_as<CertificateStatus>(message, sink);
    case server_key_exchange:
      if (exchange == KeyExchange::dhe) {
        HANDFAST_TRY(decode_server_dh_params(message, sink));
      } else {
        HANDFAST_TRY(decode_server_ecdh_params(message, sink));
      }
      return {};
    case certificate_request:
      return decode_as<CertificateRequest12>(message, sink);
    case client_key_exchange:
      HANDFAST_TRY(decode_client_exchange_keys(exchange, message, sink));
      return {};
    case new_session_ticket:
      return decode_as<NewSessionTicket12>(message, sink);
    default:
      return decode_opaque(message, sink);
  }
}

Result<void> describe(Bytes message, ProtocolVersion version, KeyExchange exchange, FieldSink* sink) {
  using enum HandshakeType;
  if (message.empty()) return decode_opaque(message, sink);
  const auto type = static_cast<HandshakeType>(message[0]);
  switch (type) {
    case client_hello:
      return decode_as<ClientHello>(message, sink);
    case server_hello:
      return decode_as<ServerHello>(message, sink);
    case certificate_verify:  // the same syntax in TLS 1.2
      return decode_as<CertificateVerify>(message, sink);
    case finished:
      return decode_as<Finished>(message, sink);
    default:
      return version == ProtocolVersion::tls1_3 ? decode_tls13(type, message, sink)
                                                : decode_tls12(type, message, exchange, sink);
  }
}

}  // namespace

Result<void> describe_fields(Bytes message, ProtocolVersion version, FieldSink& sink, KeyExchange exchange) {
  return describe(message, version, exchange, &sink);
}

Result<void> decode_any(Bytes message, FieldSink* sink) {
  return describe(message, ProtocolVersion::tls1_3, KeyExchange::by_extension, sink);
}

}  // namespace handfast::message
