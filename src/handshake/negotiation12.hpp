// What a server chooses from a ClientHello in TLS 1.2, and why it may not choose at all: pure functions.
// RFC 5246 §7.4.1.2, §7.4.1.4; RFC 8422 §5.1; RFC 7919 §4; RFC 5746 §3.6; RFC 7627 §5.2, §5.3; RFC 5077 §3.2.
#pragma once

#include <handfast/config.hpp>
#include <handfast/error.hpp>
#include <memory>
#include <optional>
#include <string_view>

#include "handshake/config_data.hpp"
#include "keys/cipher_suite.hpp"
#include "message/client_hello.hpp"

namespace handfast::handshake {

// The outcome of a negotiation. What the ServerHello answers is here, so that the hello's bytes can go.
struct Negotiated12 {
  const keys::SuiteParameters* suite = nullptr;
  std::shared_ptr<const SessionState> resumed;     // the session that goes on; null: a full handshake
  const PreparedCredential* credential = nullptr;  // null if a session goes on
  SignatureScheme scheme{};                        // of ServerKeyExchange; none with RSA key exchange
  NamedGroup group{};                              // for (EC)DHE
  ProtocolVersion offered{};  // client_version, which the premaster secret of RSA key exchange repeats
  bool extended_main_secret = false;
  bool answers_renegotiation_info = false;
  bool answers_point_formats = false;
  bool answers_server_name = false;
  bool sends_ticket = false;                        // NewSessionTicket is sent
  bool keeps_session = false;                       // the session gets an id, and is stored under it
  bool staple = false;                              // CertificateStatus is sent
  bool timestamps = false;                          // SCTs are in the ServerHello
  std::string_view application_protocol;            // of the settings; empty if none
  std::optional<std::uint16_t> record_size_limit;   // the client's, if this server has one, too
  std::optional<std::uint8_t> max_fragment_length;  // as the client sent it
};

// `session`: see find_session12; with one, suite and certificates are settled. Errors, in the order in which
// they are looked for: what must not be (compression, renegotiation_info, point formats, fragment length),
// extended main secret, suite with group, certificate and signature scheme, application protocol.
Result<Negotiated12> negotiate12(const ServerConfigData& config, const message::ClientHello& hello,
                                 std::shared_ptr<const SessionState> session);

// The length that RFC 6066 §4 gives to records, as the client sent it. None if record_size_limit is used: "A
// server that supports the "record_size_limit" extension MUST ignore a "max_fragment_length" that appears in
// a ClientHello if both extensions appear." (RFC 8449 §5)
std::optional<std::uint8_t> fragment_length_asked_for(const ServerConfigData& config,
                                                      const message::ClientHello& hello);

}  // namespace handfast::handshake
