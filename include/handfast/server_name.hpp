// ServerName: whom the client means to talk to, as a DNS name or an IP address. RFC 9525 §2, RFC 6066 §3.
#pragma once

#include <array>
#include <cstdint>
#include <handfast/bytes.hpp>
#include <handfast/error.hpp>
#include <string>
#include <string_view>

namespace handfast {

class ServerName {
 public:
  // "example.org", "xn--bcher-kva.example", "192.0.2.1", "2001:db8::1" or "[2001:db8::1]". A trailing dot is
  // dropped, letters are lowered. Errors: name_invalid (empty, over 253 bytes, labels over 63 bytes, other
  // characters than letters, digits, '-' and '_'; U-labels must be given as A-labels).
  static Result<ServerName> parse(std::string_view text);

  [[nodiscard]] bool is_ip() const { return ip_length_ != 0; }
  // The DNS name, lower case, without trailing dot; empty for an address.
  [[nodiscard]] const std::string& dns() const { return dns_; }
  // 4 or 16 bytes; empty for a DNS name.
  [[nodiscard]] Bytes ip() const { return Bytes(ip_).first(ip_length_); }
  [[nodiscard]] std::string to_string() const;
  friend bool operator==(const ServerName&, const ServerName&) = default;

 private:
  ServerName() = default;
  std::string dns_;
  std::array<std::uint8_t, 16> ip_{};
  std::uint8_t ip_length_ = 0;
};

}  // namespace handfast
