// Socket addresses to and from Endpoint. Must not resolve names.
#pragma once

#include <sys/socket.h>

#include <handfast/tcp.hpp>
#include <optional>
#include <string_view>

namespace handfast::io {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t length = 0;

  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  [[nodiscard]] int family() const { return storage.ss_family; }
};

// "192.0.2.1", "2001:db8::1", "[2001:db8::1]", "fe80::1%eth0"; empty for anything else.
std::optional<SocketAddress> address_from_text(std::string_view text, std::uint16_t port);

// Empty address for families other than IPv4 and IPv6.
Endpoint endpoint_of(const sockaddr_storage& storage);

}  // namespace handfast::io
