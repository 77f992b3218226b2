// Error: what failed, on which side, where in which field, and what each side had offered.
// One table (src/base/error_table.cpp) turns a code into its alert, the sentence a person reads, the RFC
// section and the id of the failure catalogue. Must not be thrown: functions return Result<T>.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <handfast/codepoints.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace handfast {

// Whose doing a failure is. Decides, together with the code, what a person should look at.
enum class ErrorCategory : std::uint8_t {
  peer_misbehaved,    // the peer broke the protocol
  peer_incompatible,  // the peer is correct, but there is no common ground
  certificate,        // the peer's certificate was not accepted
  record,             // the record layer: not TLS, damaged or forged bytes
  local,              // this end: configuration, memory, signer, misuse of the API
  alert_received,     // the peer said no
};

enum class ErrorCode : std::uint8_t {
  // --- record layer -------------------------------------------------------------------------
  record_not_tls,         // first bytes are no TLS record
  record_plain_http,      // first bytes are HTTP
  record_other_protocol,  // first bytes are the greeting of SMTP, IMAP, SSH, …
  record_bad_version,
  record_unknown_type,
  record_overflow,
  record_bad_mac,
  record_no_content_type,  // TLSInnerPlaintext of zeros only
  record_empty_handshake,
  record_empty_flood,
  record_unexpected_type,  // e.g. application data before the handshake is done, plaintext after keys
  record_bad_change_cipher_spec,
  record_sequence_exhausted,
  // --- messages -----------------------------------------------------------------------------
  message_malformed,  // syntax: lengths, ranges, trailing bytes
  message_too_large,
  message_unexpected,
  message_across_key_change,
  message_illegal_value,  // syntax is right, the value is not
  alert_malformed,
  alert_flood,
  extension_duplicate,
  extension_not_offered,  // an answer to a question that was not asked
  extension_wrong_message,
  extension_missing,
  extension_too_many,
  // --- negotiation --------------------------------------------------------------------------
  no_common_version,
  no_common_suite,
  no_common_group,
  no_common_signature_scheme,
  no_common_application_protocol,
  no_certificate_for_name,  // unrecognized_name
  version_not_offered,
  suite_not_offered,
  group_not_offered,
  signature_scheme_not_offered,
  application_protocol_not_offered,
  no_common_certificate_type,  // X.509, raw public key
  certificate_type_not_offered,
  compression_not_null,
  session_id_not_echoed,
  downgrade_detected,
  hello_retry_twice,
  hello_retry_useless,  // HelloRetryRequest that changes nothing
  hello_retry_group_not_offered,
  hello_retry_suite_changed,
  second_hello_changed,  // ClientHello2 differs where it must not
  cookie_mismatch,
  key_share_duplicate,
  key_share_not_in_groups,
  key_share_invalid,  // wrong length, not on the curve, low order, ML-KEM modulus
  psk_not_last,
  psk_binder_mismatch,          // the client does not hold the pre-shared key
  psk_not_offered,              // the server selected an identity that was not offered
  psk_required,                 // no known pre-shared key, and no certificate could do instead
  psk_suite_mismatch,           // the server selected a pre-shared key of another hash
  early_data_wrongly_accepted,  // for another key, suite or application protocol than the data was meant for
  early_data_wrong_version,     // the server chose TLS 1.2, after early data was sent
  early_data_too_long,          // more than max_early_data_size
  // --- TLS 1.2 ------------------------------------------------------------------------------
  inappropriate_fallback,        // TLS_FALLBACK_SCSV, and this server can do better
  secure_renegotiation_missing,  // the server does not know RFC 5746
  renegotiation_info_invalid,    // not empty in a first handshake
  renegotiation_refused,         // the peer insists
  extended_main_secret_missing,  // and required
  extended_main_secret_changed,  // between a session and its resumption
  dh_group_too_small,
  dh_group_invalid,             // not a prime, or with a useless generator
  session_resumed_differently,  // another version, suite or name than the session's
  // --- authentication -----------------------------------------------------------------------
  finished_mismatch,
  certificate_verify_mismatch,
  certificate_list_empty,
  certificate_required,        // the client sent none, the server requires one
  certificate_key_unsuitable,  // the key cannot make the scheme that was used
  certificate_chain_too_long,
  certificate_compression_not_offered,  // by an algorithm that this end did not offer
  certificate_decompression_failed,     // not what it was announced to be, or too much
  // --- certificates (the C- and H- rows of the catalogue) -------------------------------------
  certificate_malformed,
  certificate_unsupported_version,
  certificate_unsupported_algorithm,
  certificate_missing_intermediate,        // C-01
  certificate_unknown_issuer,              // C-02
  certificate_self_signed,                 // C-03
  certificate_self_signed_root,            // C-04
  certificate_wrong_intermediate,          // C-05
  certificate_expired,                     // C-07
  certificate_issuer_expired,              // C-08
  certificate_not_yet_valid,               // C-09
  certificate_bad_extended_key_usage,      // C-12
  certificate_bad_key_usage,               // C-13
  certificate_weak_signature,              // C-14
  certificate_weak_key,                    // C-15
  certificate_name_constraint,             // C-16
  certificate_path_too_long,               // C-17
  certificate_issuer_not_ca,               // C-18
  certificate_unknown_critical_extension,  // C-20
  certificate_bad_signature,               // C-21
  certificate_revoked,                     // C-22
  certificate_revocation_unknown,          // C-23
  certificate_staple_missing,              // C-24
  certificate_staple_invalid,              // C-25
  certificate_policy_violation,
  certificate_extension_forbidden,          // an extension breaks RFC 5280's profile
  certificate_name_mismatch,                // H-01
  certificate_wildcard_mismatch,            // H-02
  certificate_ip_mismatch,                  // H-07
  certificate_no_subject_alternative_name,  // H-08
  certificate_budget_exhausted,             // path building cost more than its budget
  raw_public_key_unknown,                   // RFC 7250: not one of those that are trusted
  certificate_refused_by_application,
  // --- this end -----------------------------------------------------------------------------
  configuration_invalid,
  configuration_key_mismatch,  // S-01
  pem_malformed,
  crl_malformed,
  key_unsupported,
  key_passphrase_missing,
  key_passphrase_wrong,
  file_too_large,
  name_invalid,
  out_of_memory,
  crypto_failed,  // libcrypto refused something that must work
  signer_failed,
  decision_abandoned,  // an outside decision was dropped without an answer
  output_too_small,
  connection_not_established,
  connection_closed,    // sending after close, receiving after an error
  not_in_this_version,  // TLS 1.2 has no KeyUpdate, and exporters only with an extended main secret
  post_handshake_auth_not_offered,  // the client cannot be asked for a certificate any more
  limit_exceeded,                   // one of limits.hpp; the field names it
  io_failed,
  internal_error,
  // --- the other end ended it ---------------------------------------------------------------
  alert_received,  // fatal alert; Error::alert() says which
  truncated,       // the transport ended without close_notify
  no_tls_answer,   // the transport ended before any byte of an answer
};

