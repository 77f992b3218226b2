// GeneralNames: what a subject alternative name or a name constraint lists. RFC 5280 §4.2.1.6.
#pragma once

#include <cstdint>
#include <handfast/bytes.hpp>
#include <string>

#include "crypto/der.hpp"

namespace handfast::pki {

// The CHOICE of GeneralName, by its number.
enum class GeneralNameType : std::uint8_t {
  other_name = 0,
  rfc822_name = 1,
  dns_name = 2,
  x400_address = 3,
  directory_name = 4,
  edi_party_name = 5,
  uniform_resource_identifier = 6,
  ip_address = 7,
  registered_id = 8,
};

struct GeneralName {
  GeneralNameType type = GeneralNameType::other_name;
  Bytes value;  // content octets; for directory_name the whole Name
};

// Takes the next GeneralName from `reader`, strictly. An iPAddress may have any length: it differs between
// names and constraints.
GeneralName read_general_name(crypto::DerReader& reader, const char* field);

// Walks through GeneralNames that were checked when their certificate was parsed.
class GeneralNameWalker {
 public:
  explicit GeneralNameWalker(Bytes names) : rest_(names) {}
  // False at the end.
  bool next(GeneralName& name);

 private:
  Bytes rest_;
};

// "example.org", "192.0.2.1", "URI:…", for people; not escaped.
std::string general_name_to_text(const GeneralName& name);
// 4 or 16 bytes as RFC 5952 writes them; other lengths as hexadecimal digits.
std::string ip_to_text(Bytes address);

}  // namespace handfast::pki
