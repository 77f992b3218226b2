// TicketKeys: see the header. The ring of keys is immutable: a change publishes a new one, and the last user
// of the old one wipes it.
#include <algorithm>
#include <atomic>
#include <handfast/ticket_keys.hpp>
#include <mutex>
#include <string>

#include "base/limits.hpp"
#include "crypto/aead.hpp"

namespace handfast {
namespace {

constexpr auto kAlgorithm = crypto::AeadAlgorithm::aes_256_gcm;
constexpr std::size_t kNonceOffset = TicketKey::kNameSize;
constexpr std::size_t kSealedOffset = kNonceOffset + crypto::kAeadNonceSize;
constexpr std::chrono::seconds kWeek = std::chrono::days(7);

Error invalid(const char* why) {
  return Error(ErrorCode::configuration_invalid).with_detail(std::string("ticket keys: ") + why);
}

}  // namespace

struct TicketKeys::Ring {
  struct Entry {
    TicketKey key;
    Time made;  // of keys that rotate
  };
  std::vector<Entry> keys;  // the first one seals

  static Result<std::shared_ptr<const Ring>> of(std::vector<TicketKey> keys) {
    if (keys.empty()) return failure(invalid("there must be at least one"));
    if (keys.size() > kMaxKeys) return failure(invalid("there are more than 16"));
    auto ring = std::make_shared<Ring>();
    for (TicketKey& key : keys) {
      if (key.secret.size() != TicketKey::kSecretSize) return failure(invalid("a secret must have 32 bytes"));
      const Bytes secret = key.secret.view();
      if (std::all_of(secret.begin(), secret.end(), [&](std::uint8_t byte) { return byte == secret[0]; })) {
        return failure(invalid("a secret of 32 equal bytes was never drawn at random"));
      }
      for (const Entry& other : ring->keys) {
        if (other.key.name == key.name) return failure(invalid("two keys have the same name"));
      }
      ring->keys.push_back({std::move(key), {}});
    }
    return ring;
  }
};

struct TicketKeys::State {
  // The clock of keys that rotate; null for supplied ones.
  const Clock* clock = nullptr;
  std::chrono::seconds period{};
  std::chrono::seconds accepted_for{};
  std::mutex changes;  // taken to publish a new ring, a few times a day
  std::atomic<std::shared_ptr<const Ring>> ring;

