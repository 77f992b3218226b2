// check_chain: everything that is wrong, or could be better, with the certificates that were presented. The
// checks are the verifier's (checks.cpp, rules.cpp, path_builder.cpp); this collects where the verifier
// stops, and adds advice (advice.cpp). RFC 5280, RFC 9525, CABF Baseline Requirements. Must not find a chain
// good that verify_chain() refuses, or the other way round.
#pragma once

#include <cstdint>
#include <handfast/error.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pki/verify.hpp"

namespace handfast::pki {

enum class Severity : std::uint8_t {
  error,    // the chain is refused because of it
  warning,  // other verifiers refuse it, or will soon
  advice,   // works, and could be better
};

// What was found about one certificate. Texts are not escaped: names come from certificates.
struct CheckFinding {
  Severity severity = Severity::advice;
  std::string_view id;            // of the failure catalogue
  std::optional<ErrorCode> code;  // for what a verifier refuses
  std::optional<std::size_t>
      index;  // its place in what was presented; nothing for an anchor or the whole list
  std::optional<std::size_t> depth;  // its place in the path, if it is in it
  std::string subject;
  std::string what;
  std::string fix;
};

struct CheckedStep {
  ByteString der;
  std::optional<std::size_t> index;  // nothing: it came from the trust anchors
};

struct CheckReport {
  // The path that convinced, leaf first; after a failure the one that led farthest.
  std::vector<CheckedStep> path;
  std::optional<Error> failure;  // what verify_chain() says; nothing if it accepts
  // Errors first, then warnings, then advice; in the order of the list.
  std::vector<CheckFinding> findings;
};

CheckReport check_chain(const VerifyInput& input);

}  // namespace handfast::pki
