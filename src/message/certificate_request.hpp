// CertificateRequest of TLS 1.3: decoder and encoder. RFC 9846 §4.4.2.
// Must not insist on signature_algorithms or on an empty context: that depends on the flow.
#pragma once

#include <handfast/bytes.hpp>
#include <handfast/codepoints.hpp>
#include <handfast/error.hpp>
#include <handfast/observer.hpp>
#include <optional>
#include <span>

#include "message/extension.hpp"
#include "message/extension_types.hpp"
#include "message/planned_extension.hpp"

namespace handfast::message {

// Views into `raw`; an extension that was not sent is empty or false.
struct CertificateRequest {
  static constexpr HandshakeType kType = HandshakeType::certificate_request;

  Bytes raw;  // header and body
  Bytes certificate_request_context;
  ExtensionBlock extensions;

  bool status_request = false;
  std::optional<CodepointList<SignatureScheme>> signature_algorithms;
  std::optional<CodepointList<SignatureScheme>> signature_algorithms_cert;
  bool signed_certificate_timestamp = false;
  std::optional<CodepointList<CertificateCompressionAlgorithm>> compress_certificate;
  std::optional<DistinguishedNameList> certificate_authorities;
  std::optional<OidFilterList> oid_filters;
};

// Errors: message_malformed, the extension_* codes.
Result<CertificateRequest> decode_certificate_request(Bytes message, FieldSink* sink = nullptr);

// Extensions in this order: signature_algorithms, signature_algorithms_cert, certificate_authorities,
// status_request, signed_certificate_timestamp, extra.
struct CertificateRequestPlan {
  Bytes certificate_request_context;
  std::span<const SignatureScheme> signature_algorithms;
  std::span<const SignatureScheme> signature_algorithms_cert;  // empty: not sent
  std::span<const ByteString> certificate_authorities;         // DER names; empty: not sent
  bool status_request = false;
  bool signed_certificate_timestamp = false;
  std::span<const PlannedExtension> extra;
};

// Appends the whole message. Errors: internal_error if the plan breaks the syntax; then `out` is as it was.
Result<void> encode_certificate_request(const CertificateRequestPlan& plan, ByteString& out);

}  // namespace handfast::message