inline constexpr std::size_t kErrorCodeCount = static_cast<std::size_t>(ErrorCode::no_tls_answer) + 1;

// One row of the table: everything about an error that its code alone decides.
struct ErrorInfo {
  ErrorCode code;
  std::string_view name;  // the enumerator, for logs and JSON
  ErrorCategory category;
  AlertDescription alert;      // sent to the peer; meaningless for alert_received and truncated
  std::string_view sentence;   // for a person; no final full stop
  std::string_view reference;  // RFC and section
  std::string_view catalogue;  // id of the failure catalogue, e.g. "C-07"; empty if it has none
};

// The row of `code`. Never fails.
const ErrorInfo& info_of(ErrorCode code);

// A value type: cheap to move, shares its details when copied.
class [[nodiscard]] Error {
 public:
  Error(ErrorCode code);  // NOLINT(google-explicit-constructor): `return ErrorCode::x;` reads as intended

  // --- building; each returns *this so that they chain ---
  // Field (a string literal) and its offset in bytes from the start of the handshake message header,
  // the record, the certificate or the file, as `where` says.
  Error& at(const char* field, std::size_t offset);
  Error& in(HandshakeType message);
  // Which end saw the failure first. The connection fills it in.
  Error& seen_by(Side side);
  // Replaces the alert of the table where the RFC asks for another one at this place.
  Error& with_alert(AlertDescription alert);
  // A detail for a person: a file name, a certificate's subject, libcrypto's words.
  // What a peer sent must be escaped by whoever prints it.
  Error& with_detail(std::string detail);
  // The numbers each side brought, where the question was what they have in common.
  Error& with_sets(std::vector<std::uint16_t> offered, std::vector<std::uint16_t> accepted);
  // What would mend it: one sentence for a person, with the names that matter here. Not escaped.
  Error& with_fix(std::string fix);
  // The certificate at fault: its depth in the chain (0 = the peer's own) and its subject.
  Error& with_certificate(std::size_t depth, std::string subject);

