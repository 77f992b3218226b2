// Names: distinguished, general and DNS. Comparing must be symmetric, equal names must have equal hashes, and
// what is shown must be bounded.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "crypto/der.hpp"
#include "pki/distinguished_name.hpp"
#include "pki/dns_name.hpp"
#include "pki/general_name.hpp"
#include "pki/name_match.hpp"

namespace {

using handfast::Bytes;
using namespace handfast::pki;

void demand(bool holds) {
  if (!holds) std::abort();
}

// The input as two names, one after the other.
void distinguished(Bytes input) {
  handfast::crypto::DerReader reader(input);
  Bytes first;
  Bytes second;
  check_name(reader, "first", first);
  check_name(reader, "second", second);
  if (!reader.finish()) return;
  demand(names_equal(first, first) && name_within(first, first));
  demand(names_equal(first, second) == names_equal(second, first));
  if (names_equal(first, second)) {
    demand(name_hash(first) == name_hash(second));
    demand(name_within(first, second) && name_within(second, first));
  }
  demand(name_to_text(first).size() < 64 * 1024);
}

void general(Bytes input) {
  handfast::crypto::DerReader reader(input);
  while (!reader.empty()) read_general_name(reader, "name");
  if (!reader.finish()) return;
  GeneralNameWalker walker(input);
  for (GeneralName name; walker.next(name);) (void)general_name_to_text(name);
}

void dns(std::string_view input) {
  const std::size_t middle = input.find('\n');
  if (middle == std::string_view::npos) return;
  const std::string_view pattern = input.substr(0, middle);
  const std::string_view name = input.substr(middle + 1);
  (void)looks_like_address(pattern);
  const bool matches = dns_pattern_matches(pattern, name);
  // A match needs as many labels.
  if (matches) {
    const auto dots = [](std::string_view text) { return std::count(text.begin(), text.end(), '.'); };
    demand(dots(pattern) == dots(name) && is_dns_name_or_wildcard(pattern));
  }
  if (dns_within(name, pattern)) demand(name.size() >= pattern.size() - (pattern.starts_with('.') ? 1 : 0));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input(data, size);
  distinguished(input);
  general(input);
  dns(handfast::as_text(input));
  return 0;
}
