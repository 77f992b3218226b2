// Certificate of TLS 1.3: decoder and encoder. RFC 9846 §4.5.1, §4.5.1.1.
// Must not look into certificates, nor refuse an empty list: that depends on the flow.
#pragma once

#include <cstddef>
#include <handfast/bytes.hpp>
#include <handfast/codepoints.hpp>
#include <handfast/error.hpp>
#include <handfast/observer.hpp>
#include <optional>
#include <span>

#include "message/extension.hpp"
#include "message/views.hpp"

namespace handfast::message {

// struct {
//     select (certificate_type) {
//         case RawPublicKey: opaque ASN1_subjectPublicKeyInfo<1..2^24-1>;
//         case X509:         opaque cert_data<1..2^24-1>;
//     };
//     Extension extensions<0..2^16-1>;
// } CertificateEntry;
struct CertificateEntry {
  Bytes cert_data;
  ExtensionBlock extensions;
  std::optional<Bytes> ocsp_response;                 // status_request
  std::optional<Bytes> signed_certificate_timestamp;  // SignedCertificateTimestampList (RFC 6962 §3.3)
  std::size_t offset = 0;

  static CertificateEntry read(wire::Reader& reader);
};
using CertificateEntryList = ElementList<CertificateEntry>;

// Views into `raw`.
struct Certificate {
  static constexpr HandshakeType kType = HandshakeType::certificate;

  Bytes raw;  // header and body
  Bytes certificate_request_context;
  CertificateEntryList certificate_list;
};

// Errors: message_malformed, message_illegal_value, the extension_* codes.
Result<Certificate> decode_certificate(Bytes message, FieldSink* sink = nullptr);

// Appends the content of a certificate_list: `chain` in DER, leaf first; `ocsp_response` and
// `signed_certificate_timestamps` go to the leaf unless empty. A configuration does it once for each variant.
// Errors: internal_error if something is too long or a certificate is empty; then `out` is as it was.
Result<void> encode_certificate_list(std::span<const ByteString> chain, Bytes ocsp_response,
                                     Bytes signed_certificate_timestamps, ByteString& out);
// Appends the whole message around an encoded certificate_list, possibly empty.
Result<void> encode_certificate(Bytes certificate_request_context, Bytes certificate_list, ByteString& out);

}  // namespace handfast::message
