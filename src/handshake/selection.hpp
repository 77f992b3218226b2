// What is chosen in the same way in TLS 1.2 and 1.3 by a server (by name, by ALPN: RFC 6066 §3, RFC 7301
// §3.2), and by both sides (a chain that the peer can check: RFC 9846 §4.5.1.2).
#pragma once

#include <handfast/config.hpp>
#include <handfast/error.hpp>
#include <handfast/server_name.hpp>
#include <optional>
#include <string_view>
#include <vector>

#include "crypto/public_key.hpp"
#include "handshake/config_data.hpp"
#include "message/client_hello.hpp"

namespace handfast::handshake {

// The DNS name that the client asked for, if any. Errors: message_illegal_value.
Result<std::optional<ServerName>> requested_name(const message::ClientHello& hello);
bool is_for(const PreparedCredential& prepared, const ServerName& name);

// The server's order; empty if ALPN is not used. Errors: no_common_application_protocol.
Result<std::string_view> choose_application_protocol(const ServerConfigData& config,
                                                     const message::ClientHello& hello);

// Whether the client says that it can check how the chain is signed. RFC 9846 §4.5.1.2: the chain "MUST" be
// signed by algorithms "advertised by the peer, if it is able to provide such a chain"; without
// signature_algorithms_cert, signature_algorithms is about certificates, too (§4.3.3; RFC 5246 §7.4.2 says
// the same of TLS 1.2), and without both nothing is known. The curve of an ECDSA scheme is not looked at: a
// chain that does not suit is still better than none.
bool suits_certificates(const PreparedCredential& prepared, const message::ClientHello& hello);
// The same for a peer who accepts `schemes` in certificates.
bool suits_certificates(const PreparedCredential& prepared,
                        const message::CodepointList<SignatureScheme>& schemes);

template <class Enum>
std::vector<std::uint16_t> numbers(const std::vector<Enum>& values) {
  std::vector<std::uint16_t> out;
  out.reserve(values.size());
  for (const Enum value : values) out.push_back(static_cast<std::uint16_t>(value));
  return out;
}

// The curve that a key of this type lies on, if it has a name among the groups.
std::optional<NamedGroup> curve_of(crypto::KeyType type);

}  // namespace handfast::handshake
