// DNS names as text. RFC 1034 §3.5, RFC 9525 §6.3.
#include "pki/dns_name.hpp"

#include <algorithm>

namespace handfast::pki {
namespace {

constexpr std::size_t kMaxName = 253;
constexpr std::size_t kMaxLabel = 63;

bool is_label(std::string_view label) {
  if (label.empty() || label.size() > kMaxLabel || label.front() == '-' || label.back() == '-') return false;
  return std::all_of(label.begin(), label.end(), [](char c) {
    const char lower = ascii_lower(c);
    return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

}  // namespace

bool ascii_equal(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return ascii_lower(x) == ascii_lower(y); });
}

bool is_dns_name(std::string_view text) {
  if (text.empty() || text.size() > kMaxName) return false;
  while (true) {
    const std::size_t dot = text.find('.');
    if (!is_label(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

bool is_dns_name_or_wildcard(std::string_view text) {
  if (!text.starts_with("*.")) return is_dns_name(text);
  text.remove_prefix(2);
  return text.find('.') != std::string_view::npos && is_dns_name(text);
}

bool looks_like_address(std::string_view text) {
  const std::string_view last = text.substr(text.rfind('.') + 1);
  return !last.empty() && std::all_of(last.begin(), last.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool dns_within(std::string_view name, std::string_view base) {
  if (base.empty()) return true;
  const bool below_only = base.starts_with('.');
  if (name.size() < base.size() || !ascii_equal(name.substr(name.size() - base.size()), base)) return false;
  if (name.size() == base.size()) return !below_only;
  return below_only || name[name.size() - base.size() - 1] == '.';
}

}  // namespace handfast::pki
