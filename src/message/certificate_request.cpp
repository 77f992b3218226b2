// CertificateRequest of TLS 1.3: decoder and encoder. RFC 9846 §4.4.2, §4.5.1.1.
#include "message/certificate_request.hpp"

#include "message/extension_bodies.hpp"
#include "message/extension_encoders.hpp"
#include "message/extension_reader.hpp"
#include "message/message_codec.hpp"

namespace handfast::message {
namespace {

using wire::Reader;
using wire::Writer;

bool read_extension(CertificateRequest& message, ExtensionType type, Reader& body) {
  using enum ExtensionType;
  switch (type) {
    case status_request:  // empty, §4.5.1.1
      message.status_request = true;
      return true;
    case signature_algorithms:
      message.signature_algorithms = read_signature_schemes(body);
      return true;
    case signature_algorithms_cert:
      message.signature_algorithms_cert = read_signature_schemes(body);
      return true;
    case signed_certificate_timestamp:  // empty, RFC 6962 §3.3.1
      message.signed_certificate_timestamp = true;
      return true;
    case compress_certificate:
      message.compress_certificate = read_compression_algorithms(body);
      return true;
    case certificate_authorities:
      message.certificate_authorities = read_certificate_authorities(body);
      return true;
    case oid_filters:  // OIDFilter filters<0..2^16-1>;
      message.oid_filters = read_list16<OidFilterList>(body, "filters", 0, 0xffff);
      return true;
    default:
      return false;
  }
}

}  // namespace

// struct {
//     opaque certificate_request_context<0..2^8-1>;
//     Extension extensions<0..2^16-1>;
// } CertificateRequest;
Result<CertificateRequest> decode_certificate_request(Bytes message, FieldSink* sink) {
  Reader reader(message, 0, sink);
  read_header(reader, CertificateRequest::kType);
  CertificateRequest out;
  out.raw = message;
  out.certificate_request_context = reader.vector8("certificate_request_context", 0, 0xff);
  out.extensions =
      read_extensions(reader, ExtensionPlace::certificate_request,
                      [&out](ExtensionType type, Reader& body) { return read_extension(out, type, body); });
  return verdict(reader, CertificateRequest::kType, out);
}

Result<void> encode_certificate_request(const CertificateRequestPlan& plan, ByteString& out) {
  return write_message(CertificateRequest::kType, out, [&plan](Writer& writer) {
    {
      const auto context = writer.vector8();
      writer.bytes(plan.certificate_request_context);
    }
    const auto extensions = writer.vector16();
    if (!plan.signature_algorithms.empty()) {
      write_extension(writer, ExtensionType::signature_algorithms, encode_signature_algorithms,
                      plan.signature_algorithms);
    }
    if (!plan.signature_algorithms_cert.empty()) {
      write_extension(writer, ExtensionType::signature_algorithms_cert, encode_signature_algorithms,
                      plan.signature_algorithms_cert);
    }
    if (!plan.certificate_authorities.empty()) {
      write_extension(writer, ExtensionType::certificate_authorities, encode_certificate_authorities,
                      plan.certificate_authorities);
    }
    if (plan.status_request) write_empty_extension(writer, ExtensionType::status_request);
    if (plan.signed_certificate_timestamp) {
      write_empty_extension(writer, ExtensionType::signed_certificate_timestamp);
    }
    return write_extensions(writer, plan.extra);
  });
}

}  // namespace handfast::message
