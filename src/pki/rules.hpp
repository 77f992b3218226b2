// Rules that a certificate obeys or breaks on its own, wherever a path leads. One table: the verifier stops
// at the first broken rule, a checker can list all of them. RFC 5280 §4; CA/Browser Forum Baseline
// Requirements §7.1.
#pragma once

#include <handfast/error.hpp>

#include "pki/certificate.hpp"
#include "pki/validation_policy.hpp"

namespace handfast::pki {

enum class Role : std::uint8_t { leaf = 1, intermediate = 2, anchor = 4 };

struct Rule {
  unsigned profiles;  // bits of Profile
  unsigned roles;     // bits of Role
  ErrorCode code;
  const char* field;
  const char* sentence;  // with the section
  bool (*broken)(const Certificate& certificate);
};

// The next broken rule after `previous` (null: the first), or null.
const Rule* next_broken_rule(const Certificate& certificate, Role role, Profile profile,
                             const Rule* previous = nullptr);

}  // namespace handfast::pki
