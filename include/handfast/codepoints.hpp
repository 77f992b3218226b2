// The numbers of the TLS registries, under the RFCs' own names.
// RFC 9846 §4, §4.3, §5.1, §6, §B; RFC 8446, 7301, 6066, 6962, 8449, 8879, 9849; IANA "TLS Parameters".
// Must not hold policy: what Handfast accepts is in policy.hpp.
#pragma once

#include <cstdint>
#include <string_view>

namespace handfast {

enum class Side : std::uint8_t { client, server };

// Whether this end sent or received something.
enum class Direction : std::uint8_t { sent, received };

// RFC 9846 §5.1, TLSPlaintext.type.
enum class ContentType : std::uint8_t {
  invalid = 0,
  change_cipher_spec = 20,
  alert = 21,
  handshake = 22,
  application_data = 23,
  heartbeat = 24,
};

enum class ProtocolVersion : std::uint16_t {
  ssl3_0 = 0x0300,
  tls1_0 = 0x0301,
  tls1_1 = 0x0302,
  tls1_2 = 0x0303,
  tls1_3 = 0x0304,
};

// RFC 9846 §4; the TLS 1.2 types from RFC 5246 §7.4, RFC 6066, RFC 8879.
enum class HandshakeType : std::uint8_t {
  hello_request = 0,
  client_hello = 1,
  server_hello = 2,
  new_session_ticket = 4,
  end_of_early_data = 5,
  hello_retry_request = 6,  // never on the wire: a ServerHello with a special random (§4.2.4)
  encrypted_extensions = 8,
  certificate = 11,
  server_key_exchange = 12,
  certificate_request = 13,
  server_hello_done = 14,
  certificate_verify = 15,
  client_key_exchange = 16,
  finished = 20,
  certificate_status = 22,
  key_update = 24,
  compressed_certificate = 25,
  message_hash = 254,
  change_cipher_spec = 255,  // never on the wire: a record of its own, here so that it can be named
};

// RFC 9846 §4.3.
enum class ExtensionType : std::uint16_t {
  server_name = 0,
  max_fragment_length = 1,
  status_request = 5,
  supported_groups = 10,
  ec_point_formats = 11,
  signature_algorithms = 13,
  use_srtp = 14,
  heartbeat = 15,
  application_layer_protocol_negotiation = 16,
  signed_certificate_timestamp = 18,
  client_certificate_type = 19,
  server_certificate_type = 20,
  padding = 21,
  encrypt_then_mac = 22,
  extended_main_secret = 23,
  compress_certificate = 27,
  record_size_limit = 28,
  session_ticket = 35,
  pre_shared_key = 41,
  early_data = 42,
  supported_versions = 43,
  cookie = 44,
  psk_key_exchange_modes = 45,
  certificate_authorities = 47,
  oid_filters = 48,
  post_handshake_auth = 49,
  signature_algorithms_cert = 50,
  key_share = 51,
  ticket_request = 58,
  encrypted_client_hello = 0xfe0d,
  renegotiation_info = 0xff01,
};

// RFC 9846 §B.4; the TLS 1.2 suites from RFC 5288, 5289, 7905.
enum class CipherSuite : std::uint16_t {
  TLS_RSA_WITH_AES_128_GCM_SHA256 = 0x009c,
  TLS_RSA_WITH_AES_256_GCM_SHA384 = 0x009d,
  TLS_DHE_RSA_WITH_AES_128_GCM_SHA256 = 0x009e,
  TLS_DHE_RSA_WITH_AES_256_GCM_SHA384 = 0x009f,
  TLS_AES_128_GCM_SHA256 = 0x1301,
  TLS_AES_256_GCM_SHA384 = 0x1302,
  TLS_CHACHA20_POLY1305_SHA256 = 0x1303,
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 = 0xc02b,
  TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 = 0xc02c,
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 = 0xc02f,
  TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 = 0xc030,
  TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256 = 0xcca8,
  TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256 = 0xcca9,
  TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256 = 0xccaa,
  TLS_EMPTY_RENEGOTIATION_INFO_SCSV = 0x00ff,
  TLS_FALLBACK_SCSV = 0x5600,
};

// How a suite comes to its keys: in TLS 1.2 the suite says it (RFC 5246 §7.4.3, RFC 8422 §5.4), in TLS 1.3
// the extensions do.
enum class KeyExchange : std::uint8_t { by_extension, ecdhe, dhe, rsa };

// RFC 9846 §4.3.7; hybrids from draft-ietf-tls-ecdhe-mlkem, pure ML-KEM from draft-ietf-tls-mlkem.
enum class NamedGroup : std::uint16_t {
  secp256r1 = 0x0017,
  secp384r1 = 0x0018,
  secp521r1 = 0x0019,
  x25519 = 0x001d,
  x448 = 0x001e,
  ffdhe2048 = 0x0100,
  ffdhe3072 = 0x0101,
  ffdhe4096 = 0x0102,
  ffdhe6144 = 0x0103,
  ffdhe8192 = 0x0104,
  MLKEM768 = 0x0201,
  MLKEM1024 = 0x0202,
  SecP256r1MLKEM768 = 0x11eb,
  X25519MLKEM768 = 0x11ec,
  SecP384r1MLKEM1024 = 0x11ed,
};

// RFC 9846 §4.3.3.
enum class SignatureScheme : std::uint16_t {
  rsa_pkcs1_sha1 = 0x0201,
  ecdsa_sha1 = 0x0203,
  rsa_pkcs1_sha256 = 0x0401,
  ecdsa_secp256r1_sha256 = 0x0403,
  rsa_pkcs1_sha384 = 0x0501,
  ecdsa_secp384r1_sha384 = 0x0503,
  rsa_pkcs1_sha512 = 0x0601,
  ecdsa_secp521r1_sha512 = 0x0603,
  rsa_pss_rsae_sha256 = 0x0804,
  rsa_pss_rsae_sha384 = 0x0805,
  rsa_pss_rsae_sha512 = 0x0806,
  ed25519 = 0x0807,
  ed448 = 0x0808,
  rsa_pss_pss_sha256 = 0x0809,
  rsa_pss_pss_sha384 = 0x080a,
  rsa_pss_pss_sha512 = 0x080b,
  mldsa44 = 0x0904,  // draft-ietf-tls-mldsa; where libcrypto has ML-DSA
  mldsa65 = 0x0905,
  mldsa87 = 0x0906,
};

// RFC 9846 §4.5.1, RFC 7250 §3.
enum class CertificateType : std::uint8_t { X509 = 0, RawPublicKey = 2 };

// RFC 8879 §3.
enum class CertificateCompressionAlgorithm : std::uint16_t { zlib = 1, brotli = 2, zstd = 3 };

// RFC 9846 §6.
enum class AlertLevel : std::uint8_t { warning = 1, fatal = 2 };

enum class AlertDescription : std::uint8_t {
  close_notify = 0,
  unexpected_message = 10,
  bad_record_mac = 20,
  record_overflow = 22,
  handshake_failure = 40,
  bad_certificate = 42,
  unsupported_certificate = 43,
  certificate_revoked = 44,
  certificate_expired = 45,
  certificate_unknown = 46,
  illegal_parameter = 47,
  unknown_ca = 48,
  access_denied = 49,
  decode_error = 50,
  decrypt_error = 51,
  protocol_version = 70,
  insufficient_security = 71,
  internal_error = 80,
  inappropriate_fallback = 86,
  user_canceled = 90,
  no_renegotiation = 100,
  missing_extension = 109,
  unsupported_extension = 110,
  unrecognized_name = 112,
  bad_certificate_status_response = 113,
  unknown_psk_identity = 115,
  certificate_required = 116,
  general_error = 117,
  no_application_protocol = 120,
  ech_required = 121,
};

// The registry's name of a number ("x25519", "TLS_AES_128_GCM_SHA256"), or an empty view for one
// that Handfast does not know. GREASE values (RFC 8701) answer "GREASE".
std::string_view name_of(ContentType value);
std::string_view name_of(ProtocolVersion value);
std::string_view name_of(HandshakeType value);
std::string_view name_of(ExtensionType value);
std::string_view name_of(CipherSuite value);
std::string_view name_of(NamedGroup value);
std::string_view name_of(SignatureScheme value);
std::string_view name_of(CertificateType value);
std::string_view name_of(CertificateCompressionAlgorithm value);
std::string_view name_of(AlertDescription value);
std::string_view name_of(Side value);

// RFC 8701 §2: 0x0a0a, 0x1a1a, … 0xfafa.
constexpr bool is_grease(std::uint16_t value) {
  return (value & 0x0f0fU) == 0x0a0aU && (value >> 8U) == (value & 0xffU);
}

}  // namespace handfast
