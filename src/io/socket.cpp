// Socket and Endpoint.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <handfast/tcp.hpp>

#include "io/address.hpp"

namespace handfast {

Socket& Socket::operator=(Socket&& other) noexcept {
  if (this != &other) {
    close();
    descriptor_ = std::exchange(other.descriptor_, -1);
  }
  return *this;
}

Socket::~Socket() { close(); }

void Socket::close() {
  // Not repeated on EINTR: Linux has released the descriptor by then.
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

std::string Endpoint::to_string() const {
  return (ipv6 ? "[" + address + "]" : address) + ":" + std::to_string(port);
}

Endpoint peer_of(const Socket& socket) {
  sockaddr_storage storage{};
  socklen_t length = sizeof storage;
  if (::getpeername(socket.descriptor(), reinterpret_cast<sockaddr*>(&storage), &length) != 0) return {};
  return io::endpoint_of(storage);
}

}  // namespace handfast
