// The one table of errors: code → category, alert, sentence, RFC section, failure catalogue id.
// RFC 9846 §6.2 names the alerts. Must stay in the order of ErrorCode (checked below).
#include <array>
#include <handfast/error.hpp>

namespace handfast {
namespace {

using enum ErrorCategory;
using A = AlertDescription;
using E = ErrorCode;

#define ROW(code, category, alert, sentence, reference, catalogue) \
  ErrorInfo { E::code, #code, category, A::alert, sentence, reference, catalogue }

// clang-format off: one row a line reads as the table it is
constexpr std::array kTable = {
    ROW(record_not_tls, record, unexpected_message, "the peer does not speak TLS on this port", "RFC 9846 §5.1", "N-02"),
    ROW(record_plain_http, record, unexpected_message, "the peer speaks plain HTTP on this port, not TLS", "RFC 9846 §5.1", "N-01"),
    ROW(record_other_protocol, record, unexpected_message, "the peer greets in another protocol; TLS would have to be asked for first (STARTTLS)", "RFC 9846 §5.1", "N-02"),
    ROW(record_bad_version, record, protocol_version, "a record carries a version number that is not TLS", "RFC 9846 §5.1", "R-04"),
    ROW(record_unknown_type, record, unexpected_message, "a record has an unknown content type", "RFC 9846 §5", "R-03"),
    ROW(record_overflow, record, record_overflow, "a record is longer than allowed", "RFC 9846 §5.2", "R-02"),
    ROW(record_bad_mac, record, bad_record_mac, "a record could not be decrypted: it was damaged or forged, or the keys differ", "RFC 9846 §5.2", "R-01"),
    ROW(record_no_content_type, record, unexpected_message, "a decrypted record holds padding only, without a content type", "RFC 9846 §5.4", "R-03"),
    ROW(record_empty_handshake, record, unexpected_message, "a handshake or alert record is empty", "RFC 9846 §5.1", "R-03"),
    ROW(record_empty_flood, record, unexpected_message, "too many empty records in a row", "RFC 9846 §5.1", "R-03"),
    ROW(record_unexpected_type, record, unexpected_message, "a record of this content type must not come now", "RFC 9846 §5", "R-03"),
    ROW(record_bad_change_cipher_spec, record, unexpected_message, "a change_cipher_spec record is wrong or comes at the wrong time", "RFC 9846 §5", "R-03"),
    ROW(record_sequence_exhausted, local, internal_error, "a key has protected as many records as it may", "RFC 9846 §5.5", "R-10"),

    ROW(message_malformed, peer_misbehaved, decode_error, "a handshake message does not follow its syntax", "RFC 9846 §6", "R-04"),
    ROW(message_too_large, peer_misbehaved, illegal_parameter, "a handshake message is larger than this end accepts", "RFC 9846 §4", "M-13"),
    ROW(message_unexpected, peer_misbehaved, unexpected_message, "a handshake message came out of order", "RFC 9846 §4", "R-03"),
    ROW(message_across_key_change, peer_misbehaved, unexpected_message, "a handshake message spans a change of keys", "RFC 9846 §5.1", "R-03"),
    ROW(message_illegal_value, peer_misbehaved, illegal_parameter, "a field holds a value that is not allowed", "RFC 9846 §6.2", "R-05"),
    ROW(alert_malformed, peer_misbehaved, decode_error, "an alert does not follow its syntax", "RFC 9846 §6", "R-04"),
    ROW(alert_flood, peer_misbehaved, unexpected_message, "too many warning alerts", "RFC 9846 §6", "R-03"),
    ROW(extension_duplicate, peer_misbehaved, illegal_parameter, "an extension appears twice in one message", "RFC 9846 §4.3", "R-05"),
    ROW(extension_not_offered, peer_misbehaved, unsupported_extension, "an extension answers a question that was not asked", "RFC 9846 §4.3", "P-18"),
    ROW(extension_wrong_message, peer_misbehaved, illegal_parameter, "an extension stands in a message where it is not allowed", "RFC 9846 §4.3", "P-18"),
    ROW(extension_missing, peer_misbehaved, missing_extension, "a required extension is missing", "RFC 9846 §9.2", "P-17"),
    ROW(extension_too_many, peer_misbehaved, decode_error, "a message has more extensions than this end accepts", "RFC 9846 §4.3", "R-04"),

    ROW(no_common_version, peer_incompatible, protocol_version, "no protocol version in common", "RFC 9846 §4.3.1", "P-01"),
    ROW(no_common_suite, peer_incompatible, handshake_failure, "no cipher suite in common", "RFC 9846 §4.2.1", "P-03"),
    ROW(no_common_group, peer_incompatible, handshake_failure, "no key exchange group in common", "RFC 9846 §4.2.1", "P-05"),
    ROW(no_common_signature_scheme, peer_incompatible, handshake_failure, "no signature scheme in common that a certificate here can make", "RFC 9846 §4.3.3", "P-06"),
    ROW(no_common_application_protocol, peer_incompatible, no_application_protocol, "no application protocol (ALPN) in common", "RFC 7301 §3.2", "P-21"),
    ROW(no_certificate_for_name, peer_incompatible, unrecognized_name, "no certificate for the name that the client asked for", "RFC 6066 §3", "H-05"),
    ROW(version_not_offered, peer_misbehaved, illegal_parameter, "the server chose a protocol version that was not offered", "RFC 9846 §4.3.1", "P-19"),
    ROW(suite_not_offered, peer_misbehaved, illegal_parameter, "the server chose a cipher suite that was not offered", "RFC 9846 §4.2.3", "P-19"),
    ROW(group_not_offered, peer_misbehaved, illegal_parameter, "the server chose a key exchange group for which no share was sent", "RFC 9846 §4.3.8", "P-19"),
    ROW(signature_scheme_not_offered, peer_misbehaved, illegal_parameter, "the peer signed with a scheme that was not offered", "RFC 9846 §4.5.2", "P-19"),
    ROW(application_protocol_not_offered, peer_misbehaved, illegal_parameter, "the server chose an application protocol that was not offered", "RFC 7301 §3.1", "P-19"),
    ROW(no_common_certificate_type, peer_incompatible, unsupported_certificate, "no kind of certificate in common: one end wants a raw public key, the other an X.509 certificate", "RFC 7250 §4.2", ""),
    ROW(certificate_type_not_offered, peer_misbehaved, illegal_parameter, "the server chose a kind of certificate that was not offered", "RFC 7250 §4.2", "P-19"),
    ROW(compression_not_null, peer_misbehaved, illegal_parameter, "TLS compression other than null", "RFC 9846 §4.2.2", "R-05"),
    ROW(session_id_not_echoed, peer_misbehaved, illegal_parameter, "the server did not echo legacy_session_id", "RFC 9846 §4.2.3", "R-05"),
    ROW(downgrade_detected, peer_misbehaved, illegal_parameter, "somebody forced an older protocol version: the server's random says that it can do better", "RFC 9846 §4.2.3", "P-08"),
    ROW(hello_retry_twice, peer_misbehaved, unexpected_message, "a second HelloRetryRequest", "RFC 9846 §4.2.4", "P-16"),
    ROW(hello_retry_useless, peer_misbehaved, illegal_parameter, "a HelloRetryRequest that would change nothing", "RFC 9846 §4.2.4", "P-16"),
    ROW(hello_retry_group_not_offered, peer_misbehaved, illegal_parameter, "a HelloRetryRequest asks for a group that was not offered or whose share was sent", "RFC 9846 §4.3.8", "P-16"),
    ROW(hello_retry_suite_changed, peer_misbehaved, illegal_parameter, "ServerHello and HelloRetryRequest do not agree", "RFC 9846 §4.2.4", "P-16"),
    ROW(second_hello_changed, peer_misbehaved, illegal_parameter, "the second ClientHello differs where it must not", "RFC 9846 §4.2.2", "P-16"),
    ROW(cookie_mismatch, peer_misbehaved, illegal_parameter, "the cookie is not the one that was sent", "RFC 9846 §4.3.2", "P-16"),
    ROW(key_share_duplicate, peer_misbehaved, illegal_parameter, "two key shares for one group", "RFC 9846 §4.3.8", "R-05"),
    ROW(key_share_not_in_groups, peer_misbehaved, illegal_parameter, "a key share for a group that supported_groups does not list", "RFC 9846 §4.3.8", "R-05"),
    ROW(key_share_invalid, peer_misbehaved, illegal_parameter, "the peer's key share is not a valid public key", "RFC 9846 §4.3.8.2", "R-05"),
    ROW(psk_not_last, peer_misbehaved, illegal_parameter, "pre_shared_key is not the last extension", "RFC 9846 §4.3.11", "R-05"),
    ROW(psk_binder_mismatch, peer_misbehaved, decrypt_error, "the client's binder does not match: it does not hold the pre-shared key, or somebody changed its hello", "RFC 9846 §4.3.11.2", "R-06"),
    ROW(psk_not_offered, peer_misbehaved, illegal_parameter, "the server selected a pre-shared key that was not offered", "RFC 9846 §4.3.11", "P-19"),
    ROW(psk_required, peer_incompatible, unknown_psk_identity, "no pre-shared key in common, and this end knows no other way to tell who the peer is", "RFC 9846 §4.3.11", "R-06"),
    ROW(psk_suite_mismatch, peer_misbehaved, illegal_parameter, "the server's cipher suite and pre-shared key have different hashes", "RFC 9846 §4.3.11", "P-19"),
    ROW(early_data_wrongly_accepted, peer_misbehaved, illegal_parameter, "the server accepted early data that was not meant for this connection", "RFC 9846 §4.3.10", "P-19"),
    ROW(early_data_wrong_version, peer_incompatible, protocol_version, "the server, for which this client has a TLS 1.3 session, chose TLS 1.2 after early data was sent", "RFC 9846 §D.3", "P-19"),
    ROW(early_data_too_long, peer_misbehaved, unexpected_message, "the client sent more early data than it may", "RFC 9846 §4.3.10", "R-10"),

    ROW(inappropriate_fallback, peer_incompatible, inappropriate_fallback, "the client fell back to an older protocol version than both ends speak", "RFC 7507 §3", "P-10"),
    ROW(secure_renegotiation_missing, peer_incompatible, handshake_failure, "the server does not know secure renegotiation", "RFC 5746 §4.1", "P-09"),
    ROW(renegotiation_info_invalid, peer_misbehaved, handshake_failure, "renegotiation_info of a first handshake is not empty", "RFC 5746 §3.4", "R-06"),
    ROW(renegotiation_refused, peer_misbehaved, no_renegotiation, "the peer asks for a renegotiation again and again", "RFC 5246 §7.2.2", "M-12"),
    ROW(extended_main_secret_missing, peer_incompatible, handshake_failure, "the peer does not bind its keys to the handshake (extended main secret)", "RFC 7627 §5", "P-13"),
    ROW(extended_main_secret_changed, peer_misbehaved, handshake_failure, "a resumed session changed its mind about the extended main secret", "RFC 7627 §5.3", "P-13"),
    ROW(dh_group_too_small, peer_incompatible, insufficient_security, "the server's Diffie-Hellman group is too small", "RFC 9325 §4.4", "P-14"),
    ROW(dh_group_invalid, peer_misbehaved, illegal_parameter, "the server's Diffie-Hellman group is not usable", "RFC 7919 §5.1", "R-05"),
    ROW(session_resumed_differently, peer_misbehaved, illegal_parameter, "the server resumes a session otherwise than it was", "RFC 5246 §7.4.1.3", "R-05"),

    ROW(finished_mismatch, peer_misbehaved, decrypt_error, "the Finished message does not match: somebody changed the conversation, or the keys differ", "RFC 9846 §4.5.3", "R-06"),
    ROW(certificate_verify_mismatch, peer_misbehaved, decrypt_error, "the peer did not prove that it holds the certificate's private key", "RFC 9846 §4.5.2", "M-10"),
    ROW(certificate_list_empty, peer_misbehaved, decode_error, "the server sent no certificate", "RFC 9846 §4.5.1.3", "S-02"),
    ROW(certificate_required, certificate, certificate_required, "a client certificate is required and none was sent", "RFC 9846 §4.5.1.3", "M-02"),
    ROW(certificate_key_unsuitable, certificate, illegal_parameter, "the certificate's key cannot make the signature scheme that was used", "RFC 9846 §4.5.2", "C-13"),
    ROW(certificate_chain_too_long, certificate, bad_certificate, "the certificate list is longer than this end accepts", "RFC 9846 §4.5.1", "M-09"),
    ROW(certificate_compression_not_offered, peer_misbehaved, illegal_parameter, "the peer compressed its certificates with an algorithm that was not offered", "RFC 8879 §4", "P-19"),
    ROW(certificate_decompression_failed, peer_misbehaved, bad_certificate, "the peer's compressed certificates cannot be unpacked to what it announced", "RFC 8879 §4", "R-04"),

    ROW(certificate_malformed, certificate, bad_certificate, "a certificate cannot be parsed", "RFC 5280 §4.1", "R-04"),
    ROW(certificate_unsupported_version, certificate, bad_certificate, "a certificate is not X.509 version 3", "RFC 5280 §4.1.2.1", "C-19"),
    ROW(certificate_unsupported_algorithm, certificate, unsupported_certificate, "a certificate uses a key or signature algorithm that is not supported", "RFC 5280 §4.1.1.2", "C-14"),
    ROW(certificate_missing_intermediate, certificate, unknown_ca, "the peer forgot an intermediate certificate", "RFC 5280 §6", "C-01"),
    ROW(certificate_unknown_issuer, certificate, unknown_ca, "the certificate's issuer is not trusted here", "RFC 5280 §6", "C-02"),
    ROW(certificate_self_signed, certificate, unknown_ca, "the certificate is signed by itself and not trusted here", "RFC 5280 §6", "C-03"),
    ROW(certificate_self_signed_root, certificate, unknown_ca, "the chain ends in a root that is not trusted here", "RFC 5280 §6", "C-04"),
    ROW(certificate_wrong_intermediate, certificate, unknown_ca, "an intermediate has the right name but the wrong key", "RFC 5280 §4.2.1.1", "C-05"),
    ROW(certificate_expired, certificate, certificate_expired, "the certificate has expired", "RFC 5280 §4.1.2.5", "C-07"),
    ROW(certificate_issuer_expired, certificate, certificate_expired, "a certificate of the issuing chain has expired", "RFC 5280 §4.1.2.5", "C-08"),
    ROW(certificate_not_yet_valid, certificate, certificate_expired, "the certificate is not valid yet", "RFC 5280 §4.1.2.5", "C-09"),
    ROW(certificate_bad_extended_key_usage, certificate, unsupported_certificate, "the certificate is not meant for this purpose (extended key usage)", "RFC 5280 §4.2.1.12", "C-12"),
    ROW(certificate_bad_key_usage, certificate, unsupported_certificate, "the certificate's key usage forbids this use", "RFC 5280 §4.2.1.3", "C-13"),
    ROW(certificate_weak_signature, certificate, bad_certificate, "a certificate is signed with a broken hash", "RFC 9155", "C-14"),
    ROW(certificate_weak_key, certificate, bad_certificate, "a certificate's key is too short", "RFC 9325 §4.5", "C-15"),
    ROW(certificate_name_constraint, certificate, bad_certificate, "a CA of the chain may not sign for this name", "RFC 5280 §4.2.1.10", "C-16"),
    ROW(certificate_path_too_long, certificate, bad_certificate, "a CA of the chain may not have this many CAs below it", "RFC 5280 §4.2.1.9", "C-17"),
    ROW(certificate_issuer_not_ca, certificate, bad_certificate, "a certificate of the chain is not a CA", "RFC 5280 §4.2.1.9", "C-18"),
    ROW(certificate_unknown_critical_extension, certificate, unsupported_certificate, "a certificate has a critical extension that is not understood", "RFC 5280 §4.2", "C-20"),
    ROW(certificate_bad_signature, certificate, bad_certificate, "a certificate's signature is wrong", "RFC 5280 §6.1.3", "C-21"),
    ROW(certificate_revoked, certificate, certificate_revoked, "the certificate was revoked", "RFC 5280 §6.3", "C-22"),
    ROW(certificate_revocation_unknown, certificate, certificate_unknown, "whether the certificate was revoked could not be found out", "RFC 5280 §6.3", "C-23"),
    ROW(certificate_staple_missing, certificate, bad_certificate_status_response, "the certificate demands a stapled OCSP response and none came", "RFC 7633 §4", "C-24"),
    ROW(certificate_staple_invalid, certificate, bad_certificate_status_response, "the stapled OCSP response is stale or invalid", "RFC 6960 §3.2", "C-25"),
    ROW(certificate_policy_violation, certificate, bad_certificate, "the chain's certificate policies do not allow this use", "RFC 5280 §6.1", "C-19"),
    ROW(certificate_extension_forbidden, certificate, bad_certificate, "a certificate's extensions break the profile of RFC 5280", "RFC 5280 §4.2", "C-19"),
    ROW(certificate_name_mismatch, certificate, bad_certificate, "the certificate is for another name", "RFC 9525 §6", "H-01"),
    ROW(certificate_wildcard_mismatch, certificate, bad_certificate, "the certificate's wildcard covers one label only", "RFC 9525 §6.3", "H-02"),
    ROW(certificate_ip_mismatch, certificate, bad_certificate, "the certificate does not name this IP address", "RFC 9525 §6.5", "H-07"),
    ROW(certificate_no_subject_alternative_name, certificate, bad_certificate, "the certificate has no subject alternative name", "RFC 9525 §6.2", "H-08"),
    ROW(certificate_budget_exhausted, certificate, bad_certificate, "checking the chain would cost more work than allowed", "RFC 5280 §6", "C-30"),
    ROW(raw_public_key_unknown, certificate, certificate_unknown, "the peer's raw public key is none of those that are trusted here", "RFC 7250 §6", ""),
    ROW(certificate_refused_by_application, certificate, certificate_unknown, "the application refused the certificate", "RFC 9846 §4.5.1.3", "M-06"),

    ROW(configuration_invalid, local, internal_error, "the configuration cannot work", "", "S-07"),
    ROW(configuration_key_mismatch, local, internal_error, "private key and certificate do not belong together", "", "S-01"),
    ROW(pem_malformed, local, internal_error, "a PEM text cannot be read", "RFC 7468", "S-04"),
    ROW(crl_malformed, local, internal_error, "a revocation list (CRL) cannot be parsed", "RFC 5280 §5.1", "S-04"),
    ROW(key_unsupported, local, internal_error, "this kind of key is not supported", "", "S-04"),
    ROW(key_passphrase_missing, local, internal_error, "the private key is encrypted, and no passphrase was given", "RFC 8018 §6.2", "S-04"),
    ROW(key_passphrase_wrong, local, internal_error, "the passphrase does not open the private key", "RFC 8018 §6.2", "S-04"),
    ROW(file_too_large, local, internal_error, "a file holds more than this end reads", "", "S-04"),
    ROW(name_invalid, local, internal_error, "not a host name or IP address", "RFC 1123 §2.1", "H-09"),
    ROW(out_of_memory, local, internal_error, "memory ran out", "", "R-07"),
    ROW(crypto_failed, local, internal_error, "the cryptographic library failed", "", "S-07"),
    ROW(signer_failed, local, internal_error, "the private key's holder did not sign", "", "R-07"),
    ROW(decision_abandoned, local, internal_error, "an outside decision was dropped without an answer", "", "R-07"),
    ROW(output_too_small, local, internal_error, "the output buffer is too small", "", ""),
    ROW(connection_not_established, local, internal_error, "the handshake is not finished yet", "", ""),
    ROW(connection_closed, local, internal_error, "the connection is closed", "", ""),
    ROW(not_in_this_version, local, internal_error, "the protocol version in use has no such thing", "", ""),
    ROW(post_handshake_auth_not_offered, local, internal_error, "the client did not offer to authenticate after the handshake, or the settings do not allow it", "RFC 9846 §4.3.6", ""),
    ROW(limit_exceeded, peer_misbehaved, unexpected_message, "the peer exceeded a limit of this end", "RFC 9846 §C.3", "R-10"),
    ROW(io_failed, local, internal_error, "the network failed", "", "N-10"),
    ROW(internal_error, local, internal_error, "an error in Handfast itself", "", "R-07"),

    ROW(alert_received, alert_received, close_notify, "the peer refused", "RFC 9846 §6.2", ""),
    ROW(truncated, record, close_notify, "the connection was cut: the peer closed it without close_notify", "RFC 9846 §6.1", "N-09"),
    ROW(no_tls_answer, record, close_notify, "the peer closed the connection without an answer", "RFC 9846 §6.1", "N-08"),
};

#undef ROW
// clang-format on

constexpr bool in_order() {
  for (std::size_t i = 0; i < kTable.size(); ++i) {
    if (static_cast<std::size_t>(kTable[i].code) != i) return false;
  }
  return kTable.size() == kErrorCodeCount;
}
static_assert(in_order(), "the table must have one row for each ErrorCode, in its order");

}  // namespace

const ErrorInfo& info_of(ErrorCode code) { return kTable[static_cast<std::size_t>(code)]; }

}  // namespace handfast
