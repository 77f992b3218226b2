// CompressedCertificate: decoder and encoder. RFC 8879 §4.
#include "message/compressed_certificate.hpp"

#include "message/message_codec.hpp"

namespace handfast::message {

using wire::Reader;
using wire::Writer;

// struct {
//     CertificateCompressionAlgorithm algorithm;
//     uint24 uncompressed_length;
//     opaque compressed_certificate_message<1..2^24-1>;
// } CompressedCertificate;
Result<CompressedCertificate> decode_compressed_certificate(Bytes message, FieldSink* sink) {
  Reader reader(message, 0, sink);
  read_header(reader, CompressedCertificate::kType);
  CompressedCertificate out;
  out.raw = message;
  out.algorithm = static_cast<CertificateCompressionAlgorithm>(reader.u16("algorithm"));
  out.uncompressed_length = reader.u24("uncompressed_length");
  out.compressed_certificate_message = reader.vector24("compressed_certificate_message", 1, 0xffffff);
  return verdict(reader, CompressedCertificate::kType, out);
}

Result<void> encode_compressed_certificate(CertificateCompressionAlgorithm algorithm,
                                           std::size_t uncompressed_length,
                                           Bytes compressed_certificate_message, ByteString& out) {
  return write_message(CompressedCertificate::kType, out, [&](Writer& writer) {
    writer.u16(static_cast<std::uint16_t>(algorithm));
    writer.u24(static_cast<std::uint32_t>(uncompressed_length));
    const auto content = writer.vector24();
    writer.bytes(compressed_certificate_message);
    return uncompressed_length <= 0xffffff && !compressed_certificate_message.empty();
  });
}

}  // namespace handfast::message
