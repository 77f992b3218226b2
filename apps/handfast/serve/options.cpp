// From words on the command line to a validated ServerConfig.
#include "options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "common/left_out.hpp"
#include "connect/options.hpp"
#include "page.hpp"
#include "pki/ocsp.hpp"

namespace handfast::apps::serve {
namespace {

constexpr std::size_t kGuardedVisits = 65'536;  // within the twenty seconds that a replay is fresh
constexpr std::uint16_t kDefaultPort = 8443;

Error invalid(std::string detail) {
  return Error(ErrorCode::configuration_invalid).with_detail(std::move(detail));
}

Result<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) {
    return failure(invalid(fmt::format("--listen: \"{}\" is no port number", text)));
  }
  return port;
}

Result<Policy> policy_of(const ServeOptions& options) {
  HANDFAST_TRY_ASSIGN(Policy policy, parse_policy(options.policy, options.tls12));
  if (!options.suites.empty()) {
    HANDFAST_TRY_ASSIGN(policy.suites, parse_suites(options.suites));
  }
  if (options.groups.empty()) return policy;
  HANDFAST_TRY_ASSIGN(policy.groups, parse_groups(options.groups));
  policy.key_shares = {};  // a client's matter
  return policy;
}

Result<RevocationSettings> client_revocation(const ServeOptions& options) {
  if (options.client_crls.empty()) return RevocationSettings{};
  auto lists = std::make_shared<RevocationLists>();
  for (const std::string& path : options.client_crls) {
    HANDFAST_TRY_ASSIGN(const std::string content, read_file(path));
    const auto loaded = lists->add(as_bytes(content));
    if (loaded && loaded->refused.empty()) continue;
    const Error& error = loaded ? loaded->refused.front() : loaded.error();
    return failure(invalid(fmt::format("--client-crl {}: {}", path, error.to_string())));
  }
  return RevocationSettings{std::move(lists), RevocationMode::soft_fail};
}

Result<std::shared_ptr<const CertificateVerifier>> raw_keys_of_clients(const ServeOptions& options) {
  std::vector<ByteString> keys;
  for (const std::string& path : options.client_raw_keys) {
    HANDFAST_TRY_ASSIGN(const std::string content, read_file(path));
    const auto read = raw_public_keys_from_bytes(as_bytes(content));
    if (!read)
      return failure(invalid(fmt::format("--client-raw-key {}: {}", path, read.error().to_string())));
    keys.insert(keys.end(), read->begin(), read->end());
  }
  return trust_raw_public_keys(std::move(keys));
}

Result<void> ask_for_client_certificate(const ServeOptions& options, const Clock& clock,
                                        ServerSettings& settings, std::vector<std::string>& notes) {
  if (options.client_authentication == "none") {
    if (options.client_ca.empty() && options.client_crls.empty() && options.client_raw_keys.empty())
      return {};
    return failure(
        invalid("--client-ca, --client-crl and --client-raw-key need --client-auth optional or required"));
  }
  settings.client_authentication = options.client_authentication == "required"
                                       ? ClientAuthentication::required
                                       : ClientAuthentication::optional;
  if (!options.client_raw_keys.empty()) {
    HANDFAST_TRY_ASSIGN(settings.raw_key_verifier, raw_keys_of_clients(options));
    if (options.client_ca.empty()) return {};
  }
  if (options.client_ca.empty()) {
    return failure(
        invalid("--client-auth needs --client-ca: the authorities that client certificates come from"));
  }
  std::vector<Error> left_out;
  HANDFAST_TRY_ASSIGN(auto anchors, trust_from_file(options.client_ca, &left_out));
  notes = left_out_lines(left_out);
  HANDFAST_TRY_ASSIGN(RevocationSettings revocation, client_revocation(options));
  HANDFAST_TRY_ASSIGN(settings.client_verifier,
                      verify_with(std::move(anchors), clock, std::move(revocation)));
  return {};
}

Result<void> staple(const std::vector<std::string>& files, Identity& identity) {
  if (files.size() > identity.credentials.size() || (!files.empty() && identity.throw_away)) {
    return failure(invalid("--ocsp needs a --cert of its own"));
  }
  for (std::size_t i = 0; i < files.size(); ++i) {
    HANDFAST_TRY_ASSIGN(const std::string response, read_file(files[i]));
    const auto parsed = pki::OcspResponse::parse(as_bytes(response));
    if (!parsed) {
      return failure(invalid(fmt::format("--ocsp {}: no OCSP response (DER): {} at byte {}", files[i],
                                         parsed.error().field(), parsed.error().offset())));
    }
    identity.credentials[i].ocsp_response = copy_of(as_bytes(response));
  }
  return {};
}

