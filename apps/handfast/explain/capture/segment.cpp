// Layer by layer; each step answers what is left for the next one.
#include "explain/capture/segment.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>

#include "explain/capture/limits.hpp"

namespace handfast::apps::capture {
namespace {

// https://www.tcpdump.org/linktypes.html
enum class LinkType : std::uint32_t {
  null = 0,
  ethernet = 1,
  raw_bsd = 12,
  raw_openbsd = 14,
  raw = 101,
  loop = 108,
  linux_cooked = 113,
  ipv4 = 228,
  ipv6 = 229,
  linux_cooked2 = 276,
};

constexpr std::uint16_t kIpv4 = 0x0800;
constexpr std::uint16_t kIpv6 = 0x86dd;
constexpr std::uint8_t kTcp = 6;

std::uint16_t u16(Bytes bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes[at] << 8U | bytes[at + 1]);
}
std::uint32_t u32(Bytes bytes, std::size_t at) {
  return static_cast<std::uint32_t>(u16(bytes, at)) << 16U | u16(bytes, at + 2);
}

bool is_vlan(std::uint16_t type) { return type == 0x8100 || type == 0x88a8 || type == 0x9100; }

Decoded decode_tcp(Bytes bytes, std::size_t length, Segment& segment) {
  constexpr std::size_t kLeast = 20;
  if (bytes.size() < kLeast) return Decoded::malformed;
  const std::size_t header = static_cast<std::size_t>(bytes[12] >> 4U) * 4;
  if (header < kLeast || header > bytes.size() || header > length) return Decoded::malformed;
  segment.from.port = u16(bytes, 0);
  segment.to.port = u16(bytes, 2);
  segment.sequence = u32(bytes, 4);
  segment.acknowledgment = u32(bytes, 8);
  const unsigned flags = bytes[13];
  segment.fin = (flags & 0x01U) != 0;
  segment.syn = (flags & 0x02U) != 0;
  segment.rst = (flags & 0x04U) != 0;
  segment.ack = (flags & 0x10U) != 0;
  segment.payload = bytes.subspan(header, std::min(bytes.size(), length) - header);
  segment.length = length - header;
  return Decoded::segment;
}

Decoded decode_ipv4(Bytes bytes, Segment& segment) {
  constexpr std::size_t kLeast = 20;
  if (bytes.size() < kLeast || bytes[0] >> 4U != 4) return Decoded::malformed;
  const std::size_t header = static_cast<std::size_t>(bytes[0] & 0x0fU) * 4;
  std::size_t total = u16(bytes, 2);
  if (total == 0) total = bytes.size();  // the network card was to fill it in
  if (header < kLeast || header > bytes.size() || total < header) return Decoded::malformed;
  if (bytes[9] != kTcp) return Decoded::not_tcp;
  // More fragments, or a fragment offset.
  if ((u16(bytes, 6) & 0x3fffU) != 0) return Decoded::fragment;
  segment.from.size = segment.to.size = 4;
  std::copy_n(bytes.begin() + 12, 4, segment.from.address.begin());
  std::copy_n(bytes.begin() + 16, 4, segment.to.address.begin());
  const std::size_t captured = std::min(bytes.size(), total) - header;
  return decode_tcp(bytes.subspan(header, captured), total - header, segment);
}

// Passes over the extension headers; `next` becomes the protocol behind them.
Decoded skip_extensions(Bytes& bytes, std::size_t& length, std::uint8_t& next) {
  enum : std::uint8_t { hop_by_hop = 0, routing = 43, fragment = 44, authentication = 51, destination = 60 };
  for (unsigned i = 0; i < kMaxNesting; ++i) {
    std::size_t size = 0;
    if (next != hop_by_hop && next != routing && next != fragment && next != authentication &&
        next != destination) {
      return Decoded::segment;
    }
    if (bytes.size() < 8) return Decoded::malformed;
    if (next == fragment) {
      // An offset, or more of them: not a whole segment. An atomic fragment is one (RFC 6946).
      if ((u16(bytes, 2) & 0xfff9U) != 0) return Decoded::fragment;
      size = 8;
    } else {
      size = next == authentication ? (std::size_t{bytes[1]} + 2) * 4 : (std::size_t{bytes[1]} + 1) * 8;
    }
    if (size > bytes.size() || size > length) return Decoded::malformed;
    next = bytes[0];
    bytes = bytes.subspan(size);
    length -= size;
  }
  return Decoded::malformed;
}

Decoded decode_ipv6(Bytes bytes, Segment& segment) {
  constexpr std::size_t kHeader = 40;
  if (bytes.size() < kHeader || bytes[0] >> 4U != 6) return Decoded::malformed;
  std::size_t length = u16(bytes, 4);
  std::uint8_t next = bytes[6];
  segment.from.size = segment.to.size = 16;
  std::copy_n(bytes.begin() + 8, 16, segment.from.address.begin());
  std::copy_n(bytes.begin() + 24, 16, segment.to.address.begin());
  Bytes rest = bytes.subspan(kHeader);
  if (length == 0) length = rest.size();
  rest = rest.first(std::min(rest.size(), length));
  if (const Decoded skipped = skip_extensions(rest, length, next); skipped != Decoded::segment)
    return skipped;
  return next == kTcp ? decode_tcp(rest, length, segment) : Decoded::not_tcp;
}

Decoded decode_ip(Bytes bytes, Segment& segment) {
  if (bytes.empty()) return Decoded::malformed;
  const unsigned version = bytes[0] >> 4U;
  if (version == 4) return decode_ipv4(bytes, segment);
  return version == 6 ? decode_ipv6(bytes, segment) : Decoded::not_ip;
}

// By EtherType, under VLAN tags.
Decoded decode_type(std::uint16_t type, Bytes bytes, Segment& segment) {
  for (unsigned i = 0; is_vlan(type); ++i) {
    if (i == kMaxNesting || bytes.size() < 4) return Decoded::malformed;
    type = u16(bytes, 2);
    bytes = bytes.subspan(4);
  }
  if (type == kIpv4) return decode_ipv4(bytes, segment);
  return type == kIpv6 ? decode_ipv6(bytes, segment) : Decoded::not_ip;
}

}  // namespace

Decoded decode_packet(std::uint32_t link_type, Bytes packet, Segment& segment) {
  segment = {};
  const auto typed = [&](std::size_t type_at, std::size_t header) {
    if (packet.size() < header) return Decoded::malformed;
    return decode_type(u16(packet, type_at), packet.subspan(header), segment);
  };
  switch (static_cast<LinkType>(link_type)) {
    case LinkType::ethernet:
      return typed(12, 14);
    case LinkType::linux_cooked:
      return typed(14, 16);
    case LinkType::linux_cooked2:
      return typed(0, 20);
    case LinkType::null:
    case LinkType::loop:
      // The address family, whose numbers differ between systems: the packet itself tells.
      return packet.size() < 4 ? Decoded::malformed : decode_ip(packet.subspan(4), segment);
    case LinkType::raw:
    case LinkType::raw_bsd:
    case LinkType::raw_openbsd:
    case LinkType::ipv4:
    case LinkType::ipv6:
      return decode_ip(packet, segment);
  }
  return Decoded::unknown_link;
}

std::string Endpoint::address_text() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const char* const shown =
      ::inet_ntop(size == 4 ? AF_INET : AF_INET6, address.data(), text.data(), text.size());
  return shown != nullptr ? shown : "?";
}

std::string Endpoint::text() const {
  return size == 4 ? fmt::format("{}:{}", address_text(), port)
                   : fmt::format("[{}]:{}", address_text(), port);
}

}  // namespace handfast::apps::capture