  // --- reading ---
  [[nodiscard]] ErrorCode code() const { return code_; }
  [[nodiscard]] const ErrorInfo& info() const { return info_of(code_); }
  [[nodiscard]] ErrorCategory category() const { return info().category; }
  // The alert to send for it; for alert_received the one that came.
  [[nodiscard]] AlertDescription alert() const { return alert_; }
  [[nodiscard]] const char* field() const { return field_; }  // "" if none
  [[nodiscard]] std::size_t offset() const { return offset_; }
  [[nodiscard]] std::optional<HandshakeType> message() const;
  [[nodiscard]] std::optional<Side> side() const;
  [[nodiscard]] std::string_view detail() const;
  [[nodiscard]] std::string_view fix() const;  // "" if none is known
  [[nodiscard]] const std::vector<std::uint16_t>& offered() const;
  [[nodiscard]] const std::vector<std::uint16_t>& accepted() const;
  [[nodiscard]] std::optional<std::size_t> certificate_depth() const;
  [[nodiscard]] std::string_view certificate_subject() const;

  // One line: sentence, field, offset, detail, fix. Not escaped.
  [[nodiscard]] std::string to_string() const;

 private:
  struct Details;
  Details& details();

  ErrorCode code_;
  AlertDescription alert_;
  std::uint8_t message_ = 0xff;  // 0xff: none
  std::uint8_t side_ = 0xff;     // 0xff: not known
  std::uint32_t offset_ = 0;
  const char* field_ = "";
  std::shared_ptr<Details> details_;
};

template <class T>
using Result = std::expected<T, Error>;

// `return failure(ErrorCode::x)` where T is not deduced.
inline std::unexpected<Error> failure(Error error) { return std::unexpected<Error>(std::move(error)); }

}  // namespace handfast

// The two lines that every step repeats: leave with the error, or go on with the value.
#define HANDFAST_TRY(expression)                                            \
  do {                                                                      \
    if (auto handfast_result = (expression); !handfast_result) [[unlikely]] \
      return ::std::unexpected(::std::move(handfast_result).error());       \
  } while (false)

#define HANDFAST_CONCAT_2(a, b) a##b
#define HANDFAST_CONCAT(a, b) HANDFAST_CONCAT_2(a, b)
#define HANDFAST_TRY_ASSIGN_2(temporary, declaration, expression) \
  auto temporary = (expression);                                  \
  if (!temporary) [[unlikely]]                                    \
    return ::std::unexpected(::std::move(temporary).error());     \
  declaration = ::std::move(*temporary)
// HANDFAST_TRY_ASSIGN(auto x, f()); — not in coroutines (flows await instead).
#define HANDFAST_TRY_ASSIGN(declaration, expression) \
  HANDFAST_TRY_ASSIGN_2(HANDFAST_CONCAT(handfast_try_, __LINE__), declaration, expression)
