// DNS names as text, compared without a copy. RFC 1034 §3.5, RFC 5890 §2.3 (letters, digits, hyphens).
// Labels are A-labels: nothing here knows Unicode. An underscore is let through, as resolvers do.
#pragma once

#include <string_view>

namespace handfast::pki {

constexpr char ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }
bool ascii_equal(std::string_view a, std::string_view b);

// Up to 253 bytes, labels of 1 to 63, no trailing dot.
bool is_dns_name(std::string_view text);
// The same, or "*." and a name of at least two labels (RFC 9525 §6.3: the wildcard is a whole left-most
// label).
bool is_dns_name_or_wildcard(std::string_view text);
// Whether the last label consists of digits: then no resolver takes the text for a name.
bool looks_like_address(std::string_view text);

// Whether `name` is `base` or below it. An empty base holds everything; a base with a leading period holds
// what is below only.
bool dns_within(std::string_view name, std::string_view base);

}  // namespace handfast::pki
