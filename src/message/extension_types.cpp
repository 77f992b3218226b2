// The elements of lists inside extensions: see the header.
#include "message/extension_types.hpp"

#include <algorithm>

namespace handfast::message {

using wire::Reader;

KeyShareEntry KeyShareEntry::read(Reader& reader) {
  KeyShareEntry entry;
  entry.offset = reader.offset();
  entry.group = static_cast<NamedGroup>(reader.u16("group"));
  entry.key_exchange = reader.vector16("key_exchange", 1, 0xffff);
  return entry;
}

std::optional<KeyShareEntry> KeyShareList::find(NamedGroup group) const {
  for (const KeyShareEntry& entry : *this) {
    if (entry.group == group) return entry;
  }
  return std::nullopt;
}

ProtocolName ProtocolName::read(Reader& reader) {
  ProtocolName name;
  name.offset = reader.offset();
  name.name = reader.vector8("protocol_name", 1, 0xff);
  return name;
}

bool ProtocolNameList::contains(Bytes name) const {
  for (const ProtocolName& listed : *this) {
    if (std::ranges::equal(listed.name, name)) return true;
  }
  return false;
}

DistinguishedName DistinguishedName::read(Reader& reader) {
  DistinguishedName name;
  name.offset = reader.offset();
  name.der = reader.vector16("distinguished_name", 1, 0xffff);
  return name;
}

OidFilter OidFilter::read(Reader& reader) {
  OidFilter filter;
  filter.offset = reader.offset();
  filter.oid = reader.vector8("certificate_extension_oid", 1, 0xff);
  filter.values = reader.vector16("certificate_extension_values", 0, 0xffff);
  return filter;
}

PskIdentity PskIdentity::read(Reader& reader) {
  PskIdentity identity;
  identity.offset = reader.offset();
  identity.identity = reader.vector16("identity", 1, 0xffff);
  identity.obfuscated_ticket_age = reader.u32("obfuscated_ticket_age");
  return identity;
}

PskBinderEntry PskBinderEntry::read(Reader& reader) {
  PskBinderEntry entry;
  entry.offset = reader.offset();
  entry.binder = reader.vector8("binder", 32, 0xff);
  return entry;
}

ServerNameEntry ServerNameEntry::read(Reader& reader) {
  ServerNameEntry entry;
  entry.offset = reader.offset();
  entry.name_type = reader.u8("name_type");
  // "all future data structures associated with new NameTypes MUST begin with a 16-bit length field." RFC
  // 6066
  const bool is_host = entry.name_type == static_cast<std::uint8_t>(NameType::host_name);
  entry.name = reader.vector16(is_host ? "host_name" : "name", is_host ? 1 : 0, 0xffff);
  return entry;
}

bool is_host_name(Bytes name) {
  if (name.empty() || name.size() > 255) return false;
  std::uint8_t before = '.';
  for (const std::uint8_t c : name) {
    const bool alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!alphanumeric && c != '-' && c != '_' && c != '.') return false;
    if (c == '.' && before == '.') return false;
    before = c;
  }
  return before != '.';
}

}  // namespace handfast::message
