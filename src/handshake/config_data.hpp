// What a configuration has worked out when it was built, so that no connection does it again.
#pragma once

#include <array>
#include <handfast/config.hpp>
#include <memory>
#include <vector>

#include "crypto/public_key.hpp"
#include "message/planned_extension.hpp"
#include "pki/certificate.hpp"

namespace handfast::handshake {

// A credential with everything that is encoded or parsed once.
struct PreparedCredential {
  Credential credential;
  pki::Certificate leaf;  // views into credential.chain.front()
  // Distinct issuers of the chain (DER), to compare with a peer's certificate_authorities.
  std::vector<ByteString> issuers;
  // How its certificates are signed, but those that are signed by themselves (RFC 9846 §4.5.1.2).
  std::vector<crypto::SignatureMethod> chain_methods;
  // certificate_list of the Certificate message: [with staple][with SCTs].
  std::array<std::array<ByteString, 2>, 2> certificate_lists;

  // `setting` names the credential in errors. Errors: configuration_invalid, configuration_key_mismatch.
  static Result<PreparedCredential> prepare(Credential credential, std::size_t index);
};

struct ClientConfigData {
  ClientSettings settings;
  std::vector<PreparedCredential> credentials;
  // The extensions that are the same in every ClientHello.
  std::vector<message::PlannedExtension> fixed_extensions;
};

struct ServerConfigData {
  ServerSettings settings;
  std::vector<PreparedCredential> credentials;
  // The whole CertificateRequest message; empty if clients are not asked.
  ByteString certificate_request;
};

// What both sides' settings must satisfy. Errors: configuration_invalid; the detail says which setting and
// why.
Result<void> check_common_settings(const CommonSettings& settings);
// A credential that could never be used. Errors: configuration_invalid.
Result<void> check_can_sign(const PreparedCredential& prepared, const Policy& policy);
Error invalid_setting(const char* setting, std::string why);

}  // namespace handfast::handshake
