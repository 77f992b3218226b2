// Service identity. RFC 9525 §6.2 to §6.5.
#include "pki/name_match.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "pki/dns_name.hpp"
#include "pki/general_name.hpp"
#include "pki/oid.hpp"

namespace handfast::pki {
namespace {

using Type = GeneralNameType;

// More names than these do not help a reader.
constexpr std::size_t kNamesInDetail = 8;

// A wildcard that would match if it stood for more labels, or for none.
bool is_near_miss(std::string_view pattern, std::string_view name) {
  return pattern.starts_with("*.") && is_dns_name_or_wildcard(pattern) && dns_within(name, pattern.substr(2));
}

std::string describe(const Certificate& certificate, const ServerName& name) {
  const std::vector<std::string> names = subject_alt_names(certificate, kNamesInDetail + 1);
  const std::size_t shown = std::min(names.size(), kNamesInDetail);
  return fmt::format("asked for {}, the certificate is for {}{}", name.to_string(),
                     fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(shown), ", "),
                     names.size() > shown ? ", …" : "");
}

}  // namespace

bool dns_pattern_matches(std::string_view pattern, std::string_view name) {
  if (!is_dns_name_or_wildcard(pattern)) return false;
  if (!pattern.starts_with("*.")) return ascii_equal(pattern, name);
  const std::size_t dot = name.find('.');
  // RFC 9525 §6.3: the wildcard matches "only the left-most label", one whole label.
  return dot != std::string_view::npos && dot != 0 && ascii_equal(pattern.substr(1), name.substr(dot));
}

Result<void> match_server_name(const Certificate& certificate, const ServerName& name, bool explain) {
  GeneralNameWalker walker(certificate.subject_alt_name.content);
  GeneralName entry;
  bool near_miss = false;
  bool usable = false;
  while (walker.next(entry)) {
    if (entry.type == Type::ip_address) {
      usable = true;
      if (name.is_ip() && oid::equal(entry.value, name.ip())) return {};
    } else if (entry.type == Type::dns_name) {
      usable = true;
      if (name.is_ip()) continue;
      if (dns_pattern_matches(as_text(entry.value), name.dns())) return {};
      near_miss = near_miss || is_near_miss(as_text(entry.value), name.dns());
    }
  }
  const ErrorCode code = !usable        ? ErrorCode::certificate_no_subject_alternative_name
                         : name.is_ip() ? ErrorCode::certificate_ip_mismatch
                         : near_miss    ? ErrorCode::certificate_wildcard_mismatch
                                        : ErrorCode::certificate_name_mismatch;
  Error error(code);
  if (!explain) return failure(std::move(error));
  if (usable) {
    error.with_detail(describe(certificate, name));
  } else {
    error.with_detail(fmt::format("asked for {}; the common name does not count", name.to_string()));
  }
  return failure(std::move(error));
}

std::vector<std::string> subject_alt_names(const Certificate& certificate, std::size_t limit) {
  std::vector<std::string> names;
  GeneralNameWalker walker(certificate.subject_alt_name.content);
  GeneralName entry;
  while (names.size() < limit && walker.next(entry)) names.push_back(general_name_to_text(entry));
  return names;
}

}  // namespace handfast::pki
