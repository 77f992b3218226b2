// ClientHello: decoder and encoder. RFC 9846 §4.2.2.
// Must not negotiate: values that are legal syntax are handed on as they are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <handfast/bytes.hpp>
#include <handfast/codepoints.hpp>
#include <handfast/error.hpp>
#include <handfast/observer.hpp>
#include <optional>
#include <span>
#include <vector>

#include "message/extension.hpp"
#include "message/extension_types.hpp"
#include "message/planned_extension.hpp"

namespace handfast::message {

// Views into `raw`; an extension that was not sent is empty or false.
struct ClientHello {
  static constexpr HandshakeType kType = HandshakeType::client_hello;

  Bytes raw;  // header and body
  ProtocolVersion legacy_version{};
  Bytes random;  // 32 bytes
  Bytes legacy_session_id;
  CodepointList<CipherSuite> cipher_suites;
  Bytes legacy_compression_methods;
  ExtensionBlock extensions;

  std::optional<Bytes> server_name;  // the host_name; present and empty: only names of unknown types
  std::optional<std::uint8_t> max_fragment_length;
  std::optional<CertificateStatusRequest> status_request;
  std::optional<CodepointList<NamedGroup>> supported_groups;
  std::optional<Bytes> ec_point_formats;
  std::optional<CodepointList<SignatureScheme>> signature_algorithms;
  std::optional<CodepointList<SignatureScheme>> signature_algorithms_cert;
  std::optional<ProtocolNameList> application_layer_protocol_negotiation;
  bool signed_certificate_timestamp = false;
  std::optional<Bytes> client_certificate_type;  // CertificateType bytes
  std::optional<Bytes> server_certificate_type;
  std::optional<Bytes> padding;
  bool encrypt_then_mac = false;
  bool extended_main_secret = false;
  std::optional<CodepointList<CertificateCompressionAlgorithm>> compress_certificate;
  std::optional<std::uint16_t> record_size_limit;  // at least 64
  std::optional<Bytes> session_ticket;
  std::optional<OfferedPsks> pre_shared_key;
  bool early_data = false;
  std::optional<CodepointList<ProtocolVersion>> supported_versions;
  std::optional<Bytes> cookie;
  std::optional<Bytes> psk_key_exchange_modes;  // PskKeyExchangeMode bytes
  std::optional<DistinguishedNameList> certificate_authorities;
  bool post_handshake_auth = false;
  std::optional<KeyShareList> key_share;
  std::optional<TicketRequest> ticket_request;
  std::optional<Bytes> renegotiation_info;  // renegotiated_connection
};

// `message` is one whole message with its header. Errors: message_malformed, message_illegal_value, the
// extension_* codes, psk_not_last.
Result<ClientHello> decode_client_hello(Bytes message, FieldSink* sink = nullptr);

// What goes into a ClientHello. The extensions are written in the order they have here.
struct ClientHelloPlan {
  ProtocolVersion legacy_version = ProtocolVersion::tls1_2;
  Bytes random;             // 32 bytes
  Bytes legacy_session_id;  // at most 32 bytes
  std::span<const CipherSuite> cipher_suites;
  std::span<const PlannedExtension> extensions;
};

// Appends the whole message to `out`. Errors: internal_error if the plan breaks the syntax; then `out` is as
// it was.
Result<void> encode_client_hello(const ClientHelloPlan& plan, ByteString& out);

}  // namespace handfast::message
