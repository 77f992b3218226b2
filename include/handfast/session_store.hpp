// SessionStore: where a server keeps its sessions if it does not want the clients to keep them sealed (see
// ticket_keys.hpp). RFC 9846 §8.1 calls the two "single-use tickets" and "self-encrypted tickets"; TLS 1.2
// resumes by session id (RFC 5246 §F.1.4). An implementation may be a network service: its answers may come
// late.
#pragma once

#include <cstddef>
#include <handfast/bytes.hpp>
#include <handfast/clock.hpp>
#include <handfast/completion.hpp>
#include <memory>
#include <optional>

namespace handfast {

// Thread-safety: all functions may be called from several threads at once.
class SessionStore {
 public:
  virtual ~SessionStore() = default;
  // Remembers `session` under `id` until `expires`, or shorter. The bytes hold secrets: whoever reads them
  // can resume the session. There is no answer: a store that loses it costs a full handshake.
  virtual void put(ByteString id, ByteString session, Time expires) = 0;
  // An answer must come within some seconds: the handshake waits for it, and nothing but the application's
  // own deadline ends that. Hands the session out and forgets it, so that no two callers get it: a session of
  // TLS 1.2, which is good many times, is put back by the server. Nothing if there is none. An answer that is
  // an error, or a `done` that is destroyed without answer, means nothing, too: the handshake is a full one.
  virtual void take(ByteString id, Completion<std::optional<ByteString>> done) = 0;
};

// In this process: at most `capacity` sessions, in at most `bytes`, in 16 shards, each with a lock of its
// own, which is held for a look-up only; the oldest goes first. `clock` must outlive the store.
inline constexpr std::size_t kDefaultStoreBytes = std::size_t{64} << 20U;
std::shared_ptr<SessionStore> make_session_store(const Clock& clock, std::size_t capacity = 16'384,
                                                 std::size_t bytes = kDefaultStoreBytes);

}  // namespace handfast
