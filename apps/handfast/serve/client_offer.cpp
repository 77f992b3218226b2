// Questions about an offer. How it is read from a message is in read_offer.cpp.
#include "client_offer.hpp"

#include <algorithm>
#include <handfast/codepoints.hpp>

namespace handfast::apps::serve {

bool is_post_quantum(std::uint16_t group) {
  switch (static_cast<NamedGroup>(group)) {
    case NamedGroup::MLKEM768:
    case NamedGroup::MLKEM1024:
    case NamedGroup::SecP256r1MLKEM768:
    case NamedGroup::X25519MLKEM768:
    case NamedGroup::SecP384r1MLKEM1024:
      return true;
    default:
      return false;
  }
}

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

}  // namespace handfast::apps::serve