Result<Identity> identity_of(const ServeOptions& options, const Clock& clock) {
  if (options.certificates.size() != options.keys.size()) {
    return failure(invalid("--cert and --key come in pairs"));
  }
  const std::size_t passphrases = options.passphrase_files.size();
  if (passphrases > 1 && passphrases != options.keys.size()) {
    return failure(invalid("--passphrase-file: one for each --key, or one for all of them"));
  }
  if (options.certificates.empty() && passphrases > 0) {
    return failure(invalid("--passphrase-file needs --cert and --key"));
  }
  if (options.certificates.empty() && options.raw_key.empty()) return make_throw_away_identity(clock.now());
  std::vector<IdentityFiles> files;
  for (std::size_t i = 0; i < options.certificates.size(); ++i) {
    std::string passphrase;
    if (passphrases > 0) passphrase = options.passphrase_files[passphrases == 1 ? 0 : i];
    files.push_back({options.certificates[i], options.keys[i], std::move(passphrase)});
  }
  HANDFAST_TRY_ASSIGN(Identity identity, load_identity(files));
  if (!options.raw_key.empty()) {
    HANDFAST_TRY_ASSIGN(identity.credentials.emplace_back(), load_raw_key(options.raw_key));
  }
  return identity;
}

std::vector<SignatureScheme> schemes_of(const Identity& identity) {
  std::vector<SignatureScheme> out;
  for (const Credential& credential : identity.credentials) {
    for (const SignatureScheme scheme : credential.signer->schemes()) {
      if (std::find(out.begin(), out.end(), scheme) == out.end()) out.push_back(scheme);
    }
  }
  return out;
}

}  // namespace

Result<ListenAddress> parse_listen(std::string_view text) {
  ListenAddress out{"127.0.0.1", kDefaultPort};
  const std::size_t bracket = text.find(']');
  const std::size_t colon = text.rfind(':');
  const bool bare_ipv6 = bracket == std::string_view::npos && colon != text.find(':');
  std::string_view host = text;
  if (!bare_ipv6 && colon != std::string_view::npos &&
      (bracket == std::string_view::npos || colon > bracket)) {
    HANDFAST_TRY_ASSIGN(out.port, parse_port(text.substr(colon + 1)));
    host = text.substr(0, colon);
  }
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  if (host == "localhost") host = "127.0.0.1";
  if (!host.empty()) out.address = host;
  return out;
}

bool is_loopback(std::string_view address) {
  return address.starts_with("127.") || address == "::1" || address == "localhost";
}

std::string address_of(const Endpoint& endpoint) {
  if (is_loopback(endpoint.address)) return fmt::format("https://localhost:{}/", endpoint.port);
  return "https://" + endpoint.to_string() + "/";
}

Result<Prepared> prepare(const ServeOptions& options, const Clock& clock) {
  Prepared out;
  HANDFAST_TRY_ASSIGN(out.identity, identity_of(options, clock));
  HANDFAST_TRY(staple(options.ocsp_responses, out.identity));
  ServerSettings settings;
  HANDFAST_TRY_ASSIGN(settings.policy, policy_of(options));
  const bool raw_keys = !options.raw_key.empty() || !options.client_raw_keys.empty();
  if (raw_keys) settings.policy = Policy::modern();  // TLS 1.2 knows no raw public keys here
  settings.application_protocols = options.application_protocols;
  settings.credentials = out.identity.credentials;
  HANDFAST_TRY(ask_for_client_certificate(options, clock, settings, out.notes));
  HANDFAST_TRY(check_external_key(options.psk));
  if (options.danger_psk_ke) settings.psk_ke = danger::PskKe::allowed;
  if (!options.psk.file.empty()) {
    HANDFAST_TRY_ASSIGN(ExternalPsk key, read_external_key(options.psk));
    settings.external_psks.push_back(std::move(key));
  }
  settings.clock = &clock;
  if (!options.no_tickets) {
    HANDFAST_TRY_ASSIGN(settings.ticket_keys, TicketKeys::rotating(clock));
  } else if (options.early_data > 0) {
    return failure(invalid("--early-data needs sessions: leave --no-tickets out"));
  }
  settings.max_early_data_size = options.early_data;
  if (options.early_data > 0) {
    settings.replay_guard = make_replay_guard(clock, kGuardedVisits, GuardStart::at_once);
  }
  if (!options.key_log.empty()) {
    HANDFAST_TRY_ASSIGN(out.key_log, danger::KeyLogFile::open(options.key_log));
    settings.key_log = out.key_log.get();
  }
  out.site.offer.policy = settings.policy;
  out.site.offer.application_protocols = settings.application_protocols;
  out.site.offer.signer_schemes = schemes_of(out.identity);
  HANDFAST_TRY_ASSIGN(out.site.config, ServerConfig::create(std::move(settings)));
  HANDFAST_TRY_ASSIGN(out.site.content_security_policy, content_security_policy());
  out.site.throw_away_ca = out.identity.throw_away;
  out.site.clock = &clock;
  return out;
}

}  // namespace handfast::apps::serve
