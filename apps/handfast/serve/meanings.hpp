// What the numbers of a ClientHello are for, in words for a person who is no expert.
// IANA "TLS Parameters"; RFC 9846 §4.3, RFC 8701. Must not decide anything: policy is the library's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace handfast::apps::serve {

enum class Strength : std::uint8_t { good, dated, weak, neutral };

struct Meaning {
  std::string name;       // of the registry, or "0x1a2b"
  std::string_view note;  // one short sentence without a final full stop; may be empty
  Strength strength = Strength::neutral;
};

Meaning version_meaning(std::uint16_t version);
Meaning suite_meaning(std::uint16_t suite);
Meaning group_meaning(std::uint16_t group);
Meaning scheme_meaning(std::uint16_t scheme);
Meaning extension_meaning(std::uint16_t extension);
Meaning compression_meaning(std::uint16_t algorithm);

}  // namespace handfast::apps::serve
