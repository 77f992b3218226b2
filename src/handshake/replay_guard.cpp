// The ReplayGuard in memory: a strike register. RFC 9846 §8.2.
#include <algorithm>
#include <array>
#include <handfast/replay_guard.hpp>
#include <map>
#include <mutex>
#include <set>

namespace handfast {
namespace {

constexpr std::size_t kShards = 16;

class StrikeRegister final : public ReplayGuard {
 public:
  StrikeRegister(const Clock& clock, std::size_t capacity, GuardStart start)
      : clock_(clock),
        // What another process accepted just before it ended is fresh for as long as two ends may disagree.
        opens_(start == GuardStart::at_once
                   ? clock.now()
                   : clock.now() + 2 * kEarlyDataTolerance + std::chrono::seconds(1)),
        per_shard_(std::max<std::size_t>(1, capacity / kShards)) {
    for (Shard& shard : shards_) shard.latest = clock.now();
  }

  void accept_once(ByteString id, Time until, Completion<bool> done) override {
    done.complete(strike(std::move(id), until));
  }

 private:
  struct Shard {
    std::mutex mutex;
    Time latest;  // the highest time it was asked at: what was forgotten then must not be accepted later
    std::set<ByteString> ids;
    std::multimap<Time, ByteString> by_end;
  };

  bool strike(ByteString id, Time until) {
    const Time now = clock_.now();
    if (now < opens_ || id.empty()) return false;
    Shard& shard = shards_[id.back() % kShards];
    const std::lock_guard lock(shard.mutex);
    if (now < shard.latest) return false;
    shard.latest = now;
    while (!shard.by_end.empty() && shard.by_end.begin()->first < now) {
      shard.ids.erase(shard.by_end.begin()->second);
      shard.by_end.erase(shard.by_end.begin());
    }
    // What has ended already may have been forgotten.
    if (until < now || shard.ids.size() >= per_shard_ || shard.ids.contains(id)) return false;
    shard.by_end.emplace(until, id);
    shard.ids.insert(std::move(id));
    return true;
  }

  const Clock& clock_;
  Time opens_;
  std::size_t per_shard_;
  std::array<Shard, kShards> shards_;
};

}  // namespace

std::shared_ptr<ReplayGuard> make_replay_guard(const Clock& clock, std::size_t capacity, GuardStart start) {
  return std::make_shared<StrikeRegister>(clock, capacity, start);
}

}  // namespace handfast
