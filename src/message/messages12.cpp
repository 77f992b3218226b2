// Messages of TLS 1.2: see the header.
#include "message/messages12.hpp"

#include "message/extension_bodies.hpp"
#include "message/extension_encoders.hpp"
#include "message/message_codec.hpp"

namespace handfast::message {
namespace {

using wire::Reader;
using wire::Writer;

template <class Message>
Result<Message> decode_empty(Bytes message, FieldSink* sink) {
  Reader reader(message, 0, sink);
  read_header(reader, Message::kType);
  return verdict(reader, Message::kType, Message{message});
}

}  // namespace

Asn1Certificate Asn1Certificate::read(Reader& reader) {
  Asn1Certificate certificate;
  certificate.offset = reader.offset();
  certificate.data = reader.vector24("ASN.1Cert", 1, 0xffffff);
  return certificate;
}

// struct {
//     ASN.1Cert certificate_list<0..2^24-1>;
// } Certificate;
Result<Certificate12> decode_certificate12(Bytes message, FieldSink* sink) {
  Reader reader(message, 0, sink);
  read_header(reader, Certificate12::kType);
  Certificate12 out;
  out.raw = message;
  Reader list = reader.nested24("certificate_list", 0, 0xffffff);
  out.certificate_list = ElementList<Asn1Certificate>(list.peek(), list.offset());
  while (!list.empty()) Asn1Certificate::read(list);
  return verdict(reader, Certificate12::kType, out);
}

Result<CertificateStatus> decode_certificate_status(Bytes message, FieldSink* sink) {
  Reader reader(message, 0, sink);
  read_header(reader, CertificateStatus::kType);
  CertificateStatus out;
  out.raw = message;
  out.ocsp_response = read_certificate_status(reader);
  return verdict(reader, CertificateStatus::kType, out);
}

// struct {
//     ClientCertificateType certificate_types<1..2^8-1>;
//     SignatureAndHashAlgorithm supported_signature_algorithms<2^16-1>;
//     DistinguishedName certificate_authorities<0..2^16-1>;
// } CertificateRequest;
Result<CertificateRequest12> decode_certificate_request12(Bytes message, FieldSink* sink) {
  Reader reader(message, 0, sink);
  read_header(reader, CertificateRequest12::kType);
  CertificateRequest12 out;
  out.raw = message;
  out.certificate_types = reader.vector8("certificate_types", 1, 0xff);
  out.signature_algorithms = read_signature_schemes(reader);
  out.certificate_authorities =
      read_list16<DistinguishedNameList>(reader, "certificate_authorities", 0, 0xffff);
  return verdict(reader, CertificateRequest12::kType, out);
}

Result<ServerHelloDone> decode_server_hello_done(Bytes message, FieldSink* sink) {
  return decode_empty<ServerHelloDone>(message, sink);
}

// struct {
//     uint32 ticket_lifetime_hint;
//     opaque ticket<0..2^16-1>;
// } NewSessionTicket;
Result<NewSessionTicket12> decode_new_session_ticket12(Bytes message, FieldSink* sink) {
  Reader reader(message, 0, sink);
  read_header(reader, NewSessionTicket12::kType);
  NewSessionTicket12 out;
  out.raw = message;
  out.ticket_lifetime_hint = reader.u32("ticket_lifetime_hint");
  out.ticket = reader.vector16("ticket", 0, 0xffff);
  return verdict(reader, NewSessionTicket12::kType, out);
}

Result<HelloRequest> decode_hello_request(Bytes message, FieldSink* sink) {
  return decode_empty<HelloRequest>(message, sink);
}

Result<void> encode_certificate12(std::span<const ByteString> chain, ByteString& out) {
  return write_message(Certificate12::kType, out, [&](Writer& writer) {
    const auto list = writer.vector24();
    for (const ByteString& certificate : chain) {
      if (certificate.empty()) return false;
      const auto scope = writer.vector24();
      writer.bytes(certificate);
    }
    return true;
  });
}

Result<void> encode_certificate_status_message(Bytes ocsp_response, ByteString& out) {
  return write_message(CertificateStatus::kType, out, [&](Writer& writer) {
    encode_certificate_status(writer, ocsp_response);
    return !ocsp_response.empty();
  });
}

Result<void> encode_certificate_request12(std::span<const SignatureScheme> signature_algorithms,
                                          std::span<const ByteString> certificate_authorities,
                                          ByteString& out) {
  return write_message(CertificateRequest12::kType, out, [&](Writer& writer) {
    {
      const auto types = writer.vector8();
      writer.u8(static_cast<std::uint8_t>(ClientCertificateType::ecdsa_sign));
      writer.u8(static_cast<std::uint8_t>(ClientCertificateType::rsa_sign));
    }
    encode_signature_algorithms(writer, signature_algorithms);
    encode_certificate_authorities(writer, certificate_authorities);
    return true;
  });
}

Result<void> encode_server_hello_done(ByteString& out) {
  return write_message(ServerHelloDone::kType, out, [](Writer&) { return true; });
}

Result<void> encode_new_session_ticket12(std::uint32_t ticket_lifetime_hint, Bytes ticket, ByteString& out) {
  return write_message(NewSessionTicket12::kType, out, [&](Writer& writer) {
    writer.u32(ticket_lifetime_hint);
    const auto scope = writer.vector16();
    writer.bytes(ticket);
    return true;
  });
}

}  // namespace handfast::message
