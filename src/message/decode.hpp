// decode<M>: the decoder of a message by its type, for flows that receive messages by type.
// RFC 9846 §4, RFC 5246 §7.4. Also includes every message's header.
#pragma once

#include <handfast/bytes.hpp>
#include <handfast/error.hpp>
#include <handfast/observer.hpp>

#include "message/authentication.hpp"
#include "message/certificate.hpp"
#include "message/certificate_request.hpp"
#include "message/client_hello.hpp"
#include "message/compressed_certificate.hpp"
#include "message/encrypted_extensions.hpp"
#include "message/handshake_header.hpp"
#include "message/key_exchange12.hpp"
#include "message/messages12.hpp"
#include "message/post_handshake.hpp"
#include "message/server_hello.hpp"

namespace handfast::message {

// The type of each message is M::kType.
template <class Message>
Result<Message> decode(Bytes message, FieldSink* sink = nullptr) = delete;

template <>
inline Result<ClientHello> decode<ClientHello>(Bytes message, FieldSink* sink) {
  return decode_client_hello(message, sink);
}
template <>
inline Result<ServerHello> decode<ServerHello>(Bytes message, FieldSink* sink) {
  return decode_server_hello(message, sink);
}
template <>
inline Result<EncryptedExtensions> decode<EncryptedExtensions>(Bytes message, FieldSink* sink) {
  return decode_encrypted_extensions(message, sink);
}
template <>
inline Result<CertificateRequest> decode<CertificateRequest>(Bytes message, FieldSink* sink) {
  return decode_certificate_request(message, sink);
}
template <>
inline Result<Certificate> decode<Certificate>(Bytes message, FieldSink* sink) {
  return decode_certificate(message, sink);
}
template <>
inline Result<CompressedCertificate> decode<CompressedCertificate>(Bytes message, FieldSink* sink) {
  return decode_compressed_certificate(message, sink);
}
template <>
inline Result<CertificateVerify> decode<CertificateVerify>(Bytes message, FieldSink* sink) {
  return decode_certificate_verify(message, sink);
}
template <>
inline Result<Finished> decode<Finished>(Bytes message, FieldSink* sink) {
  return decode_finished(message, sink);
}
template <>
inline Result<NewSessionTicket> decode<NewSessionTicket>(Bytes message, FieldSink* sink) {
  return decode_new_session_ticket(message, sink);
}
template <>
inline Result<KeyUpdate> decode<KeyUpdate>(Bytes message, FieldSink* sink) {
  return decode_key_update(message, sink);
}
template <>
inline Result<EndOfEarlyData> decode<EndOfEarlyData>(Bytes message, FieldSink* sink) {
  return decode_end_of_early_data(message, sink);
}
// TLS 1.2
template <>
inline Result<Certificate12> decode<Certificate12>(Bytes message, FieldSink* sink) {
  return decode_certificate12(message, sink);
}
template <>
inline Result<CertificateStatus> decode<CertificateStatus>(Bytes message, FieldSink* sink) {
  return decode_certificate_status(message, sink);
}
template <>
inline Result<ServerKeyExchange> decode<ServerKeyExchange>(Bytes message, FieldSink* sink) {
  return decode_server_key_exchange(message, sink);
}
template <>
inline Result<CertificateRequest12> decode<CertificateRequest12>(Bytes message, FieldSink* sink) {
  return decode_certificate_request12(message, sink);
}
template <>
inline Result<ServerHelloDone> decode<ServerHelloDone>(Bytes message, FieldSink* sink) {
  return decode_server_hello_done(message, sink);
}
template <>
inline Result<ClientKeyExchange> decode<ClientKeyExchange>(Bytes message, FieldSink* sink) {
  return decode_client_key_exchange(message, sink);
}
template <>
inline Result<NewSessionTicket12> decode<NewSessionTicket12>(Bytes message, FieldSink* sink) {
  return decode_new_session_ticket12(message, sink);
}
template <>
inline Result<HelloRequest> decode<HelloRequest>(Bytes message, FieldSink* sink) {
  return decode_hello_request(message, sink);
}

}  // namespace handfast::message
