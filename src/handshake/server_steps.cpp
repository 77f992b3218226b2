// Steps of the server's flows: see the header.
#include "handshake/server_steps.hpp"

#include <algorithm>
#include <array>

#include "handshake/certificate_types.hpp"
#include "handshake/server_psk.hpp"
#include "message/encrypted_extensions.hpp"
#include "message/server_hello.hpp"
#include "record/header.hpp"

namespace handfast::handshake {
namespace {

constexpr std::size_t kCookieSize = 32;
// At most, beside the key share: so that encoding it allocates once.
constexpr std::size_t kServerHelloSize = 128;

}  // namespace

Result<ProtocolVersion> choose_version(Context& hs, const message::ClientHello& hello) {
  return choose_version(hs.server(), hello);
}

Result<Negotiated> negotiate(Context& hs, const message::ClientHello& hello,
                             const std::optional<SelectedPsk>& psk) {
  hs.link().begin_tls13();
  hs.link().allow_change_cipher_spec(true);
  return negotiate(hs.server(), hello, psk ? &psk->key : nullptr);
}

Result<SentRetry> make_hello_retry_request(Context& hs, const Negotiated& choice,
                                           const message::ClientHello& hello) {
  SentRetry retry;
  retry.group = choice.group;
  if (hs.server().settings.hello_retry_cookie) {
    retry.cookie.resize(kCookieSize);
    HANDFAST_TRY(hs.random().fill(retry.cookie));
  }
  HANDFAST_TRY(message::encode_hello_retry_request({.legacy_session_id_echo = hello.legacy_session_id,
                                                    .cipher_suite = choice.suite->suite,
                                                    .selected_group = choice.group,
                                                    .cookie = retry.cookie,
                                                    .extra = {}},
                                                   retry.message));
  return retry;
}

Result<Negotiated> negotiate_again(Context& hs, const Negotiated& choice, const SentRetry& retry,
                                   const message::ClientHello& first, const message::ClientHello& second,
                                   const std::optional<SelectedPsk>& psk) {
  // Before anything is chosen from it: a second hello must not reopen what the first one settled.
  HANDFAST_TRY(check_second_hello(first, second, retry.group, retry.cookie));
  HANDFAST_TRY_ASSIGN(const Negotiated again, negotiate(hs.server(), second, psk ? &psk->key : nullptr));
  // The checks above leave no other outcome; a second retry would be one too many (§4.2.4).
  if (again.suite != choice.suite || again.group != retry.group || again.needs_retry) {
    return failure(Error(ErrorCode::second_hello_changed).in(HandshakeType::client_hello).at("key_share", 0));
  }
  return again;
}

Result<void> answer_change_cipher_spec(Context& hs, const message::ClientHello& hello) {
  if (hello.legacy_session_id.empty()) return {};
  return hs.link().send_change_cipher_spec();
}

Result<crypto::ServerKeyShare> answer_key_share(Context& hs, const Negotiated& choice,
                                                const message::ClientHello& hello) {
  if (choice.without_exchange) return crypto::ServerKeyShare();
  const auto entry = hello.key_share->find(choice.group);
  if (!entry) return failure(ErrorCode::internal_error);
  auto exchange = crypto::answer_key_share(choice.group, entry->key_exchange, hs.random());
  if (!exchange) {
    Error error = exchange.error();
    return failure(error.in(HandshakeType::client_hello).at("key_exchange", entry->offset));
  }
  return exchange;
}

Result<ByteString> make_server_hello(Context& hs, const Negotiated& choice, const message::ClientHello& hello,
                                     const crypto::ServerKeyShare& exchange,
                                     const std::optional<SelectedPsk>& psk) {
  // TLS 1.3 leaves the whole random to chance; the sentinel in its last bytes is for older versions (§4.2.3).
  std::array<std::uint8_t, 32> random{};
  HANDFAST_TRY(hs.random().fill(random));
  std::optional<message::KeyShareEntry> share;
  if (!choice.without_exchange) {
    share = message::KeyShareEntry{.group = choice.group, .key_exchange = exchange.public_key, .offset = 0};
  }
  ByteString message;
  message.reserve(kServerHelloSize + exchange.public_key.size());
  HANDFAST_TRY(
      message::encode_server_hello({.random = random,
                                    .legacy_session_id_echo = hello.legacy_session_id,
                                    .cipher_suite = choice.suite->suite,
                                    .key_share = share,
                                    .selected_identity = psk ? std::optional(psk->index) : std::nullopt,
                                    .extra = {}},
                                   message));
  return message;
}

HelloSummary summarize(Context& hs, const message::ClientHello& hello,
                       const std::optional<SelectedPsk>& psk) {
  HelloSummary summary;
  std::copy_n(hello.random.begin(), summary.random.size(), summary.random.begin());
  summary.wants_staple =
      hello.status_request && hello.status_request->status_type == message::CertificateStatusType::ocsp;
  summary.wants_timestamps = hello.signed_certificate_timestamp;
  summary.compression =
      choose_compression(hs.server().settings.compress_certificates, hello.compress_certificate);
  if (hello.server_name) summary.server_name = as_text(*hello.server_name);
  const bool resumes = psk && psk->key.session;
  // With an external key nothing is saved by a session, and it would outlive the key.
  if (!psk || resumes) summary.tickets = tickets_for(hs.server(), hello, resumes);
  summary.asked_for_tickets = hello.ticket_request.has_value() && hs.server().keeps_sessions();
  summary.takes_early_data = takes_early_data(psk);
  summary.post_handshake_auth = hello.post_handshake_auth;
  if (resumes) summary.authenticated = psk->key.session->authenticated;
  if (hs.server().settings.record_size_limit) summary.record_size_limit = hello.record_size_limit;
  return summary;
}

Result<void> install_handshake_keys(Context& hs, const Negotiated& choice, const HandshakeSecrets& secrets,
                                    const std::optional<SelectedPsk>& psk) {
  HANDFAST_TRY(hs.link().set_write_keys(Epoch::handshake, *choice.suite, secrets.server_traffic));
  if (takes_early_data(psk)) return {};
  return install_handshake_read_keys(hs, choice, secrets);
}

Result<void> install_handshake_read_keys(Context& hs, const Negotiated& choice,
                                         const HandshakeSecrets& secrets) {
  HANDFAST_TRY_ASSIGN(const RecordBoundary boundary, hs.link().record_boundary());
  return hs.link().set_read_keys(Epoch::handshake, *choice.suite, secrets.client_traffic, boundary);
}

Result<ByteString> make_encrypted_extensions(Context& hs, const Negotiated& choice,
                                             const HelloSummary& client) {
  message::EncryptedExtensionsPlan plan;
  plan.application_protocol = choice.application_protocol;
  plan.server_name = choice.name_acknowledged;
  plan.early_data = client.takes_early_data;
  if (client.record_size_limit) {
    plan.record_size_limit = hs.server().settings.record_size_limit;
    hs.link().set_record_size_limits(*client.record_size_limit, *plan.record_size_limit);
  }
  // "the "ticket_request" extension … in EncryptedExtensions [says how many] tickets the server expects to
  // send" (RFC 9149 §3)
  std::vector<message::PlannedExtension> extra;
  if (client.asked_for_tickets) {
    extra.push_back({.type = ExtensionType::ticket_request, .body = {client.tickets}, .fits = true});
  }
  const auto answer_type = [&](ExtensionType type, const std::optional<CertificateType>& answer) {
    if (answer) extra.push_back({.type = type, .body = {static_cast<std::uint8_t>(*answer)}, .fits = true});
  };
  answer_type(ExtensionType::client_certificate_type, choice.client_type_answer);
  answer_type(ExtensionType::server_certificate_type, choice.server_type_answer);
  plan.extra = extra;
  ByteString message;
  HANDFAST_TRY(message::encode_encrypted_extensions(plan, message));
  return message;
}

Result<void> send_certificate_request(Context& hs, keys::Transcript& transcript) {
  if (!asks_for_certificate(hs)) return {};
  return send(hs, transcript, hs.server().certificate_request);
}

Result<ByteString> make_server_certificate(const Negotiated& choice, const HelloSummary& client) {
  return make_certificate(choice.credential, client.wants_staple, client.wants_timestamps, {},
                          client.compression);
}

Result<ByteString> server_signed_content(const keys::Transcript& transcript) {
  return signed_content(Side::server, transcript);
}

Decision<ByteString> sign(Context& hs, const Negotiated& choice, const ByteString& content) {
  return hs.sign(*choice.credential->credential.signer, choice.scheme, content);
}

Result<ByteString> make_server_verify(const Negotiated& choice, const ByteString& signature) {
  return make_certificate_verify(choice.scheme, signature);
}

Result<void> install_application_write_keys(Context& hs, const Negotiated& choice,
                                            const ApplicationSecrets& secrets) {
  return hs.link().set_write_keys(Epoch::application, *choice.suite, secrets.server_traffic);
}

bool asks_for_certificate(Context& hs) {
  return hs.server().settings.client_authentication != ClientAuthentication::none;
}

Result<std::shared_ptr<const PeerCertificates>> read_client_certificates(
    Context& hs, const Negotiated& choice, const CertificateMessage& certificate) {
  const CertificateType type = choice.client_type_answer.value_or(CertificateType::X509);
  HANDFAST_TRY_ASSIGN(std::shared_ptr<const PeerCertificates> presented,
                      read_certificates(hs, Side::client, certificate, {.type = type}));
  // "If the client does not send any certificates, the server MAY at its discretion either continue the
  // handshake without client authentication, or abort the handshake with a "certificate_required" alert."
  // (§4.5.1.3)
  if (presented->chain.empty() &&
      hs.server().settings.client_authentication == ClientAuthentication::required) {
    return failure(Error(ErrorCode::certificate_required).in(message::Certificate::kType));
  }
  // A client that does not know RFC 7250 shows X.509 where only raw public keys are believed.
  if (!presented->chain.empty() && verifier_for(hs.server().settings, type) == nullptr) {
    return failure(Error(ErrorCode::no_common_certificate_type).in(message::Certificate::kType));
  }
  return presented;
}

Decision<Verdict> verify_client(Context& hs, const std::shared_ptr<const PeerCertificates>& presented) {
  return hs.verify(*verifier_for(hs.server().settings, presented->type),
                   {.certificates = presented, .peer = Side::client, .name = nullptr});
}

Result<PeerProof> check_client_signature(Context& hs, VerifiedChain chain,
                                         const message::CertificateVerify& verify,
                                         const keys::Transcript& transcript) {
  return check_certificate_verify(Side::client, std::move(chain), verify,
                                  hs.server().settings.policy.signature_schemes, transcript);
}

Result<void> install_application_read_keys(Context& hs, const Negotiated& choice,
                                           const ApplicationSecrets& secrets) {
  HANDFAST_TRY_ASSIGN(const RecordBoundary boundary, hs.link().record_boundary());
  hs.link().allow_change_cipher_spec(false);
  return hs.link().set_read_keys(Epoch::application, *choice.suite, secrets.client_traffic, boundary);
}

Result<Established> server_outcome(const Negotiated& choice, const HelloSummary& client, bool hello_retry,
                                   std::optional<PeerProof> proof, const std::optional<SelectedPsk>& psk) {
  Established outcome;
  outcome.suite = choice.suite;
  outcome.info.version = ProtocolVersion::tls1_3;
  outcome.info.suite = choice.suite->suite;
  outcome.info.group = choice.group;
  outcome.info.hello_retry = hello_retry;
  outcome.info.server_signature_scheme = choice.scheme;
  outcome.info.application_protocol = choice.application_protocol;
  outcome.info.server_name = client.server_name;
  if (client.takes_early_data) outcome.info.early_data = EarlyDataStatus::accepted;
  if (client.record_size_limit) {
    outcome.info.peer_record_size_limit =
        std::min<std::size_t>(*client.record_size_limit - 1U, record::kMaxPlaintext);
  }
  if (psk && psk->key.session) {
    const SessionState& session = *psk->key.session;
    outcome.info.resumed = true;
    outcome.info.server_signature_scheme = session.server_signature_scheme;
    outcome.info.client_signature_scheme = session.client_signature_scheme;
    outcome.peer_certificates = session.peer_certificates;
  }
  if (psk) outcome.info.external_psk = psk->key.external_identity;
  if (proof) {
    outcome.info.client_signature_scheme = proof->scheme;
    outcome.peer_certificates = proof->chain.certificates();
    outcome.verified_path = proof->chain.take_path();
  }
  return outcome;
}

}  // namespace handfast::handshake
