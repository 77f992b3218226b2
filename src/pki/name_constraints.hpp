// Name constraints: which names the certificates below a CA may bear. RFC 5280 §4.2.1.10, §6.1.4 (b), (g).
// Fails closed: a name that cannot be understood breaks every constraint on its type.
#pragma once

#include <cstddef>
#include <handfast/bytes.hpp>
#include <string>

#include "crypto/der.hpp"
#include "pki/certificate.hpp"
#include "pki/comparisons.hpp"
#include "pki/general_name.hpp"

namespace handfast::pki {

// Reads the extension's value; failures stay in `value`.
void read_name_constraints(crypto::DerReader& value, NameConstraints& out);

enum class NameConstraintVerdict : std::uint8_t { obeyed, not_permitted, excluded, budget_exhausted };

struct NameConstraintResult {
  NameConstraintVerdict verdict = NameConstraintVerdict::obeyed;
  GeneralName name;  // the offender
};

// Whether every name of `below` (its subject, its subject alternative names, and the e-mail address in its
// subject if it has no other) obeys `constraints`. Each comparison is taken from `comparisons`.
NameConstraintResult check_name_constraints(const NameConstraints& constraints, const Certificate& below,
                                            Comparisons& comparisons);

// Whether a dNSName constraint begins with a period, which RFC 5280 does not foresee and many CAs write.
bool has_leading_period_constraint(const NameConstraints& constraints);

}  // namespace handfast::pki
