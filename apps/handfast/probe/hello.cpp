// Variations of a ClientHello.
#include "probe/hello.hpp"

#include <algorithm>
#include <array>
#include <handfast/random.hpp>

#include "crypto/key_exchange.hpp"
#include "message/client_hello.hpp"
#include "message/extension_encoders.hpp"
#include "probe/suites.hpp"
#include "record/header.hpp"

namespace handfast::apps::probe {
namespace {

using message::plan_empty_extension;
using message::plan_extension;
using message::PlannedExtension;

const PlannedExtension* find(const std::vector<PlannedExtension>& extensions, ExtensionType type) {
  const auto found = std::ranges::find(extensions, type, &PlannedExtension::type);
  return found == extensions.end() ? nullptr : &*found;
}

// The content of a list with a length of two bytes.
message::CodepointList<NamedGroup> groups_in(const PlannedExtension* extension) {
  if (extension == nullptr || extension->body.size() < 2) return {};
  return message::CodepointList<NamedGroup>(Bytes(extension->body).subspan(2));
}

}  // namespace

Result<ProbeHello> ProbeHello::like(Bytes client_hello) {
  HANDFAST_TRY_ASSIGN(const auto hello, message::decode_client_hello(client_hello));
  ProbeHello out;
  for (const CipherSuite suite : hello.cipher_suites) out.suites.push_back(suite);
  for (const auto& extension : hello.extensions) {
    out.extensions.push_back({extension.type, copy_of(extension.body), true});
  }
  out.session_id = copy_of(hello.legacy_session_id);
  for (const auto type : {ExtensionType::pre_shared_key, ExtensionType::early_data, ExtensionType::cookie})
    out.drop(type);
  return out;
}

bool ProbeHello::offers(CipherSuite suite) const { return std::ranges::find(suites, suite) != suites.end(); }

bool ProbeHello::offers(NamedGroup group) const {
  return groups_in(find(extensions, ExtensionType::supported_groups)).contains(group);
}

void ProbeHello::set(PlannedExtension extension) {
  const auto found = std::ranges::find(extensions, extension.type, &PlannedExtension::type);
  if (found != extensions.end()) {
    *found = std::move(extension);
  } else {
    extensions.push_back(std::move(extension));
  }
}

void ProbeHello::drop(ExtensionType type) {
  std::erase_if(extensions, [&](const PlannedExtension& extension) { return extension.type == type; });
}

ProbeHello ProbeHello::with_every_suite() const {
  ProbeHello out = *this;
  for (const CipherSuite suite : every_suite()) {
    if (!out.offers(suite)) out.suites.push_back(suite);
  }
  return out;
}

ProbeHello ProbeHello::with_every_group() const {
  ProbeHello out = *this;
  std::vector<NamedGroup> groups;
  for (const NamedGroup group : groups_in(find(extensions, ExtensionType::supported_groups)))
    groups.push_back(group);
  for (const NamedGroup group : every_group()) {
    if (std::ranges::find(groups, group) == groups.end()) groups.push_back(group);
  }
  out.set(plan_extension(ExtensionType::supported_groups, message::encode_supported_groups, groups));
  return out;
}

ProbeHello ProbeHello::with_every_scheme() const {
  ProbeHello out = *this;
  out.set(plan_extension(ExtensionType::signature_algorithms, message::encode_signature_algorithms,
                         every_scheme()));
  out.drop(ExtensionType::signature_algorithms_cert);
  return out;
}

ProbeHello ProbeHello::with_every_version() const {
  ProbeHello out = with_every_suite();
  static constexpr std::array kVersions = {ProtocolVersion::tls1_3, ProtocolVersion::tls1_2,
                                           ProtocolVersion::tls1_1, ProtocolVersion::tls1_0};
  out.set(plan_extension(ExtensionType::supported_versions, message::encode_supported_versions, kVersions));
  if (find(out.extensions, ExtensionType::key_share) == nullptr) {
    const auto share = crypto::ClientKeyShare::generate(NamedGroup::x25519, system_random());
    if (share) {
      const message::KeyShareEntry entry{NamedGroup::x25519, share->public_key()};
      out.set(
          plan_extension(ExtensionType::key_share, message::encode_key_share_client, std::span(&entry, 1)));
    }
  }
  return out;
}

ProbeHello ProbeHello::without_post_quantum() const {
  ProbeHello out = *this;
  std::vector<NamedGroup> groups;
  for (const NamedGroup group : groups_in(find(extensions, ExtensionType::supported_groups))) {
    if (!crypto::is_post_quantum(group)) groups.push_back(group);
  }
  if (groups.empty()) groups = {NamedGroup::x25519, NamedGroup::secp256r1};
  out.set(plan_extension(ExtensionType::supported_groups, message::encode_supported_groups, groups));
  const auto share = crypto::ClientKeyShare::generate(NamedGroup::x25519, system_random());
  if (share && find(extensions, ExtensionType::key_share) != nullptr) {
    const message::KeyShareEntry entry{NamedGroup::x25519, share->public_key()};
    out.set(plan_extension(ExtensionType::key_share, message::encode_key_share_client, std::span(&entry, 1)));
  }
  return out;
}

ProbeHello ProbeHello::without(ExtensionType type) const {
  ProbeHello out = *this;
  out.drop(type);
  return out;
}

ProbeHello ProbeHello::as_tls12() const {
  static constexpr std::array kGroups = {NamedGroup::x25519, NamedGroup::secp256r1, NamedGroup::secp384r1};
  ProbeHello out;
  for (const CipherSuite suite : every_suite()) {
    const auto code = static_cast<unsigned>(suite);
    if (code >> 8U != 0x13U) out.suites.push_back(suite);
  }
  if (const auto* name = find(extensions, ExtensionType::server_name)) out.set(*name);
  out.set(plan_extension(ExtensionType::supported_groups, message::encode_supported_groups, kGroups));
  out.set({ExtensionType::ec_point_formats, {1, 0}, true});
  out.set(plan_extension(ExtensionType::signature_algorithms, message::encode_signature_algorithms,
                         every_scheme()));
  out.set(plan_empty_extension(ExtensionType::extended_main_secret));
  out.set(plan_extension(ExtensionType::renegotiation_info, message::encode_renegotiation_info, Bytes()));
  return out;
}

ProbeHello ProbeHello::asking_for(std::string_view name) const {
  ProbeHello out = *this;
  out.set(plan_extension(ExtensionType::server_name, message::encode_server_name, name));
  return out;
}

ProbeHello ProbeHello::in_two_packets() const {
  ProbeHello out = *this;
  out.split = true;
  return out;
}

ProbeHello ProbeHello::after(std::string bytes) const {
  ProbeHello out = *this;
  out.before = std::move(bytes);
  return out;
}

Result<ByteString> ProbeHello::encode() const {
  std::array<std::uint8_t, 32> random{};
  HANDFAST_TRY(system_random().fill(random));
  message::ClientHelloPlan plan;
  plan.random = random;
  plan.legacy_session_id = session_id;
  plan.cipher_suites = suites;
  plan.extensions = extensions;
  ByteString hello;
  HANDFAST_TRY(message::encode_client_hello(plan, hello));
  if (hello.size() > record::kMaxPlaintext) return failure(ErrorCode::internal_error);
  ByteString out;
  record::append_plaintext_record(ContentType::handshake, ProtocolVersion::tls1_0, hello, out);
  return out;
}

}  // namespace handfast::apps::probe
