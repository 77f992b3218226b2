// Name constraints. RFC 5280 §4.2.1.10. What a wildcard means here (RFC 9525 has wildcards, RFC 5280 has
// none): it is within a subtree if every name that it can stand for is, and touches an excluded one if any
// is.
#include "pki/name_constraints.hpp"

#include <algorithm>
#include <string_view>

#include "pki/distinguished_name.hpp"
#include "pki/dns_name.hpp"
#include "pki/oid.hpp"

namespace handfast::pki {
namespace {

using crypto::DerReader;
namespace der = crypto::der;
using Type = GeneralNameType;

// A CIDR mask: ones, then zeros.
bool is_mask(Bytes mask) {
  bool zeros = false;
  for (const std::uint8_t byte : mask) {
    const unsigned inverted = ~unsigned{byte} & 0xffU;
    if ((zeros && byte != 0) || (inverted & (inverted + 1)) != 0) return false;
    if (byte != 0xff) zeros = true;
  }
  return true;
}

bool is_mailbox(std::string_view text) {
  const std::size_t at = text.find('@');
  return at != 0 && at != std::string_view::npos && text.find('@', at + 1) == std::string_view::npos &&
         is_dns_name(text.substr(at + 1));
}

bool is_constraint_base(const GeneralName& base) {
  std::string_view text = as_text(base.value);
  switch (base.type) {
    case Type::ip_address: {
      // "the iPAddress field of GeneralName MUST contain eight (8) octets [or] 32 octets"
      const std::size_t half = base.value.size() / 2;
      return (base.value.size() == 8 || base.value.size() == 32) && is_mask(base.value.subspan(half));
    }
    case Type::rfc822_name:
      if (text.find('@') != std::string_view::npos) return is_mailbox(text);
      [[fallthrough]];
    case Type::dns_name:
    case Type::uniform_resource_identifier:
      if (text.starts_with('.')) text.remove_prefix(1);
      return text.empty() || is_dns_name(text);
    default:
      return true;
  }
}

void read_subtrees(DerReader& fields, unsigned number, Bytes& out) {
  if (!fields.next_is(der::context_constructed(number))) return;
  const char* const field =
      number == 0 ? "nameConstraints.permittedSubtrees" : "nameConstraints.excludedSubtrees";
  const crypto::DerElement subtrees = fields.element(field, der::context_constructed(number));
  out = subtrees.content;
  DerReader reader(subtrees.content, subtrees.content_offset);
  // GeneralSubtrees ::= SEQUENCE SIZE (1..MAX) OF GeneralSubtree
  do {
    const std::size_t offset = reader.offset();
    DerReader subtree = reader.sequence(field);
    const GeneralName base = read_general_name(subtree, field);
    // "the minimum MUST be zero, and maximum MUST be absent"; zero is the default, which DER leaves out.
    subtree.expect_end(field);
    if (!is_constraint_base(base)) reader.fail(field, offset);
  } while (!reader.empty());
  if (const Result<void> verdict = reader.finish(); !verdict) fields.fail(field, verdict.error().offset());
}

bool dns_permitted(std::string_view name, std::string_view base) {
  if (!is_dns_name_or_wildcard(name)) return false;
  if (name.starts_with("*.")) {
    name.remove_prefix(2);
    // The names of "*.example.org" are all below "example.org", so ".example.org" permits them as well.
    if (base.starts_with('.')) base.remove_prefix(1);
  }
  return dns_within(name, base);
}

bool dns_excluded(std::string_view name, std::string_view base) {
  if (!is_dns_name_or_wildcard(name)) return true;
  if (!name.starts_with("*.")) return dns_within(name, base);
  name.remove_prefix(2);
  std::string_view bare = base;
  if (bare.starts_with('.')) bare.remove_prefix(1);
  if (dns_within(name, bare)) return true;
  // A base that is one label below the wildcard's parent is one of the names it stands for.
  const std::size_t dot = bare.find('.');
  return !base.starts_with('.') && dot != std::string_view::npos && ascii_equal(bare.substr(dot + 1), name);
}

// "user@host" against a mailbox, a host or a domain (".host").
bool email_within(std::string_view name, std::string_view base) {
  const std::size_t at = name.find('@');
  const std::string_view host = name.substr(at + 1);
  const std::size_t base_at = base.find('@');
  if (base_at != std::string_view::npos) {
    return name.substr(0, at) == base.substr(0, base_at) && ascii_equal(host, base.substr(base_at + 1));
  }
  return base.starts_with('.') || base.empty() ? dns_within(host, base) : ascii_equal(host, base);
}

// The host of an absolute URI with an authority, or nothing. RFC 3986 §3.2.
std::string_view uri_host(std::string_view uri) {
  const std::size_t scheme = uri.find("://");
  if (scheme == std::string_view::npos) return {};
  std::string_view host = uri.substr(scheme + 3);
  host = host.substr(0, host.find_first_of("/?#"));
  if (const std::size_t at = host.rfind('@'); at != std::string_view::npos) host.remove_prefix(at + 1);
  host = host.substr(0, host.find(':'));
  return is_dns_name(host) && !looks_like_address(host) ? host : std::string_view();
}

bool uri_within(std::string_view host, std::string_view base) {
  return base.starts_with('.') || base.empty() ? dns_within(host, base) : ascii_equal(host, base);
}

bool ip_within(Bytes address, Bytes base) {
  if (base.size() != 2 * address.size()) return false;
  for (std::size_t i = 0; i < address.size(); ++i) {
    if ((address[i] & base[address.size() + i]) != (base[i] & base[address.size() + i])) return false;
  }
  return true;
}

// `excluded`: what to answer for a name that cannot be understood.
bool within(const GeneralName& name, const GeneralName& base, bool excluded) {
  const std::string_view text = as_text(name.value);
  const std::string_view subtree = as_text(base.value);
  switch (name.type) {
    case Type::dns_name:
      return excluded ? dns_excluded(text, subtree) : dns_permitted(text, subtree);
    case Type::rfc822_name:
      return is_mailbox(text) ? email_within(text, subtree) : excluded;
    case Type::uniform_resource_identifier: {
      const std::string_view host = uri_host(text);
      return host.empty() ? excluded : uri_within(host, subtree);
    }
    case Type::ip_address:
      return ip_within(name.value, base.value);
    case Type::directory_name:
      return name_within(name.value, base.value);
    default:
      // RFC 5280 §6.1: constraints on forms that are not supported reject names of that form.
      return excluded;
  }
}

// Longer names cost more than one comparison.
constexpr std::size_t kBytesForOne = 256;

struct Check {
  const NameConstraints& constraints;
  Comparisons& comparisons;

