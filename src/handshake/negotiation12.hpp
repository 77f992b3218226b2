// What a server chooses from a ClientHello in TLS 1.2, and why it may not choose at all: pure functions.
// RFC 5246 §7.4.1.2, §7.4.1.4; RFC 8422 §5.1; RFC 7919 §4; RFC 5746 §3.6; RFC 7627 §5.2.
#pragma once

#include <handfast/config.hpp>
#include <handfast/error.hpp>
#include <optional>
#include <string_view>

#include "handshake/config_data.hpp"
#include "keys/cipher_suite.hpp"
#include "message/client_hello.hpp"

namespace handfast::handshake {

// The outcome of a negotiation. What the ServerHello answers is here, so that the hello's bytes can go.
struct Negotiated12 {
  const keys::SuiteParameters* suite = nullptr;
  const PreparedCredential* credential = nullptr;
  SignatureScheme scheme{};   // of ServerKeyExchange; none with RSA key exchange
  NamedGroup group{};         // for (EC)DHE
  ProtocolVersion offered{};  // client_version, which the premaster secret of RSA key exchange repeats
  bool extended_main_secret = false;
  bool answers_renegotiation_info = false;
  bool answers_point_formats = false;
  bool answers_server_name = false;
  bool staple = false;                              // CertificateStatus is sent
  bool timestamps = false;                          // SCTs are in the ServerHello
  std::string_view application_protocol;            // of the settings; empty if none
  std::optional<std::uint16_t> record_size_limit;   // the client's, if this server has one, too
  std::optional<std::uint8_t> max_fragment_length;  // as the client sent it
};

// Errors, in the order in which they are looked for: what must not be (compression, renegotiation_info, point
// formats, fragment length), extended main secret, suite with group, certificate and signature scheme,
// application protocol.
Result<Negotiated12> negotiate12(const ServerConfigData& config, const message::ClientHello& hello);

}  // namespace handfast::handshake
