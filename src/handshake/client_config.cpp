// ClientConfig: checks the settings and encodes what every ClientHello has in common. RFC 9846 §4.2.2, §9.2.
#include <array>

#include "handshake/certificate_types.hpp"
#include "handshake/config_data.hpp"
#include "message/extension_encoders.hpp"

namespace handfast {
namespace {

using message::plan_empty_extension;
using message::plan_extension;
using message::PlannedExtension;

std::vector<PlannedExtension> fixed_extensions(const ClientSettings& settings) {
  using enum ExtensionType;
  const Policy& policy = settings.policy;
  std::vector<PlannedExtension> out;
  out.push_back(
      plan_extension(signature_algorithms, message::encode_signature_algorithms, policy.signature_schemes));
  if (!policy.certificate_signature_schemes.empty() &&
      policy.certificate_signature_schemes != policy.signature_schemes) {
    out.push_back(plan_extension(signature_algorithms_cert, message::encode_signature_algorithms,
                                 policy.certificate_signature_schemes));
  }
  if (!settings.application_protocols.empty()) {
    out.push_back(plan_extension(application_layer_protocol_negotiation,
                                 message::encode_application_protocols, settings.application_protocols));
  }
  if (settings.request_ocsp_staple)
    out.push_back(plan_extension(status_request, message::encode_status_request));
  if (settings.request_signed_certificate_timestamps) {
    out.push_back(plan_empty_extension(signed_certificate_timestamp));
  }
  if (!settings.accept_compressed_certificates.empty() &&
      handshake::offers(policy, ProtocolVersion::tls1_3)) {
    out.push_back(plan_extension(compress_certificate, message::encode_compression_algorithms,
                                 settings.accept_compressed_certificates));
  }
  const bool has_psks = settings.sessions || !settings.external_psks.empty();
  if (has_psks && handshake::offers(policy, ProtocolVersion::tls1_3)) {
    // "If clients … do not send [it], servers MUST NOT send any tickets" that they could use (RFC 9846
    // §4.3.9).
    std::vector modes = {message::PskKeyExchangeMode::psk_dhe_ke};
    if (settings.psk_ke == danger::PskKe::allowed) modes.push_back(message::PskKeyExchangeMode::psk_ke);
    out.push_back(plan_extension(psk_key_exchange_modes, message::encode_psk_key_exchange_modes, modes));
  }
  if (settings.post_handshake_authentication) out.push_back(plan_empty_extension(post_handshake_auth));
  if (handshake::offers(policy, ProtocolVersion::tls1_2)) {
    out.push_back(plan_empty_extension(extended_main_secret));  // RFC 7627 §5.1
    out.push_back(
        plan_extension(renegotiation_info, message::encode_renegotiation_info, Bytes()));  // RFC 5746 §3.4
    out.push_back({.type = ec_point_formats, .body = {1, 0}, .fits = true});  // uncompressed, RFC 8422 §5.1.2
    // Without a ticket it asks for one (RFC 5077 §3.2).
    if (settings.sessions) out.push_back(plan_empty_extension(session_ticket));
    if (settings.max_fragment_length) {
      out.push_back({.type = max_fragment_length,
                     .body = {handshake::fragment_length_code(*settings.max_fragment_length)},
                     .fits = true});
    }
  }
  if (settings.record_size_limit) {
    out.push_back(
        plan_extension(record_size_limit, message::encode_record_size_limit, *settings.record_size_limit));
  }
  return out;
}

}  // namespace

ClientConfig::ClientConfig(std::unique_ptr<handshake::ClientConfigData> data) : data_(std::move(data)) {}
ClientConfig::~ClientConfig() = default;

Result<std::shared_ptr<const ClientConfig>> ClientConfig::create(ClientSettings settings) {
  HANDFAST_TRY(handshake::check_common_settings(settings));
  if (!settings.verifier && !settings.raw_key_verifier && settings.external_psks.empty()) {
    return failure(
        handshake::invalid_setting("verifier", "a client must know whom it trusts; there is no default"));
  }
  auto data = std::make_unique<handshake::ClientConfigData>();
  for (Credential& credential : settings.credentials) {
    HANDFAST_TRY_ASSIGN(auto prepared, handshake::PreparedCredential::prepare(
                                           std::move(credential), data->credentials.size(), settings));
    HANDFAST_TRY(handshake::check_can_sign(prepared, settings.policy));
    data->credentials.push_back(std::move(prepared));
  }
  settings.credentials.clear();
  handshake::normalize(settings.policy);
  HANDFAST_TRY(handshake::check_external_psks(settings));
  if (settings.post_handshake_authentication) HANDFAST_TRY(handshake::check_authenticates_later(settings));
  HANDFAST_TRY(
      handshake::check_raw_keys(settings, data->credentials, settings.post_handshake_authentication));
  // In TLS 1.2 there is only the certificate to tell who the server is.
  if (!settings.verifier && handshake::offers(settings.policy, ProtocolVersion::tls1_2)) {
    return failure(handshake::invalid_setting(
        "verifier", "policy.versions has TLS 1.2, where pre-shared keys are not known; there is no default"));
  }
  if (settings.max_fragment_length && handshake::fragment_length_code(*settings.max_fragment_length) == 0) {
    return failure(handshake::invalid_setting("max_fragment_length", "must be 512, 1024, 2048 or 4096"));
  }
  data->fixed_extensions = fixed_extensions(settings);
  for (PlannedExtension& extension : handshake::plan_certificate_types(settings, data->credentials)) {
    data->fixed_extensions.push_back(std::move(extension));
  }
  for (const PlannedExtension& extension : data->fixed_extensions) {
    if (!extension.fits)
      return failure(handshake::invalid_setting("application_protocols", "the list is too long"));
  }
  if (settings.sessions) {
    HANDFAST_TRY(handshake::check_clock(settings));
    HANDFAST_TRY(handshake::check_session_lifetime(settings.session_lifetime));
    HANDFAST_TRY_ASSIGN(data->binding, handshake::binding_of(settings, data->credentials));
  }
  data->settings = std::move(settings);
  return std::shared_ptr<const ClientConfig>(new ClientConfig(std::move(data)));
}

}  // namespace handfast
