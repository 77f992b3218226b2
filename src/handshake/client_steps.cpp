// Steps of the client's flows: see the header.
#include "handshake/client_steps.hpp"

#include <algorithm>

#include "handshake/client_psk.hpp"
#include "handshake/server_answer.hpp"
#include "message/post_handshake.hpp"
#include "record/header.hpp"

namespace handfast::handshake {

Result<void> send_client_hello(Context& hs, const SentHello& hello) {
  HANDFAST_TRY(hs.link().send(HandshakeType::client_hello, hello.message));
  // TLS 1.2 has a place for it, which is not here.
  hs.link().allow_change_cipher_spec(offers(hs.client().settings.policy, ProtocolVersion::tls1_3));
  return {};
}

Result<ProtocolVersion> check_server_version(Context& hs, const message::ServerHello& answer) {
  return check_server_version(hs.client().settings, answer);
}

Result<void> restart_transcript(keys::Transcript& transcript, const Message<message::ServerHello>& request) {
  HANDFAST_TRY(transcript.replace_with_message_hash());
  transcript.add(request.bytes());
  return {};
}

Result<RetryRequest> check_hello_retry_request(Context& hs, const SentHello& hello,
                                               const message::ServerHello& request) {
  hs.link().begin_tls13();
  return check_hello_retry_request(hs.client().settings, hello, request);
}

Result<void> check_version_of_early_data(Context& hs, const SentHello& hello, ProtocolVersion version) {
  if (hello.early_data == nullptr || version == ProtocolVersion::tls1_3) return {};
  HANDFAST_TRY_ASSIGN(const ClientSessions::Key key, session_key(hs));
  hs.client().settings.sessions->forget(key, ProtocolVersion::tls1_3);
  return failure(Error(ErrorCode::early_data_wrong_version).in(HandshakeType::server_hello));
}

Result<void> send_change_cipher_spec(Context& hs, const SentHello& hello) {
  if (!hs.client().settings.middlebox_compatibility || hello.early_data != nullptr) return {};
  return hs.link().send_change_cipher_spec();
}

Result<std::optional<SelectedPsk>> accept_psk(Context& hs, SentHello& hello,
                                              const message::ServerHello& answer,
                                              const keys::SuiteParameters* suite) {
  return accept_psk(hs.client().settings, hello, answer, suite);
}

Result<void> install_handshake_keys(Context& hs, const SentHello& hello, const ServerAnswer& choice,
                                    const HandshakeSecrets& secrets) {
  HANDFAST_TRY_ASSIGN(const RecordBoundary boundary, hs.link().record_boundary());
  HANDFAST_TRY(hs.link().set_read_keys(Epoch::handshake, *choice.suite, secrets.server_traffic, boundary));
  if (hello.early_data != nullptr) return {};
  return install_handshake_write_keys(hs, choice, secrets);
}

Result<void> install_handshake_write_keys(Context& hs, const ServerAnswer& choice,
                                          const HandshakeSecrets& secrets) {
  return hs.link().set_write_keys(Epoch::handshake, *choice.suite, secrets.client_traffic);
}

Result<ServerParameters> accept_encrypted_extensions(Context& hs, const SentHello& hello,
                                                     const message::EncryptedExtensions& extensions,
                                                     const ServerAnswer& choice,
                                                     const std::optional<SelectedPsk>& psk) {
  const ClientSettings& settings = hs.client().settings;
  HANDFAST_TRY_ASSIGN(ServerParameters parameters, check_encrypted_extensions(settings, hello, extensions));
  // RFC 8449 §4: both limits hold once the server has answered with its own.
  if (parameters.record_size_limit && settings.record_size_limit) {
    hs.link().set_record_size_limits(*parameters.record_size_limit, *settings.record_size_limit);
  }
  if (parameters.max_fragment_length) hs.link().set_max_fragment_length(*parameters.max_fragment_length);
  HANDFAST_TRY_ASSIGN(parameters.certificate_types, check_certificate_types(hs.client(), extensions));
  if (!psk) HANDFAST_TRY(check_server_type_believed(settings, parameters.certificate_types.server));
  parameters.early_data = extensions.early_data;
  // "If the server supplies an "early_data" extension in EncryptedExtensions, the client MUST verify that the
  // server's selected_identity is 0." (§4.3.11) The data was meant for this session's suite and protocol.
  const bool as_meant = psk && psk->index == 0 && choice.suite == hello.early_data &&
                        parameters.application_protocol == psk->key.session->application_protocol;
  if (parameters.early_data && !as_meant) {
    return failure(Error(ErrorCode::early_data_wrongly_accepted)
                       .in(message::EncryptedExtensions::kType)
                       .at("early_data", 0));
  }
  return parameters;
}

Result<void> settle_early_data(Context& hs, SentHello& hello, const ServerParameters& parameters,
                               const ServerAnswer& choice, const HandshakeSecrets& secrets) {
  if (hello.early_data == nullptr || parameters.early_data) return {};
  give_up_early_data(hs, hello);
  return install_handshake_write_keys(hs, choice, secrets);
}

Result<ByteString> make_end_of_early_data() {
  ByteString message;
  HANDFAST_TRY(message::encode_end_of_early_data(message));
  return message;
}

Result<CertificateDemand> read_certificate_request(Context& hs, const ServerParameters& parameters,
                                                   const message::CertificateRequest& request) {
  HANDFAST_TRY(check_no_context(request));
  return read_certificate_request(hs.client(), request, parameters.certificate_types.client);
}

Result<std::shared_ptr<const PeerCertificates>> read_server_certificates(
    Context& hs, const ServerParameters& parameters, const CertificateMessage& certificate) {
  const ClientSettings& settings = hs.client().settings;
  return read_certificates(hs, Side::server, certificate,
                           {.type = parameters.certificate_types.server,
                            .staple = settings.request_ocsp_staple,
                            .timestamps = settings.request_signed_certificate_timestamps});
}

Decision<Verdict> verify_server(Context& hs, const std::shared_ptr<const PeerCertificates>& presented) {
  return hs.verify(*verifier_for(hs.client().settings, presented->type),
                   {.certificates = presented,
                    .peer = Side::server,
                    .name = hs.name(),
                    .staple_requested = hs.client().settings.request_ocsp_staple});
}

Result<PeerProof> check_server_signature(Context& hs, VerifiedChain chain,
                                         const message::CertificateVerify& verify,
                                         const keys::Transcript& transcript) {
  return check_certificate_verify(Side::server, std::move(chain), verify,
                                  hs.client().settings.policy.signature_schemes, transcript);
}

Result<void> install_application_read_keys(Context& hs, const ServerAnswer& choice,
                                           const ApplicationSecrets& secrets) {
  HANDFAST_TRY_ASSIGN(const RecordBoundary boundary, hs.link().record_boundary());
  hs.link().allow_change_cipher_spec(false);
  return hs.link().set_read_keys(Epoch::application, *choice.suite, secrets.server_traffic, boundary);
}

Result<ByteString> make_client_certificate(const CertificateDemand& demand) {
  return make_certificate(demand.credential, demand.staple, demand.timestamps, demand.context,
                          demand.compression);
}

Result<ByteString> client_signed_content(const keys::Transcript& transcript) {
  return signed_content(Side::client, transcript);
}

Decision<ByteString> sign(Context& hs, const CertificateDemand& demand, const ByteString& content) {
  return hs.sign(*demand.credential->credential.signer, demand.scheme, content);
}

Result<ByteString> make_client_verify(const CertificateDemand& demand, const ByteString& signature) {
  return make_certificate_verify(demand.scheme, signature);
}

Result<void> install_application_write_keys(Context& hs, const ServerAnswer& choice,
                                            const ApplicationSecrets& secrets) {
  return hs.link().set_write_keys(Epoch::application, *choice.suite, secrets.client_traffic);
}

Result<Established> client_outcome(Context& hs, const ServerAnswer& choice, ServerParameters parameters,
                                   std::optional<PeerProof> proof, const std::optional<SelectedPsk>& psk,
                                   const std::optional<CertificateDemand>& demand) {
  const ClientSettings& settings = hs.client().settings;
  Established outcome;
  outcome.suite = choice.suite;
  outcome.info.version = ProtocolVersion::tls1_3;
  outcome.info.suite = choice.suite->suite;
  outcome.info.group = choice.group;
  outcome.info.hello_retry = choice.hello_retry;
  outcome.info.application_protocol = std::move(parameters.application_protocol);
  if (settings.send_server_name && !hs.name()->is_ip()) outcome.info.server_name = hs.name()->dns();
  if (parameters.max_fragment_length) outcome.info.peer_record_size_limit = *parameters.max_fragment_length;
  if (parameters.record_size_limit && settings.record_size_limit) {
    outcome.info.peer_record_size_limit =
        std::min<std::size_t>(*parameters.record_size_limit - 1U, record::kMaxPlaintext);
  }
  if (parameters.early_data) outcome.info.early_data = EarlyDataStatus::accepted;
  if (proof) {
    outcome.info.server_signature_scheme = proof->scheme;
    if (demand && demand->credential != nullptr) outcome.info.client_signature_scheme = demand->scheme;
    outcome.peer_certificates = proof->chain.certificates();
    outcome.verified_path = proof->chain.take_path();
  } else if (psk && psk->key.session) {
    outcome.info.resumed = true;
    outcome.info.server_signature_scheme = psk->key.session->server_signature_scheme;
    outcome.info.client_signature_scheme = psk->key.session->client_signature_scheme;
    outcome.peer_certificates = psk->key.session->peer_certificates;
  } else if (psk) {
    outcome.info.external_psk = psk->key.external_identity;
  } else {
    return failure(ErrorCode::internal_error);
  }
  return outcome;
}

Result<void> expect_tickets(Context& hs, Established& outcome, const std::optional<SelectedPsk>& psk,
                            const ApplicationSecrets& secrets, const keys::Transcript& transcript) {
  const ClientSettings& settings = hs.client().settings;
  // With an external key nothing is saved by a session, and it would outlive the key.
  if (!settings.sessions || !outcome.info.external_psk.empty()) return {};
  HANDFAST_TRY_ASSIGN(const crypto::Digest hash, transcript.current());
  HANDFAST_TRY_ASSIGN(HashSecret resumption, secrets.main.resumption(hash));
  HANDFAST_TRY_ASSIGN(const ClientSessions::Key key, session_key(hs));
  const SessionState* const resumed = psk && psk->key.session ? psk->key.session.get() : nullptr;
  const Time now = settings.clock->now();
  SessionState session;
  session.version = ProtocolVersion::tls1_3;
  session.suite = outcome.info.suite;
  session.authenticated = resumed != nullptr ? resumed->authenticated : now;
  // Certificates are not checked again until then, whatever the tickets say.
  session.expires = session.authenticated + settings.session_lifetime;
  if (outcome.peer_certificates) {
    session.expires = std::min(session.expires, end_of(*outcome.peer_certificates, now));
  }
  session.server_name = outcome.info.server_name;
  session.application_protocol = outcome.info.application_protocol;
  session.binding = hs.client().binding;
  session.group = outcome.info.group;
  session.server_signature_scheme = outcome.info.server_signature_scheme;
  session.client_signature_scheme = outcome.info.client_signature_scheme;
  session.peer_certificates = outcome.peer_certificates;
  outcome.tickets = std::make_unique<ClientTickets>(settings.sessions, key, *settings.clock, *outcome.suite,
                                                    std::move(resumption), std::move(session));
  return {};
}

}  // namespace handfast::handshake
