// Questions about an offer. How it is read from a message is in read_offer.cpp.
#include "fingerprint/client_offer.hpp"

#include <algorithm>
#include <handfast/codepoints.hpp>

#include "trace/names.hpp"

namespace handfast::apps {

bool is_post_quantum(std::uint16_t group) { return has_post_quantum(static_cast<NamedGroup>(group)); }

bool ClientOffer::has(std::uint16_t extension) const {
  return std::any_of(extensions.begin(), extensions.end(),
                     [&](const OfferedExtension& entry) { return entry.type == extension; });
}

bool ClientOffer::offers_post_quantum() const {
  return std::any_of(groups.begin(), groups.end(), is_post_quantum);
}

bool ClientOffer::sends_post_quantum_share() const {
  return std::any_of(key_shares.begin(), key_shares.end(),
                     [](const OfferedKeyShare& share) { return is_post_quantum(share.group); });
}

}  // namespace handfast::apps
