// ReplayGuard: sees to it that 0-RTT data is acted on once. Whoever records a client's first flight can send
// it again, to any server that can open the ticket. RFC 9846 §8, §F.5.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <handfast/bytes.hpp>
#include <handfast/clock.hpp>
#include <handfast/completion.hpp>
#include <memory>

namespace handfast {

// Servers that share ticket keys must share a guard: an implementation may be a network service, and answer
// late. Thread-safety: all functions may be called from several threads at once.
class ReplayGuard {
 public:
  virtual ~ReplayGuard() = default;
  // True if `id` was never asked about before; it is remembered at least until `until`, and refused from then
  // on. An answer must come within some seconds: the handshake waits for it. Anything else (false, an error,
  // no answer) refuses the early data; the handshake goes on without it.
  virtual void accept_once(ByteString id, Time until, Completion<bool> done) = 0;
};

// How far a client's idea of a ticket's age may be off: what arrives later or earlier is not fresh (§8.3).
inline constexpr std::chrono::seconds kEarlyDataTolerance{10};

// What a guard in memory does at first. Ticket keys that outlive the process may have sealed what a process
// before this one accepted: it then refuses everything until that is stale. With keys of this process alone
// (TicketKeys::rotating) there is nothing to wait for.
enum class GuardStart : std::uint8_t { waits, at_once };

// In this process: remembers at most `capacity` ids in 16 shards. It refuses when in doubt: when it is full,
// when the clock was set back, and at first (see GuardStart). `clock` must outlive it.
std::shared_ptr<ReplayGuard> make_replay_guard(const Clock& clock, std::size_t capacity = 65'536,
                                               GuardStart start = GuardStart::waits);

}  // namespace handfast
