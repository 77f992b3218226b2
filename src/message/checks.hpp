// Checks that need more than one message's syntax; flows call them where the RFC wants them.
// RFC 9846 §4.3, §4.3.8. All are linear in the size of the messages.
#pragma once

#include <bitset>
#include <cstdint>
#include <handfast/codepoints.hpp>
#include <handfast/error.hpp>
#include <type_traits>

#include "message/extension.hpp"
#include "message/extension_types.hpp"

namespace handfast::message {

// A set of 16-bit code points: 8 KiB, meant for the stack.
class CodepointSet {
 public:
  // False if it was there already.
  template <class Enum>
  bool insert(Enum value) {
    const auto index = static_cast<std::uint16_t>(value);
    if (bits_[index]) return false;
    bits_[index] = true;
    return true;
  }
  template <class Enum>
  [[nodiscard]] bool contains(Enum value) const {
    return bits_[static_cast<std::uint16_t>(value)];
  }

 private:
  std::bitset<0x10000> bits_;
};

// extension_not_offered at `extension`, of a message of `type`.
Error extension_not_offered(const Extension& extension, HandshakeType type);

// "Implementations MUST NOT send extension responses … if the remote endpoint did not send the corresponding
// extension requests, with the exception of the "cookie" extension in the HelloRetryRequest." §4.3
// `was_offered(ExtensionType)` tells. Not for CertificateRequest and NewSessionTicket, which ask themselves.
template <class Predicate>
  requires std::is_invocable_r_v<bool, Predicate, ExtensionType>
Result<void> check_only_offered(const ExtensionBlock& answer, Predicate was_offered, HandshakeType type) {
  for (const Extension& extension : answer) {
    if (type == HandshakeType::hello_retry_request && extension.type == ExtensionType::cookie) continue;
    if (!was_offered(extension.type)) return failure(extension_not_offered(extension, type));
  }
  return {};
}
Result<void> check_only_offered(const ExtensionBlock& answer, const ExtensionBlock& offered,
                                HandshakeType type);

// "Clients MUST NOT offer multiple KeyShareEntry values for the same group." §4.3.8 Error:
// key_share_duplicate.
Result<void> check_shares_unique(const KeyShareList& client_shares);
// "Clients MUST NOT offer any KeyShareEntry values for groups not listed in the client's "supported_groups"
// extension." §4.3.8 Error: key_share_not_in_groups.
Result<void> check_shares_in_groups(const KeyShareList& client_shares,
                                    const CodepointList<NamedGroup>& supported_groups);

}  // namespace handfast::message
