// What kind of certificate each side shows: X.509, or a raw public key. RFC 7250, RFC 9846 §4.4.1, §4.5.1.
#pragma once

#include <handfast/codepoints.hpp>
#include <handfast/config.hpp>
#include <handfast/error.hpp>
#include <handfast/verifier.hpp>
#include <memory>
#include <optional>
#include <vector>

#include "handshake/config_data.hpp"
#include "message/client_hello.hpp"
#include "message/encrypted_extensions.hpp"
#include "message/planned_extension.hpp"

namespace handfast::handshake {

// What the two settled; X.509 where nothing was said.
struct CertificateTypes {
  CertificateType server = CertificateType::X509;
  CertificateType client = CertificateType::X509;
};

// The verifier for that kind of certificate; null: such certificates are not believed.
const CertificateVerifier* verifier_for(const ClientSettings& settings, CertificateType type);
const CertificateVerifier* verifier_for(const ServerSettings& settings, CertificateType type);

// --- client ------------------------------------------------------------------------------------

// server_certificate_type and client_certificate_type, where they say more than "X.509".
std::vector<message::PlannedExtension> plan_certificate_types(
    const ClientSettings& settings, const std::vector<PreparedCredential>& credentials);
// What the server answered. Errors: certificate_type_not_offered.
Result<CertificateTypes> check_certificate_types(const ClientConfigData& config,
                                                 const message::EncryptedExtensions& extensions);
// Before the server's certificate comes. Errors: no_common_certificate_type.
Result<void> check_server_type_believed(const ClientSettings& settings, CertificateType type);

// --- server ------------------------------------------------------------------------------------

// Whether the client takes this kind from the server.
bool accepts_server_type(const message::ClientHello& hello, CertificateType type);
// The answer to client_certificate_type: what the client is to show. None if it did not ask or will not be
// asked. Errors: no_common_certificate_type if it must show something.
Result<std::optional<CertificateType>> answer_client_type(const ServerSettings& settings,
                                                          const message::ClientHello& hello);

}  // namespace handfast::handshake
