// The server's choices: see the header.
#include "handshake/negotiation.hpp"

#include <algorithm>
#include <handfast/secret.hpp>
#include <handfast/server_name.hpp>

#include "crypto/key_exchange.hpp"
#include "crypto/public_key.hpp"
#include "handshake/certificate_types.hpp"
#include "handshake/selection.hpp"
#include "message/checks.hpp"

namespace handfast::handshake {
namespace {

constexpr auto kType = HandshakeType::client_hello;

Error missing(const char* extension) {
  return Error(ErrorCode::extension_missing).in(kType).at(extension, 0);
}

Result<void> check_version(const ServerConfigData& config, const message::ClientHello& hello) {
  const auto& versions = config.settings.policy.versions;
  const bool speaks_it =
      std::find(versions.begin(), versions.end(), ProtocolVersion::tls1_3) != versions.end();
  if (!speaks_it || !hello.supported_versions ||
      !hello.supported_versions->contains(ProtocolVersion::tls1_3)) {
    std::vector<std::uint16_t> offered = hello.supported_versions
                                             ? hello.supported_versions->numbers()
                                             : std::vector{static_cast<std::uint16_t>(hello.legacy_version)};
    return failure(
        Error(ErrorCode::no_common_version).in(kType).with_sets(std::move(offered), numbers(versions)));
  }
  // "A server which receives a legacy_version value not equal to 0x0303 MUST abort the handshake with a
  // "protocol_version" alert." (§4.2.2)
  if (hello.legacy_version != ProtocolVersion::tls1_2) {
    return failure(Error(ErrorCode::message_illegal_value)
                       .in(kType)
                       .at("legacy_version", 4)
                       .with_alert(AlertDescription::protocol_version));
  }
  // "this list MUST contain exactly one byte, set to zero … the server MUST abort the handshake with an
  // "illegal_parameter" alert." (§4.2.2)
  if (hello.legacy_compression_methods.size() != 1 || hello.legacy_compression_methods[0] != 0) {
    return failure(Error(ErrorCode::compression_not_null).in(kType).at("legacy_compression_methods", 0));
  }
  return {};
}

// §9.2: what a ClientHello that offers TLS 1.3 must contain.
Result<void> check_extensions(const message::ClientHello& hello, const PreSharedKey* psk,
                              bool without_exchange) {
  if (hello.pre_shared_key && !hello.psk_key_exchange_modes)
    return failure(missing("psk_key_exchange_modes"));
  if (!hello.signature_algorithms && psk == nullptr) return failure(missing("signature_algorithms"));
  // "If containing a "supported_groups" extension, it MUST also contain a "key_share" extension, and vice
  // versa."
  if (without_exchange && !hello.supported_groups && !hello.key_share) return {};
  if (!hello.supported_groups) return failure(missing("supported_groups"));
  if (!hello.key_share) return failure(missing("key_share"));
  HANDFAST_TRY(message::check_shares_unique(*hello.key_share));
  return message::check_shares_in_groups(*hello.key_share, *hello.supported_groups);
}

// This server's order; but a client that puts ChaCha20 first says that it has no fast AES.
const keys::SuiteParameters* choose_suite(const ServerConfigData& config, const message::ClientHello& hello,
                                          const PreSharedKey* psk) {
  const auto& suites = config.settings.policy.suites;
  const auto allowed = [&](CipherSuite suite) {
    return std::find(suites.begin(), suites.end(), suite) != suites.end() &&
           (psk == nullptr || keys::find_suite(suite)->hash == psk->hash);
  };
  for (const CipherSuite suite : hello.cipher_suites) {
    if (is_grease(static_cast<std::uint16_t>(suite))) continue;
    if (suite == CipherSuite::TLS_CHACHA20_POLY1305_SHA256 && allowed(suite)) return keys::find_suite(suite);
    break;
  }
  for (const CipherSuite suite : suites) {
    const keys::SuiteParameters* const row = keys::find_suite(suite, ProtocolVersion::tls1_3);
    if (row != nullptr && allowed(suite) && hello.cipher_suites.contains(suite)) return row;
  }
  return nullptr;
}

struct GroupChoice {
  NamedGroup group;
  bool has_share;
};

// The first common group in this server's order. A share that is there saves a round trip; but a post-quantum
// group that both know is worth one (attack row 28).
std::optional<GroupChoice> choose_group(const ServerConfigData& config, const message::ClientHello& hello) {
  std::optional<NamedGroup> best;
  for (const NamedGroup group : config.settings.policy.groups) {
    if (!crypto::is_supported(group) || !hello.supported_groups->contains(group)) continue;
    if (!best) best = group;
    if (hello.key_share->find(group)) {
      const bool worth_a_retry = config.settings.prefer_post_quantum && crypto::is_post_quantum(*best) &&
                                 !crypto::is_post_quantum(group);
      if (worth_a_retry) break;
      return GroupChoice{group, true};
    }
  }
  if (!best) return std::nullopt;
  return GroupChoice{*best, false};
}

// This server's order of schemes, among those that the credential can make and the client accepts.
std::optional<SignatureScheme> choose_scheme(const ServerConfigData& config,
                                             const PreparedCredential& prepared,
                                             const message::ClientHello& hello) {
  const auto makes = prepared.credential.signer->schemes();
  for (const SignatureScheme scheme : config.settings.policy.signature_schemes) {
    if (crypto::signs_tls13_messages(scheme) &&
        std::find(makes.begin(), makes.end(), scheme) != makes.end() &&
        hello.signature_algorithms->contains(scheme)) {
      return scheme;
    }
  }
  return std::nullopt;
}

// "the "server_name" extension is used to guide certificate selection" (§4.5.1.2); of those that can sign,
// the first that is for the name, of several the first whose chain the client can check; else the same of the
// others.
Result<void> choose_credential(const ServerConfigData& config, const message::ClientHello& hello,
                               Negotiated& choice) {
  HANDFAST_TRY_ASSIGN(const std::optional<ServerName> name, requested_name(hello));
  bool any_for_name = false;
  bool any_of_type = false;
  int best = -1;
  for (const PreparedCredential& prepared : config.credentials) {
    const CertificateType type = prepared.credential.type;
    const bool raw = type == CertificateType::RawPublicKey;
    // A raw key has no name that could be another.
    const bool for_name = name && (raw || is_for(prepared, *name));
    any_for_name = any_for_name || for_name;
    if (!accepts_server_type(hello, type)) continue;
    any_of_type = true;
    const std::optional<SignatureScheme> scheme = choose_scheme(config, prepared, hello);
    if (!scheme) continue;
    const int score = (for_name ? 2 : 0) + (suits_certificates(prepared, hello) ? 1 : 0);
    if (score <= best) continue;
    best = score;
    choice.credential = &prepared;
    choice.scheme = *scheme;
    choice.name_acknowledged = for_name;
  }
  if (name && !any_for_name && config.settings.reject_unknown_name) {
    return failure(Error(ErrorCode::no_certificate_for_name).in(kType).with_detail(name->to_string()));
  }
  if (config.credentials.empty()) return failure(Error(ErrorCode::psk_required).in(kType));
  // RFC 7250 §4.2: "unsupported_certificate"
  if (!any_of_type) {
    return failure(Error(ErrorCode::no_common_certificate_type).in(kType).at("server_certificate_type", 0));
  }
  if (choice.credential == nullptr) {
    return failure(Error(ErrorCode::no_common_signature_scheme)
                       .in(kType)
                       .with_sets(hello.signature_algorithms->numbers(),
                                  numbers(config.settings.policy.signature_schemes)));
  }
  return {};
}

// "the "server_certificate_type" extension in the server hello [says what] the server's certificate payload"
// is, "client_certificate_type" what the client's is to be (RFC 7250 §4.2): each answers the client's own.
Result<void> settle_certificate_types(const ServerConfigData& config, const message::ClientHello& hello,
                                      Negotiated& choice) {
  if (hello.server_certificate_type) choice.server_type_answer = choice.credential->credential.type;
  HANDFAST_TRY_ASSIGN(choice.client_type_answer, answer_client_type(config.settings, hello));
  return {};
}

}  // namespace

// "If the "supported_versions" extension is present in the ClientHello, servers MUST NOT use the
// ClientHello.legacy_version value for version negotiation and MUST use only [it]" (§4.3.1)
Result<ProtocolVersion> choose_version(const ServerConfigData& config, const message::ClientHello& hello) {
  const auto is_offered = [&](ProtocolVersion version) {
    if (hello.supported_versions) return hello.supported_versions->contains(version);
    return version == ProtocolVersion::tls1_2 && hello.legacy_version >= version;
  };
  const auto& versions = config.settings.policy.versions;
  // The highest that both speak, in whatever order the policy names them.
  auto chosen = versions.end();
  for (auto version = versions.begin(); version != versions.end(); ++version) {
    if (is_offered(*version) && (chosen == versions.end() || *version > *chosen)) chosen = version;
  }
  std::vector<std::uint16_t> offered = hello.supported_versions
                                           ? hello.supported_versions->numbers()
                                           : std::vector{static_cast<std::uint16_t>(hello.legacy_version)};
  // "If TLS_FALLBACK_SCSV appears in ClientHello.cipher_suites and the highest protocol version supported by
  // the server is higher than the version indicated in ClientHello.client_version, the server MUST respond
  // with a fatal inappropriate_fallback alert" (RFC 7507 §3): also if that version is none of the server's.
  const bool is_best =
      chosen != versions.end() && *chosen == *std::max_element(versions.begin(), versions.end());
  if (hello.cipher_suites.contains(CipherSuite::TLS_FALLBACK_SCSV) && !is_best) {
    return failure(
        Error(ErrorCode::inappropriate_fallback).in(kType).with_sets(std::move(offered), numbers(versions)));
  }
  if (chosen == versions.end()) {
    return failure(
        Error(ErrorCode::no_common_version).in(kType).with_sets(std::move(offered), numbers(versions)));
  }
  return *chosen;
}

std::optional<message::PskKeyExchangeMode> psk_mode(const ServerConfigData& config,
                                                    const message::ClientHello& hello) {
  using enum message::PskKeyExchangeMode;
  const auto lists = [&](message::PskKeyExchangeMode mode) {
    const auto& modes = *hello.psk_key_exchange_modes;
    return std::ranges::find(modes, static_cast<std::uint8_t>(mode)) != modes.end();
  };
  if (!hello.psk_key_exchange_modes) return std::nullopt;
  if (lists(psk_dhe_ke) && hello.key_share && hello.supported_groups) return psk_dhe_ke;
  if (lists(psk_ke) && config.settings.psk_ke == danger::PskKe::allowed) return psk_ke;
  return std::nullopt;
}

Result<Negotiated> negotiate(const ServerConfigData& config, const message::ClientHello& hello,
                             const PreSharedKey* psk) {
  HANDFAST_TRY(check_version(config, hello));
  Negotiated choice;
  choice.without_exchange = psk != nullptr && psk_mode(config, hello) == message::PskKeyExchangeMode::psk_ke;
  HANDFAST_TRY(check_extensions(hello, psk, choice.without_exchange));
  choice.suite = choose_suite(config, hello, psk);
  if (choice.suite == nullptr) {
    return failure(Error(ErrorCode::no_common_suite)
                       .in(kType)
                       .with_sets(hello.cipher_suites.numbers(), numbers(config.settings.policy.suites)));
  }
  if (!choice.without_exchange) {
    const std::optional<GroupChoice> group = choose_group(config, hello);
    if (!group) {
      return failure(
          Error(ErrorCode::no_common_group)
              .in(kType)
              .with_sets(hello.supported_groups->numbers(), numbers(config.settings.policy.groups)));
    }
    choice.group = group->group;
    choice.needs_retry = !group->has_share;
  }
  if (psk == nullptr) {
    HANDFAST_TRY(choose_credential(config, hello, choice));
    HANDFAST_TRY(settle_certificate_types(config, hello, choice));
  }
  HANDFAST_TRY_ASSIGN(choice.application_protocol, choose_application_protocol(config, hello));
  return choice;
}

Result<void> check_second_hello(const message::ClientHello& first, const message::ClientHello& second,
                                std::optional<NamedGroup> retry_group, Bytes cookie) {
  const auto changed = [](const char* field) {
    return failure(Error(ErrorCode::second_hello_changed).in(kType).at(field, 0));
  };
  if (first.legacy_version != second.legacy_version) return changed("legacy_version");
  if (!std::ranges::equal(first.random, second.random)) return changed("random");
  if (!std::ranges::equal(first.legacy_session_id, second.legacy_session_id))
    return changed("legacy_session_id");
  if (!std::ranges::equal(first.cipher_suites.raw(), second.cipher_suites.raw()))
    return changed("cipher_suites");
  if (!std::ranges::equal(first.legacy_compression_methods, second.legacy_compression_methods)) {
    return changed("legacy_compression_methods");
  }

  const auto may_change = [](ExtensionType type) {
    using enum ExtensionType;
    return type == key_share || type == early_data || type == cookie || type == pre_shared_key ||
           type == padding;
  };
  // Both blocks without the extensions that may change must be the same, in the same order.
  auto one = first.extensions.begin();
  auto other = second.extensions.begin();
  const auto skip = [&](auto& iterator) {
    while (iterator != std::default_sentinel && may_change(iterator->type)) ++iterator;
  };
  for (;;) {
    skip(one);
    skip(other);
    if (one == std::default_sentinel || other == std::default_sentinel) break;
    if (one->type != other->type || !std::ranges::equal(one->body, other->body)) return changed("extensions");
    ++one;
    ++other;
  }
  if (!(one == std::default_sentinel) || !(other == std::default_sentinel)) return changed("extensions");

  if (second.early_data) return changed("early_data");
  // "updating the "pre_shared_key" extension if present": it must not appear.
  if (second.pre_shared_key && !first.pre_shared_key) return changed("pre_shared_key");
  if (!second.key_share) return failure(missing("key_share"));
  if (retry_group) {
    // "replacing the list of shares with a list containing a single KeyShareEntry from the indicated group"
    // (§4.2.2)
    if (second.key_share->size() != 1 || !second.key_share->find(*retry_group)) return changed("key_share");
  }
  // "When sending the new ClientHello, the client MUST copy the contents of the extension received in the
  // HelloRetryRequest into a "cookie" extension" (§4.3.2)
  if (!cookie.empty() && !second.cookie) return failure(missing("cookie"));
  const Bytes echoed = second.cookie ? *second.cookie : Bytes();
  if (!constant_time_equal(echoed, cookie)) {
    return failure(Error(ErrorCode::cookie_mismatch).in(kType).at("cookie", 0));
  }
  return {};
}

}  // namespace handfast::handshake
