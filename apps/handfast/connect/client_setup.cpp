// From options to a ClientConfig.
#include "connect/client_setup.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <handfast/secret.hpp>
#include <optional>

#include "common/escape.hpp"
#include "common/left_out.hpp"
#include "common/numbers.hpp"
#include "common/passphrase.hpp"
#include "pki/certificate.hpp"
#include "trace/certificates.hpp"

namespace handfast::apps {
namespace {

const std::string kPolicyWithoutCertificates = "modern";

// What cannot be read is left out; the rest is used.
Result<std::shared_ptr<const TrustAnchors>> anchors_of(const ConnectCommand& command,
                                                       std::vector<Error>& left_out) {
  if (command.authorities.empty() && command.own_authorities.empty()) return system_trust(&left_out);
  auto anchors = std::make_shared<TrustAnchors>();
  if (!command.own_authorities.empty()) HANDFAST_TRY(anchors->add_pem(command.own_authorities));
  for (const auto& path : command.authorities) {
    HANDFAST_TRY_ASSIGN(const std::string pem, read_file(path));
    auto loaded = anchors->add_pem(pem);
    if (!loaded) {
      return failure(Error(loaded.error().code())
                         .with_detail("--ca " + path + ": no usable certificate in it; " +
                                      std::string(loaded.error().detail())));
    }
    for (Error& refused : loaded->refused) {
      const std::string detail(refused.detail());
      left_out.push_back(refused.with_detail("--ca " + path + ": " + detail));
    }
  }
  return anchors;
}

Result<RevocationSettings> revocation_of(const ConnectCommand& command) {
  RevocationSettings settings;
  if (command.revocation_lists.empty()) return settings;
  auto lists = std::make_shared<RevocationLists>();
  for (const auto& path : command.revocation_lists) {
    HANDFAST_TRY_ASSIGN(const std::string content, read_file(path));
    const auto loaded = lists->add(as_bytes(content));
    const bool complete = loaded && loaded->refused.empty();
    if (complete) continue;
    // A list that is left out would be believed to name nobody.
    Error error = loaded ? loaded->refused.front() : loaded.error();
    const std::string detail(error.detail());
    error.with_detail("--crl " + path + (detail.empty() ? "" : ": " + detail));
    return failure(std::move(error));
  }
  settings.lists = std::move(lists);
  if (command.revocation_lists_required) settings.mode = RevocationMode::hard_fail;
  return settings;
}

std::string origin_of(const ConnectCommand& command) {
  std::string text = command.own_authorities_name;
  if (command.authorities.empty() && text.empty()) return "the system's store";
  for (const auto& path : command.authorities) text += (text.empty() ? "" : ", ") + escape_untrusted(path);
  return text;
}

Result<std::shared_ptr<const CertificateVerifier>> raw_key_verifier(const ConnectCommand& command) {
  std::vector<ByteString> keys;
  for (const auto& path : command.raw_keys) {
    HANDFAST_TRY_ASSIGN(const std::string content, read_file(path));
    auto read = raw_public_keys_from_bytes(as_bytes(content));
    if (!read) {
      const std::string detail(read.error().detail());
      return failure(read.error().with_detail("--raw-key " + path + ": " + detail));
    }
    keys.insert(keys.end(), read->begin(), read->end());
  }
  return trust_raw_public_keys(std::move(keys));
}

// The certificate or, without one, the key alone.
Result<Credential> credential_from(const ConnectCommand& command, const std::string& chain,
                                   const std::string& key, std::optional<std::string_view> passphrase) {
  if (!command.certificate.empty()) return Credential::from_pem(chain, key, passphrase);
  Credential credential;
  credential.type = CertificateType::RawPublicKey;
  HANDFAST_TRY_ASSIGN(credential.signer, signer_from_pem(key, passphrase));
  return credential;
}

Result<Credential> read_credential(const ConnectCommand& command) {
  std::string chain;
  if (!command.certificate.empty()) {
    HANDFAST_TRY_ASSIGN(chain, read_file(command.certificate));
  }
  // A file may hold both.
  const std::string& key_path = command.key.empty() ? command.certificate : command.key;
  HANDFAST_TRY_ASSIGN(std::string key, read_file(key_path));
  const auto passphrase = read_passphrase(command.passphrase_file);
  if (!passphrase) {
    wipe({reinterpret_cast<std::uint8_t*>(key.data()), key.size()});
    Error error = passphrase.error();
    const std::string detail(error.detail());
    return failure(error.with_detail("--passphrase-file: " + detail));
  }
  auto credential = credential_from(command, chain, key, passphrase->view());
  wipe({reinterpret_cast<std::uint8_t*>(key.data()), key.size()});
  if (!credential) {
    Error error = credential.error();
    const std::string detail(error.detail());
    error.with_detail((command.certificate.empty() ? "" : "--cert " + command.certificate + ", ") + "--key " +
                      key_path + (detail.empty() ? "" : ": " + detail));
    return failure(std::move(error));
  }
  return credential;
}

// With a pre-shared key, only if somebody said whom to trust.
bool takes_certificates(const ConnectCommand& command) {
  return command.psk.file.empty() || !command.authorities.empty() || command.insecure;
}

Result<Policy> policy_of(const ConnectCommand& command) {
  // TLS 1.2 knows certificates only.
  const bool certificates_only = takes_certificates(command) && command.raw_keys.empty();
  const std::string& name = certificates_only ? command.policy : kPolicyWithoutCertificates;
  HANDFAST_TRY_ASSIGN(Policy policy, parse_policy(name, command.tls12));
  if (!command.suites.empty()) policy.suites = command.suites;
  if (!command.groups.empty()) {
    policy.groups = command.groups;
    std::erase_if(policy.key_shares, [&](NamedGroup group) {
      return std::ranges::find(policy.groups, group) == policy.groups.end();
    });
    const bool has_first =
        std::ranges::find(policy.key_shares, policy.groups.front()) != policy.key_shares.end();
    const bool is_finite_field = name_of(policy.groups.front()).starts_with("ffdhe");
    if (!has_first && !is_finite_field)
      policy.key_shares.insert(policy.key_shares.begin(), policy.groups.front());
    // Shares go in the order of the groups.
    std::ranges::sort(policy.key_shares, {}, [&](NamedGroup group) {
      return std::ranges::find(policy.groups, group) - policy.groups.begin();
    });
  }
  return policy;
}

std::vector<std::string> protocols_of(const ConnectCommand& command, std::uint16_t port) {
  if (command.application_protocols_given) return command.application_protocols;
  if (port != 443) return {};
  // Text that is sent is not HTTP/2.
  if (command.send) return {"http/1.1"};
  return {"h2", "http/1.1"};
}

Result<void> use_external_key(const ConnectCommand& command, ClientSettings& settings) {
  if (command.danger_psk_ke) settings.psk_ke = danger::PskKe::allowed;
  if (command.psk.file.empty()) return {};
  HANDFAST_TRY_ASSIGN(ExternalPsk key, read_external_key(command.psk));
  settings.external_psks.push_back(std::move(key));
  return {};
}

OwnCertificate own_certificate(const Credential& credential) {
  OwnCertificate own;
  for (const SignatureScheme scheme : credential.signer->schemes()) own.schemes.push_back(scheme);
  if (credential.chain.empty()) return own;  // a raw public key
  const auto leaf = pki::Certificate::parse(credential.chain.front());
  if (!leaf) return own;
  own.not_before = leaf->not_before;
  own.not_after = leaf->not_after;
  const auto& purposes = leaf->extended_key_usage;
  own.for_clients = !purposes.present || purposes.any || purposes.client_auth;
  own.issuer = short_subject(leaf->issuer);
  own.chain_length = credential.chain.size();
  return own;
}

Result<void> believe_certificates(const ConnectCommand& command, ClientSetup& setup, ClientSettings& settings,
                                  std::function<void(const VerifierReport&)> report) {
  std::shared_ptr<const CertificateVerifier> verifier;
  std::optional<Error> unavailable;
  std::vector<Error> left_out;
  auto anchors = anchors_of(command, left_out);
  setup.notes = left_out_lines(left_out);
  // Every failure that is about trust shows it.
  if (!left_out.empty()) {
    setup.trust_origin += fmt::format(" ({} left out)", count_text(left_out.size(), "entry", "entries"));
  }
  if (anchors) {
    setup.anchors = *anchors;
    HANDFAST_TRY_ASSIGN(RevocationSettings revocation, revocation_of(command));
    HANDFAST_TRY_ASSIGN(verifier, verify_with(*anchors, system_clock(), std::move(revocation)));
  } else if (command.insecure) {
    unavailable = anchors.error();
  } else {
    return failure(std::move(anchors.error()));
  }
  settings.verifier = std::make_shared<ReportingVerifier>(std::move(verifier), std::move(unavailable),
                                                          command.insecure, std::move(report));
  return {};
}

}  // namespace

Result<ClientSetup> make_client_setup(const ConnectCommand& command, std::uint16_t port,
                                      std::function<void(const VerifierReport&)> report,
                                      std::shared_ptr<ClientSessions> sessions, bool early_data) {
  ClientSetup setup;
  setup.trust_origin = origin_of(command);
  ClientSettings settings;
  HANDFAST_TRY_ASSIGN(settings.policy, policy_of(command));
  if (!command.raw_keys.empty()) {
    HANDFAST_TRY_ASSIGN(auto keys, raw_key_verifier(command));
    settings.raw_key_verifier =
        std::make_shared<ReportingVerifier>(std::move(keys), std::nullopt, command.insecure, report);
  }
  // Whoever names keys, and no authority, means these keys.
  const bool believes_certificates =
      takes_certificates(command) && (command.raw_keys.empty() || !command.authorities.empty());
  if (believes_certificates) HANDFAST_TRY(believe_certificates(command, setup, settings, std::move(report)));

  HANDFAST_TRY(use_external_key(command, settings));
  settings.application_protocols = protocols_of(command, port);
  settings.post_handshake_authentication = command.post_handshake_auth;
  if (!command.certificate.empty() || !command.key.empty()) {
    HANDFAST_TRY_ASSIGN(auto credential, read_credential(command));
    setup.own = own_certificate(credential);
    settings.credentials.push_back(std::move(credential));
  }
  settings.send_server_name = command.send_server_name;
  settings.require_extended_main_secret = command.require_extended_main_secret;
  settings.accept_compressed_certificates = command.compression;
  settings.sessions = std::move(sessions);
  settings.clock = &system_clock();
  settings.early_data = early_data;
  if (!command.key_log.empty()) {
    HANDFAST_TRY_ASSIGN(setup.key_log, danger::KeyLogFile::open(command.key_log));
    settings.key_log = setup.key_log.get();
  }
  HANDFAST_TRY_ASSIGN(setup.config, ClientConfig::create(std::move(settings)));
  return setup;
}

}  // namespace handfast::apps
