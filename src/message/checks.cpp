// Checks that flows call: see the header. RFC 9846 §4.3, §4.3.8.
#include "message/checks.hpp"

namespace handfast::message {
namespace {

Error share_error(ErrorCode code, const KeyShareEntry& entry) {
  return Error(code).at("group", entry.offset).in(HandshakeType::client_hello);
}

}  // namespace

Error extension_not_offered(const Extension& extension, HandshakeType type) {
  return Error(ErrorCode::extension_not_offered).at("extension_type", extension.offset).in(type);
}

Result<void> check_only_offered(const ExtensionBlock& answer, const ExtensionBlock& offered,
                                HandshakeType type) {
  if (answer.empty()) return {};
  CodepointSet types;
  for (const Extension& extension : offered) types.insert(extension.type);
  return check_only_offered(answer, [&types](ExtensionType asked) { return types.contains(asked); }, type);
}

Result<void> check_shares_unique(const KeyShareList& client_shares) {
  CodepointSet groups;
  for (const KeyShareEntry& entry : client_shares) {
    if (!groups.insert(entry.group)) return failure(share_error(ErrorCode::key_share_duplicate, entry));
  }
  return {};
}

Result<void> check_shares_in_groups(const KeyShareList& client_shares,
                                    const CodepointList<NamedGroup>& supported_groups) {
  CodepointSet groups;
  for (const NamedGroup group : supported_groups) groups.insert(group);
  for (const KeyShareEntry& entry : client_shares) {
    if (!groups.contains(entry.group)) {
      return failure(share_error(ErrorCode::key_share_not_in_groups, entry));
    }
  }
  return {};
}

}  // namespace handfast::message
