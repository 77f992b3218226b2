// ClientSessions: what a client remembers of its servers, so that the next handshake is shorter. RFC 9846
// §2.2, §4.7.1, §C.4; RFC 5077. A session is found again only by a connection to the same name with a
// configuration that trusts the same (ClientConfig works that out). TLS 1.3 tickets are used once, a
// session of TLS 1.2 any number of times.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <handfast/bytes.hpp>
#include <handfast/clock.hpp>
#include <handfast/codepoints.hpp>
#include <handfast/error.hpp>
#include <memory>
#include <optional>
#include <vector>

namespace handfast {

namespace handshake {
struct SessionState;
}  // namespace handshake

// Bounded; shared by any number of configurations. Thread-safe; a lock is held for look-ups only.
class ClientSessions {
 public:
  // For at most `servers` servers, in at most `bytes`, of which the one not used for longest is forgotten
  // first.
  explicit ClientSessions(std::size_t servers = 256, std::size_t bytes = kDefaultBytes);
  // What 256 servers need whose tickets hold a certificate list of their own.
  static constexpr std::size_t kDefaultBytes = std::size_t{16} << 20U;
  ~ClientSessions();
  ClientSessions(const ClientSessions&) = delete;
  ClientSessions& operator=(const ClientSessions&) = delete;

  // Sessions kept for one server and configuration: the newest; servers hand out several tickets.
  static constexpr std::size_t kMaxPerServer = 4;

  [[nodiscard]] std::size_t size() const;
  void clear();

  // Every session as bytes, to be read by import_session() of another process. They hold secrets: whoever
  // reads them can resume the sessions. Those of TLS 1.3 should not be used on both sides.
  [[nodiscard]] std::vector<ByteString> export_sessions() const;
  // Errors: message_malformed (field and offset say where).
  Result<void> import_session(Bytes exported);

  // --- for the handshake -------------------------------------------------------------------------
  using Key = std::array<std::uint8_t, 32>;
  void put(const Key& key, std::shared_ptr<const handshake::SessionState> session);
  // The newest that is not too old at `now`. One of TLS 1.3 is forgotten: "Clients SHOULD NOT reuse a ticket
  // for multiple connections." (RFC 9846 §C.4)
  std::shared_ptr<const handshake::SessionState> take(const Key& key, Time now);
  // Nothing if it is not there any more.
  void forget(const Key& key, const handshake::SessionState& session);
  // All of one version.
  void forget(const Key& key, ProtocolVersion version);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace handfast
