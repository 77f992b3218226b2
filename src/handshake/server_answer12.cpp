// The client's checks of a TLS 1.2 ServerHello: see the header.
#include "handshake/server_answer12.hpp"

#include <algorithm>

#include "handshake/client12_session.hpp"
#include "handshake/config_data.hpp"
#include "handshake/selection.hpp"
#include "handshake/server_answer.hpp"
#include "message/checks.hpp"

namespace handfast::handshake {
namespace {

constexpr auto kType = HandshakeType::server_hello;
constexpr std::size_t kSessionIdOffset = 4 + 2 + 32;

Error illegal(const char* field) { return Error(ErrorCode::message_illegal_value).in(kType).at(field, 0); }

Result<void> check_bindings(const ClientSettings& settings, const message::ServerHello& answer) {
  // "If the extension is not present, the server does not support secure renegotiation … some clients may
  // want to terminate the handshake" (RFC 5746 §3.4, §4.1)
  if (!answer.renegotiation_info && settings.require_secure_renegotiation) {
    return failure(Error(ErrorCode::secure_renegotiation_missing).in(kType));
  }
  // "The client MUST then verify that the length of the "renegotiated_connection" field is zero, and if it is
  // not, MUST abort the handshake (by sending a fatal handshake_failure alert)." (RFC 5746 §3.4)
  if (answer.renegotiation_info && !answer.renegotiation_info->empty()) {
    return failure(Error(ErrorCode::renegotiation_info_invalid).in(kType).at("renegotiated_connection", 0));
  }
  if (settings.require_extended_main_secret && !answer.extended_main_secret) {
    return failure(Error(ErrorCode::extended_main_secret_missing).in(kType));
  }
  return {};
}

Result<void> check_sizes(const ClientSettings& settings, const message::ServerHello& answer,
                         ServerAnswer12& out) {
  out.record_size_limit = answer.record_size_limit;
  HANDFAST_TRY_ASSIGN(out.max_fragment_length,
                      check_max_fragment_length(settings, kType, answer.max_fragment_length,
                                                answer.record_size_limit.has_value()));
  // "The negotiated length applies for the duration of the session including session resumptions." (RFC 6066
  // §4)
  if (out.resumed && !out.max_fragment_length && out.resumed->max_fragment_length != 0) {
    out.max_fragment_length = out.resumed->max_fragment_length;
  }
  return {};
}

bool repeats_session_id(const SentHello& hello, const message::ServerHello& answer) {
  return !hello.session_id.empty() && std::ranges::equal(answer.legacy_session_id_echo, hello.session_id);
}

Result<void> check_session(const SentHello& hello, const message::ServerHello& answer,
                           std::size_t suite_offset, ServerAnswer12& out) {
  const auto differently = [](const char* field, std::size_t offset) {
    return failure(Error(ErrorCode::session_resumed_differently).in(kType).at(field, offset));
  };
  if (!repeats_session_id(hello, answer)) {
    out.session_id = copy_of(answer.legacy_session_id_echo);
    return {};
  }
  // The session id stands for no session: a server that repeats it claims to resume one.
  if (!hello.session12) return differently("legacy_session_id_echo", kSessionIdOffset);
  out.resumed = hello.session12->session();
  // "For resumed sessions, this field is the value from the state of the session being resumed." (RFC 5246
  // §7.4.1.3)
  if (answer.cipher_suite != out.resumed->suite) return differently("cipher_suite", suite_offset);
  // "If the original session used the extension but the new ServerHello does not contain the extension, the
  // client MUST abort the handshake." (RFC 7627 §5.3) No session without it is ever offered.
  if (!answer.extended_main_secret) {
    return failure(Error(ErrorCode::extended_main_secret_missing).in(kType));
  }
  return {};
}

}  // namespace

bool resumes_session12(const SentHello& hello, const message::ServerHello& answer) {
  return hello.session12 != nullptr && repeats_session_id(hello, answer);
}

Result<ServerAnswer12> check_server_hello12(const ClientSettings& settings, const SentHello& hello,
                                            const message::ServerHello& answer) {
  const std::size_t suite_offset = kSessionIdOffset + 1 + answer.legacy_session_id_echo.size();
  ServerAnswer12 out;
  out.suite = keys::find_suite(answer.cipher_suite, ProtocolVersion::tls1_2);
  if (out.suite == nullptr || !hello.offered(answer.cipher_suite)) {
    return failure(Error(ErrorCode::suite_not_offered)
                       .in(kType)
                       .at("cipher_suite", suite_offset)
                       .with_sets(numbers(hello.suites), {static_cast<std::uint16_t>(answer.cipher_suite)}));
  }
  if (answer.legacy_compression_method != 0) {
    return failure(
        Error(ErrorCode::compression_not_null).in(kType).at("legacy_compression_method", suite_offset + 2));
  }
  HANDFAST_TRY(check_session(hello, answer, suite_offset, out));
  HANDFAST_TRY(message::check_only_offered(
      answer.extensions, [&](ExtensionType type) { return hello.offered(type); }, kType));
  HANDFAST_TRY(check_bindings(settings, answer));
  HANDFAST_TRY(check_sizes(settings, answer, out));
  // RFC 8422 §5.2: as for the client's list, uncompressed must be in it.
  if (answer.ec_point_formats && std::find(answer.ec_point_formats->begin(), answer.ec_point_formats->end(),
                                           0) == answer.ec_point_formats->end()) {
    return failure(illegal("ec_point_formats"));
  }
  if (answer.application_protocol) {
    // RFC 7301 §3.1: the server's choice is one of the client's names.
    out.application_protocol = as_text(*answer.application_protocol);
    const auto& offered = settings.application_protocols;
    if (std::find(offered.begin(), offered.end(), out.application_protocol) == offered.end()) {
      return failure(
          Error(ErrorCode::application_protocol_not_offered).in(kType).at("protocol_name_list", 0));
    }
  }
  out.randoms.client = hello.random;
  std::copy_n(answer.random.begin(), out.randoms.server.size(), out.randoms.server.begin());
  out.extended_main_secret = answer.extended_main_secret;
  out.staple = answer.status_request;
  out.session_ticket = answer.session_ticket;
  if (answer.signed_certificate_timestamp) {
    out.signed_certificate_timestamps = copy_of(*answer.signed_certificate_timestamp);
  }
  return out;
}

ExpectedMessages after_certificate(const ServerAnswer12& answer) {
  ExpectedMessages expected = after_status(answer);
  if (answer.staple) expected.add(HandshakeType::certificate_status);
  return expected;
}

ExpectedMessages after_status(const ServerAnswer12& answer) {
  // "It is not legal to send the ServerKeyExchange message for … RSA" and the others cannot do without
  // (§7.4.3).
  if (answer.suite->key_exchange == KeyExchange::rsa) return after_key_exchange();
  return {HandshakeType::server_key_exchange};
}

ExpectedMessages after_key_exchange() {
  return {HandshakeType::certificate_request, HandshakeType::server_hello_done};
}

ExpectedMessages after_request() { return {HandshakeType::server_hello_done}; }

}  // namespace handfast::handshake
