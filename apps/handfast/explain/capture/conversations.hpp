// TCP connections of a capture: each segment goes to its conversation, and a conversation that is over is
// handed on. Bounded: limits.hpp says how many are followed, and what may wait in them.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "explain/capture/capture_reader.hpp"
#include "explain/capture/key_store.hpp"
#include "explain/capture/reassembly.hpp"
#include "explain/capture/segment.hpp"
#include "explain/capture/tls_reader.hpp"

namespace handfast::apps::capture {

enum class Ending : std::uint8_t { open, closed, reset, evicted };

// What the segments themselves show. Sides as in TlsReader.
struct TcpFacts {
  bool begin_seen = false;  // SYN
  std::array<bool, 2> fin{};
  std::optional<unsigned> reset_by;
  std::array<std::uint64_t, 2> bytes{};
  std::array<unsigned, 2> repeated{};
  std::array<std::uint32_t, 2> unacknowledged{};  // bytes of that side that the other never confirmed
  Ending ending = Ending::open;
};

// A conversation in which TLS was spoken.
struct FinishedConversation {
  std::uint64_t number = 0;  // 1, 2, … in the order in which TLS began
  Endpoint client;
  Endpoint server;
  Instant first;
  Instant last;
  TcpFacts tcp;
  TlsFacts tls;
  Trace trace;
  [[nodiscard]] unsigned server_side() const { return 1 - tls.client; }
};

struct Traffic {
  std::uint64_t connections = 0;  // of TCP, with data
  std::uint64_t with_tls = 0;
  std::uint64_t evicted = 0;
};

class Conversations {
 public:
  using Sink = std::function<void(FinishedConversation&&)>;
  Conversations(const KeyStore& keys, bool keep_bytes, Sink sink);
  Conversations(const Conversations&) = delete;
  Conversations& operator=(const Conversations&) = delete;
  ~Conversations();

  void add(const Segment& segment, Instant time);
  // The capture is over.
  void finish();
  [[nodiscard]] const Traffic& traffic() const { return traffic_; }

 private:
  struct Key {
    Endpoint low;
    Endpoint high;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };
  struct Live;
  using Order = std::list<std::unique_ptr<Live>>;

  Live* find_or_create(const Segment& segment, Instant time);
  void take(Live& live, const Segment& segment, unsigned side, Instant time);
  void end(Order::iterator place, Ending ending);

  const KeyStore& keys_;
  bool keep_bytes_;
  Sink sink_;
  WaitingBudget budget_;
  Order order_;  // the one that was silent longest first
  std::unordered_map<Key, Order::iterator, KeyHash> by_key_;
  std::unordered_set<Key, KeyHash> recent_;  // ended a moment ago: stragglers belong to nobody
  Traffic traffic_;
};

}  // namespace handfast::apps::capture
