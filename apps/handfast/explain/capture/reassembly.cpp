// Offsets are 64 bits wide and count from the first byte, so that sequence numbers may wrap.
#include "explain/capture/reassembly.hpp"

#include <algorithm>

#include "explain/capture/limits.hpp"

namespace handfast::apps::capture {
namespace {

// Farther ahead than any window reaches: a segment of another connection, or nonsense.
constexpr std::uint32_t kFarthestAhead = std::uint32_t{1} << 30U;

}  // namespace

void Reassembly::begin(std::uint32_t sequence) {
  begun_ = true;
  next_ = sequence + 1;
}

void Reassembly::add(std::uint32_t sequence, Bytes payload, std::size_t length, const Sink& sink) {
  if (length == 0) return;
  if (!begun_) {
    begun_ = true;
    next_ = sequence;
  }
  const std::uint32_t ahead = sequence - next_;
  if (ahead == 0) {
    deliver(payload, length, sink);
    return deliver_waiting(sink);
  }
  if (ahead < kFarthestAhead) {
    const bool again = waiting_.contains(delivered_ + ahead);
    if (again) ++repeated_;
    hold(ahead, payload, length);
    const bool full = waiting_bytes_ > kMaxWaiting || waiting_.size() > kMaxWaitingSegments ||
                      budget_->used > kMaxWaitingInAll;
    return full ? finish(sink) : void();
  }
  // It begins before what is expected: seen already, at least its front.
  const std::uint32_t behind = next_ - sequence;
  ++repeated_;
  if (behind >= kFarthestAhead || behind >= length) return;
  deliver(payload.subspan(std::min<std::size_t>(behind, payload.size())), length - behind, sink);
  deliver_waiting(sink);
}

void Reassembly::deliver(Bytes payload, std::size_t length, const Sink& sink) {
  next_ += static_cast<std::uint32_t>(length);
  delivered_ += length;
  if (!payload.empty()) sink.bytes(payload);
  if (payload.size() < length) sink.lost(length - payload.size());
}

void Reassembly::deliver_waiting(const Sink& sink) {
  while (!waiting_.empty() && waiting_.begin()->first <= delivered_) {
    auto node = waiting_.extract(waiting_.begin());
    const std::uint64_t behind = delivered_ - node.key();
    const Piece& piece = node.mapped();
    waiting_bytes_ -= piece.bytes.size();
    budget_->used -= piece.bytes.size();
    if (behind >= piece.length) continue;
    const Bytes rest = Bytes(piece.bytes).subspan(std::min<std::size_t>(behind, piece.bytes.size()));
    deliver(rest, piece.length - behind, sink);
  }
}

void Reassembly::hold(std::uint32_t ahead, Bytes payload, std::size_t length) {
  auto& piece = waiting_[delivered_ + ahead];
  if (piece.bytes.size() >= payload.size() && piece.length >= length) return;
  waiting_bytes_ += payload.size() - std::min(payload.size(), piece.bytes.size());
  budget_->used += payload.size() - std::min(payload.size(), piece.bytes.size());
  if (payload.size() > piece.bytes.size()) piece.bytes = copy_of(payload);
  piece.length = std::max(piece.length, length);
}

void Reassembly::finish(const Sink& sink) {
  while (!waiting_.empty()) {
    const std::uint64_t missing = waiting_.begin()->first - std::min(delivered_, waiting_.begin()->first);
    if (missing > 0) {
      next_ += static_cast<std::uint32_t>(missing);
      delivered_ += missing;
      sink.lost(missing);
    }
    deliver_waiting(sink);
  }
}

void Reassembly::drop() {
  budget_->used -= waiting_bytes_;
  waiting_bytes_ = 0;
  waiting_.clear();
}

}  // namespace handfast::apps::capture
