// Steps of the client's TLS 1.2 flow: see the header.
#include "handshake/client12_steps.hpp"

#include <algorithm>

#include "crypto/finite_field.hpp"
#include "crypto/key_exchange.hpp"
#include "crypto/private_key.hpp"
#include "crypto/public_key.hpp"
#include "handshake/selection.hpp"
#include "pki/certificate.hpp"
#include "record/header.hpp"

namespace handfast::handshake {
namespace {

constexpr auto kExchangeType = message::ServerKeyExchange::kType;

// The error of a bad public key or group, with its place.
std::unexpected<Error> at_place(Error error, const char* field, std::size_t offset) {
  return failure(error.in(kExchangeType).at(field, offset));
}

Result<void> exchange_curve(Context& hs, const ServerAnswer12& choice, VerifiedChain chain, Bytes message,
                            ClientExchange12& out) {
  const Policy& policy = hs.client().settings.policy;
  HANDFAST_TRY_ASSIGN(const message::ServerEcdhParams params, message::decode_server_ecdh_params(message));
  HANDFAST_TRY_ASSIGN(out.proof, Proofs12::by_key_exchange(std::move(chain), params.signature,
                                                           policy.signature_schemes, choice.randoms));
  // "a client that receives … a curve it did not offer … MUST abort" (RFC 8422 §5.4)
  const auto& groups = policy.groups;
  if (!crypto::is_classical(params.group) ||
      std::find(groups.begin(), groups.end(), params.group) == groups.end()) {
    return failure(Error(ErrorCode::group_not_offered)
                       .in(kExchangeType)
                       .at("namedcurve", 5)
                       .with_sets(numbers(groups), {static_cast<std::uint16_t>(params.group)}));
  }
  auto share = crypto::answer_key_share(params.group, params.public_key, hs.random());
  if (!share) return at_place(share.error(), "point", params.public_offset);
  out.group = params.group;
  out.premaster = PremasterSecret(share->secret.view());
  return message::encode_client_key_exchange(KeyExchange::ecdhe, share->public_key, out.message);
}

Result<void> exchange_finite_field(Context& hs, const ServerAnswer12& choice, VerifiedChain chain,
                                   Bytes message, ClientExchange12& out) {
  HANDFAST_TRY_ASSIGN(const message::ServerDhParams params, message::decode_server_dh_params(message));
  HANDFAST_TRY_ASSIGN(
      out.proof, Proofs12::by_key_exchange(std::move(chain), params.signature,
                                           hs.client().settings.policy.signature_schemes, choice.randoms));
  auto group = crypto::FiniteFieldGroup::from_numbers(params.prime, params.generator);
  if (!group) return at_place(group.error(), "dh_p", params.prime_offset);
  HANDFAST_TRY_ASSIGN(crypto::FiniteFieldKey key, crypto::FiniteFieldKey::generate(*group, hs.random()));
  HANDFAST_TRY(message::encode_client_key_exchange(KeyExchange::dhe, key.public_key(), out.message));
  out.group = group->name().value_or(NamedGroup{});
  out.finite_field_bits = group->bits();
  auto premaster = std::move(key).finish(params.public_key);
  if (!premaster) return at_place(premaster.error(), "dh_Ys", params.public_offset);
  out.premaster = std::move(*premaster);
  return {};
}

// struct {
//     ProtocolVersion client_version;
//     opaque random[46];
// } PreMasterSecret;
Result<void> encrypt_premaster(Context& hs, VerifiedChain chain, ClientExchange12& out) {
  HANDFAST_TRY_ASSIGN(const pki::Certificate leaf,
                      pki::Certificate::parse(chain.certificates()->chain.front()));
  HANDFAST_TRY_ASSIGN(const crypto::PublicKey key, crypto::PublicKey::from_spki(leaf.spki));
  out.premaster.resize(crypto::kRsaPremasterSize);
  const MutableBytes premaster = out.premaster.writable();
  HANDFAST_TRY(hs.random().fill(premaster));
  premaster[0] = 3;  // TLS 1.2, as in the ClientHello
  premaster[1] = 3;
  HANDFAST_TRY_ASSIGN(const ByteString encrypted, key.encrypt_premaster(premaster, hs.random()));
  out.chain = std::move(chain);
  return message::encode_client_key_exchange(KeyExchange::rsa, encrypted, out.message);
}

Established negotiated_outcome(Context& hs, const ServerAnswer12& choice, const keys::MainSecret12& secret) {
  const ClientSettings& settings = hs.client().settings;
  Established outcome = outcome12(*choice.suite, secret, choice.randoms);
  outcome.info.application_protocol = choice.application_protocol;
  if (settings.send_server_name && !hs.name()->is_ip()) outcome.info.server_name = hs.name()->dns();
  if (choice.max_fragment_length) outcome.info.peer_record_size_limit = *choice.max_fragment_length;
  if (choice.record_size_limit && settings.record_size_limit) {
    outcome.info.peer_record_size_limit =
        std::min<std::size_t>(*choice.record_size_limit, record::kMaxPlaintext);
  }
  return outcome;
}

}  // namespace

Result<ServerAnswer12> accept_server_hello12(Context& hs, SentHello& hello,
                                             const message::ServerHello& answer) {
  hello.shares.clear();
  const ClientSettings& settings = hs.client().settings;
  HANDFAST_TRY_ASSIGN(ServerAnswer12 choice, check_server_hello12(settings, hello, answer));
  HANDFAST_TRY(hs.link().begin_tls12(choice.suite->key_exchange));
  if (choice.max_fragment_length) hs.link().set_max_fragment_length(*choice.max_fragment_length);
  // RFC 8449 §4: in TLS 1.2 the limit is that of the plaintext; the link counts TLS 1.3's content type, too.
  if (choice.record_size_limit && settings.record_size_limit) {
    hs.link().set_record_size_limits(*choice.record_size_limit + 1U, *settings.record_size_limit + 1U);
  }
  return choice;
}

Result<void> add_hellos(Transcript12& transcript, const SentHello& hello,
                        const Message<message::ServerHello>& answer) {
  HANDFAST_TRY(transcript.add(hello.message));
  return transcript.add(answer.bytes());
}

Result<PeerCertificates> read_server_certificates12(const ServerAnswer12& choice,
                                                    const message::Certificate12& certificate) {
  HANDFAST_TRY_ASSIGN(PeerCertificates certificates, read_certificates12(Side::server, certificate));
  certificates.signed_certificate_timestamps = choice.signed_certificate_timestamps;
  return certificates;
}

Result<void> add_staple(PeerCertificates& certificates, const message::CertificateStatus& status) {
  certificates.ocsp_response = copy_of(status.ocsp_response);
  return {};
}

Result<CertificateDemand> read_certificate_request12(Context& hs,
                                                     const message::CertificateRequest12& request) {
  return read_certificate_request12(hs.client(), request);
}

Result<std::shared_ptr<const PeerCertificates>> present(Context& hs, const ServerAnswer12& choice,
                                                        PeerCertificates certificates) {
  HANDFAST_TRY(check_key_of_suite(certificates, *choice.suite, hs.client().settings.policy.groups));
  return std::make_shared<const PeerCertificates>(std::move(certificates));
}

Result<ClientExchange12> exchange_keys(Context& hs, const ServerAnswer12& choice, VerifiedChain chain,
                                       const Message<message::ServerKeyExchange>& exchange) {
  ClientExchange12 out;
  switch (choice.suite->key_exchange) {
    case KeyExchange::ecdhe:
      HANDFAST_TRY(exchange_curve(hs, choice, std::move(chain), exchange.bytes(), out));
      break;
    case KeyExchange::dhe:
      HANDFAST_TRY(exchange_finite_field(hs, choice, std::move(chain), exchange.bytes(), out));
      break;
    default:
      HANDFAST_TRY(encrypt_premaster(hs, std::move(chain), out));
      break;
  }
  return out;
}

Result<void> send_client_certificate12(Context& hs, Transcript12& transcript,
                                       const std::optional<CertificateDemand>& demand) {
  if (!demand || demand->credential == nullptr) transcript.forget_messages();
  if (!demand) return {};
  if (demand->credential != nullptr) return send(hs, transcript, demand->credential->certificate_message12);
  // "If no suitable certificate is available, the client MUST send a certificate message containing no
  // certificates." (RFC 5246 §7.4.6)
  ByteString empty;
  HANDFAST_TRY(message::encode_certificate12({}, empty));
  return send(hs, transcript, empty);
}

Result<keys::MainSecret12> derive_main_secret(Context& hs, const ServerAnswer12& choice,
                                              ClientExchange12& exchange, const Transcript12& transcript) {
  return derive_main_secret(hs, *choice.suite, choice.extended_main_secret, choice.randoms,
                            std::move(exchange.premaster), transcript);
}

Result<keys::KeyBlock> derive_keys12(Context& hs, const ServerAnswer12& choice,
                                     const keys::MainSecret12& secret) {
  return derive_keys12(hs, *choice.suite, secret, choice.randoms);
}

Result<void> change_write_keys(Context& hs, const ServerAnswer12& choice, const keys::KeyBlock& keys) {
  return change_write_keys(hs, *choice.suite, keys.client);
}

Result<void> change_read_keys(Context& hs, const ServerAnswer12& choice, const keys::KeyBlock& keys) {
  return change_read_keys(hs, *choice.suite, keys.server);
}

Established client_outcome12(Context& hs, const ServerAnswer12& choice, ClientExchange12 exchange,
                             const FinishedProof& finished, const std::optional<CertificateDemand>& demand,
                             const keys::MainSecret12& secret) {
  PeerProof proof = exchange.proof ? std::move(*exchange.proof)
                                   : Proofs12::by_decryption(std::move(*exchange.chain), finished);
  Established outcome = negotiated_outcome(hs, choice, secret);
  outcome.info.group = exchange.group;
  outcome.info.finite_field_bits = exchange.finite_field_bits;
  outcome.info.server_signature_scheme = proof.scheme;
  if (demand && demand->credential != nullptr) outcome.info.client_signature_scheme = demand->scheme;
  outcome.peer_certificates = proof.chain.certificates();
  outcome.verified_path = proof.chain.take_path();
  return outcome;
}

Established client_resumed_outcome12(Context& hs, const ServerAnswer12& choice,
                                     const keys::MainSecret12& secret) {
  Established outcome = negotiated_outcome(hs, choice, secret);
  outcome.info.resumed = true;
  outcome.info.group = choice.resumed->group;
  outcome.info.server_signature_scheme = choice.resumed->server_signature_scheme;
  outcome.info.client_signature_scheme = choice.resumed->client_signature_scheme;
  outcome.peer_certificates = choice.resumed->peer_certificates;
  return outcome;
}

}  // namespace handfast::handshake
