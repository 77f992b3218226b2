// Steps of the server's TLS 1.2 flow: see the header.
#include "handshake/server12_steps.hpp"

#include <algorithm>
#include <array>

#include "crypto/private_key.hpp"
#include "handshake/server_psk.hpp"
#include "handshake/server_steps.hpp"
#include "message/extension_encoders.hpp"
#include "message/server_hello.hpp"
#include "record/header.hpp"

namespace handfast::handshake {
namespace {

using message::plan_empty_extension;
using message::plan_extension;
using message::PlannedExtension;

// "TLS 1.3 servers which negotiate TLS 1.2 … in response to a ClientHello MUST set the last 8 bytes of their
// Random value" (RFC 9846 §4.2.3): "DOWNGRD" and 1.
constexpr std::array<std::uint8_t, 8> kDowngradeSentinel = {0x44, 0x4f, 0x57, 0x4e, 0x47, 0x52, 0x44, 0x01};

std::vector<PlannedExtension> answers(Context& hs, const Negotiated12& choice) {
  using enum ExtensionType;
  std::vector<PlannedExtension> out;
  if (choice.answers_renegotiation_info) {
    out.push_back(plan_extension(renegotiation_info, message::encode_renegotiation_info, Bytes()));
  }
  if (choice.extended_main_secret) out.push_back(plan_empty_extension(extended_main_secret));
  if (choice.answers_server_name) out.push_back(plan_empty_extension(server_name));
  if (choice.answers_point_formats) out.push_back({.type = ec_point_formats, .body = {1, 0}, .fits = true});
  if (!choice.application_protocol.empty()) {
    out.push_back(plan_extension(application_layer_protocol_negotiation, message::encode_application_protocol,
                                 choice.application_protocol));
  }
  if (choice.sends_ticket) out.push_back(plan_empty_extension(session_ticket));
  if (choice.staple) out.push_back(plan_empty_extension(status_request));
  if (choice.timestamps) {
    out.push_back({.type = signed_certificate_timestamp,
                   .body = choice.credential->credential.signed_certificate_timestamps,
                   .fits = true});
  }
  if (choice.record_size_limit) {
    // In TLS 1.2 the limit is that of the plaintext, which has no content type (RFC 8449 §4).
    const auto own = std::min<std::size_t>(*hs.server().settings.record_size_limit, record::kMaxPlaintext);
    out.push_back(plan_extension(record_size_limit, message::encode_record_size_limit,
                                 static_cast<std::uint16_t>(own)));
  }
  if (choice.max_fragment_length) {
    out.push_back({.type = max_fragment_length, .body = {*choice.max_fragment_length}, .fits = true});
  }
  return out;
}

Established negotiated_outcome(const Negotiated12& choice, const ServerHellos& hellos,
                               const keys::MainSecret12& secret) {
  Established outcome = outcome12(*choice.suite, secret, hellos.randoms);
  outcome.info.group = choice.group;
  outcome.info.server_signature_scheme = choice.scheme;
  outcome.info.application_protocol = choice.application_protocol;
  outcome.info.server_name = hellos.server_name;
  if (choice.max_fragment_length) {
    outcome.info.peer_record_size_limit = fragment_length_of(*choice.max_fragment_length);
  }
  if (choice.record_size_limit) {
    outcome.info.peer_record_size_limit =
        std::min<std::size_t>(*choice.record_size_limit, record::kMaxPlaintext);
  }
  return outcome;
}

}  // namespace

Result<Negotiated12> negotiate12(Context& hs, const message::ClientHello& hello,
                                 std::shared_ptr<const SessionState> session) {
  return negotiate12(hs.server(), hello, std::move(session));
}

Result<ServerHellos> make_server_hello12(Context& hs, const Negotiated12& choice,
                                         const message::ClientHello& hello) {
  ServerHellos hellos;
  std::copy_n(hello.random.begin(), hellos.randoms.client.size(), hellos.randoms.client.begin());
  if (hello.server_name) hellos.server_name = as_text(*hello.server_name);
  auto& random = hellos.randoms.server;
  HANDFAST_TRY(hs.random().fill(random));
  if (offers(hs.server().settings.policy, ProtocolVersion::tls1_3)) {
    std::copy(kDowngradeSentinel.begin(), kDowngradeSentinel.end(), random.end() - kDowngradeSentinel.size());
  }
  if (choice.resumed) {
    hellos.session_id = copy_of(hello.legacy_session_id);
  } else if (choice.keeps_session) {
    hellos.session_id.resize(kStoredSessionId);
    HANDFAST_TRY(hs.random().fill(hellos.session_id));
  }
  const std::vector<PlannedExtension> extensions = answers(hs, choice);
  HANDFAST_TRY(message::encode_server_hello({.random = random,
                                             .legacy_session_id_echo = hellos.session_id,
                                             .cipher_suite = choice.suite->suite,
                                             .selected_version = {},
                                             .key_share = {},
                                             .selected_identity = {},
                                             .extra = extensions},
                                            hellos.message));
  HANDFAST_TRY(hs.link().begin_tls12(choice.suite->key_exchange));
  if (choice.max_fragment_length) {
    hs.link().set_max_fragment_length(fragment_length_of(*choice.max_fragment_length));
  }
  if (choice.record_size_limit) {
    hs.link().set_record_size_limits(*choice.record_size_limit + 1U,
                                     *hs.server().settings.record_size_limit + 1U);
  }
  return hellos;
}

Transcript12 make_transcript12(Context& hs, const Negotiated12& choice) {
  return {choice.suite->hash, asks_for_certificate(hs)};
}

Result<void> send_server_certificate12(Context& hs, Transcript12& transcript, const Negotiated12& choice) {
  HANDFAST_TRY(send(hs, transcript, choice.credential->certificate_message12));
  if (!choice.staple) return {};
  ByteString status;
  HANDFAST_TRY(
      message::encode_certificate_status_message(choice.credential->credential.ocsp_response, status));
  return send(hs, transcript, status);
}

bool needs_key_exchange(const Negotiated12& choice) { return choice.suite->key_exchange != KeyExchange::rsa; }

Result<ServerExchange12> make_key_exchange(Context& hs, const Negotiated12& choice) {
  ServerExchange12 out;
  if (choice.suite->key_exchange == KeyExchange::ecdhe) {
    HANDFAST_TRY_ASSIGN(crypto::ClientKeyShare share,
                        crypto::ClientKeyShare::generate(choice.group, hs.random()));
    HANDFAST_TRY_ASSIGN(out.params, message::encode_server_ecdh_params(choice.group, share.public_key()));
    out.key = std::move(share);
    return out;
  }
  HANDFAST_TRY_ASSIGN(const auto group, crypto::FiniteFieldGroup::named(choice.group));
  HANDFAST_TRY_ASSIGN(crypto::FiniteFieldKey key, crypto::FiniteFieldKey::generate(group, hs.random()));
  HANDFAST_TRY_ASSIGN(out.params,
                      message::encode_server_dh_params(group.prime(), group.generator(), key.public_key()));
  out.finite_field_bits = group.bits();
  out.key = std::move(key);
  return out;
}

Result<ByteString> key_exchange_content(const ServerHellos& hellos, const ServerExchange12& exchange) {
  return signed_params(hellos.randoms, exchange.params);
}

Decision<ByteString> sign(Context& hs, const Negotiated12& choice, const ByteString& content) {
  return hs.sign(*choice.credential->credential.signer, choice.scheme, content);
}

Result<ByteString> make_server_key_exchange(const Negotiated12& choice, const ServerExchange12& exchange,
                                            const ByteString& signature) {
  ByteString message;
  HANDFAST_TRY(message::encode_server_key_exchange(exchange.params, choice.scheme, signature, message));
  return message;
}

Result<void> send_hello_done(Context& hs, Transcript12& transcript) {
  if (asks_for_certificate(hs)) HANDFAST_TRY(send(hs, transcript, hs.server().certificate_request12));
  ByteString done;
  HANDFAST_TRY(message::encode_server_hello_done(done));
  return send(hs, transcript, done);
}

Result<std::shared_ptr<const PeerCertificates>> read_client_certificates12(
    Context& hs, const message::Certificate12& certificate) {
  HANDFAST_TRY_ASSIGN(PeerCertificates certificates, read_certificates12(Side::client, certificate));
  // "If the client does not send any certificates, the server MAY at its discretion either continue the
  // handshake without client authentication, or respond with a fatal handshake_failure alert." (RFC 5246
  // §7.4.6)
  if (certificates.chain.empty() &&
      hs.server().settings.client_authentication == ClientAuthentication::required) {
    return failure(Error(ErrorCode::certificate_required)
                       .in(message::Certificate12::kType)
                       .with_alert(AlertDescription::handshake_failure));
  }
  return std::make_shared<const PeerCertificates>(std::move(certificates));
}

Result<PremasterSecret> finish_key_exchange(Context& hs, const Negotiated12& choice,
                                            ServerExchange12& exchange,
                                            const message::ClientKeyExchange& keys) {
  const KeyExchange kind = choice.suite->key_exchange;
  HANDFAST_TRY_ASSIGN(const Bytes sent, message::decode_client_exchange_keys(kind, keys.raw));
  if (kind == KeyExchange::rsa) {
    HANDFAST_TRY_ASSIGN(const crypto::RsaPremaster premaster,
                        choice.credential->decryptor->decrypt_premaster(sent, choice.offered, hs.random()));
    return PremasterSecret(premaster.view());
  }
  const auto at_place = [](Error error, std::size_t offset) {
    return failure(error.in(message::ClientKeyExchange::kType).at("exchange_keys", offset));
  };
  if (auto* const share = std::get_if<crypto::ClientKeyShare>(&exchange.key)) {
    auto secret = std::move(*share).finish(sent);
    if (!secret) return at_place(secret.error(), 5);
    return PremasterSecret(secret->view());
  }
  auto secret = std::move(std::get<crypto::FiniteFieldKey>(exchange.key)).finish(sent);
  if (!secret) return at_place(secret.error(), 6);
  return secret;
}

Result<keys::MainSecret12> derive_main_secret(Context& hs, const Negotiated12& choice,
                                              const ServerHellos& hellos, PremasterSecret premaster,
                                              const Transcript12& transcript) {
  return derive_main_secret(hs, *choice.suite, choice.extended_main_secret, hellos.randoms,
                            std::move(premaster), transcript);
}

Result<PeerProof> check_client_signature12(Context& hs, VerifiedChain chain,
                                           const message::CertificateVerify& verify,
                                           const ByteString& messages) {
  return Proofs12::by_verify(std::move(chain), verify, hs.server().settings.policy.signature_schemes,
                             messages);
}

Result<keys::KeyBlock> derive_keys12(Context& hs, const Negotiated12& choice, const ServerHellos& hellos,
                                     const keys::MainSecret12& secret) {
  return derive_keys12(hs, *choice.suite, secret, hellos.randoms);
}

Result<void> change_write_keys(Context& hs, const Negotiated12& choice, const keys::KeyBlock& keys) {
  return change_write_keys(hs, *choice.suite, keys.server);
}

Result<void> change_read_keys(Context& hs, const Negotiated12& choice, const keys::KeyBlock& keys) {
  return change_read_keys(hs, *choice.suite, keys.client);
}

Established server_outcome12(const Negotiated12& choice, const ServerHellos& hellos,
                             std::size_t finite_field_bits, std::optional<PeerProof> proof,
                             const keys::MainSecret12& secret) {
  Established outcome = negotiated_outcome(choice, hellos, secret);
  outcome.info.finite_field_bits = finite_field_bits;
  if (proof) {
    outcome.info.client_signature_scheme = proof->scheme;
    outcome.peer_certificates = proof->chain.certificates();
    outcome.verified_path = proof->chain.take_path();
  }
  return outcome;
}

Established server_resumed_outcome12(const Negotiated12& choice, const ServerHellos& hellos,
                                     const keys::MainSecret12& secret) {
  Established outcome = negotiated_outcome(choice, hellos, secret);
  outcome.info.resumed = true;
  outcome.info.client_signature_scheme = choice.resumed->client_signature_scheme;
  outcome.peer_certificates = choice.resumed->peer_certificates;
  return outcome;
}

}  // namespace handfast::handshake
