// What kind of certificate each side shows: see the header.
#include "handshake/certificate_types.hpp"

#include <algorithm>

#include "handshake/selection.hpp"
#include "message/planned_extension.hpp"

namespace handfast::handshake {
namespace {

using enum CertificateType;

// What this client believes of a server, best first.
std::vector<CertificateType> believed(const ClientSettings& settings) {
  std::vector<CertificateType> types;
  if (settings.raw_key_verifier) types.push_back(RawPublicKey);
  if (settings.verifier) types.push_back(X509);
  return types;
}

// What this client can show, in the order of its credentials.
std::vector<CertificateType> shown(const std::vector<PreparedCredential>& credentials) {
  std::vector<CertificateType> types;
  for (const PreparedCredential& prepared : credentials) {
    const CertificateType type = prepared.credential.type;
    if (std::ranges::find(types, type) == types.end()) types.push_back(type);
  }
  return types;
}

bool says_more(const std::vector<CertificateType>& types) {
  return std::ranges::find(types, RawPublicKey) != types.end();
}

// CertificateType certificate_types<1..2^8-1>;
message::PlannedExtension plan(ExtensionType extension, const std::vector<CertificateType>& types) {
  message::PlannedExtension out{.type = extension, .body = {}, .fits = true};
  out.body.push_back(static_cast<std::uint8_t>(types.size()));
  for (const CertificateType type : types) out.body.push_back(static_cast<std::uint8_t>(type));
  return out;
}

// "the server MUST … select a certificate type from the list" of the client (RFC 7250 §4.2).
Result<CertificateType> answer_of(std::optional<CertificateType> answer,
                                  const std::vector<CertificateType>& offered, const char* field) {
  if (!answer) return X509;
  if (std::ranges::find(offered, *answer) != offered.end()) return *answer;
  return failure(Error(ErrorCode::certificate_type_not_offered)
                     .in(message::EncryptedExtensions::kType)
                     .at(field, 0)
                     .with_sets(numbers(offered), {static_cast<std::uint16_t>(*answer)}));
}

Error none_in_common(HandshakeType message, const char* field) {
  return Error(ErrorCode::no_common_certificate_type).in(message).at(field, 0);
}

}  // namespace

const CertificateVerifier* verifier_for(const ClientSettings& settings, CertificateType type) {
  return type == RawPublicKey ? settings.raw_key_verifier.get() : settings.verifier.get();
}

const CertificateVerifier* verifier_for(const ServerSettings& settings, CertificateType type) {
  return type == RawPublicKey ? settings.raw_key_verifier.get() : settings.client_verifier.get();
}

std::vector<message::PlannedExtension> plan_certificate_types(
    const ClientSettings& settings, const std::vector<PreparedCredential>& credentials) {
  std::vector<message::PlannedExtension> out;
  const std::vector<CertificateType> of_server = believed(settings);
  const std::vector<CertificateType> own = shown(credentials);
  if (says_more(of_server)) out.push_back(plan(ExtensionType::server_certificate_type, of_server));
  if (says_more(own)) out.push_back(plan(ExtensionType::client_certificate_type, own));
  return out;
}

Result<CertificateTypes> check_certificate_types(const ClientConfigData& config,
                                                 const message::EncryptedExtensions& extensions) {
  CertificateTypes types;
  HANDFAST_TRY_ASSIGN(types.server, answer_of(extensions.server_certificate_type, believed(config.settings),
                                              "server_certificate_type"));
  HANDFAST_TRY_ASSIGN(types.client, answer_of(extensions.client_certificate_type, shown(config.credentials),
                                              "client_certificate_type"));
  return types;
}

// A server that does not know RFC 7250 shows X.509 to a client that would have to believe it unseen.
Result<void> check_server_type_believed(const ClientSettings& settings, CertificateType type) {
  if (verifier_for(settings, type) != nullptr) return {};
  return failure(none_in_common(message::EncryptedExtensions::kType, "server_certificate_type"));
}

bool accepts_server_type(const message::ClientHello& hello, CertificateType type) {
  if (!hello.server_certificate_type) return type == X509;
  return std::ranges::find(*hello.server_certificate_type, static_cast<std::uint8_t>(type)) !=
         hello.server_certificate_type->end();
}

// The client's order. "If the server has [no] certificate type in common …, then the server terminates the
// session with a fatal alert of type "unsupported_certificate"" (RFC 7250 §4.2): unless it can do without.
Result<std::optional<CertificateType>> answer_client_type(const ServerSettings& settings,
                                                          const message::ClientHello& hello) {
  const std::optional<CertificateType> none;
  if (settings.client_authentication == ClientAuthentication::none) return none;
  if (!hello.client_certificate_type && settings.client_verifier) return none;
  for (const std::uint8_t offered : hello.client_certificate_type.value_or(Bytes())) {
    for (const CertificateType type : {X509, RawPublicKey}) {
      if (offered == static_cast<std::uint8_t>(type) && verifier_for(settings, type) != nullptr) return type;
    }
  }
  if (settings.client_authentication == ClientAuthentication::optional) return none;
  return failure(none_in_common(HandshakeType::client_hello, "client_certificate_type"));
}

}  // namespace handfast::handshake
