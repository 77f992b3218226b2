// What a configuration has worked out when it was built, so that no connection does it again.
#pragma once

#include <array>
#include <chrono>
#include <handfast/config.hpp>
#include <memory>
#include <optional>
#include <vector>

#include "crypto/private_key.hpp"
#include "crypto/public_key.hpp"
#include "handshake/certificate_compression.hpp"
#include "handshake/session_state.hpp"
#include "message/planned_extension.hpp"
#include "pki/certificate.hpp"

namespace handfast::handshake {

// A credential with everything that is encoded or parsed once.
struct PreparedCredential {
  Credential credential;
  pki::Certificate leaf;  // views into credential.chain.front(); empty for a raw public key
  // Distinct issuers of the chain (DER), to compare with a peer's certificate_authorities.
  std::vector<ByteString> issuers;
  // How its certificates are signed, but those that are signed by themselves (RFC 9846 §4.5.1.2).
  std::vector<crypto::SignatureMethod> chain_methods;
  // SubjectPublicKeyInfo, of the leaf or raw; a view into `credential`'s chain or signer.
  Bytes public_key;
  // certificate_list of the Certificate message: [with staple][with SCTs].
  std::array<std::array<ByteString, 2>, 2> certificate_lists;
  // The same in CompressedCertificate messages.
  std::array<std::array<std::vector<CompressedForm>, 2>, 2> compressed;

  // TLS 1.2: the whole Certificate message, what kind of key it is, and the holder's way to decrypt with it,
  // if it has one.
  ByteString certificate_message12;
  std::optional<crypto::KeyType> key_type;
  const crypto::PremasterDecryptor* decryptor = nullptr;

  // `setting` names the credential in errors. Errors: configuration_invalid, configuration_key_mismatch.
  static Result<PreparedCredential> prepare(Credential credential, std::size_t index,
                                            const CommonSettings& settings);
};

struct ClientConfigData {
  ClientSettings settings;
  std::vector<PreparedCredential> credentials;
  // The extensions that are the same in every ClientHello.
  std::vector<message::PlannedExtension> fixed_extensions;
  Binding binding{};  // with sessions
};

struct ServerConfigData {
  ServerSettings settings;
  std::vector<PreparedCredential> credentials;
  // The whole CertificateRequest message, with an empty context; empty if clients are never asked.
  ByteString certificate_request;
  ByteString late_certificate_request;  // the same for after the handshake
  ByteString certificate_request12;     // TLS 1.2's
  Binding binding{};                    // with sessions

  [[nodiscard]] bool keeps_sessions() const {
    return settings.ticket_keys != nullptr || settings.session_store != nullptr;
  }
};

// Drops versions that have no suite, and suites that have no version or no group: what cannot be negotiated
// is not offered.
void normalize(Policy& policy);
bool offers(const Policy& policy, ProtocolVersion version);

// RFC 6066 §4: the number that stands for 2^9, 2^10, 2^11 or 2^12; 0 for other lengths. And back.
constexpr std::uint8_t fragment_length_code(std::size_t length) {
  return length == 512 ? 1 : length == 1024 ? 2 : length == 2048 ? 3 : length == 4096 ? 4 : 0;
}
constexpr std::size_t fragment_length_of(std::uint8_t code) {
  return code >= 1 && code <= 4 ? std::size_t{256} << code : 0;
}

// Raw public keys need TLS 1.3, in its handshake. Errors: configuration_invalid.
Result<void> check_raw_keys(const CommonSettings& settings,
                            const std::vector<PreparedCredential>& credentials, bool authenticates_later);
// What both sides' settings must satisfy. Errors: configuration_invalid; the detail says which setting and
// why.
Result<void> check_common_settings(const CommonSettings& settings);
// External keys need TLS 1.3. Errors: configuration_invalid; two of them with one identity, too.
Result<void> check_external_psks(const CommonSettings& settings);
// There is no authentication after the handshake in TLS 1.2. Errors: configuration_invalid.
Result<void> check_authenticates_later(const CommonSettings& settings);
// Sessions have an age. Errors: configuration_invalid without a clock.
Result<void> check_clock(const CommonSettings& settings);
// Errors: configuration_invalid unless it is between a second and 7 days.
Result<void> check_session_lifetime(std::chrono::seconds lifetime);
// A credential that could never be used. Errors: configuration_invalid.
Result<void> check_can_sign(const PreparedCredential& prepared, const Policy& policy);
// What a session of such a configuration is bound to. Errors: crypto_failed.
Result<Binding> binding_of(const ClientSettings& settings,
                           const std::vector<PreparedCredential>& credentials);
Result<Binding> binding_of(const ServerSettings& settings);
Error invalid_setting(const char* setting, std::string why);

}  // namespace handfast::handshake
