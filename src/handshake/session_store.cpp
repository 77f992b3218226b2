// The SessionStore in memory: see the header.
#include <algorithm>
#include <array>
#include <handfast/secret.hpp>
#include <handfast/session_store.hpp>
#include <list>
#include <map>
#include <mutex>

namespace handfast {
namespace {

constexpr std::size_t kShards = 16;

class MemoryStore final : public SessionStore {
 public:
  MemoryStore(const Clock& clock, std::size_t capacity, std::size_t bytes)
      : clock_(clock),
        per_shard_(std::max<std::size_t>(1, capacity / kShards)),
        bytes_per_shard_(bytes / kShards) {}
  ~MemoryStore() override {
    for (Shard& shard : shards_) {
      for (Entry& entry : shard.by_age) wipe(entry.session);
    }
  }

  void put(ByteString id, ByteString session, Time expires) override {
    Shard& shard = shard_of(id);
    const std::lock_guard lock(shard.mutex);
    erase(shard, id);
    const std::size_t size = id.size() + session.size();
    if (size > bytes_per_shard_) {
      wipe(session);
      return;
    }
    while (shard.by_age.size() >= per_shard_ || shard.bytes > bytes_per_shard_ - size) {
      Entry& oldest = shard.by_age.front();
      shard.by_id.erase(oldest.id);
      shard.bytes -= oldest.size();
      wipe(oldest.session);
      shard.by_age.pop_front();
    }
    // If memory runs out between the two, the name leads to nothing.
    const auto named = shard.by_id.emplace(id, shard.by_age.end()).first;
    shard.by_age.push_back({std::move(id), std::move(session), expires});
    named->second = std::prev(shard.by_age.end());
    shard.bytes += size;
  }

  void take(ByteString id, Completion<std::optional<ByteString>> done) override {
    std::optional<ByteString> found;
    const Time now = clock_.now();
    {
      Shard& shard = shard_of(id);
      const std::lock_guard lock(shard.mutex);
      const auto at = shard.by_id.find(id);
      if (at != shard.by_id.end() && at->second != shard.by_age.end()) {
        if (now < at->second->expires) found = at->second->session;
        erase(shard, id);
      }
    }
    done.complete(std::move(found));
  }

 private:
  struct Entry {
    ByteString id;
    ByteString session;
    Time expires;

    [[nodiscard]] std::size_t size() const { return id.size() + session.size(); }
  };
  struct Shard {
    std::mutex mutex;
    std::size_t bytes = 0;
    std::list<Entry> by_age;  // the oldest first
    std::map<ByteString, std::list<Entry>::iterator> by_id;
  };

  // The ids are random.
  Shard& shard_of(const ByteString& id) { return shards_[id.empty() ? 0 : id.front() % kShards]; }
  static void erase(Shard& shard, const ByteString& id) {
    const auto at = shard.by_id.find(id);
    if (at == shard.by_id.end()) return;
    if (at->second != shard.by_age.end()) {
      shard.bytes -= at->second->size();
      wipe(at->second->session);
      shard.by_age.erase(at->second);
    }
    shard.by_id.erase(at);
  }

  const Clock& clock_;
  std::size_t per_shard_;
  std::size_t bytes_per_shard_;
  std::array<Shard, kShards> shards_;
};

}  // namespace

std::shared_ptr<SessionStore> make_session_store(const Clock& clock, std::size_t capacity,
                                                 std::size_t bytes) {
  return std::make_shared<MemoryStore>(clock, capacity, bytes);
}

}  // namespace handfast
