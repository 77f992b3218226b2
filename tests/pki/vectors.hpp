// Test cases in the format of x509-limbo, and PKITS'. Used by the tests and by limbo-harness and
// pkits-harness.
#pragma once

#include <handfast/bytes.hpp>
#include <handfast/clock.hpp>
#include <handfast/trust.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "pki/validation_policy.hpp"

namespace handfast::test {

// Sanitizers make everything slower.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr double kSlowdown = 20;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
inline constexpr double kSlowdown = 20;
#else
inline constexpr double kSlowdown = 1;
#endif
#else
inline constexpr double kSlowdown = 1;
#endif

enum class Outcome { success, failure, skipped };

struct LimboResult {
  std::string id;
  Outcome expected = Outcome::failure;
  Outcome actual = Outcome::skipped;
  std::string context;  // the error, or why it was skipped
  double milliseconds = 0;
};

// The profile of a namespace, by rule: "rfc5280::" and "crl::" ask for every MUST of RFC 5280, in
// certificates and in CRLs; "webpki::" and "online::" are public sites; everything else is a private PKI.
pki::Profile profile_of(const std::string& id);

// A case with CRLs is checked with them, and needs them (hard fail).
LimboResult run_limbo_case(const nlohmann::json& testcase);

struct PkitsResult {
  std::string number;
  std::string title;
  Outcome expected = Outcome::failure;
  Outcome actual = Outcome::failure;
  std::string context;             // the error
  bool refused_by_policy = false;  // an algorithm that is not supported on purpose
};

// certs[0] is the anchor, the last one the leaf; the CRLs are needed (hard fail).
PkitsResult run_pkits_case(const nlohmann::json& testcase, const std::string& certificate_folder,
                           const std::string& crl_folder);

// How limbo spells them.
const char* name_of(Outcome outcome);

nlohmann::json load_json(const std::string& path);
std::vector<ByteString> certificates_of_pem(const std::string& pem);
// "2024-03-01T00:00:00+00:00"; fractions are cut.
Time parse_rfc3339(const std::string& text);

}  // namespace handfast::test
