// From a captured packet to the TCP segment in it: Ethernet, VLAN, Linux cooked (v1, v2), loopback, raw IP;
// IPv4 (RFC 791), IPv6 with its extension headers (RFC 8200), TCP (RFC 9293 §3.1).
// Must survive any bytes; checksums are not looked at, since network cards fill them in later.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <handfast/bytes.hpp>
#include <string>

namespace handfast::apps::capture {

struct Endpoint {
  std::array<std::uint8_t, 16> address{};
  std::uint8_t size = 0;  // 4 or 16
  std::uint16_t port = 0;

  friend auto operator<=>(const Endpoint&, const Endpoint&) = default;
  [[nodiscard]] std::string address_text() const;
  [[nodiscard]] std::string text() const;  // "192.0.2.1:443", "[2001:db8::1]:443"
};

struct Segment {
  Endpoint from;
  Endpoint to;
  std::uint32_t sequence = 0;
  std::uint32_t acknowledgment = 0;
  bool syn = false;
  bool ack = false;
  bool fin = false;
  bool rst = false;
  Bytes payload;           // as captured
  std::size_t length = 0;  // of the payload on the wire: more if the capture cut packets short
};

enum class Decoded : std::uint8_t { segment, not_ip, not_tcp, fragment, malformed, unknown_link };

// Fills `segment` if the answer is Decoded::segment; its payload is a view into `packet`.
Decoded decode_packet(std::uint32_t link_type, Bytes packet, Segment& segment);

}  // namespace handfast::apps::capture
