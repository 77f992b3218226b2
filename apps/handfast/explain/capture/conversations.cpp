// Which segment belongs where, and when a conversation is over.
#include "explain/capture/conversations.hpp"

#include <algorithm>
#include <utility>

#include "explain/capture/limits.hpp"

namespace handfast::apps::capture {
namespace {

// Ended connections whose stragglers are recognised.
constexpr std::size_t kMaxRecent = 65'536;

}  // namespace

struct Conversations::Live {
  Live(const Key& its_key, const Segment& opener, Instant time, const KeyStore& keys, bool keep_bytes,
       WaitingBudget& budget)
      : key(its_key),
        first(time),
        last(time),
        sides{opener.from, opener.to},
        streams{Reassembly(budget), Reassembly(budget)},
        reader(keys, time, keep_bytes) {}

  Key key;
  Instant first;
  Instant last;
  std::array<Endpoint, 2> sides;
  std::array<Reassembly, 2> streams;
  std::array<std::optional<std::uint32_t>, 2> confirmed;  // the highest acknowledgment that this side sent
  std::array<std::optional<std::uint32_t>, 2> fin_at;
  TcpFacts tcp;
  TlsReader reader;
  std::uint64_t number = 0;
};

Conversations::Conversations(const KeyStore& keys, bool keep_bytes, Sink sink)
    : keys_(keys), keep_bytes_(keep_bytes), sink_(std::move(sink)) {}
Conversations::~Conversations() = default;

std::size_t Conversations::KeyHash::operator()(const Key& key) const {
  std::uint64_t hash = 0xcbf29ce484222325;
  const auto mix = [&](std::uint64_t value) { hash = (hash ^ value) * 0x100000001b3; };
  for (const Endpoint* end : {&key.low, &key.high}) {
    for (std::size_t i = 0; i < end->size; ++i) mix(end->address[i]);
    mix(end->port);
  }
  return hash;
}

Conversations::Live* Conversations::find_or_create(const Segment& segment, Instant time) {
  const Key key{std::min(segment.from, segment.to), std::max(segment.from, segment.to)};
  const auto found = by_key_.find(key);
  const bool opens = segment.syn && !segment.ack;
  if (found != by_key_.end()) {
    Live& live = **found->second;
    // The same ports again for another connection.
    const bool again = opens && live.streams[0].begun() && live.streams[0].next() != segment.sequence + 1 &&
                       live.streams[0].delivered() > 0;
    if (!again) {
      order_.splice(order_.end(), order_, found->second);
      return &live;
    }
    end(found->second, Ending::open);
  }
  if (!segment.syn && (segment.length == 0 || recent_.contains(key))) return nullptr;
  recent_.erase(key);
  if (order_.size() >= kMaxConversations) {
    ++traffic_.evicted;
    end(order_.begin(), Ending::evicted);
  }
  // Who answers a SYN did not open the connection.
  Segment opener = segment;
  if (segment.syn && segment.ack) std::swap(opener.from, opener.to);
  order_.push_back(std::make_unique<Live>(key, opener, time, keys_, keep_bytes_, budget_));
  by_key_[key] = std::prev(order_.end());
  return order_.back().get();
}

void Conversations::add(const Segment& segment, Instant time) {
  Live* const live = find_or_create(segment, time);
  if (live == nullptr) return;
  live->last = std::max(live->last, time);
  const unsigned side = segment.from == live->sides[0] ? 0 : 1;
  take(*live, segment, side, time);
  if (live->number == 0 && (live->reader.facts().client_hello_seen || live->reader.facts().joined_late)) {
    live->number = ++traffic_.with_tls;
  }
  const auto drained = [&](unsigned which) {
    const auto& fin = live->fin_at[which];
    return fin && !live->streams[which].waiting() && live->streams[which].next() == *fin;
  };
  if (live->tcp.reset_by) {
    end(by_key_.at(live->key), Ending::reset);
  } else if (drained(0) && drained(1)) {
    end(by_key_.at(live->key), Ending::closed);
  }
}

void Conversations::take(Live& live, const Segment& segment, unsigned side, Instant time) {
  Reassembly& stream = live.streams[side];
  const Reassembly::Sink sink{[&](Bytes bytes) { live.reader.take(side, bytes, time); },
                              [&](std::uint64_t bytes) { live.reader.lost(side, bytes, time); }};
  if (segment.syn) {
    live.tcp.begin_seen = true;
    if (!stream.begun()) stream.begin(segment.sequence);
  }
  const std::uint32_t first = segment.sequence + (segment.syn ? 1 : 0);
  stream.add(first, segment.payload, segment.length, sink);
  if (segment.ack) {
    auto& confirmed = live.confirmed[side];
    const bool newer = !confirmed || static_cast<std::int32_t>(segment.acknowledgment - *confirmed) > 0;
    if (newer) confirmed = segment.acknowledgment;
  }
  if (segment.fin) {
    live.tcp.fin[side] = true;
    live.fin_at[side] = first + static_cast<std::uint32_t>(segment.length);
    if (!stream.begun()) stream.begin(*live.fin_at[side] - 1);
  }
  if (segment.rst && !live.tcp.reset_by) live.tcp.reset_by = side;
}

void Conversations::end(Order::iterator place, Ending ending) {
  Live& live = **place;
  for (unsigned side = 0; side < 2; ++side) {
    const Reassembly::Sink sink{[&](Bytes bytes) { live.reader.take(side, bytes, live.last); },
                                [&](std::uint64_t bytes) { live.reader.lost(side, bytes, live.last); }};
    live.streams[side].finish(sink);
    live.tcp.bytes[side] = live.streams[side].delivered();
    live.tcp.repeated[side] = live.streams[side].repeated();
    const auto& confirmed = live.confirmed[1 - side];
    const std::uint32_t open = confirmed ? live.streams[side].next() - *confirmed : 0;
    live.tcp.unacknowledged[side] = static_cast<std::int32_t>(open) > 0 ? open : 0;
  }
  live.tcp.ending = ending;
  if (live.streams[0].delivered() + live.streams[1].delivered() > 0) ++traffic_.connections;
  const TlsFacts& facts = live.reader.facts();
  if (facts.client_hello_seen || facts.joined_late) {
    if (live.number == 0) live.number = ++traffic_.with_tls;
    FinishedConversation done;
    done.number = live.number;
    done.client = live.sides[facts.client];
    done.server = live.sides[1 - facts.client];
    done.first = live.first;
    done.last = live.last;
    done.tcp = live.tcp;
    done.trace = live.reader.finish();
    done.tls = facts;
    sink_(std::move(done));
  }
  if (recent_.size() >= kMaxRecent) recent_.clear();
  recent_.insert(live.key);
  by_key_.erase(live.key);
  order_.erase(place);
}

void Conversations::finish() {
  while (!order_.empty()) end(order_.begin(), Ending::open);
}

}  // namespace handfast::apps::capture
