// Object identifiers as text: X.690 §8.19.
#include "pki/oid.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace handfast::pki::oid {

bool equal(Bytes a, Bytes b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

std::string to_string(Bytes der) {
  std::string text;
  std::uint64_t arc = 0;
  for (const std::uint8_t byte : der) {
    // Arcs over 57 bits (UUIDs) are cut: the text is for people only.
    arc = (arc << 7U) | (byte & 0x7fU);
    if ((byte & 0x80U) != 0) continue;
    if (text.empty()) {
      const std::uint64_t root = std::min<std::uint64_t>(arc / 40, 2);
      text = fmt::format("{}.{}", root, arc - 40 * root);
    } else {
      text += fmt::format(".{}", arc);
    }
    arc = 0;
  }
  return text;
}

}  // namespace handfast::pki::oid
