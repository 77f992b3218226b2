// Certificate policies along a whole path. RFC 5280 §6.1.2 to §6.1.5.
#pragma once

#include <cstddef>

#include "pki/path.hpp"

namespace handfast::pki {

enum class PolicyVerdict : std::uint8_t { accepted, no_valid_policy, malformed, budget_exhausted };

// `path` reaches from the leaf to its anchor. Each comparison of two policies takes one from
// `comparisons_left`.
PolicyVerdict check_policies(const Path& path, const ValidationPolicy& policy, std::size_t& comparisons_left);

}  // namespace handfast::pki
