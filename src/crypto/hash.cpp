// Hash, HMAC and HKDF: see the header. FIPS 180-4, RFC 2104 §2, RFC 5869 §2.
// Uses libcrypto's low-level functions on contexts of our own: they run the same assembly as the EVP layer,
// allocate nothing and cost a tenth of it on short inputs (libcrypto 3.0). They are deprecated, not removed.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "crypto/hash.hpp"

#include <openssl/sha.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <type_traits>

namespace handfast::crypto {
namespace {

constexpr std::size_t kMaxBlockSize = 128;

constexpr std::size_t block_size(HashAlgorithm algorithm) {
  return algorithm == HashAlgorithm::sha384 || algorithm == HashAlgorithm::sha512 ? 128 : 64;
}

static_assert(std::is_trivially_copyable_v<SHA512_CTX> && std::is_trivially_copyable_v<SHA256_CTX>);

// The bytes of a Hash are a libcrypto context: this is the one place that says so.
template <class Context, class State>
auto* context(State& state) {
  static_assert(sizeof(Context) <= sizeof(State) && alignof(Context) <= 16);
  if constexpr (std::is_const_v<State>) {
    return reinterpret_cast<const Context*>(state.data());
  } else {
    return reinterpret_cast<Context*>(state.data());
  }
}

// Ends the hash, which consumes the context: callers pass a copy or are done with it.
template <class State>
bool finish(HashAlgorithm algorithm, State& state, std::uint8_t* out) {
  switch (algorithm) {
    case HashAlgorithm::sha1:
      return SHA1_Final(out, context<SHA_CTX>(state)) == 1;
    case HashAlgorithm::sha256:
      return SHA256_Final(out, context<SHA256_CTX>(state)) == 1;
    case HashAlgorithm::sha384:
      return SHA384_Final(out, context<SHA512_CTX>(state)) == 1;
    case HashAlgorithm::sha512:
      return SHA512_Final(out, context<SHA512_CTX>(state)) == 1;
  }
  return false;
}

constexpr std::uint8_t kInnerPad = 0x36;
constexpr std::uint8_t kOuterPad = 0x5c;

// What a HMAC of one block needs of each hash (FIPS 180-4 §5.1, §6.2, §6.4).
struct Sha256 {
  using Context = SHA256_CTX;
  static constexpr std::size_t kBlock = 64;
  static constexpr std::size_t kLengthField = 8;
  static void compress(Context& state, const std::uint8_t* block) { SHA256_Transform(&state, block); }
};
struct Sha512 {  // and SHA-384, which is a part of it
  using Context = SHA512_CTX;
  static constexpr std::size_t kBlock = 128;
  static constexpr std::size_t kLengthField = 16;
  static void compress(Context& state, const std::uint8_t* block) { SHA512_Transform(&state, block); }
};

// Ends a hash of which one whole block (the pad) is done, with `block`, whose first `size` bytes are filled.
// The hash takes their place.
template <class Function>
void finish_block(const typename Function::Context& begun, std::array<std::uint8_t, Function::kBlock>& block,
                  std::size_t size) {
  const std::size_t bits = 8 * (Function::kBlock + size);
  std::fill(block.begin() + static_cast<std::ptrdiff_t>(size), block.end(), std::uint8_t{0});
  block[size] = 0x80;
  block[Function::kBlock - 2] = static_cast<std::uint8_t>(bits >> 8U);
  block[Function::kBlock - 1] = static_cast<std::uint8_t>(bits);
  typename Function::Context state;
  std::memcpy(state.h, begun.h, sizeof(state.h));
  Function::compress(state, block.data());
  static_assert(std::endian::native == std::endian::little || std::endian::native == std::endian::big);
  if constexpr (std::endian::native == std::endian::little) {
    for (auto& word : state.h) word = std::byteswap(word);
  }
  std::memcpy(block.data(), state.h, sizeof(state.h));
  wipe({reinterpret_cast<std::uint8_t*>(state.h), sizeof(state.h)});
}

// HMAC of a message that fits into one block together with its padding: two compressions and nothing else.
// False if it does not fit. TLS 1.3 derives all its keys from such short messages.
template <class Function, class State>
bool short_mac(const State& inner, const State& outer, std::size_t hash_size,
               std::initializer_list<Bytes> parts, MutableBytes out) {
  std::array<std::uint8_t, Function::kBlock> block;
  std::size_t size = 0;
  for (const Bytes part : parts) {
    if (part.size() >= Function::kBlock - Function::kLengthField - size) {
      wipe(block);
      return false;
    }
    std::ranges::copy(part, block.begin() + static_cast<std::ptrdiff_t>(size));
    size += part.size();
  }
  finish_block<Function>(*context<typename Function::Context>(inner), block, size);
  finish_block<Function>(*context<typename Function::Context>(outer), block, hash_size);
  std::copy_n(block.begin(), out.size(), out.begin());
  wipe(block);
  return true;
}

}  // namespace

Hash::Hash(HashAlgorithm algorithm) : algorithm_(algorithm) {
  int done = 0;
  switch (algorithm) {
    case HashAlgorithm::sha1:
      done = SHA1_Init(new (state_.data()) SHA_CTX);
      break;
    case HashAlgorithm::sha256:
      done = SHA256_Init(new (state_.data()) SHA256_CTX);
      break;
    case HashAlgorithm::sha384:
      done = SHA384_Init(new (state_.data()) SHA512_CTX);
      break;
    case HashAlgorithm::sha512:
      done = SHA512_Init(new (state_.data()) SHA512_CTX);
      break;
  }
  failed_ = done != 1;
}

Hash::~Hash() { wipe(state_); }

void Hash::update(Bytes bytes) {
  if (bytes.empty()) return;
  int done = 0;
  switch (algorithm_) {
    case HashAlgorithm::sha1:
      done = SHA1_Update(context<SHA_CTX>(state_), bytes.data(), bytes.size());
      break;
    case HashAlgorithm::sha256:
      done = SHA256_Update(context<SHA256_CTX>(state_), bytes.data(), bytes.size());
      break;
    case HashAlgorithm::sha384:
      done = SHA384_Update(context<SHA512_CTX>(state_), bytes.data(), bytes.size());
      break;
    case HashAlgorithm::sha512:
      done = SHA512_Update(context<SHA512_CTX>(state_), bytes.data(), bytes.size());
      break;
  }
  if (done != 1) failed_ = true;
}

Result<Digest> Hash::current() const { return Hash(*this).finish(); }

Result<Digest> Hash::finish() && {
  Digest digest(hash_size(algorithm_));
  if (failed_ || !handfast::crypto::finish(algorithm_, state_, digest.writable().data())) {
    return failure(ErrorCode::crypto_failed);
  }
  return digest;
}

Result<Digest> hash(HashAlgorithm algorithm, std::initializer_list<Bytes> parts) {
  Hash state(algorithm);
  for (const Bytes part : parts) state.update(part);
  return state.current();
}

// RFC 2104 §2: a key longer than a block is replaced by its hash; then zeros fill the block.
HmacKey::HmacKey(HmacKey&& other) noexcept
    : inner_(other.inner_), outer_(other.outer_), failed_(other.failed_) {
  other.inner_.clear();
  other.outer_.clear();
  other.failed_ = true;
}

HmacKey& HmacKey::operator=(HmacKey&& other) noexcept {
  if (this != &other) {
    inner_ = other.inner_;
    outer_ = other.outer_;
    failed_ = other.failed_;
    other.inner_.clear();
    other.outer_.clear();
    other.failed_ = true;
  }
  return *this;
}

HmacKey::HmacKey(HashAlgorithm algorithm, Bytes key) : inner_(algorithm), outer_(algorithm) {
  Secret<kMaxBlockSize> pad(block_size(algorithm));
  if (key.size() <= pad.size()) {
    std::ranges::copy(key, pad.writable().begin());
  } else {
    Hash key_hash(algorithm);
    key_hash.update(key);
    auto digest = std::move(key_hash).finish();
    if (digest) {
      std::ranges::copy(digest->view(), pad.writable().begin());
      wipe(digest->writable());
    }
    failed_ = !digest;
  }
  for (std::uint8_t& byte : pad.writable()) byte ^= kInnerPad;
  inner_.update(pad.view());
  for (std::uint8_t& byte : pad.writable()) byte ^= kInnerPad ^ kOuterPad;
  outer_.update(pad.view());
}

bool HmacKey::mac_in_one_block(std::initializer_list<Bytes> parts, MutableBytes out) const {
  switch (algorithm()) {
    case HashAlgorithm::sha1:
      return false;
    case HashAlgorithm::sha256:
      return short_mac<Sha256>(inner_.state_, outer_.state_, hash_size(algorithm()), parts, out);
    case HashAlgorithm::sha384:
    case HashAlgorithm::sha512:
      return short_mac<Sha512>(inner_.state_, outer_.state_, hash_size(algorithm()), parts, out);
  }
  return false;
}

Result<void> HmacKey::mac(std::initializer_list<Bytes> parts, MutableBytes out) const {
  if (failed_ || inner_.failed_ || outer_.failed_) return failure(ErrorCode::crypto_failed);
  if (out.size() > hash_size(algorithm())) return failure(ErrorCode::internal_error);
  if (mac_in_one_block(parts, out)) return {};
  Hash message = inner_;
  for (const Bytes part : parts) message.update(part);
  HANDFAST_TRY_ASSIGN(Digest inner, std::move(message).finish());
  Hash outer = outer_;
  outer.update(inner.view());
  wipe(inner.writable());
  HANDFAST_TRY_ASSIGN(Digest mac, std::move(outer).finish());
  std::ranges::copy(mac.view().first(out.size()), out.begin());
  wipe(mac.writable());
  return {};
}

Result<void> hmac(HashAlgorithm algorithm, Bytes key, std::initializer_list<Bytes> parts, MutableBytes out) {
  if (out.size() != hash_size(algorithm)) return failure(ErrorCode::internal_error);
  return HmacKey(algorithm, key).mac(parts, out);
}

Result<HashSecret> hkdf_extract(const HmacKey& salt, Bytes input_keying_material) {
  const HashAlgorithm algorithm = salt.algorithm();
  if (algorithm != HashAlgorithm::sha256 && algorithm != HashAlgorithm::sha384) {
    return failure(ErrorCode::internal_error);
  }
  HashSecret pseudorandom_key(hash_size(algorithm));
  HANDFAST_TRY(salt.mac({input_keying_material}, pseudorandom_key.writable()));
  return pseudorandom_key;
}

Result<HashSecret> hkdf_extract(HashAlgorithm algorithm, Bytes salt, Bytes input_keying_material) {
  return hkdf_extract(HmacKey(algorithm, salt), input_keying_material);
}

Result<void> hkdf_expand(const HmacKey& pseudorandom_key, Bytes info, MutableBytes out) {
  const std::size_t size = hash_size(pseudorandom_key.algorithm());
  // RFC 5869 §2.3: L <= 255*HashLen.
  if (out.size() > 255 * size) return failure(ErrorCode::internal_error);
  Secret<64> block;
  for (std::uint8_t counter = 1; !out.empty(); ++counter) {
    Secret<64> next(size);
    HANDFAST_TRY(pseudorandom_key.mac({block.view(), info, {&counter, 1}}, next.writable()));
    block = std::move(next);
    const std::size_t part = std::min(size, out.size());
    std::copy_n(block.view().begin(), part, out.begin());
    out = out.subspan(part);
  }
  return {};
}

Result<void> hkdf_expand(HashAlgorithm algorithm, Bytes pseudorandom_key, Bytes info, MutableBytes out) {
  return hkdf_expand(HmacKey(algorithm, pseudorandom_key), info, out);
}

// P_hash(secret, seed) = HMAC_hash(secret, A(1) + seed) + HMAC_hash(secret, A(2) + seed) + …
// A(0) = seed, A(i) = HMAC_hash(secret, A(i-1))
Result<void> p_hash(const HmacKey& secret, const PrfSeed& seed, MutableBytes out) {
  const std::size_t size = hash_size(secret.algorithm());
  Secret<64> a(size);
  HANDFAST_TRY(secret.mac({seed[0], seed[1], seed[2], seed[3], seed[4]}, a.writable()));
  while (!out.empty()) {
    Secret<64> block(size);
    HANDFAST_TRY(secret.mac({a.view(), seed[0], seed[1], seed[2], seed[3], seed[4]}, block.writable()));
    const std::size_t part = std::min(size, out.size());
    std::copy_n(block.view().begin(), part, out.begin());
    out = out.subspan(part);
    if (out.empty()) break;
    Secret<64> next(size);
    HANDFAST_TRY(secret.mac({a.view()}, next.writable()));
    a = std::move(next);
  }
  return {};
}

}  // namespace handfast::crypto
