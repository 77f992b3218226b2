// The registries' names of the numbers in handfast/codepoints.hpp.
#include <handfast/codepoints.hpp>

namespace handfast {
namespace {

template <class Enum>
constexpr bool grease(Enum value) {
  return is_grease(static_cast<std::uint16_t>(value));
}

}  // namespace

// One case per enumerator; -Wswitch keeps the lists complete.
#define NAME(enumerator) \
  case enumerator:       \
    return #enumerator

std::string_view name_of(Side value) { return value == Side::client ? "client" : "server"; }

std::string_view name_of(ContentType value) {
  using enum ContentType;
  switch (value) {
    NAME(invalid);
    NAME(change_cipher_spec);
    NAME(alert);
    NAME(handshake);
    NAME(application_data);
    NAME(heartbeat);
  }
  return {};
}

std::string_view name_of(ProtocolVersion value) {
  using enum ProtocolVersion;
  switch (value) {
    case ssl3_0:
      return "SSL 3.0";
    case tls1_0:
      return "TLS 1.0";
    case tls1_1:
      return "TLS 1.1";
    case tls1_2:
      return "TLS 1.2";
    case tls1_3:
      return "TLS 1.3";
  }
  return grease(value) ? "GREASE" : std::string_view{};
}

std::string_view name_of(HandshakeType value) {
  using enum HandshakeType;
  switch (value) {
    case hello_request:
      return "HelloRequest";
    case client_hello:
      return "ClientHello";
    case server_hello:
      return "ServerHello";
    case new_session_ticket:
      return "NewSessionTicket";
    case end_of_early_data:
      return "EndOfEarlyData";
    case hello_retry_request:
      return "HelloRetryRequest";
    case encrypted_extensions:
      return "EncryptedExtensions";
    case certificate:
      return "Certificate";
    case server_key_exchange:
      return "ServerKeyExchange";
    case certificate_request:
      return "CertificateRequest";
    case server_hello_done:
      return "ServerHelloDone";
    case certificate_verify:
      return "CertificateVerify";
    case client_key_exchange:
      return "ClientKeyExchange";
    case finished:
      return "Finished";
    case certificate_status:
      return "CertificateStatus";
    case key_update:
      return "KeyUpdate";
    case compressed_certificate:
      return "CompressedCertificate";
    case message_hash:
      return "message_hash";
    case change_cipher_spec:
      return "ChangeCipherSpec";
  }
  return {};
}

std::string_view name_of(ExtensionType value) {
  using enum ExtensionType;
  switch (value) {
    NAME(server_name);
    NAME(max_fragment_length);
    NAME(status_request);
    NAME(supported_groups);
    NAME(ec_point_formats);
    NAME(signature_algorithms);
    NAME(use_srtp);
    NAME(heartbeat);
    NAME(application_layer_protocol_negotiation);
    NAME(signed_certificate_timestamp);
    NAME(client_certificate_type);
    NAME(server_certificate_type);
    NAME(padding);
    NAME(encrypt_then_mac);
    NAME(extended_main_secret);
    NAME(compress_certificate);
    NAME(record_size_limit);
    NAME(session_ticket);
    NAME(pre_shared_key);
    NAME(early_data);
    NAME(supported_versions);
    NAME(cookie);
    NAME(psk_key_exchange_modes);
    NAME(certificate_authorities);
    NAME(oid_filters);
    NAME(post_handshake_auth);
    NAME(signature_algorithms_cert);
    NAME(key_share);
    NAME(ticket_request);
    NAME(encrypted_client_hello);
    NAME(renegotiation_info);
  }
  return grease(value) ? "GREASE" : std::string_view{};
}

std::string_view name_of(CipherSuite value) {
  using enum CipherSuite;
  switch (value) {
    NAME(TLS_RSA_WITH_AES_128_GCM_SHA256);
    NAME(TLS_RSA_WITH_AES_256_GCM_SHA384);
    NAME(TLS_DHE_RSA_WITH_AES_128_GCM_SHA256);
    NAME(TLS_DHE_RSA_WITH_AES_256_GCM_SHA384);
    NAME(TLS_AES_128_GCM_SHA256);
    NAME(TLS_AES_256_GCM_SHA384);
    NAME(TLS_CHACHA20_POLY1305_SHA256);
    NAME(TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256);
    NAME(TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384);
    NAME(TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256);
    NAME(TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384);
    NAME(TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256);
    NAME(TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256);
    NAME(TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256);
    NAME(TLS_EMPTY_RENEGOTIATION_INFO_SCSV);
    NAME(TLS_FALLBACK_SCSV);
  }
  return grease(value) ? "GREASE" : std::string_view{};
}

std::string_view name_of(NamedGroup value) {
  using enum NamedGroup;
  switch (value) {
    NAME(secp256r1);
    NAME(secp384r1);
    NAME(secp521r1);
    NAME(x25519);
    NAME(x448);
    NAME(ffdhe2048);
    NAME(ffdhe3072);
    NAME(ffdhe4096);
    NAME(ffdhe6144);
    NAME(ffdhe8192);
    NAME(MLKEM768);
    NAME(MLKEM1024);
    NAME(SecP256r1MLKEM768);
    NAME(X25519MLKEM768);
    NAME(SecP384r1MLKEM1024);
  }
  return grease(value) ? "GREASE" : std::string_view{};
}

std::string_view name_of(SignatureScheme value) {
  using enum SignatureScheme;
  switch (value) {
    NAME(rsa_pkcs1_sha1);
    NAME(ecdsa_sha1);
    NAME(rsa_pkcs1_sha256);
    NAME(ecdsa_secp256r1_sha256);
    NAME(rsa_pkcs1_sha384);
    NAME(ecdsa_secp384r1_sha384);
    NAME(rsa_pkcs1_sha512);
    NAME(ecdsa_secp521r1_sha512);
    NAME(rsa_pss_rsae_sha256);
    NAME(rsa_pss_rsae_sha384);
    NAME(rsa_pss_rsae_sha512);
    NAME(ed25519);
    NAME(ed448);
    NAME(rsa_pss_pss_sha256);
    NAME(rsa_pss_pss_sha384);
    NAME(rsa_pss_pss_sha512);
    NAME(mldsa44);
    NAME(mldsa65);
    NAME(mldsa87);
  }
  return grease(value) ? "GREASE" : std::string_view{};
}

std::string_view name_of(CertificateType value) {
  using enum CertificateType;
  switch (value) {
    NAME(X509);
    NAME(RawPublicKey);
  }
  return {};
}

std::string_view name_of(CertificateCompressionAlgorithm value) {
  using enum CertificateCompressionAlgorithm;
  switch (value) {
    NAME(zlib);
    NAME(brotli);
    NAME(zstd);
  }
  return grease(value) ? "GREASE" : std::string_view{};
}

std::string_view name_of(AlertDescription value) {
  using enum AlertDescription;
  switch (value) {
    NAME(close_notify);
    NAME(unexpected_message);
    NAME(bad_record_mac);
    NAME(record_overflow);
    NAME(handshake_failure);
    NAME(bad_certificate);
    NAME(unsupported_certificate);
    NAME(certificate_revoked);
    NAME(certificate_expired);
    NAME(certificate_unknown);
    NAME(illegal_parameter);
    NAME(unknown_ca);
    NAME(access_denied);
    NAME(decode_error);
    NAME(decrypt_error);
    NAME(protocol_version);
    NAME(insufficient_security);
    NAME(internal_error);
    NAME(inappropriate_fallback);
    NAME(user_canceled);
    NAME(no_renegotiation);
    NAME(missing_extension);
    NAME(unsupported_extension);
    NAME(unrecognized_name);
    NAME(bad_certificate_status_response);
    NAME(unknown_psk_identity);
    NAME(certificate_required);
    NAME(general_error);
    NAME(no_application_protocol);
    NAME(ech_required);
  }
  return {};
}

#undef NAME

}  // namespace handfast
