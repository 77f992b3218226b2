// The checks of path validation, each on one certificate in its place. RFC 5280 §6.1.3, §6.1.4; RFC 9525;
// RFC 9846 §4.5.1.2. Signatures, name constraints and policies are apart: they need more than one
// certificate. Each answers whether to go on, as Faults::report() does.
#pragma once

#include "pki/path.hpp"
#include "pki/verify.hpp"

namespace handfast::pki {

// Time, critical extensions, rules of the profile and strength of the key: for every certificate.
bool check_common(const Certificate& certificate, std::size_t depth, bool is_anchor, const VerifyInput& input,
                  Faults& faults);
// Purpose and name of the peer's own certificate.
bool check_leaf(const Certificate& leaf, const VerifyInput& input, Faults& faults);
// Whether its signature is of a kind that can be checked and that the policy takes.
bool check_signature_algorithm(const Certificate& certificate, std::size_t depth,
                               const ValidationPolicy& policy, Faults& faults);
// Whether the last certificate of `path` may issue those before it.
bool check_issuer(const Path& path, const VerifyInput& input, Faults& faults);

}  // namespace handfast::pki
