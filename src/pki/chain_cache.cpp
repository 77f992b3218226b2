// VerifiedChains. What goes into the key goes in with its length, so that no two questions have the same
// text.
#include "pki/chain_cache.hpp"

#include <algorithm>

#include "crypto/hash.hpp"
#include "pki/certificate.hpp"
#include "pki/staple.hpp"
#include "pki/trust_index.hpp"

namespace handfast::pki {
namespace {

class KeyHash {
 public:
  void add(Bytes bytes) {
    add(bytes.size());
    hash_.update(bytes);
  }
  void add(std::uint64_t number) {
    std::array<std::uint8_t, 8> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(number >> (8 * i));
    hash_.update(bytes);
  }
  std::optional<VerifiedChains::Key> finish() {
    const auto digest = std::move(hash_).finish();
    if (!digest) return std::nullopt;
    VerifiedChains::Key key{};
    std::ranges::copy(digest->view(), key.begin());
    return key;
  }

 private:
  crypto::Hash hash_{crypto::HashAlgorithm::sha256};
};

void add_policy(KeyHash& hash, const ValidationPolicy& policy) {
  for (const bool flag : {policy.check_purpose, policy.require_digital_signature, policy.allow_sha1,
                          policy.initial_explicit_policy, policy.initial_policy_mapping_inhibit,
                          policy.initial_any_policy_inhibit}) {
    hash.add(std::uint64_t{flag});
  }
  hash.add(static_cast<std::uint64_t>(policy.profile));
  hash.add(policy.min_rsa_bits);
  hash.add(policy.max_intermediates);
  hash.add(std::uint64_t{policy.is_public_suffix != nullptr});
  // A smaller budget may refuse what a larger one finds.
  const Budget& budget = policy.budget;
  for (const std::size_t limit :
       {budget.signature_checks, budget.path_steps, budget.name_comparisons, budget.policy_comparisons}) {
    hash.add(limit);
  }
  hash.add(reinterpret_cast<std::uintptr_t>(policy.is_public_suffix));  // a function: its address is its name
  hash.add(policy.initial_policies.size());
  for (const ByteString& oid : policy.initial_policies) hash.add(Bytes(oid));
}

}  // namespace

VerifiedChains::VerifiedChains(std::size_t capacity)
    : per_shard_((std::clamp<std::size_t>(capacity, 1, kMaxVerifiedChains) + kShards - 1) / kShards) {}

std::optional<VerifiedChains::Key> VerifiedChains::key_of(const VerifyInput& input) {
  if (input.crls != nullptr || input.revocation != RevocationMode::soft_fail) return std::nullopt;
  if (input.chain.size() > kMaxPresentedCertificates) return std::nullopt;
  KeyHash hash;
  hash.add(input.chain.size());
  for (const ByteString& certificate : input.chain) hash.add(Bytes(certificate));
  hash.add(input.anchors.index().identity);
  hash.add(static_cast<std::uint64_t>(input.peer));
  hash.add(std::uint64_t{input.name != nullptr});
  if (input.name != nullptr) {
    hash.add(as_bytes(input.name->dns()));
    hash.add(input.name->ip());
  }
  hash.add(input.stapled_response);
  hash.add(std::uint64_t{input.staple_requested});
  add_policy(hash, input.policy);
  return hash.finish();
}

VerifiedChains::Path VerifiedChains::find(const Key& key, Time now) {
  Shard& shard = shard_of(key);
  const std::lock_guard lock(shard.mutex);
  for (Entry& entry : shard.entries) {
    if (entry.key != key) continue;
    if (now < entry.from || now > entry.until) return nullptr;
    entry.used = ++shard.ticks;
    return entry.path;
  }
  return nullptr;
}

void VerifiedChains::insert(const Key& key, Path path, Time now, Time end) {
  Time until = std::min(end, now + kMaxVerdictAge);
  for (const ByteString& der : *path) {
    const auto certificate = Certificate::parse(der);
    if (!certificate) return;
    until = std::min(until, certificate->not_after);
  }
  if (until < now) return;
  Shard& shard = shard_of(key);
  const std::lock_guard lock(shard.mutex);
  auto place = std::ranges::find(shard.entries, key, &Entry::key);
  if (place == shard.entries.end()) {
    if (shard.entries.size() < per_shard_) {
      place = shard.entries.emplace(shard.entries.end());
    } else {
      place = std::ranges::min_element(shard.entries, {}, &Entry::used);
    }
  }
  *place = {key, std::move(path), now, until, ++shard.ticks};
}

std::size_t VerifiedChains::size() const {
  std::size_t size = 0;
  for (const Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    size += shard.entries.size();
  }
  return size;
}

Result<std::vector<ByteString>> verify_chain(const VerifyInput& input, VerifiedChains* remembered) {
  const auto key = remembered != nullptr ? VerifiedChains::key_of(input) : std::nullopt;
  if (!key) return verify_chain(input);
  if (const auto path = remembered->find(*key, input.now)) return *path;
  HANDFAST_TRY_ASSIGN(auto path, verify_chain(input));
  auto kept = std::make_shared<const std::vector<ByteString>>(std::move(path));
  remembered->insert(*key, kept, input.now, end_of_staple(input.stapled_response).value_or(Time::max()));
  return *kept;
}

}  // namespace handfast::pki
