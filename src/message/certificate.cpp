// Certificate of TLS 1.3: decoder and encoder. RFC 9846 §4.5.1, §4.5.1.1.
#include "message/certificate.hpp"

#include "message/extension_bodies.hpp"
#include "message/extension_encoders.hpp"
#include "message/extension_reader.hpp"
#include "message/message_codec.hpp"

namespace handfast::message {

using wire::Reader;
using wire::Writer;

CertificateEntry CertificateEntry::read(Reader& reader) {
  CertificateEntry entry;
  entry.offset = reader.offset();
  entry.cert_data = reader.vector24("cert_data", 1, 0xffffff);
  entry.extensions =
      read_extensions(reader, ExtensionPlace::certificate, [&entry](ExtensionType type, Reader& body) {
        if (type == ExtensionType::status_request) {
          entry.ocsp_response = read_certificate_status(body);
          return true;
        }
        if (type == ExtensionType::signed_certificate_timestamp) {
          entry.signed_certificate_timestamp = read_signed_certificate_timestamps(body);
          return true;
        }
        return false;
      });
  return entry;
}

// struct {
//     opaque certificate_request_context<0..2^8-1>;
//     CertificateEntry certificate_list<0..2^24-1>;
// } Certificate;
Result<Certificate> decode_certificate(Bytes message, FieldSink* sink) {
  Reader reader(message, 0, sink);
  read_header(reader, Certificate::kType);
  Certificate out;
  out.raw = message;
  out.certificate_request_context = reader.vector8("certificate_request_context", 0, 0xff);
  Reader list = reader.nested24("certificate_list", 0, 0xffffff);
  out.certificate_list = CertificateEntryList(list.peek(), list.offset());
  while (!list.empty()) CertificateEntry::read(list);
  return verdict(reader, Certificate::kType, out);
}

Result<void> encode_certificate_list(std::span<const ByteString> chain, Bytes ocsp_response,
                                     Bytes signed_certificate_timestamps, ByteString& out) {
  const std::size_t start = out.size();
  Writer writer(out);
  bool valid = true;
  for (std::size_t i = 0; i < chain.size(); ++i) {
    valid = valid && !chain[i].empty();
    {
      const auto cert_data = writer.vector24();
      writer.bytes(chain[i]);
    }
    const auto extensions = writer.vector16();
    if (i != 0) continue;
    if (!ocsp_response.empty()) {
      write_extension(writer, ExtensionType::status_request, encode_certificate_status, ocsp_response);
    }
    if (!signed_certificate_timestamps.empty()) {
      writer.u16(static_cast<std::uint16_t>(ExtensionType::signed_certificate_timestamp));
      const auto body = writer.vector16();
      writer.bytes(signed_certificate_timestamps);
    }
  }
  if (valid && !writer.overflowed()) return {};
  out.resize(start);
  return failure(Error(ErrorCode::internal_error).in(Certificate::kType));
}

Result<void> encode_certificate(Bytes certificate_request_context, Bytes certificate_list, ByteString& out) {
  return write_message(Certificate::kType, out, [&](Writer& writer) {
    {
      const auto context = writer.vector8();
      writer.bytes(certificate_request_context);
    }
    const auto list = writer.vector24();
    writer.bytes(certificate_list);
    return true;
  });
}

}  // namespace handfast::message
