// What outlives one connection of a test: the clock, and everything that lets the next connection resume.
#pragma once

#include <handfast/client_sessions.hpp>
#include <handfast/clock.hpp>
#include <handfast/error.hpp>
#include <handfast/replay_guard.hpp>
#include <handfast/session_store.hpp>
#include <handfast/ticket_keys.hpp>
#include <memory>

#include "outside.hpp"

namespace handfast::bogo {

// Starts at the system's time and goes on when it is told to (-resumption-delay).
class ShimClock final : public Clock {
 public:
  ShimClock();
  [[nodiscard]] Time now() const override { return now_; }
  void advance(std::chrono::seconds by) { now_ += by; }

 private:
  Time now_;
};

// The library's own store; answers later if asked (-async), and counts what it is given.
class ShimStore final : public SessionStore {
 public:
  ShimStore(const Clock& clock, Later& later, bool async)
      : inner_(make_session_store(clock)), later_(later), async_(async) {}
  void put(ByteString id, ByteString session, Time expires) override;
  void take(ByteString id, Completion<std::optional<ByteString>> done) override;
  [[nodiscard]] std::size_t size() const { return puts_; }

 private:
  std::shared_ptr<SessionStore> inner_;
  Later& later_;
  bool async_;
  std::size_t puts_ = 0;
};

// A server keeps sessions as BoringSSL does: in tickets, and for clients that take none in a store. Handfast
// prefers the store in TLS 1.3, which the runner does not mind, except where it asks about tickets.
class Sessions {
 public:
  static Result<std::unique_ptr<Sessions>> create(bool async);

  ShimClock clock;
  Later later;
  std::shared_ptr<ClientSessions> of_client = std::make_shared<ClientSessions>();
  std::shared_ptr<TicketKeys> ticket_keys;
  std::shared_ptr<ShimStore> store;
  std::shared_ptr<ShimStore> store_without_tickets;  // for -no-ticket
  std::shared_ptr<ReplayGuard> replay_guard;
};

}  // namespace handfast::bogo
