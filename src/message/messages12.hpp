// The other messages that TLS 1.2 has for itself: Certificate, CertificateStatus, CertificateRequest,
// ServerHelloDone, NewSessionTicket, HelloRequest. RFC 5246 §7.4.1.1, §7.4.2, §7.4.4, §7.4.5; RFC 6066 §8;
// RFC 5077 §3.3. CertificateVerify and Finished look as in TLS 1.3. Must not look into certificates.
#pragma once

#include <cstddef>
#include <cstdint>
#include <handfast/bytes.hpp>
#include <handfast/codepoints.hpp>
#include <handfast/error.hpp>
#include <handfast/observer.hpp>
#include <span>

#include "message/extension_types.hpp"
#include "message/views.hpp"

namespace handfast::message {

// opaque ASN.1Cert<1..2^24-1>;
struct Asn1Certificate {
  Bytes data;
  std::size_t offset = 0;

  static Asn1Certificate read(wire::Reader& reader);
};

struct Certificate12 {
  static constexpr HandshakeType kType = HandshakeType::certificate;
  Bytes raw;  // header and body
  ElementList<Asn1Certificate> certificate_list;
};

struct CertificateStatus {
  static constexpr HandshakeType kType = HandshakeType::certificate_status;
  Bytes raw;            // header and body
  Bytes ocsp_response;  // DER
};

enum class ClientCertificateType : std::uint8_t {
  rsa_sign = 1,
  ecdsa_sign = 64
};  // RFC 5246 §7.4.4, RFC 8422 §5.5

struct CertificateRequest12 {
  static constexpr HandshakeType kType = HandshakeType::certificate_request;
  Bytes raw;                // header and body
  Bytes certificate_types;  // ClientCertificateType bytes
  CodepointList<SignatureScheme> signature_algorithms;
  DistinguishedNameList certificate_authorities;
};

struct ServerHelloDone {
  static constexpr HandshakeType kType = HandshakeType::server_hello_done;
  Bytes raw;  // header only
};

struct NewSessionTicket12 {
  static constexpr HandshakeType kType = HandshakeType::new_session_ticket;
  Bytes raw;                               // header and body
  std::uint32_t ticket_lifetime_hint = 0;  // seconds; 0: not said
  Bytes ticket;                            // empty: the server has none after all
};

struct HelloRequest {
  static constexpr HandshakeType kType = HandshakeType::hello_request;
  Bytes raw;  // header only
};

// Errors: message_malformed, message_illegal_value.
Result<Certificate12> decode_certificate12(Bytes message, FieldSink* sink = nullptr);
Result<CertificateStatus> decode_certificate_status(Bytes message, FieldSink* sink = nullptr);
Result<CertificateRequest12> decode_certificate_request12(Bytes message, FieldSink* sink = nullptr);
Result<ServerHelloDone> decode_server_hello_done(Bytes message, FieldSink* sink = nullptr);
Result<NewSessionTicket12> decode_new_session_ticket12(Bytes message, FieldSink* sink = nullptr);
Result<HelloRequest> decode_hello_request(Bytes message, FieldSink* sink = nullptr);

// Append the whole message. Errors: internal_error if something is too long; then `out` is as it was.
Result<void> encode_certificate12(std::span<const ByteString> chain, ByteString& out);
Result<void> encode_certificate_status_message(Bytes ocsp_response, ByteString& out);
Result<void> encode_certificate_request12(std::span<const SignatureScheme> signature_algorithms,
                                          std::span<const ByteString> certificate_authorities,
                                          ByteString& out);
Result<void> encode_server_hello_done(ByteString& out);
Result<void> encode_new_session_ticket12(std::uint32_t ticket_lifetime_hint, Bytes ticket, ByteString& out);

}  // namespace handfast::message
