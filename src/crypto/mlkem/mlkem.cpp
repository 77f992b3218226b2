// ML-KEM's key generation, encapsulation and decapsulation (FIPS 203 §6, §7).
// Must not let control flow or addresses depend on the outcome of the ciphertext comparison.
#include "crypto/mlkem/mlkem.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "crypto/mlkem/constant_time.hpp"
#include "crypto/mlkem/keccak.hpp"
#include "crypto/mlkem/pke.hpp"

namespace handfast::crypto::mlkem {
namespace {

constexpr std::size_t kHashSize = 32;

constexpr pke::ParameterSet parameter_set(Parameters parameters) {
  return parameters == Parameters::mlkem768 ? pke::ParameterSet{.k = 3, .du = 10, .dv = 4}
                                            : pke::ParameterSet{.k = 4, .du = 11, .dv = 5};
}
constexpr bool sizes_agree(Parameters p) {
  return encapsulation_key_size(p) == parameter_set(p).encryption_key_size() &&
         ciphertext_size(p) == parameter_set(p).ciphertext_size() &&
         decapsulation_key_size(p) ==
             parameter_set(p).secret_key_size() + encapsulation_key_size(p) + 2 * kHashSize;
}
static_assert(sizes_agree(Parameters::mlkem768) && sizes_agree(Parameters::mlkem1024));

// G of FIPS 203 §4.1, its result split in two.
struct Pair {
  std::array<std::uint8_t, 32> first;
  std::array<std::uint8_t, 32> second;
};

void hash_to_pair(Bytes first_input, Bytes second_input, Pair& output) {
  Sponge g = sha3_512();
  g.absorb(first_input);
  g.absorb(second_input);
  g.squeeze(output.first);
  g.squeeze(output.second);
}

void hash_key(Bytes encapsulation_key, std::span<std::uint8_t, kHashSize> output) {  // H
  Sponge h = sha3_256();
  h.absorb(encapsulation_key);
  h.squeeze(output);
}

// All ones if the two differ, else zero. Unlike constant_time_equal this never becomes a bool, which a caller
// or compiler could branch on.
std::uint8_t difference_mask(Bytes a, Bytes b) {
  std::uint32_t difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference |= static_cast<std::uint32_t>(a[i] ^ b[i]);
  return static_cast<std::uint8_t>(opaque((0u - opaque(difference)) >> 31) * 0xff);
}

}  // namespace

struct DecapsulationKey::State {
  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    wipe({reinterpret_cast<std::uint8_t*>(&secret), sizeof(secret)});
    wipe(rejection);
  }

  Bytes encapsulation_key() const {
    return Bytes(encoded_key).first(mlkem::encapsulation_key_size(parameters));
  }

  Parameters parameters;
  pke::ParameterSet set;
  pke::EncryptionKey key;
  std::array<std::uint8_t, kMaxEncapsulationKeySize> encoded_key;
  std::array<std::uint8_t, kHashSize> key_hash;
  std::array<std::uint8_t, 32> rejection;  // z
  NttVector secret;
};

DecapsulationKey::DecapsulationKey(std::unique_ptr<State> state) : state_(std::move(state)) {}
DecapsulationKey::DecapsulationKey(DecapsulationKey&&) noexcept = default;
DecapsulationKey& DecapsulationKey::operator=(DecapsulationKey&&) noexcept = default;
DecapsulationKey::~DecapsulationKey() = default;

DecapsulationKey DecapsulationKey::from_seed(Parameters parameters,
                                             std::span<const std::uint8_t, kSeedSize> seed) {
  auto state = std::make_unique_for_overwrite<State>();
  state->parameters = parameters;
  state->set = parameter_set(parameters);
  const pke::ParameterSet& set = state->set;

  Wiped<Pair> rho_and_sigma;
  hash_to_pair(seed.first<32>(), std::array{static_cast<std::uint8_t>(set.k)}, *rho_and_sigma);
  declassify(rho_and_sigma->first);
  pke::generate(set, rho_and_sigma->first, rho_and_sigma->second, state->secret, state->key);

  const auto encoded = MutableBytes(state->encoded_key).first(set.encryption_key_size());
  pke::encode_vector(state->key.t, set.k, encoded);
  std::ranges::copy(rho_and_sigma->first, encoded.last(32).begin());
  hash_key(encoded, state->key_hash);
  std::ranges::copy(seed.last<32>(), state->rejection.begin());
  return DecapsulationKey(std::move(state));
}

