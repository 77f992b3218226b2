// The client's hello: see the header.
#include "handshake/client_hello.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "handshake/client_psk.hpp"
#include "message/client_hello.hpp"
#include "message/extension_encoders.hpp"

namespace handfast::handshake {
namespace {

using message::plan_empty_extension;
using message::plan_extension;
using message::PlannedExtension;

// RFC 8701 §2: one of 0x0a0a, 0x1a1a, … 0xfafa.
std::uint16_t grease_value(std::uint8_t random) {
  const unsigned nibble = random & 0xf0U;
  return static_cast<std::uint16_t>(((nibble | 0x0aU) << 8U) | (nibble | 0x0aU));
}

// The values that a client invents so that servers stay tolerant. Drawn anew for each connection.
struct Grease {
  std::uint16_t suite = 0;
  std::uint16_t group = 0;
  std::uint16_t version = 0;
  std::uint16_t first_extension = 0;
  std::uint16_t last_extension = 0;
  std::uint16_t signature_scheme = 0;

  static Result<Grease> draw(const RandomSource& random) {
    std::array<std::uint8_t, 6> bytes{};
    HANDFAST_TRY(random.fill(bytes));
    Grease grease{grease_value(bytes[0]), grease_value(bytes[1]), grease_value(bytes[2]),
                  grease_value(bytes[3]), grease_value(bytes[4]), grease_value(bytes[5])};
    if (grease.last_extension == grease.first_extension) {
      grease.last_extension = static_cast<std::uint16_t>(grease.last_extension ^ 0x1010U);
    }
    return grease;
  }
};

std::vector<message::KeyShareEntry> entries_of(const SentHello& hello) {
  std::vector<message::KeyShareEntry> entries;
  entries.reserve(hello.shares.size());
  for (const crypto::ClientKeyShare& share : hello.shares) {
    entries.push_back({.group = share.group(), .key_exchange = share.public_key(), .offset = 0});
  }
  return entries;
}

// A random order; pre_shared_key, which must be the last, comes after it.
Result<void> permute(const RandomSource& random, std::vector<PlannedExtension>& extensions) {
  std::vector<std::uint8_t> bytes(2 * extensions.size());
  HANDFAST_TRY(random.fill(bytes));
  for (std::size_t i = extensions.size(); i > 1; --i) {
    const std::size_t draw = static_cast<std::size_t>(bytes[2 * i - 2]) << 8U | bytes[2 * i - 1];
    std::swap(extensions[i - 1], extensions[draw % i]);
  }
  return {};
}

// The extensions that differ from one connection to the next.
void add_own_extensions(const Context& hs, const std::optional<Grease>& grease, SentHello& hello) {
  using enum ExtensionType;
  const ClientSettings& settings = hs.client().settings;
  if (settings.send_server_name && !hs.name()->is_ip()) {
    hello.extensions.push_back(plan_extension(server_name, message::encode_server_name, hs.name()->dns()));
  }
  const bool offers_tls13 = offers(settings.policy, ProtocolVersion::tls1_3);
  std::vector<ProtocolVersion> versions = settings.policy.versions;
  std::vector<NamedGroup> groups = settings.policy.groups;
  std::vector<message::KeyShareEntry> shares = entries_of(hello);
  static constexpr std::array<std::uint8_t, 1> kGreaseShare = {0};
  if (grease) {
    versions.insert(versions.begin(), static_cast<ProtocolVersion>(grease->version));
    groups.insert(groups.begin(), static_cast<NamedGroup>(grease->group));
    shares.insert(
        shares.begin(),
        {.group = static_cast<NamedGroup>(grease->group), .key_exchange = kGreaseShare, .offset = 0});
  }
  if (!offers_tls13) {
    // What only TLS 1.3 has says nothing here.
    std::erase_if(groups, crypto::is_post_quantum);
    if (!groups.empty()) {
      hello.extensions.push_back(plan_extension(supported_groups, message::encode_supported_groups, groups));
    }
    return;
  }
  hello.extensions.push_back(
      plan_extension(supported_versions, message::encode_supported_versions, versions));
  hello.extensions.push_back(plan_extension(supported_groups, message::encode_supported_groups, groups));
  hello.extensions.push_back(plan_extension(key_share, message::encode_key_share_client, shares));
}

// RFC 8701 §3.1, in the one list of fixed extensions that has room for it.
void add_signature_scheme(const Policy& policy, const Grease& grease, SentHello& hello) {
  std::vector<SignatureScheme> schemes = policy.signature_schemes;
  schemes.push_back(static_cast<SignatureScheme>(grease.signature_scheme));
  for (PlannedExtension& extension : hello.extensions) {
    if (extension.type != ExtensionType::signature_algorithms) continue;
    extension = plan_extension(extension.type, message::encode_signature_algorithms, schemes);
  }
}

// `before`: see bind_pre_shared_keys.
Result<void> encode(Context& hs, SentHello& hello, const keys::Transcript* before) {
  plan_pre_shared_keys(hs, hello);
  hello.message.clear();
  HANDFAST_TRY(message::encode_client_hello({.random = hello.random,
                                             .legacy_session_id = hello.session_id,
                                             .cipher_suites = hello.suites,
                                             .extensions = hello.extensions},
                                            hello.message));
  return bind_pre_shared_keys(hello, before);
}

}  // namespace

bool SentHello::offered(ExtensionType type) const {
  // RFC 8701 §3.1: a server that picks a GREASE value up is wrong.
  if (is_grease(static_cast<std::uint16_t>(type))) return false;
  return std::any_of(extensions.begin(), extensions.end(),
                     [&](const PlannedExtension& extension) { return extension.type == type; });
}

bool SentHello::offered(CipherSuite suite) const {
  return !is_grease(static_cast<std::uint16_t>(suite)) &&
         std::find(suites.begin(), suites.end(), suite) != suites.end();
}

bool SentHello::has_share(NamedGroup group) const {
  return std::any_of(shares.begin(), shares.end(),
                     [&](const crypto::ClientKeyShare& share) { return share.group() == group; });
}

Result<SentHello> make_client_hello(Context& hs) {
  const ClientConfigData& config = hs.client();
  const RandomSource& random = hs.random();
  SentHello hello;
  HANDFAST_TRY(random.fill(hello.random));
  // "In compatibility mode, this field MUST be non-empty, so a client not offering a pre-TLS 1.3 session MUST
  // generate a new 32-byte value." (§4.2.2)
  const bool offers_tls13 = offers(config.settings.policy, ProtocolVersion::tls1_3);
  if (config.settings.middlebox_compatibility && offers_tls13) {
    hello.session_id.resize(32);
    HANDFAST_TRY(random.fill(hello.session_id));
  }
  for (const NamedGroup group : config.settings.policy.key_shares) {
    if (!offers_tls13) break;
    HANDFAST_TRY_ASSIGN(crypto::ClientKeyShare share, crypto::ClientKeyShare::generate(group, random));
    hello.shares.push_back(std::move(share));
  }
  std::optional<Grease> grease;
  if (config.settings.grease) {
    HANDFAST_TRY_ASSIGN(grease, Grease::draw(random));
    hello.suites.push_back(static_cast<CipherSuite>(grease->suite));
  }
  hello.suites.insert(hello.suites.end(), config.settings.policy.suites.begin(),
                      config.settings.policy.suites.end());
  add_own_extensions(hs, grease, hello);
  hello.extensions.insert(hello.extensions.end(), config.fixed_extensions.begin(),
                          config.fixed_extensions.end());
  if (grease) add_signature_scheme(config.settings.policy, *grease, hello);
  if (config.settings.permute_extensions) HANDFAST_TRY(permute(random, hello.extensions));
  if (grease) {
    hello.extensions.insert(hello.extensions.begin(),
                            plan_empty_extension(static_cast<ExtensionType>(grease->first_extension)));
    hello.extensions.push_back(
        {.type = static_cast<ExtensionType>(grease->last_extension), .body = {0}, .fits = true});
  }
  HANDFAST_TRY(offer_session(hs, hello));
  offer_external_psks(hs, hello);
  hello.psk_ke = config.settings.psk_ke == danger::PskKe::allowed;
  HANDFAST_TRY(encode(hs, hello, nullptr));
  return hello;
}

// "the client MUST send the same ClientHello without modification, except as follows: replacing the list of
// shares with a list containing a single KeyShareEntry from the indicated group … including a "cookie"
// extension if one was provided"; "updating the "pre_shared_key" extension if present by recomputing the
// "obfuscated_ticket_age" and binder values and (optionally) removing any PSKs which are incompatible with
// the server's indicated cipher suite"
Result<void> retry_client_hello(Context& hs, SentHello& hello, const RetryRequest& retry,
                                const keys::Transcript& transcript) {
  if (retry.group) {
    hello.shares.clear();
    HANDFAST_TRY_ASSIGN(crypto::ClientKeyShare share,
                        crypto::ClientKeyShare::generate(*retry.group, hs.random()));
    hello.shares.push_back(std::move(share));
    for (PlannedExtension& extension : hello.extensions) {
      if (extension.type != ExtensionType::key_share) continue;
      extension =
          plan_extension(ExtensionType::key_share, message::encode_key_share_client, entries_of(hello));
    }
  }
  if (!retry.cookie.empty()) {
    hello.extensions.push_back(
        plan_extension(ExtensionType::cookie, message::encode_cookie, Bytes(retry.cookie)));
  }
  std::erase_if(hello.psks, [&](const PreSharedKey& key) { return key.hash != transcript.algorithm(); });
  return encode(hs, hello, &transcript);
}

}  // namespace handfast::handshake
