// What is chosen in both versions, or by both sides: see the header.
#include "handshake/selection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "pki/name_match.hpp"

namespace handfast::handshake {
namespace {

constexpr auto kType = HandshakeType::client_hello;
constexpr std::size_t kLongestDetail = 200;  // of a peer's names in an error

}  // namespace

Result<std::optional<ServerName>> requested_name(const message::ClientHello& hello) {
  std::optional<ServerName> name;
  if (!hello.server_name || hello.server_name->empty()) return name;
  // RFC 6066 §3: "Literal IPv4 and IPv6 addresses are not permitted in HostName."
  auto parsed = ServerName::parse(as_text(*hello.server_name));
  if (!parsed) return failure(Error(ErrorCode::message_illegal_value).in(kType).at("host_name", 0));
  if (!parsed->is_ip()) name = std::move(*parsed);
  return name;
}

bool is_for(const PreparedCredential& prepared, const ServerName& name) {
  return pki::match_server_name(prepared.leaf, name, false).has_value();
}

bool suits_certificates(const PreparedCredential& prepared, const message::ClientHello& hello) {
  const auto& schemes =
      hello.signature_algorithms_cert ? hello.signature_algorithms_cert : hello.signature_algorithms;
  return !schemes || suits_certificates(prepared, *schemes);
}

bool suits_certificates(const PreparedCredential& prepared,
                        const message::CodepointList<SignatureScheme>& schemes) {
  return std::ranges::all_of(prepared.chain_methods, [&](const crypto::SignatureMethod& method) {
    for (const SignatureScheme scheme : schemes) {
      if (crypto::method_of(scheme) == method) return true;
    }
    return false;
  });
}

std::optional<NamedGroup> curve_of(crypto::KeyType type) {
  switch (type) {
    case crypto::KeyType::ec_p256:
      return NamedGroup::secp256r1;
    case crypto::KeyType::ec_p384:
      return NamedGroup::secp384r1;
    case crypto::KeyType::ec_p521:
      return NamedGroup::secp521r1;
    default:
      return std::nullopt;
  }
}

// RFC 7301 §3.2: the server's order; "no_application_protocol" if there is nothing in common.
Result<std::string_view> choose_application_protocol(const ServerConfigData& config,
                                                     const message::ClientHello& hello) {
  const auto& own = config.settings.application_protocols;
  if (own.empty() || !hello.application_layer_protocol_negotiation) return std::string_view();
  for (const std::string& name : own) {
    if (hello.application_layer_protocol_negotiation->contains(as_bytes(name))) return std::string_view(name);
  }
  std::string names = "offered";
  for (const message::ProtocolName& name : *hello.application_layer_protocol_negotiation) {
    if (names.size() > kLongestDetail) break;
    names += fmt::format(" {}", as_text(name.name));
  }
  return failure(Error(ErrorCode::no_common_application_protocol)
                     .in(kType)
                     .with_detail(fmt::format("{}; accepted here: {}", names, fmt::join(own, " "))));
}

}  // namespace handfast::handshake