std::optional<DecapsulationKey> DecapsulationKey::from_expanded(Parameters parameters, Bytes key) {
  if (key.size() != decapsulation_key_size(parameters)) return std::nullopt;
  const pke::ParameterSet set = parameter_set(parameters);
  const Bytes secret = key.first(set.secret_key_size());
  const Bytes encapsulation_key = key.subspan(secret.size(), set.encryption_key_size());
  const Bytes expected_hash = key.last(2 * kHashSize).first(kHashSize);

  auto state = std::make_unique_for_overwrite<State>();
  hash_key(encapsulation_key, state->key_hash);
  if (!constant_time_equal(state->key_hash, expected_hash)) return std::nullopt;

  state->parameters = parameters;
  state->set = set;
  pke::decode_vector(secret, set.k, state->secret);
  pke::decode_key(set, encapsulation_key, state->key);
  std::ranges::copy(encapsulation_key, state->encoded_key.begin());
  std::ranges::copy(key.last(32), state->rejection.begin());
  return DecapsulationKey(std::move(state));
}

Bytes DecapsulationKey::encapsulation_key() const { return state_ ? state_->encapsulation_key() : Bytes(); }

bool DecapsulationKey::expand(MutableBytes key) const {
  if (!state_ || key.size() != decapsulation_key_size(state_->parameters)) return false;
  const std::size_t secret_size = state_->set.secret_key_size();
  pke::encode_vector(state_->secret, state_->set.k, key.first(secret_size));
  std::ranges::copy(encapsulation_key(), key.subspan(secret_size).begin());
  std::ranges::copy(state_->key_hash, key.last(2 * kHashSize).begin());
  std::ranges::copy(state_->rejection, key.last(kHashSize).begin());
  return true;
}

bool DecapsulationKey::decapsulate(Bytes ciphertext,
                                   std::span<std::uint8_t, kSharedSecretSize> secret) const {
  if (!state_ || ciphertext.size() != ciphertext_size(state_->parameters)) return false;
  struct Scratch {
    std::array<std::uint8_t, kMessageSize> message;
    Pair secret_and_randomness;
    std::array<std::uint8_t, kSharedSecretSize> rejected;
    std::array<std::uint8_t, kMaxCiphertextSize> expected;
  };
  Wiped<Scratch> scratch;
  pke::decrypt(state_->set, state_->secret, ciphertext, scratch->message);
  hash_to_pair(scratch->message, state_->key_hash, scratch->secret_and_randomness);

  Sponge j = shake256();
  j.absorb(state_->rejection);
  j.absorb(ciphertext);
  j.squeeze(scratch->rejected);

  const auto expected = MutableBytes(scratch->expected).first(ciphertext.size());
  pke::encrypt(state_->set, state_->key, scratch->message, scratch->secret_and_randomness.second, expected);
  const std::uint8_t rejects = difference_mask(ciphertext, expected);
  for (std::size_t i = 0; i < secret.size(); ++i) {
    const std::uint8_t accepted = scratch->secret_and_randomness.first[i];
    secret[i] = static_cast<std::uint8_t>(accepted ^ (rejects & (accepted ^ scratch->rejected[i])));
  }
  return true;
}

bool check_encapsulation_key(Parameters parameters, Bytes key) {
  if (key.size() != encapsulation_key_size(parameters)) return false;
  for (std::size_t i = 0; i < parameter_set(parameters).k; ++i) {
    const Bytes encoded = key.subspan(kEncodedPolynomialSize * i);
    if (!is_canonical(encoded.first<kEncodedPolynomialSize>())) return false;
  }
  return true;
}

bool encapsulate(Parameters parameters, Bytes key, std::span<const std::uint8_t, kMessageSize> m,
                 MutableBytes ciphertext, std::span<std::uint8_t, kSharedSecretSize> secret) {
  if (!check_encapsulation_key(parameters, key)) return false;
  if (ciphertext.size() != ciphertext_size(parameters)) return false;
  const pke::ParameterSet set = parameter_set(parameters);

  std::array<std::uint8_t, kHashSize> key_hash{};
  hash_key(key, key_hash);
  Wiped<Pair> secret_and_randomness;
  hash_to_pair(m, key_hash, *secret_and_randomness);

  pke::EncryptionKey expanded{};
  pke::decode_key(set, key, expanded);
  pke::encrypt(set, expanded, m, secret_and_randomness->second, ciphertext);
  std::ranges::copy(secret_and_randomness->first, secret.begin());
  return true;
}

}  // namespace handfast::crypto::mlkem
