// What outlives one connection of a test: see the header.
#include "sessions.hpp"

#include <handfast/system.hpp>

namespace handfast::bogo {

ShimClock::ShimClock() : now_(system_clock().now()) {}

void ShimStore::put(ByteString id, ByteString session, Time expires) {
  ++puts_;
  inner_->put(std::move(id), std::move(session), expires);
}

void ShimStore::take(ByteString id, Completion<std::optional<ByteString>> done) {
  if (!async_) {
    inner_->take(std::move(id), std::move(done));
    return;
  }
  auto shared = std::make_shared<Completion<std::optional<ByteString>>>(std::move(done));
  later_.add([this, shared, id = std::move(id)] { inner_->take(id, std::move(*shared)); });
}

Result<std::unique_ptr<Sessions>> Sessions::create(bool async) {
  auto out = std::make_unique<Sessions>();
  HANDFAST_TRY_ASSIGN(out->ticket_keys, TicketKeys::rotating(out->clock));
  out->store = std::make_shared<ShimStore>(out->clock, out->later, async);
  out->store_without_tickets = std::make_shared<ShimStore>(out->clock, out->later, async);
  out->replay_guard = make_replay_guard(out->clock);
  // A guard that was just started refuses.
  out->clock.advance(std::chrono::minutes(1));
  return out;
}

}  // namespace handfast::bogo
