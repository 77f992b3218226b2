// Flags become settings: see the header. What a flag does not say is as BoringSSL has it, since the runner
// expects that.
#include "settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <handfast/system.hpp>

#include "crypto/key_exchange.hpp"

namespace handfast::bogo {
namespace {

// What BoringSSL's server accepts.
constexpr std::uint32_t kMaxEarlyData = 14336;

template <class Enum>
std::vector<Enum> as_codepoints(const std::vector<std::uint16_t>& numbers) {
  std::vector<Enum> out;
  for (const std::uint16_t number : numbers) out.push_back(static_cast<Enum>(number));
  return out;
}

constexpr std::uint16_t kX509 = 0;
constexpr std::uint16_t kRawPublicKey = 2;

bool accepts(const Options& options, std::uint16_t type) {
  const auto& types = options.accepted_peer_cert_types;
  if (types.empty()) return type == kX509;
  return std::ranges::find(types, type) != types.end();
}

bool uses_raw_keys(const Options& options) {
  return accepts(options, kRawPublicKey) ||
         std::ranges::any_of(options.credentials, &CredentialOptions::raw_public_key);
}

std::vector<ProtocolVersion> versions_of(const Options& options) {
  std::vector<ProtocolVersion> out;
  for (const ProtocolVersion version : Policy::intermediate().versions) {
    const auto number = static_cast<std::uint64_t>(version);
    if (options.min_version != 0 && number < options.min_version) continue;
    if (options.max_version != 0 && number > options.max_version) continue;
    if (options.no_tls13 && version == ProtocolVersion::tls1_3) continue;
    if (options.no_tls12 && version == ProtocolVersion::tls1_2) continue;
    if (uses_raw_keys(options) && version == ProtocolVersion::tls1_2) continue;
    out.push_back(version);
  }
  return out;
}

// One share for the favourite, and one for the first group that is post-quantum if the favourite is not, or
// the other way round.
std::vector<NamedGroup> shares_of(const std::vector<NamedGroup>& groups) {
  std::vector<NamedGroup> out = {groups.front()};
  const auto other = std::ranges::find_if(groups, [&](NamedGroup group) {
    return crypto::is_post_quantum(group) != crypto::is_post_quantum(groups.front());
  });
  if (other != groups.end()) out.push_back(*other);
  return out;
}

std::vector<NamedGroup> client_shares(const Options& options, const std::vector<NamedGroup>& groups) {
  const auto known = as_codepoints<NamedGroup>(options.server_supported_groups_hint);
  for (const NamedGroup group : groups) {
    if (std::ranges::find(known, group) != known.end()) return {group};
  }
  if (options.key_shares) return as_codepoints<NamedGroup>(*options.key_shares);
  return shares_of(groups);
}

// What the OpenSSL words that the tests use leave of `suites`; false: other words.
bool choose_suites(const std::string& words, std::vector<CipherSuite>& suites) {
  const auto has = [](CipherSuite suite, std::string_view part) {
    return name_of(suite).find(part) != std::string_view::npos;
  };
  if (words == "DEFAULT:!AES") {
    std::erase_if(suites, [&](CipherSuite suite) { return has(suite, "AES"); });
    return true;
  }
  if (words != "AES128") return words.empty();
  std::erase_if(suites, [&](CipherSuite suite) { return !has(suite, "AES_128") && has(suite, "_WITH_"); });
  return true;
}

Policy policy_of(const Options& options) {
  using enum NamedGroup;
  // BoringSSL has RSA key exchange on, and no finite fields.
  Policy policy = Policy::legacy();
  std::erase_if(policy.suites,
                [](CipherSuite suite) { return name_of(suite).find("_DHE_") != std::string_view::npos; });
  policy.versions = versions_of(options);
  (void)choose_suites(options.cipher, policy.suites);
  policy.groups = {X25519MLKEM768, x25519, secp256r1, secp384r1};
  if (!options.curves.empty()) policy.groups = as_codepoints<NamedGroup>(options.curves);
  policy.key_shares = options.is_server ? std::vector<NamedGroup>() : client_shares(options, policy.groups);
  // By default BoringSSL believes neither Ed25519 nor P-521.
  std::erase_if(policy.signature_schemes, [](SignatureScheme scheme) {
    using enum SignatureScheme;
    return scheme == ed25519 || scheme == ecdsa_secp521r1_sha512 || scheme == rsa_pss_pss_sha256 ||
           scheme == rsa_pss_pss_sha384 || scheme == rsa_pss_pss_sha512;
  });
  if (!options.verify_prefs.empty()) {
    policy.signature_schemes = as_codepoints<SignatureScheme>(options.verify_prefs);
  }
  policy.certificate_signature_schemes.clear();
  return policy;
}

// Handfast has one list for what it believes and what it makes; the runner has two.
void allow_own_schemes(const std::vector<Credential>& credentials, Policy& policy) {
  std::vector<SignatureScheme>& schemes = policy.signature_schemes;
  for (const Credential& credential : credentials) {
    for (const SignatureScheme scheme : credential.signer->schemes()) {
      if (std::ranges::find(schemes, scheme) == schemes.end()) schemes.push_back(scheme);
    }
  }
  // Without TLS 1.2 a configuration with these is refused.
  if (std::ranges::find(policy.versions, ProtocolVersion::tls1_2) != policy.versions.end()) return;
  std::erase_if(schemes, [](SignatureScheme scheme) {
    using enum SignatureScheme;
    return scheme == rsa_pkcs1_sha256 || scheme == rsa_pkcs1_sha384 || scheme == rsa_pkcs1_sha512;
  });
}

// A list of names, each with its length before it.
std::vector<std::string> read_protocols(const std::string& wire) {
  std::vector<std::string> names;
  for (std::size_t at = 0; at < wire.size();) {
    const auto length = static_cast<std::uint8_t>(wire[at]);
    names.push_back(wire.substr(at + 1, length));
    at += 1U + length;
  }
  return names;
}

Result<Credential> read_credential(const Options& options, const CredentialOptions& from, int index,
                                   Later& later, Seen& seen) {
  HANDFAST_TRY_ASSIGN(const std::string key, read_file(from.key_file));
  Credential credential;
  if (from.raw_public_key) {
    credential.type = CertificateType::RawPublicKey;
    HANDFAST_TRY_ASSIGN(credential.signer, signer_from_pem(key));
  } else {
    HANDFAST_TRY_ASSIGN(const std::string chain, read_file(from.cert_file));
    HANDFAST_TRY_ASSIGN(credential, Credential::from_pem(chain, key));
  }
  const bool staples = !options.use_ocsp_callback || !options.is_server ||
                       (options.set_ocsp_in_callback && !options.decline_ocsp_callback);
  if (staples) credential.ocsp_response = from.ocsp_response;
  credential.signed_certificate_timestamps = from.signed_cert_timestamps;
  credential.signer =
      make_signer(std::move(credential.signer), options, from.signing_prefs, index, later, seen);
  return credential;
}

// The default credential comes last, as it does in BoringSSL.
Result<std::vector<Credential>> read_credentials(const Options& options, Later& later, Seen& seen) {
  std::vector<Credential> out;
  int index = 0;
  for (const CredentialOptions& from : options.credentials) {
    const int at = index++;
    if (from.is_psk) continue;
    HANDFAST_TRY_ASSIGN(out.emplace_back(), read_credential(options, from, at, later, seen));
  }
  if (!options.default_credential.cert_file.empty()) {
    HANDFAST_TRY_ASSIGN(out.emplace_back(),
                        read_credential(options, options.default_credential, -1, later, seen));
  }
  return out;
}

// Those of compression.cpp, in BoringSSL's order.
std::vector<CertificateCompressionAlgorithm> compression_of(const Options& options) {
  std::vector<std::uint16_t> numbers;
  if (options.install_cert_compression_algs) numbers = {0xff02, 0xff01, 0xff03};
  if (options.install_one_cert_compression_alg != 0)
    numbers = {static_cast<std::uint16_t>(options.install_one_cert_compression_alg)};
  return as_codepoints<CertificateCompressionAlgorithm>(numbers);
}

Result<void> fill_common(const Options& options, CommonSettings& settings) {
  settings.policy = policy_of(options);
  settings.compress_certificates = compression_of(options);
  settings.accept_compressed_certificates = settings.compress_certificates;
  if (!options.advertise_alpn.empty())
    settings.application_protocols = read_protocols(options.advertise_alpn);
  for (const CredentialOptions& from : options.credentials) {
    if (!from.is_psk) continue;
    const PskHash hash = from.psk_sha384 ? PskHash::sha384 : PskHash::sha256;
    HANDFAST_TRY_ASSIGN(ExternalPsk psk,
                        danger::imported_in_context(from.psk_identity, from.psk_key, from.psk_context, hash));
    settings.external_psks.push_back(std::move(psk));
  }
  return {};
}

void keep_sessions(const Options& options, Sessions& sessions, ServerSettings& settings) {
  settings.clock = &sessions.clock;
  if (options.no_ticket) {
    settings.session_store = sessions.store_without_tickets;
    settings.tickets = 0;
    return;
  }
  if (!options.skip_ticket) settings.ticket_keys = sessions.ticket_keys;
  if (!options.keeps_tickets_only) settings.session_store = sessions.store;
  if (!options.enable_early_data) return;
  settings.max_early_data_size = kMaxEarlyData;
  settings.replay_guard = sessions.replay_guard;
}

}  // namespace

std::string missing_feature(const Options& options) {
  if (versions_of(options).empty()) return "a version other than TLS 1.2 and 1.3";
  std::vector<CipherSuite> suites;
  if (!choose_suites(options.cipher, suites)) return "suites " + options.cipher;
  for (const CredentialOptions& credential : options.credentials) {
    if (credential.must_match_issuer) return "credentials that are only for clients that name their issuer";
  }
  for (const NamedGroup group : policy_of(options).groups) {
    if (!crypto::is_supported(group)) return fmt::format("group {}", static_cast<unsigned>(group));
  }
  return {};
}

Result<std::shared_ptr<const ClientConfig>> make_client_config(const Options& options, Sessions& sessions,
                                                               Seen& seen) {
  ClientSettings settings;
  HANDFAST_TRY(fill_common(options, settings));
  settings.key_log = &seen.secrets;
  settings.clock = &sessions.clock;
  if (!options.no_ticket) settings.sessions = sessions.of_client;
  settings.early_data = options.enable_early_data;
  settings.verify_resumed_sessions = options.reverify_on_resume;
  // With pre-shared keys, certificates are believed only if the runner says so; then TLS 1.2 has no way.
  if (settings.external_psks.empty() || options.verify_peer) {
    if (accepts(options, kX509)) settings.verifier = make_verifier(options, sessions.later, seen);
  } else {
    std::erase(settings.policy.versions, ProtocolVersion::tls1_2);
  }
  if (accepts(options, kRawPublicKey))
    settings.raw_key_verifier = make_verifier(options, sessions.later, seen);
  HANDFAST_TRY_ASSIGN(settings.credentials, read_credentials(options, sessions.later, seen));
  allow_own_schemes(settings.credentials, settings.policy);
  settings.send_server_name = !options.host_name.empty();
  settings.request_ocsp_staple = options.enable_ocsp_stapling;
  settings.request_signed_certificate_timestamps = options.enable_signed_cert_timestamps;
  settings.grease = options.enable_grease;
  settings.permute_extensions = options.permute_extensions;
  settings.require_secure_renegotiation = options.no_legacy_server_connect;
  return ClientConfig::create(std::move(settings));
}

Result<std::shared_ptr<const ServerConfig>> make_server_config(const Options& options, Sessions& sessions,
                                                               Seen& seen) {
  ServerSettings settings;
  HANDFAST_TRY(fill_common(options, settings));
  settings.key_log = &seen.secrets;
  keep_sessions(options, sessions, settings);
  HANDFAST_TRY_ASSIGN(settings.credentials, read_credentials(options, sessions.later, seen));
  allow_own_schemes(settings.credentials, settings.policy);
  if (!options.select_alpn.empty()) settings.application_protocols = {options.select_alpn};
  if (options.reject_alpn) settings.application_protocols = {"a protocol that nobody speaks"};
  if (options.decline_alpn) settings.application_protocols.clear();
  if (options.verify_peer) settings.client_authentication = ClientAuthentication::optional;
  if (options.require_any_client_certificate) settings.client_authentication = ClientAuthentication::required;
  if (settings.client_authentication != ClientAuthentication::none) {
    if (accepts(options, kX509)) settings.client_verifier = make_verifier(options, sessions.later, seen);
    if (accepts(options, kRawPublicKey)) {
      settings.raw_key_verifier = make_verifier(options, sessions.later, seen);
    }
  }
  return ServerConfig::create(std::move(settings));
}

}  // namespace handfast::bogo
