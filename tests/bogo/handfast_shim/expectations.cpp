// Expectations: see the header.
#include "expectations.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <handfast/system.hpp>

#include "crypto/hash.hpp"
#include "crypto/pem.hpp"
#include "message/certificate_request.hpp"
#include "message/client_hello.hpp"
#include "message/post_handshake.hpp"

namespace handfast::bogo {
namespace {

Result<void> expect_number(const char* what, std::uint64_t expected, std::uint64_t actual) {
  if (expected == 0 || expected == actual) return {};
  return failure(mismatch(fmt::format("{} is {:#06x}, not {:#06x}", what, actual, expected)));
}

Result<void> expect_bytes(const char* what, Bytes expected, Bytes actual) {
  if (expected.empty() || std::ranges::equal(expected, actual)) return {};
  return failure(mismatch(fmt::format("{} has other content ({} bytes)", what, actual.size())));
}

Result<void> check_parameters(const Options& options, const ConnectionInfo& info) {
  HANDFAST_TRY(expect_number("version", options.expect_version, static_cast<std::uint64_t>(info.version)));
  HANDFAST_TRY(expect_number("suite", options.expect_cipher, static_cast<std::uint64_t>(info.suite)));
  HANDFAST_TRY(expect_number("suite", options.expect_cipher_aes, static_cast<std::uint64_t>(info.suite)));
  HANDFAST_TRY(expect_number("group", options.expect_curve_id, static_cast<std::uint64_t>(info.group)));
  const std::optional<SignatureScheme> scheme =
      options.is_server ? info.client_signature_scheme : std::optional(info.server_signature_scheme);
  HANDFAST_TRY(expect_number("the peer's signature scheme", options.expect_peer_signature_algorithm,
                             scheme ? static_cast<std::uint64_t>(*scheme) : 0));
  HANDFAST_TRY(expect_bytes("server name", as_bytes(options.expect_server_name), as_bytes(info.server_name)));
  const std::string& protocol = options.is_server ? options.select_alpn : options.expect_alpn;
  if (protocol != info.application_protocol) {
    return failure(mismatch(fmt::format("ALPN is '{}', not '{}'", info.application_protocol, protocol)));
  }
  if (options.expect_extended_master_secret && !info.extended_main_secret) {
    return failure(mismatch("no extended main secret"));
  }
  if ((options.expect_hrr && !info.hello_retry) || (options.expect_no_hrr && info.hello_retry)) {
    return failure(mismatch("HelloRetryRequest: wanted the opposite"));
  }
  return {};
}

// The words of BoringSSL's SSL_early_data_reason_string; what this end cannot know is taken on trust.
bool fits_reason(const std::string& reason, const Options& options, const ConnectionInfo& info) {
  const bool accepted = info.early_data == EarlyDataStatus::accepted;
  if (reason == "accept") return accepted;
  if (accepted) return false;
  if (reason == "protocol_version") return info.version != ProtocolVersion::tls1_3;
  if (reason == "no_session_offered") return !options.is_resume;
  if (reason == "session_not_resumed") return !info.resumed;
  if (reason == "hello_retry_request") return info.hello_retry;
  if (reason == "disabled") return info.early_data == EarlyDataStatus::none || options.is_server;
  return info.resumed;
}

Result<void> check_resumption(const Options& options, const ConnectionInfo& info) {
  const bool resumes = options.is_resume && !options.expect_session_miss;
  if (info.resumed != resumes) {
    return failure(mismatch(info.resumed ? "the session was resumed" : "the session was not resumed"));
  }
  const bool accepted = info.early_data == EarlyDataStatus::accepted;
  if ((options.expect_accept_early_data && !accepted) || (options.expect_reject_early_data && accepted)) {
    return failure(mismatch(accepted ? "early data was accepted" : "early data was not accepted"));
  }
  if (!options.expect_early_data_reason.empty() &&
      !fits_reason(options.expect_early_data_reason, options, info)) {
    return failure(mismatch("early data: not for reason " + options.expect_early_data_reason));
  }
  return {};
}

Result<void> check_chain(const std::string& file, const std::vector<ByteString>& chain) {
  HANDFAST_TRY_ASSIGN(const std::string text, read_file(file));
  HANDFAST_TRY_ASSIGN(const auto blocks, crypto::parse_pem(text));
  const bool same = std::ranges::equal(blocks, chain, [](const auto& block, const ByteString& der) {
    return std::ranges::equal(block.der, der);
  });
  if (same) return {};
  return failure(mismatch(fmt::format("{} certificates, not those of the file", chain.size())));
}

// Of the pre-shared key that was used; -1 if none was.
int credential_of(const Options& options, const ConnectionInfo& info) {
  const auto used = std::ranges::find_if(options.credentials, [&](const CredentialOptions& credential) {
    return credential.is_psk && credential.psk_identity == info.external_psk;
  });
  return used == options.credentials.end() ? -1 : static_cast<int>(used - options.credentials.begin());
}

Result<void> check_certificates(const Options& options, const ConnectionInfo& info,
                                const PeerCertificates* certificates, const Seen& seen) {
  const bool has_some = certificates != nullptr && !certificates->chain.empty();
  if (options.expect_no_peer_cert && has_some) return failure(mismatch("the peer has a certificate"));
  const bool needs_some =
      info.external_psk.empty() && (!options.is_server || options.require_any_client_certificate);
  if (needs_some && !options.expect_no_peer_cert && !has_some) {
    return failure(mismatch("the peer has no certificate"));
  }
  if (options.expect_peer_certificate_type && has_some &&
      *options.expect_peer_certificate_type != static_cast<int>(certificates->type)) {
    return failure(mismatch("another kind of certificate"));
  }
  if (!options.expect_peer_rpk_sha256.empty()) {
    HANDFAST_TRY_ASSIGN(const crypto::Digest digest,
                        crypto::hash(crypto::HashAlgorithm::sha256,
                                     {has_some ? Bytes(certificates->chain.front()) : Bytes()}));
    if (!std::ranges::equal(digest.view(), options.expect_peer_rpk_sha256)) {
      return failure(mismatch("another raw public key"));
    }
  }
  if (!options.expect_peer_cert_file.empty() && has_some) {
    HANDFAST_TRY(check_chain(options.expect_peer_cert_file, certificates->chain));
  }
  HANDFAST_TRY(expect_bytes("the OCSP response", options.expect_ocsp_response,
                            has_some ? Bytes(certificates->ocsp_response) : Bytes()));
  HANDFAST_TRY(expect_bytes("the SCT list", options.expect_signed_cert_timestamps,
                            has_some ? Bytes(certificates->signed_certificate_timestamps) : Bytes()));
  if (options.expect_verify_result && seen.verified && seen.verify_failed != options.verify_fail) {
    return failure(mismatch("wrong result of the verification"));
  }
  const std::optional<int> credential =
      info.external_psk.empty() ? seen.credential : std::optional(credential_of(options, info));
  if (options.expect_selected_credential && credential != options.expect_selected_credential) {
    return failure(mismatch("another credential was used"));
  }
  return {};
}

Result<void> check_client_hello(const Options& options, Bytes message) {
  HANDFAST_TRY_ASSIGN(const auto hello, message::decode_client_hello(message));
  if (!options.expect_advertised_alpn.empty()) {
    for (const auto& extension : hello.extensions) {
      if (extension.type != ExtensionType::application_layer_protocol_negotiation) continue;
      HANDFAST_TRY(expect_bytes("the client's ALPN", as_bytes(options.expect_advertised_alpn),
                                extension.body.subspan(2)));
    }
  }
  if (!options.expect_peer_verify_pref.empty() &&
      hello.signature_algorithms->numbers() != options.expect_peer_verify_pref) {
    return failure(mismatch("the client has other signature schemes"));
  }
  return {};
}

Result<void> check_certificate_request(const Options& options, Bytes message) {
  HANDFAST_TRY_ASSIGN(const auto request, message::decode_certificate_request(message));
  if (!options.expect_peer_verify_pref.empty() &&
      request.signature_algorithms->numbers() != options.expect_peer_verify_pref) {
    return failure(mismatch("the server has other signature schemes"));
  }
  if (options.expect_client_ca_list.empty()) return {};
  std::vector<ByteString> names;
  if (request.certificate_authorities) {
    for (const auto& name : *request.certificate_authorities) names.push_back(copy_of(name.der));
  }
  if (names == read_names(options.expect_client_ca_list)) return {};
  return failure(mismatch("the server names other authorities"));
}

}  // namespace

Error mismatch(std::string what) { return Error(ErrorCode::internal_error).with_detail("shim: " + what); }

Result<void> check_handshake(const Options& options, const Connection& connection, const Recorder& recorder,
                             const Seen& seen) {
  if (options.handshake_never_done) return failure(mismatch("the handshake was completed"));
  if (connection.info() == nullptr) return failure(mismatch("the handshake was not completed"));
  HANDFAST_TRY(check_resumption(options, *connection.info()));
  HANDFAST_TRY(check_parameters(options, *connection.info()));
  HANDFAST_TRY(check_certificates(options, *connection.info(), connection.peer_certificates(), seen));
  if (!recorder.client_hello().empty()) HANDFAST_TRY(check_client_hello(options, recorder.client_hello()));
  if (connection.info()->version == ProtocolVersion::tls1_3 && !recorder.certificate_request().empty()) {
    HANDFAST_TRY(check_certificate_request(options, recorder.certificate_request()));
  }
  return {};
}

Result<void> check_sessions(const Options& options, const Connection& connection, const Recorder& recorder,
                            const Seen& seen, const Sessions& sessions) {
  const ConnectionInfo& info = *connection.info();
  if (options.is_server) {
    const bool stored =
        sessions.store->size() + sessions.store_without_tickets->size() > seen.sessions_before;
    if (options.is_resume || (!options.expect_session_id && !options.expect_no_session_id)) return {};
    if (stored == options.expect_session_id) return {};
    return failure(mismatch(stored ? "the session was stored" : "the session was not stored"));
  }
  // An external key hands out no tickets.
  if (!info.external_psk.empty()) return {};
  const bool is_tls13 = info.version == ProtocolVersion::tls1_3;
  // Nothing says when a session replaced another one; without extended main secret none is kept, and what
  // comes while the connection is being shut down is as it comes.
  if (!is_tls13 && (!info.extended_main_secret || (options.is_resume && !info.resumed))) return {};
  if (is_tls13 && options.shim_shuts_down) return {};
  const bool expected =
      !options.expect_no_session && (is_tls13 || !info.resumed || options.expect_ticket_renewal);
  const bool kept = is_tls13 || !info.resumed ? sessions.of_client->size() > seen.sessions_before
                                              : !recorder.new_session_ticket().empty();
  if (kept != expected) return failure(mismatch(kept ? "a session was kept" : "no session was kept"));
  if (!is_tls13 || !kept) return {};
  HANDFAST_TRY_ASSIGN(const auto ticket, message::decode_new_session_ticket(recorder.new_session_ticket()));
  if ((ticket.max_early_data_size.value_or(0) > 0) == options.expect_ticket_supports_early_data) return {};
  return failure(mismatch("the ticket is for early data, or is not: wanted the opposite"));
}

Result<void> check_recording(const Options& options, const Recorder& recorder) {
  if (options.expect_msg_callback.empty() || options.expect_msg_callback == recorder.lines()) return {};
  return failure(mismatch(fmt::format("messages were:\n{}", recorder.lines())));
}

}  // namespace handfast::bogo
