// Advice: what other clients refuse, or will refuse soon, about certificates that this one accepts.
#pragma once

#include <handfast/clock.hpp>
#include <handfast/server_name.hpp>
#include <handfast/trust.hpp>
#include <string>
#include <vector>

#include "trace/model.hpp"

namespace handfast::apps {

struct Advice {
  std::string id;    // of the catalogue
  std::string text;  // escaped
  std::string fix;   // escaped; may be empty
};

// The warnings of pki's checker, one for each id. `name` may be null.
std::vector<Advice> advise(const std::vector<CertificateFact>& sent, const TrustAnchors& anchors,
                           const ServerName* name, Time now);

}  // namespace handfast::apps
