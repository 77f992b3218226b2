// ServerName: reading what a person typed. RFC 1123 §2.1, RFC 3986 §3.2.2, RFC 4291 §2.2.
#include <algorithm>
#include <handfast/server_name.hpp>
#include <optional>

#include "pki/dns_name.hpp"
#include "pki/general_name.hpp"

namespace handfast {
namespace {

// "192.0.2.1": four decimal numbers without leading zeros, which some read as octal.
bool parse_ipv4(std::string_view text, std::uint8_t* out) {
  for (int i = 0; i < 4; ++i) {
    const std::size_t dot = text.find('.');
    if ((dot == std::string_view::npos) != (i == 3)) return false;
    const std::string_view part = text.substr(0, dot);
    if (part.empty() || part.size() > 3 || (part.size() > 1 && part[0] == '0')) return false;
    unsigned value = 0;
    for (const char c : part) {
      if (c < '0' || c > '9') return false;
      value = value * 10 + static_cast<unsigned>(c - '0');
    }
    if (value > 255) return false;
    out[i] = static_cast<std::uint8_t>(value);
    text.remove_prefix(i == 3 ? text.size() : dot + 1);
  }
  return true;
}

std::optional<unsigned> parse_group(std::string_view text) {
  if (text.empty() || text.size() > 4) return std::nullopt;
  unsigned value = 0;
  for (const char c : text) {
    const char lower = pki::ascii_lower(c);
    if (c >= '0' && c <= '9') {
      value = value * 16 + static_cast<unsigned>(c - '0');
    } else if (lower >= 'a' && lower <= 'f') {
      value = value * 16 + static_cast<unsigned>(lower - 'a' + 10);
    } else {
      return std::nullopt;
    }
  }
  return value;
}

// Groups separated by colons, the last 32 bits perhaps as IPv4. The number of bytes written, or nothing.
std::optional<std::size_t> parse_groups(std::string_view text, std::uint8_t* out, std::size_t space) {
  std::size_t used = 0;
  while (!text.empty()) {
    const std::size_t colon = text.find(':');
    const std::string_view part = text.substr(0, colon);
    if (colon == std::string_view::npos && part.find('.') != std::string_view::npos) {
      if (space - used < 4 || !parse_ipv4(part, out + used)) return std::nullopt;
      return used + 4;
    }
    const auto group = parse_group(part);
    if (!group || space - used < 2) return std::nullopt;
    out[used++] = static_cast<std::uint8_t>(*group >> 8U);
    out[used++] = static_cast<std::uint8_t>(*group);
    if (colon == std::string_view::npos) break;
    text.remove_prefix(colon + 1);
    if (text.empty()) return std::nullopt;
  }
  return used;
}

bool parse_ipv6(std::string_view text, std::array<std::uint8_t, 16>& out) {
  const std::size_t gap = text.find("::");
  if (gap == std::string_view::npos) return parse_groups(text, out.data(), 16) == 16;
  const std::string_view head = text.substr(0, gap);
  // An IPv4 tail may only be at the very end.
  if (head.find('.') != std::string_view::npos) return false;
  const auto before = parse_groups(head, out.data(), 16);
  std::array<std::uint8_t, 16> tail{};
  const auto after = parse_groups(text.substr(gap + 2), tail.data(), 16);
  // RFC 4291 §2.2: "::" stands for one or more groups of zeros.
  if (!before || !after || *before + *after > 14) return false;
  std::fill(out.begin() + static_cast<std::ptrdiff_t>(*before), out.end(), std::uint8_t{0});
  std::copy_n(tail.begin(), *after, out.end() - static_cast<std::ptrdiff_t>(*after));
  return true;
}

}  // namespace

Result<ServerName> ServerName::parse(std::string_view text) {
  ServerName name;
  const std::string_view typed = text;
  const auto refuse = [&](const char* why) {
    return failure(Error(ErrorCode::name_invalid).with_detail("'" + std::string(typed) + "' " + why));
  };
  if (text.starts_with('[') && text.ends_with(']')) {
    text = text.substr(1, text.size() - 2);
    if (text.find(':') == std::string_view::npos) return refuse("has brackets but is no IPv6 address");
  }
  if (text.find(':') != std::string_view::npos) {
    if (!parse_ipv6(text, name.ip_)) return refuse("is not an IPv6 address");
    name.ip_length_ = 16;
    return name;
  }
  if (parse_ipv4(text, name.ip_.data())) {
    name.ip_length_ = 4;
    return name;
  }
  name.ip_ = {};
  if (text.ends_with('.')) text.remove_suffix(1);
  if (text.empty()) return refuse("is empty");
  if (std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) {
    return refuse("has letters outside ASCII: write it as an A-label (xn--…)");
  }
  if (!pki::is_dns_name(text)) return refuse("is not a host name");
  if (pki::looks_like_address(text)) return refuse("ends in a number but is no IPv4 address");
  name.dns_.resize(text.size());
  std::transform(text.begin(), text.end(), name.dns_.begin(), pki::ascii_lower);
  return name;
}

std::string ServerName::to_string() const { return is_ip() ? pki::ip_to_text(ip()) : dns_; }

}  // namespace handfast
