// What a server chooses from a ClientHello, and why it may not choose at all: pure functions.
// RFC 9846 §4.2.1, §4.2.2, §4.3, §9.2.
#pragma once

#include <handfast/config.hpp>
#include <handfast/error.hpp>
#include <optional>
#include <string_view>

#include "handshake/config_data.hpp"
#include "handshake/psk.hpp"
#include "keys/cipher_suite.hpp"
#include "message/client_hello.hpp"

namespace handfast::handshake {

// The outcome of a negotiation.
struct Negotiated {
  const keys::SuiteParameters* suite = nullptr;
  NamedGroup group{};
  bool without_exchange = false;  // psk_ke: there is no group
  bool needs_retry = false;       // no share for `group` came: a HelloRetryRequest must ask for one
  const PreparedCredential* credential = nullptr;
  SignatureScheme scheme{};
  std::string_view application_protocol;  // of the settings; empty if none
  bool name_acknowledged = false;         // the certificate is for the name that was asked for
  // What goes into EncryptedExtensions, if the client asked and certificates are shown: RFC 7250 §4.2.
  std::optional<CertificateType> server_type_answer;
  std::optional<CertificateType> client_type_answer;
};

// The best version in this server's order. Errors: no_common_version, inappropriate_fallback.
Result<ProtocolVersion> choose_version(const ServerConfigData& config, const message::ClientHello& hello);

// How a pre-shared key could be used (§4.3.9): with a key exchange; without one only if the client knows no
// other way and the settings allow it. Nothing: not at all.
std::optional<message::PskKeyExchangeMode> psk_mode(const ServerConfigData& config,
                                                    const message::ClientHello& hello);

// TLS 1.3. `psk`, if not null, is the key that is used: no certificate is needed, and the suite has its hash.
// Errors, in the order in which they are looked for: version, syntax that TLS 1.3 demands, missing
// extensions, suite, group, name, signature scheme, application protocol.
Result<Negotiated> negotiate(const ServerConfigData& config, const message::ClientHello& hello,
                             const PreSharedKey* psk = nullptr);

// "the client MUST send the same ClientHello without modification, except …" (§4.2.2). `retry_group` is what
// was asked for, if anything; `cookie` what was sent, if anything. Errors: second_hello_changed,
// extension_missing, cookie_mismatch.
Result<void> check_second_hello(const message::ClientHello& first, const message::ClientHello& second,
                                std::optional<NamedGroup> retry_group, Bytes cookie);

}  // namespace handfast::handshake
