// CertificateVerify and Finished: decoders and encoders. RFC 9846 §4.5.2, §4.5.3.
#include "message/authentication.hpp"

#include "message/message_codec.hpp"

namespace handfast::message {

using wire::Reader;
using wire::Writer;

// struct {
//     SignatureScheme algorithm;
//     opaque signature<0..2^16-1>;
// } CertificateVerify;
Result<CertificateVerify> decode_certificate_verify(Bytes message, FieldSink* sink) {
  Reader reader(message, 0, sink);
  read_header(reader, CertificateVerify::kType);
  CertificateVerify out;
  out.raw = message;
  out.algorithm = static_cast<SignatureScheme>(reader.u16("algorithm"));
  out.signature = reader.vector16("signature", 0, 0xffff);
  return verdict(reader, CertificateVerify::kType, out);
}

// struct {
//     opaque verify_data[Hash.length];
// } Finished;
Result<Finished> decode_finished(Bytes message, FieldSink* sink) {
  Reader reader(message, 0, sink);
  read_header(reader, Finished::kType);
  Finished out;
  out.raw = message;
  out.verify_data = reader.rest("verify_data");
  return verdict(reader, Finished::kType, out);
}

Result<void> check_finished_length(const Finished& finished, std::size_t hash_length) {
  // "it is the size of the HMAC output for the Hash used for the handshake." §4.5.3 Any other length breaks
  // the syntax: decode_error, "the length of the message was incorrect" (§6.2).
  if (finished.verify_data.size() == hash_length) return {};
  return failure(
      Error(ErrorCode::message_malformed).at("verify_data", kHandshakeHeaderSize).in(Finished::kType));
}

Result<void> encode_certificate_verify(SignatureScheme algorithm, Bytes signature, ByteString& out) {
  return write_message(CertificateVerify::kType, out, [&](Writer& writer) {
    writer.u16(static_cast<std::uint16_t>(algorithm));
    const auto scope = writer.vector16();
    writer.bytes(signature);
    return true;
  });
}

Result<void> encode_finished(Bytes verify_data, ByteString& out) {
  return write_message(Finished::kType, out, [&](Writer& writer) {
    writer.bytes(verify_data);
    return true;
  });
}

}  // namespace handfast::message
