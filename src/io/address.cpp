// Socket addresses to and from Endpoint.
#include "io/address.hpp"

#include <arpa/inet.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>

#include <array>
#include <cstring>
#include <string>

namespace handfast::io {

std::optional<SocketAddress> address_from_text(std::string_view text, std::uint16_t port) {
  if (text.size() >= 2 && text.front() == '[' && text.back() == ']') text = text.substr(1, text.size() - 2);
  const std::string host(text);
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  // inet_pton() first: getaddrinfo() alone would take "1" and "0x7f.1" for addresses.
  std::array<unsigned char, sizeof(in6_addr)> ignored{};
  const std::string without_scope = host.substr(0, host.find('%'));
  if (::inet_pton(AF_INET, host.c_str(), ignored.data()) != 1 &&
      ::inet_pton(AF_INET6, without_scope.c_str(), ignored.data()) != 1) {
    return std::nullopt;
  }
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) return std::nullopt;
  SocketAddress address;
  std::memcpy(&address.storage, found->ai_addr, found->ai_addrlen);
  address.length = found->ai_addrlen;
  ::freeaddrinfo(found);
  return address;
}

Endpoint endpoint_of(const sockaddr_storage& storage) {
  Endpoint endpoint;
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (storage.ss_family == AF_INET) {
    sockaddr_in address{};
    std::memcpy(&address, &storage, sizeof address);
    ::inet_ntop(AF_INET, &address.sin_addr, text.data(), text.size());
    endpoint.address = text.data();
    endpoint.port = ntohs(address.sin_port);
  } else if (storage.ss_family == AF_INET6) {
    sockaddr_in6 address{};
    std::memcpy(&address, &storage, sizeof address);
    ::inet_ntop(AF_INET6, &address.sin6_addr, text.data(), text.size());
    endpoint.address = text.data();
    std::array<char, IF_NAMESIZE> interface{};
    if (address.sin6_scope_id != 0 && ::if_indextoname(address.sin6_scope_id, interface.data()) != nullptr) {
      endpoint.address += std::string("%") + interface.data();
    }
    endpoint.port = ntohs(address.sin6_port);
    endpoint.ipv6 = true;
  }
  return endpoint;
}

}  // namespace handfast::io
