// ask: one TCP connection, one ClientHello, the first answer. RFC 9846 §4.2.3, §6. What the server sends is
// bounded; every wait ends.
#pragma once

#include <cstdint>
#include <handfast/codepoints.hpp>
#include <handfast/tcp.hpp>
#include <optional>
#include <string>

#include "probe/hello.hpp"

namespace handfast::apps::probe {

struct Answer {
  enum class Kind : std::uint8_t {
    accepted,  // ServerHello or HelloRetryRequest
    alert,
    reset,
    closed,         // the end without a word
    silent,         // nothing until the deadline
    not_tls,        // words of another protocol
    malformed,      // TLS records that make no sense
    not_connected,  // refused, unreachable
  };
  Kind kind = Kind::silent;
  AlertDescription alert{};
  // accepted
  ProtocolVersion version{};
  CipherSuite suite{};
  std::optional<NamedGroup> group;  // where the answer names one
  bool retry = false;
  std::size_t hello_size = 0;  // of the record that was sent

  [[nodiscard]] bool accepted() const { return kind == Kind::accepted; }
  // "accepted: TLS 1.3, P-256", "refused: handshake_failure", "reset".
  [[nodiscard]] std::string to_string() const;
};

Answer ask(const Endpoint& endpoint, const ProbeHello& hello, Deadline deadline);

}  // namespace handfast::apps::probe