  // A ring with a new key in front and without those that are too old.
  Result<void> rotate(Time now) {
    const std::lock_guard lock(changes);
    const std::shared_ptr<const Ring> old = ring.load();
    if (old && !is_due(*old, now)) return {};  // another thread was faster
    auto next = std::make_shared<Ring>();
    next->keys.push_back({{}, now});
    TicketKey& fresh = next->keys.front().key;
    fresh.secret.resize(TicketKey::kSecretSize);
    HANDFAST_TRY(system_random().fill(fresh.name));
    HANDFAST_TRY(system_random().fill(fresh.secret.writable()));
    for (std::size_t i = 0; old && i < old->keys.size() && next->keys.size() < kMaxKeys; ++i) {
      const Ring::Entry& entry = old->keys[i];
      if (is_forgotten(entry, now)) continue;
      next->keys.push_back({{entry.key.name, entry.key.secret.clone()}, entry.made});
    }
    ring.store(std::move(next));
    return {};
  }
  // A clock that was set back makes a key from the future: it is replaced, too.
  [[nodiscard]] bool is_due(const Ring& current, Time now) const {
    const Time made = current.keys.front().made;
    return now < made || now >= made + period;
  }
  [[nodiscard]] bool is_forgotten(const Ring::Entry& entry, Time now) const {
    return clock != nullptr && (now < entry.made || now >= entry.made + period + accepted_for);
  }
};

TicketKeys::TicketKeys(std::unique_ptr<State> state) : state_(std::move(state)) {}
TicketKeys::~TicketKeys() = default;

Result<std::shared_ptr<TicketKeys>> TicketKeys::rotating(const Clock& clock, std::chrono::seconds period,
                                                         std::chrono::seconds accepted_for) {
  if (period.count() <= 0 || accepted_for.count() <= 0 || period > kWeek || accepted_for > kWeek) {
    return failure(invalid("periods must be between a second and a week"));
  }
  auto state = std::make_unique<State>();
  state->clock = &clock;
  state->period = period;
  state->accepted_for = accepted_for;
  HANDFAST_TRY(state->rotate(clock.now()));
  return std::shared_ptr<TicketKeys>(new TicketKeys(std::move(state)));
}

Result<std::shared_ptr<TicketKeys>> TicketKeys::supplied(std::vector<TicketKey> keys) {
  auto state = std::make_unique<State>();
  HANDFAST_TRY_ASSIGN(std::shared_ptr<const Ring> ring, Ring::of(std::move(keys)));
  state->ring.store(std::move(ring));
  return std::shared_ptr<TicketKeys>(new TicketKeys(std::move(state)));
}

Result<void> TicketKeys::replace(std::vector<TicketKey> keys) {
  if (state_->clock != nullptr) return failure(invalid("these rotate by themselves"));
  HANDFAST_TRY_ASSIGN(std::shared_ptr<const Ring> ring, Ring::of(std::move(keys)));
  const std::lock_guard lock(state_->changes);
  state_->ring.store(std::move(ring));
  return {};
}

Result<ByteString> TicketKeys::seal(Bytes state, const RandomSource& random) {
  std::shared_ptr<const Ring> ring = state_->ring.load();
  if (state_->clock != nullptr) {
    const Time now = state_->clock->now();
    if (state_->is_due(*ring, now)) {
      HANDFAST_TRY(state_->rotate(now));
      ring = state_->ring.load();
    }
  }
  const TicketKey& key = ring->keys.front().key;
  ByteString ticket(kSealedOffset + state.size() + crypto::kAeadTagSize);
  std::copy(key.name.begin(), key.name.end(), ticket.begin());
  const MutableBytes out(ticket);
  const MutableBytes nonce = out.subspan(kNonceOffset, crypto::kAeadNonceSize);
  // Random nonces collide with a chance of 2^-33 after 2^32 tickets under one key.
  HANDFAST_TRY(random.fill(nonce));
  HANDFAST_TRY_ASSIGN(crypto::Aead aead,
                      crypto::Aead::create(kAlgorithm, crypto::Aead::Purpose::seal, key.secret.view()));
  HANDFAST_TRY(aead.seal(nonce, key.name, state, {}, out.subspan(kSealedOffset)));
  return ticket;
}

bool TicketKeys::is_newest(Bytes ticket) const {
  const std::shared_ptr<const Ring> ring = state_->ring.load();
  if (state_->clock != nullptr && state_->is_due(*ring, state_->clock->now())) return false;
  return ticket.size() >= TicketKey::kNameSize &&
         std::ranges::equal(ring->keys.front().key.name, ticket.first(TicketKey::kNameSize));
}

std::optional<ByteString> TicketKeys::open(Bytes ticket) {
  if (ticket.size() < kSealedOffset + crypto::kAeadTagSize || ticket.size() > limits::kMaxTicketSize) {
    return std::nullopt;
  }
  const std::shared_ptr<const Ring> ring = state_->ring.load();
  const Bytes name = ticket.first(TicketKey::kNameSize);
  for (const Ring::Entry& entry : ring->keys) {
    if (!std::ranges::equal(entry.key.name, name)) continue;
    if (state_->clock != nullptr && state_->is_forgotten(entry, state_->clock->now())) return std::nullopt;
    auto aead = crypto::Aead::create(kAlgorithm, crypto::Aead::Purpose::open, entry.key.secret.view());
    if (!aead) return std::nullopt;
    ByteString state = copy_of(ticket.subspan(kSealedOffset));
    const Bytes nonce = ticket.subspan(kNonceOffset, crypto::kAeadNonceSize);
    const auto opened = aead->open(nonce, name, state);
    if (!opened) return std::nullopt;
    state.resize(opened->size());
    return state;
  }
  return std::nullopt;
}

}  // namespace handfast
