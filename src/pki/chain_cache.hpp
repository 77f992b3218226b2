// VerifiedChains: remembers chains that were found good, so that the same question is not paid for twice.
// Only successes are kept, under a hash of everything that the answer depends on: the certificates, the
// anchors, the name, the purpose and the policy. An answer holds while every certificate of its path is
// valid and the staple in date, and not longer than kMaxVerdictAge. Must not be asked across different
// verifiers' meanings: the key holds all of VerifyInput but `now`.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <handfast/clock.hpp>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "pki/verify.hpp"

namespace handfast::pki {

// Trust may be taken away: a list of revoked certificates is read, a response goes stale.
inline constexpr std::chrono::minutes kMaxVerdictAge{5};
// A client talks to some hundred servers; each entry holds a path of some 3 KiB.
inline constexpr std::size_t kVerifiedChainsByDefault = 256;
inline constexpr std::size_t kMaxVerifiedChains = 65'536;

// Thread-safety: all functions from any thread. A look-up takes one of 16 locks, for some 100 ns.
class VerifiedChains {
 public:
  // At most `capacity` chains, rounded up to a multiple of 16.
  explicit VerifiedChains(std::size_t capacity = kVerifiedChainsByDefault);

  using Path = std::shared_ptr<const std::vector<ByteString>>;
  using Key = std::array<std::uint8_t, 32>;

  // Nothing if the answer must not be remembered: lists of revoked certificates have dates of their own.
  static std::optional<Key> key_of(const VerifyInput& input);
  // Null: not there, or not to be believed any more at `now`.
  [[nodiscard]] Path find(const Key& key, Time now);
  // `path` was found good at `now`, by what holds until `end`. One that cannot be read is not kept.
  void insert(const Key& key, Path path, Time now, Time end = Time::max());

  [[nodiscard]] std::size_t size() const;

 private:
  struct Entry {
    Key key{};
    Path path;
    Time from;   // when it was found good; not before: a clock that is set back asks anew
    Time until;  // inclusive
    std::uint64_t used = 0;
  };
  struct Shard {
    mutable std::mutex mutex;
    std::vector<Entry> entries;
    std::uint64_t ticks = 0;
  };
  static constexpr std::size_t kShards = 16;

  Shard& shard_of(const Key& key) { return shards_[key[0] % kShards]; }

  std::size_t per_shard_;
  std::array<Shard, kShards> shards_;
};

// verify_chain() with a memory; null: without.
Result<std::vector<ByteString>> verify_chain(const VerifyInput& input, VerifiedChains* remembered);

}  // namespace handfast::pki
