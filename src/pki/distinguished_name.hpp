// Distinguished names: comparing, hashing and showing them without a copy. RFC 5280 §4.1.2.4, §7.1; RFC 4514.
// Every function takes the whole DER element (Name) of a certificate that was parsed.
#pragma once

#include <cstdint>
#include <handfast/bytes.hpp>
#include <optional>
#include <string>

#include "crypto/der.hpp"

namespace handfast::pki {

struct NameAttribute {
  Bytes type;            // object identifier
  std::uint8_t tag = 0;  // of the value
  Bytes value;           // content octets
  bool new_rdn = false;  // the first attribute of its RelativeDistinguishedName
};

// Walks through the attributes of a Name in wire order.
class NameWalker {
 public:
  explicit NameWalker(Bytes name);
  // False at the end.
  bool next(NameAttribute& attribute);

 private:
  Bytes rdns_;
  Bytes attributes_;
};

// Whether `name` is well formed; failures go to the reader under `field`.
void check_name(crypto::DerReader& reader, const char* field, Bytes& name);

// RFC 5280 §7.1: strings are equal if they are the same characters, whatever their string type, letters' case
// (ASCII only) and the amount of white space between words.
bool names_equal(Bytes a, Bytes b);
// Equal names have equal hashes. Not collision resistant: compare after a match.
std::uint64_t name_hash(Bytes name);
// Whether `name` lies in the subtree of `base`: its first RDNs are those of `base` (RFC 5280 §4.2.1.10).
bool name_within(Bytes name, Bytes base);
bool name_is_empty(Bytes name);

// "CN=example.org,O=Example": most specific first, as RFC 4514 orders it, but nothing is escaped; a name
// without attributes is "(empty)", and one of more than some 4 KiB ends in "…".
std::string name_to_text(Bytes name);
// The value of the first attribute of this type as UTF-8.
std::optional<std::string> attribute_text(Bytes name, Bytes type);

}  // namespace handfast::pki
