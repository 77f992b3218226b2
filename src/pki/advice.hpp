// Advice: what no verifier of RFC 5280 refuses, but others do, or people regret. CABF Baseline Requirements
// §6.3.2, §7.1; RFC 9325; RFC 9525 §7.1; the CT policies of browsers.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pki/certificate.hpp"
#include "pki/checker.hpp"

namespace handfast::pki {

struct Advice {
  Severity severity;
  std::string_view id;
  std::string what;
  std::string fix;
};

// `depth`: its place in the path. Dates are judged for certificates of the path only: `now` and `profile` are
// those of `input`.
std::vector<Advice> advise_leaf(const Certificate& leaf, const VerifyInput& input);
std::vector<Advice> advise_issuer(const Certificate& issuer, const VerifyInput& input);
// For each certificate, wherever it stands.
std::vector<Advice> advise_any(const Certificate& certificate);

// The longest validity that the Baseline Requirements allow for a certificate that is issued at `not_before`
// (ballots 193, SC-031 and SC-081v3).
std::chrono::days max_validity(Time not_before);

}  // namespace handfast::pki
