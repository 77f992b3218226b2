// ServerConfig: checks the settings and encodes what every connection sends alike. RFC 9846 §4.4.2, §9.
#include "handshake/config_data.hpp"
#include "message/certificate_request.hpp"
#include "message/extension_encoders.hpp"
#include "message/messages12.hpp"

namespace handfast {
namespace {

// `late`: after the handshake, when nothing comes compressed.
Result<ByteString> encode_request(const ServerSettings& settings, bool late) {
  std::vector<ByteString> authorities;
  if (settings.client_verifier) authorities = settings.client_verifier->authorities();
  message::CertificateRequestPlan plan;
  std::vector<SignatureScheme> schemes = settings.policy.signature_schemes;
  std::erase_if(schemes, [](SignatureScheme scheme) { return !crypto::signs_tls13_messages(scheme); });
  plan.signature_algorithms = schemes;
  plan.signature_algorithms_cert = settings.policy.certificate_signature_schemes;
  plan.certificate_authorities = authorities;
  std::vector<message::PlannedExtension> extra;
  if (!settings.accept_compressed_certificates.empty() && !late) {
    extra.push_back(message::plan_extension(ExtensionType::compress_certificate,
                                            message::encode_compression_algorithms,
                                            settings.accept_compressed_certificates));
  }
  plan.extra = extra;
  ByteString out;
  if (!message::encode_certificate_request(plan, out)) {
    return failure(handshake::invalid_setting(
        "client_verifier", "its list of authorities does not fit into a CertificateRequest"));
  }
  return out;
}

Result<ByteString> encode_request12(const ServerSettings& settings) {
  ByteString out;
  if (!message::encode_certificate_request12(settings.policy.signature_schemes,
                                             settings.client_verifier->authorities(), out)) {
    return failure(handshake::invalid_setting(
        "client_verifier", "its list of authorities does not fit into a CertificateRequest"));
  }
  return out;
}

// Whoever takes early data must be able to tell a replay (RFC 9846 §8).
Result<void> check_early_data(const ServerSettings& settings) {
  if (settings.max_early_data_size == 0) return {};
  if (settings.max_early_data_size > ServerSettings::kMaxEarlyData) {
    return failure(handshake::invalid_setting("max_early_data_size", "must be at most 65536"));
  }
  if (!settings.replay_guard) {
    return failure(handshake::invalid_setting(
        "replay_guard",
        "early data is taken (max_early_data_size), but nothing keeps it from being replayed"));
  }
  if (!settings.ticket_keys && !settings.session_store) {
    return failure(
        handshake::invalid_setting("max_early_data_size", "without sessions no client can send early data"));
  }
  return {};
}

}  // namespace

ServerConfig::ServerConfig(std::unique_ptr<handshake::ServerConfigData> data) : data_(std::move(data)) {}
ServerConfig::~ServerConfig() = default;

Result<std::shared_ptr<const ServerConfig>> ServerConfig::create(ServerSettings settings) {
  HANDFAST_TRY(handshake::check_common_settings(settings));
  HANDFAST_TRY(handshake::check_external_psks(settings));
  if (settings.credentials.empty() && settings.external_psks.empty()) {
    return failure(handshake::invalid_setting("credentials", "a server needs a certificate and its key"));
  }
  auto data = std::make_unique<handshake::ServerConfigData>();
  for (Credential& credential : settings.credentials) {
    HANDFAST_TRY_ASSIGN(auto prepared, handshake::PreparedCredential::prepare(
                                           std::move(credential), data->credentials.size(), settings));
    HANDFAST_TRY(handshake::check_can_sign(prepared, settings.policy));
    data->credentials.push_back(std::move(prepared));
  }
  settings.credentials.clear();
  if (settings.client_authentication != ClientAuthentication::none ||
      settings.post_handshake_authentication) {
    if (!settings.client_verifier && !settings.raw_key_verifier) {
      return failure(handshake::invalid_setting(
          "client_verifier", "clients are asked, but nothing says which client certificates to believe"));
    }
    HANDFAST_TRY_ASSIGN(data->certificate_request, encode_request(settings, false));
    HANDFAST_TRY_ASSIGN(data->late_certificate_request, encode_request(settings, true));
    if (settings.client_verifier) {
      HANDFAST_TRY_ASSIGN(data->certificate_request12, encode_request12(settings));
    }
  } else if (settings.client_verifier || settings.raw_key_verifier) {
    return failure(
        handshake::invalid_setting(settings.client_verifier ? "client_verifier" : "raw_key_verifier",
                                   "it would never be asked: client_authentication is none"));
  }
  handshake::normalize(settings.policy);
  if (settings.post_handshake_authentication) HANDFAST_TRY(handshake::check_authenticates_later(settings));
  HANDFAST_TRY(
      handshake::check_raw_keys(settings, data->credentials, settings.post_handshake_authentication));
  if (settings.ticket_keys || settings.session_store) {
    HANDFAST_TRY(handshake::check_clock(settings));
    HANDFAST_TRY(handshake::check_session_lifetime(settings.session_lifetime));
    if (settings.tickets > ServerSettings::kMaxTickets) {
      return failure(handshake::invalid_setting("tickets", "must be at most 8"));
    }
    HANDFAST_TRY_ASSIGN(data->binding, handshake::binding_of(settings));
  }
  HANDFAST_TRY(check_early_data(settings));
  data->settings = std::move(settings);
  return std::shared_ptr<const ServerConfig>(new ServerConfig(std::move(data)));
}

}  // namespace handfast
