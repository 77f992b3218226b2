// ServerHello and HelloRetryRequest, which is a ServerHello with a special random: decoder and encoders.
// RFC 9846 §4.2.3, §4.2.4. A ServerHello of TLS 1.2 (RFC 5246 §7.4.1.3) decodes too, so that version
// negotiation can look at it. Must not negotiate.
#pragma once

#include <array>
#include <cstdint>
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

// SHA-256 of "HelloRetryRequest". RFC 9846 §4.2.3.
inline constexpr std::array<std::uint8_t, 32> kHelloRetryRequestRandom = {
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};

// Views into `raw`; an extension that was not sent is empty.
struct ServerHello {
  static constexpr HandshakeType kType = HandshakeType::server_hello;

  Bytes raw;  // header and body
  bool is_hello_retry_request = false;
  ProtocolVersion legacy_version{};
  Bytes random;  // 32 bytes
  Bytes legacy_session_id_echo;
  CipherSuite cipher_suite{};
  std::uint8_t legacy_compression_method = 0;
  ExtensionBlock extensions;

  std::optional<ProtocolVersion> selected_version;  // supported_versions; none: TLS 1.2 or older
  std::optional<KeyShareEntry> key_share;           // ServerHello
  std::optional<NamedGroup> selected_group;         // key_share of a HelloRetryRequest
  std::optional<Bytes> cookie;                      // HelloRetryRequest
  std::optional<std::uint16_t> selected_identity;   // pre_shared_key, ServerHello

  // TLS 1.2 only; in TLS 1.3 they stand in EncryptedExtensions or Certificate.
  bool server_name = false;  // the server used the name
  std::optional<std::uint8_t> max_fragment_length;
  bool status_request = false;                        // CertificateStatus may follow
  std::optional<Bytes> ec_point_formats;              // ECPointFormat bytes
  std::optional<Bytes> application_protocol;          // the one name of ALPN
  std::optional<Bytes> signed_certificate_timestamp;  // SignedCertificateTimestampList (RFC 6962 §3.3)
  bool extended_main_secret = false;
  std::optional<std::uint16_t> record_size_limit;  // at least 64
  bool session_ticket = false;                     // NewSessionTicket will follow
  std::optional<Bytes> renegotiation_info;         // renegotiated_connection

  // server_hello or hello_retry_request, as errors and observers call it.
  [[nodiscard]] HandshakeType type() const {
    return is_hello_retry_request ? HandshakeType::hello_retry_request : HandshakeType::server_hello;
  }
};

// True if `message` is a ServerHello whose random is the special one. Any bytes may be asked about.
bool is_hello_retry_request(Bytes message);

// Errors: message_malformed, the extension_* codes. Errors of a HelloRetryRequest name hello_retry_request.
Result<ServerHello> decode_server_hello(Bytes message, FieldSink* sink = nullptr);

// What goes into a ServerHello, extensions in this order: key_share, pre_shared_key, supported_versions,
// extra.
struct ServerHelloPlan {
  ProtocolVersion legacy_version = ProtocolVersion::tls1_2;
  Bytes random;  // 32 bytes
  Bytes legacy_session_id_echo;
  CipherSuite cipher_suite{};
  std::optional<ProtocolVersion> selected_version = ProtocolVersion::tls1_3;
  std::optional<KeyShareEntry> key_share;
  std::optional<std::uint16_t> selected_identity;
  std::span<const PlannedExtension> extra;
};

// What goes into a HelloRetryRequest, extensions in this order: key_share, cookie, supported_versions, extra.
struct HelloRetryRequestPlan {
  Bytes legacy_session_id_echo;
  CipherSuite cipher_suite{};
  ProtocolVersion selected_version = ProtocolVersion::tls1_3;
  std::optional<NamedGroup> selected_group;
  Bytes cookie;  // empty: none
  std::span<const PlannedExtension> extra;
};

// Append the whole message. Errors: internal_error if the plan breaks the syntax; then `out` is as it was.
Result<void> encode_server_hello(const ServerHelloPlan& plan, ByteString& out);
Result<void> encode_hello_retry_request(const HelloRetryRequestPlan& plan, ByteString& out);

}  // namespace handfast::message