  // Looks for `name` in `subtrees`: whether any is of its type, and whether any holds it.
  bool search(const GeneralName& name, Bytes subtrees, bool excluded, bool& constrained, bool& found) {
    while (!subtrees.empty()) {
      if (!comparisons.spend()) return false;
      DerReader reader(subtrees);
      const Bytes subtree = reader.element("subtree", der::kSequence).content;
      subtrees = reader.remaining();
      GeneralNameWalker walker(subtree);
      GeneralName base;
      if (!walker.next(base) || base.type != name.type) continue;
      constrained = true;
      if (!comparisons.spend((name.value.size() + base.value.size()) / kBytesForOne)) return false;
      found = found || within(name, base, excluded);
    }
    return true;
  }

  NameConstraintVerdict check(const GeneralName& name) {
    bool constrained = false;
    bool found = false;
    if (!search(name, constraints.excluded, true, constrained, found))
      return NameConstraintVerdict::budget_exhausted;
    if (found) return NameConstraintVerdict::excluded;
    constrained = false;
    if (!search(name, constraints.permitted, false, constrained, found)) {
      return NameConstraintVerdict::budget_exhausted;
    }
    return constrained && !found ? NameConstraintVerdict::not_permitted : NameConstraintVerdict::obeyed;
  }
};

}  // namespace

void read_name_constraints(DerReader& value, NameConstraints& out) {
  const std::size_t offset = value.offset();
  DerReader fields = value.sequence("nameConstraints");
  read_subtrees(fields, 0, out.permitted);
  read_subtrees(fields, 1, out.excluded);
  fields.expect_end("nameConstraints");
  // "Conforming CAs MUST NOT issue certificates where name constraints is an empty sequence."
  if (out.permitted.empty() && out.excluded.empty()) value.fail("nameConstraints", offset);
}

NameConstraintResult check_name_constraints(const NameConstraints& constraints, const Certificate& below,
                                            Comparisons& comparisons) {
  Check check{constraints, comparisons};
  const auto judge = [&](const GeneralName& name) { return NameConstraintResult{check.check(name), name}; };
  if (!name_is_empty(below.subject)) {
    const NameConstraintResult result = judge({Type::directory_name, below.subject});
    if (result.verdict != NameConstraintVerdict::obeyed) return result;
  }
  bool has_email = false;
  GeneralNameWalker walker(below.subject_alt_name.content);
  GeneralName name;
  while (walker.next(name)) {
    has_email = has_email || name.type == Type::rfc822_name;
    const NameConstraintResult result = judge(name);
    if (result.verdict != NameConstraintVerdict::obeyed) return result;
  }
  if (has_email) return {};
  // "If no rfc822Name […] constraints on rfc822Name apply to emailAddress attributes in the subject"
  // (RFC 5280 §4.2.1.10).
  NameWalker attributes(below.subject);
  NameAttribute attribute;
  while (attributes.next(attribute)) {
    if (!oid::equal(attribute.type, oid::kEmailAddress)) continue;
    const NameConstraintResult result = judge({Type::rfc822_name, attribute.value});
    if (result.verdict != NameConstraintVerdict::obeyed) return result;
  }
  return {};
}

bool has_leading_period_constraint(const NameConstraints& constraints) {
  for (Bytes subtrees : {constraints.permitted, constraints.excluded}) {
    while (!subtrees.empty()) {
      DerReader reader(subtrees);
      GeneralNameWalker walker(reader.element("subtree", der::kSequence).content);
      subtrees = reader.remaining();
      GeneralName base;
      if (walker.next(base) && base.type == Type::dns_name && as_text(base.value).starts_with('.'))
        return true;
    }
  }
  return false;
}

}  // namespace handfast::pki
