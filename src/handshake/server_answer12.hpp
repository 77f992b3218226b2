// What a client makes of a TLS 1.2 ServerHello: pure checks, and which messages it makes possible.
// RFC 5246 §7.4.1.3, §7.4.1.4; RFC 5746 §3.4; RFC 7627 §5.2, §5.3; RFC 6066 §4, §8; RFC 8449 §5; RFC 5077
// §3.4.
#pragma once

#include <handfast/config.hpp>
#include <handfast/error.hpp>
#include <memory>
#include <optional>
#include <string>

#include "handshake/client_hello.hpp"
#include "handshake/context.hpp"
#include "keys/cipher_suite.hpp"
#include "keys/key_schedule12.hpp"
#include "message/server_hello.hpp"

namespace handfast::handshake {

// What a ServerHello settled, owned.
struct ServerAnswer12 {
  const keys::SuiteParameters* suite = nullptr;
  keys::Randoms randoms;
  std::shared_ptr<const SessionState> resumed;  // the session that goes on; null: a full handshake
  ByteString session_id;                        // of a new session; empty: it cannot be resumed by id
  bool extended_main_secret = false;
  bool staple = false;          // CertificateStatus may come
  bool session_ticket = false;  // NewSessionTicket will come
  std::string application_protocol;
  ByteString signed_certificate_timestamps;
  std::optional<std::uint16_t> record_size_limit;  // the server's
  std::optional<std::size_t> max_fragment_length;
};

// Whether it resumes the session that `hello` offers: "If the session_id … is non-empty … the server … will
// return the same value" (RFC 5246 §7.4.1.3).
bool resumes_session12(const SentHello& hello, const message::ServerHello& answer);

// Of both kinds of handshake. Errors: suite_not_offered, compression_not_null, session_resumed_differently,
// extension_not_offered, secure_renegotiation_missing, renegotiation_info_invalid,
// extended_main_secret_missing, application_protocol_not_offered, message_illegal_value.
Result<ServerAnswer12> check_server_hello12(const ClientSettings& settings, const SentHello& hello,
                                            const message::ServerHello& answer);

// The messages that may come after Certificate, after CertificateStatus, after ServerKeyExchange and after
// CertificateRequest (RFC 5246 §7.3, figure 1).
ExpectedMessages after_certificate(const ServerAnswer12& answer);
ExpectedMessages after_status(const ServerAnswer12& answer);
ExpectedMessages after_key_exchange();
ExpectedMessages after_request();

}  // namespace handfast::handshake
