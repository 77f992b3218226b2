// From the command line's options to a ClientConfig. Errors name the option at fault.
#pragma once

#include <functional>
#include <handfast/config.hpp>
#include <handfast/system.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connect/diagnosis.hpp"
#include "connect/options.hpp"
#include "connect/reporting_verifier.hpp"

namespace handfast::apps {

struct ClientSetup {
  std::shared_ptr<const ClientConfig> config;
  std::unique_ptr<danger::KeyLogFile> key_log;  // must outlive the connection
  std::string trust_origin;                     // "the system's store", "roots.pem"
  std::shared_ptr<const TrustAnchors> anchors;  // null: there are none, and --insecure
  std::optional<OwnCertificate> own;            // what --cert gave
  std::vector<std::string> notes;               // roots that were left out; escaped
};

// `sessions`: where sessions are kept and taken from; null: none. `early_data`: a session that allows it
// sends some. The library fills an error's id in; here too: S-01, S-04, S-06.
Result<ClientSetup> make_client_setup(const ConnectCommand& command, std::uint16_t port,
                                      std::function<void(const VerifierReport&)> report,
                                      std::shared_ptr<ClientSessions> sessions = nullptr,
                                      bool early_data = false);

}  // namespace handfast::apps
