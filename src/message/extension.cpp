// Extension blocks: see the header. RFC 9846 §4.3.
#include "message/extension.hpp"

#include "message/extension_reader.hpp"

namespace handfast::message {

Extension Extension::read(wire::Reader& reader) {
  Extension extension;
  extension.offset = reader.offset();
  extension.type = static_cast<ExtensionType>(reader.u16("extension_type"));
  extension.body = reader.vector16("extension_data", 0, 0xffff);
  return extension;
}

std::optional<Extension> ExtensionBlock::find(ExtensionType type) const {
  for (const Extension& extension : *this) {
    if (extension.type == type) return extension;
  }
  return std::nullopt;
}

void ExtensionGate::admit(ExtensionType type, std::size_t offset, wire::Reader& block) {
  if (++count_ > kMaxExtensions) block.fail("extensions", offset, ErrorCode::extension_too_many);
  // "There MUST NOT be more than one extension of the same type in a given extension block." §4.3
  if (!seen_.insert(type)) block.fail("extension_type", offset, ErrorCode::extension_duplicate);
  // "If an implementation receives an extension which it recognizes and which is not specified for the
  // message in which it appears, it MUST abort the handshake with an "illegal_parameter" alert." §4.3
  if (!is_allowed(type, place_)) block.fail("extension_type", offset, ErrorCode::extension_wrong_message);
}

void ExtensionGate::leave(ExtensionType type, std::size_t offset, wire::Reader& block) const {
  // "pre_shared_key … MUST be the last extension in the ClientHello (but can appear anywhere in the
  // ServerHello extensions block)." §4.3
  if (place_ == ExtensionPlace::client_hello && type == ExtensionType::pre_shared_key && !block.empty()) {
    block.fail("extension_type", offset, ErrorCode::psk_not_last);
  }
}

}  // namespace handfast::message
