// The key exchange messages of TLS 1.2: see the header.
#include "message/key_exchange12.hpp"

#include "message/message_codec.hpp"

namespace handfast::message {
namespace {

using wire::Reader;
using wire::Writer;

constexpr std::uint8_t kNamedCurve = 3;

// digitally-signed struct {
//     opaque client_random[32];
//     opaque server_random[32];
//     ServerDHParams or ServerECDHParams params;
// } signed_params;
SignedParameters read_signature(Reader& reader, Bytes message) {
  SignedParameters out;
  out.algorithm_offset = reader.offset();
  if (!reader.failed()) {
    out.params = message.first(out.algorithm_offset).subspan(kHandshakeHeaderSize);
  }
  out.algorithm = static_cast<SignatureScheme>(reader.u16("algorithm"));
  out.signature = reader.vector16("signature", 0, 0xffff);
  return out;
}

template <class Message>
Result<Message> decode_opaque(Bytes message, const char* body, FieldSink* sink) {
  Reader reader(message, 0, sink);
  read_header(reader, Message::kType);
  reader.rest(body);
  return verdict(reader, Message::kType, Message{message});
}

}  // namespace

Result<ServerKeyExchange> decode_server_key_exchange(Bytes message, FieldSink* sink) {
  return decode_opaque<ServerKeyExchange>(message, "params", sink);
}

Result<ClientKeyExchange> decode_client_key_exchange(Bytes message, FieldSink* sink) {
  return decode_opaque<ClientKeyExchange>(message, "exchange_keys", sink);
}

// struct {
//     ECCurveType curve_type;           /* named_curve */
//     NamedCurve namedcurve;
//     ECPoint public;                   /* opaque point <1..2^8-1>; */
// } ServerECDHParams;
Result<ServerEcdhParams> decode_server_ecdh_params(Bytes message, FieldSink* sink) {
  Reader reader(message, 0, sink);
  read_header(reader, ServerKeyExchange::kType);
  ServerEcdhParams out;
  const std::size_t offset = reader.offset();
  // Explicit curves "MUST NOT" be used (RFC 8422 §5.4).
  if (reader.u8("curve_type") != kNamedCurve)
    reader.fail("curve_type", offset, ErrorCode::message_illegal_value);
  out.group = static_cast<NamedGroup>(reader.u16("namedcurve"));
  out.public_offset = reader.offset() + 1;
  out.public_key = reader.vector8("point", 1, 0xff);
  out.signature = read_signature(reader, message);
  return verdict(reader, ServerKeyExchange::kType, out);
}

// struct {
//     opaque dh_p<1..2^16-1>;
//     opaque dh_g<1..2^16-1>;
//     opaque dh_Ys<1..2^16-1>;
// } ServerDHParams;
Result<ServerDhParams> decode_server_dh_params(Bytes message, FieldSink* sink) {
  Reader reader(message, 0, sink);
  read_header(reader, ServerKeyExchange::kType);
  ServerDhParams out;
  out.prime_offset = reader.offset() + 2;
  out.prime = reader.vector16("dh_p", 1, 0xffff);
  out.generator = reader.vector16("dh_g", 1, 0xffff);
  out.public_offset = reader.offset() + 2;
  out.public_key = reader.vector16("dh_Ys", 1, 0xffff);
  out.signature = read_signature(reader, message);
  return verdict(reader, ServerKeyExchange::kType, out);
}

// struct {
//     select (KeyExchangeAlgorithm) {
//         case rsa:                  EncryptedPreMasterSecret;   /* opaque <0..2^16-1> */
//         case dhe_rsa:              opaque dh_Yc<1..2^16-1>;
//         case ec_diffie_hellman:    ECPoint ecdh_Yc;            /* opaque point <1..2^8-1>; */
//     } exchange_keys;
// } ClientKeyExchange;
Result<Bytes> decode_client_exchange_keys(KeyExchange exchange, Bytes message, FieldSink* sink) {
  Reader reader(message, 0, sink);
  read_header(reader, ClientKeyExchange::kType);
  Bytes keys;
  switch (exchange) {
    case KeyExchange::rsa:
      keys = reader.vector16("encrypted_pre_master_secret", 0, 0xffff);
      break;
    case KeyExchange::dhe:
      keys = reader.vector16("dh_Yc", 1, 0xffff);
      break;
    default:
      keys = reader.vector8("ecdh_Yc", 1, 0xff);
      break;
  }
  return verdict(reader, ClientKeyExchange::kType, keys);
}

Result<ByteString> encode_server_ecdh_params(NamedGroup group, Bytes public_key) {
  ByteString out;
  Writer writer(out);
  writer.u8(kNamedCurve);
  writer.u16(static_cast<std::uint16_t>(group));
  {
    const auto point = writer.vector8();
    writer.bytes(public_key);
  }
  if (writer.overflowed()) return failure(ErrorCode::internal_error);
  return out;
}

Result<ByteString> encode_server_dh_params(Bytes prime, Bytes generator, Bytes public_key) {
  ByteString out;
  Writer writer(out);
  for (const Bytes number : {prime, generator, public_key}) {
    const auto scope = writer.vector16();
    writer.bytes(number);
  }
  if (writer.overflowed()) return failure(ErrorCode::internal_error);
  return out;
}

Result<void> encode_server_key_exchange(Bytes params, SignatureScheme algorithm, Bytes signature,
                                        ByteString& out) {
  return write_message(ServerKeyExchange::kType, out, [&](Writer& writer) {
    writer.bytes(params);
    writer.u16(static_cast<std::uint16_t>(algorithm));
    const auto scope = writer.vector16();
    writer.bytes(signature);
    return true;
  });
}

Result<void> encode_client_key_exchange(KeyExchange exchange, Bytes exchange_keys, ByteString& out) {
  return write_message(ClientKeyExchange::kType, out, [&](Writer& writer) {
    if (exchange == KeyExchange::ecdhe) {
      const auto point = writer.vector8();
      writer.bytes(exchange_keys);
    } else {
      const auto scope = writer.vector16();
      writer.bytes(exchange_keys);
    }
    return true;
  });
}

}  // namespace handfast::message
