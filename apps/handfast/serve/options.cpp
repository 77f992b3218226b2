// From words on the command line to a validated ServerConfig.
#include "options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "page.hpp"

namespace handfast::apps::serve {
namespace {

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

bool same_letters(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

Result<NamedGroup> parse_group(std::string_view text) {
  constexpr NamedGroup kGroups[] = {NamedGroup::X25519MLKEM768,     NamedGroup::SecP256r1MLKEM768,
                                    NamedGroup::SecP384r1MLKEM1024, NamedGroup::x25519,
                                    NamedGroup::secp256r1,          NamedGroup::secp384r1,
                                    NamedGroup::secp521r1,          NamedGroup::MLKEM1024};
  if (same_letters(text, "P-256")) return NamedGroup::secp256r1;
  if (same_letters(text, "P-384")) return NamedGroup::secp384r1;
  if (same_letters(text, "P-521")) return NamedGroup::secp521r1;
  std::string known;
  for (const NamedGroup group : kGroups) {
    if (same_letters(text, name_of(group))) return group;
    known += fmt::format("{}{}", known.empty() ? "" : ", ", name_of(group));
  }
  return failure(invalid(fmt::format("--groups: \"{}\" is not known here; there are {}", text, known)));
}

Result<Policy> policy_of(const ServeOptions& options) {
  Policy policy = Policy::intermediate();
  if (options.groups.empty()) return policy;
  policy.groups.clear();
  for (const std::string& text : options.groups) {
    HANDFAST_TRY_ASSIGN(const NamedGroup group, parse_group(text));
    policy.groups.push_back(group);
  }
  policy.key_shares = {policy.groups.front()};
  return policy;
}

Result<void> ask_for_client_certificate(const ServeOptions& options, const Clock& clock,
                                        ServerSettings& settings) {
  if (options.client_authentication == "none") {
    if (options.client_ca.empty()) return {};
    return failure(invalid("--client-ca needs --client-auth optional or required"));
  }
  settings.client_authentication = options.client_authentication == "required"
                                       ? ClientAuthentication::required
                                       : ClientAuthentication::optional;
  if (options.client_ca.empty()) {
    return failure(
        invalid("--client-auth needs --client-ca: the authorities that client certificates come from"));
  }
  HANDFAST_TRY_ASSIGN(auto anchors, trust_from_file(options.client_ca));
  HANDFAST_TRY_ASSIGN(settings.client_verifier, verify_with(std::move(anchors), clock));
  return {};
}

Result<Identity> identity_of(const ServeOptions& options, const Clock& clock) {
  if (options.certificates.size() != options.keys.size()) {
    return failure(invalid("--cert and --key come in pairs"));
  }
  if (options.certificates.empty()) return make_throw_away_identity(clock.now());
  std::vector<std::pair<std::string, std::string>> files;
  for (std::size_t i = 0; i < options.certificates.size(); ++i) {
    files.emplace_back(options.certificates[i], options.keys[i]);
  }
  return load_identity(files);
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
  ServerSettings settings;
  HANDFAST_TRY_ASSIGN(settings.policy, policy_of(options));
  settings.application_protocols = options.application_protocols;
  settings.credentials = out.identity.credentials;
  HANDFAST_TRY(ask_for_client_certificate(options, clock, settings));
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
