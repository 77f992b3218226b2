// HMAC and HKDF: see the header. FIPS 180-4, RFC 2104 §2, RFC 5869 §2.
// TLS derives its keys from many messages shorter than a block. So the pads are compressed once for each key,
// and a short message costs two compressions and nothing else (libcrypto's low-level functions, as in
// hash.cpp).
#define OPENSSL_SUPPRESS_DEPRECATED
#include "crypto/hmac.hpp"

#include <openssl/sha.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

namespace handfast::crypto {
namespace {

constexpr std::uint8_t kInnerPad = 0x36;
constexpr std::uint8_t kOuterPad = 0x5c;

// The hash functions as HMAC needs them: block by block (FIPS 180-4 §5.1, §6.2, §6.4).
struct Sha256 {
  using Context = SHA256_CTX;
  static constexpr std::size_t kSize = 32;
  static constexpr std::size_t kBlock = 64;
  static constexpr std::size_t kLengthField = 8;
  static bool begin(Context& state) { return SHA256_Init(&state) == 1; }
  static void compress(Context& state, const std::uint8_t* block) { SHA256_Transform(&state, block); }
  static bool update(Context& state, Bytes part) {
    return SHA256_Update(&state, part.data(), part.size()) == 1;
  }
  static bool finish(Context& state, std::uint8_t* out) { return SHA256_Final(out, &state) == 1; }
};
struct Sha512 {
  using Context = SHA512_CTX;
  static constexpr std::size_t kSize = 64;
  static constexpr std::size_t kBlock = 128;
  static constexpr std::size_t kLengthField = 16;
  static bool begin(Context& state) { return SHA512_Init(&state) == 1; }
  static void compress(Context& state, const std::uint8_t* block) { SHA512_Transform(&state, block); }
  static bool update(Context& state, Bytes part) {
    return SHA512_Update(&state, part.data(), part.size()) == 1;
  }
  static bool finish(Context& state, std::uint8_t* out) { return SHA512_Final(out, &state) == 1; }
};
struct Sha384 : Sha512 {
  static constexpr std::size_t kSize = 48;
  static bool begin(Context& state) { return SHA384_Init(&state) == 1; }
};

template <class Function>
using Block = std::array<std::uint8_t, Function::kBlock>;

template <class Context>
void wipe_context(Context& state) {
  wipe({reinterpret_cast<std::uint8_t*>(&state), sizeof(state)});
}

// Ends a hash of which one whole block (the pad) is done, with `block`, whose first `size` bytes are filled.
// The hash takes their place.
template <class Function>
void finish_block(Bytes begun, Block<Function>& block, std::size_t size) {
  const std::size_t bits = 8 * (Function::kBlock + size);
  std::fill(block.begin() + static_cast<std::ptrdiff_t>(size), block.end(), std::uint8_t{0});
  block[size] = 0x80;
  block[Function::kBlock - 2] = static_cast<std::uint8_t>(bits >> 8U);
  block[Function::kBlock - 1] = static_cast<std::uint8_t>(bits);
  typename Function::Context state;
  std::memcpy(state.h, begun.data(), sizeof(state.h));
  Function::compress(state, block.data());
  static_assert(std::endian::native == std::endian::little || std::endian::native == std::endian::big);
  if constexpr (std::endian::native == std::endian::little) {
    for (auto& word : state.h) word = std::byteswap(word);
  }
  std::memcpy(block.data(), state.h, sizeof(state.h));
  wipe({reinterpret_cast<std::uint8_t*>(state.h), sizeof(state.h)});
}

// Joins the parts if they fit into one block together with the hash's padding.
template <class Function>
bool join(std::initializer_list<Bytes> parts, Block<Function>& block, std::size_t& size) {
  size = 0;
  for (const Bytes part : parts) {
    if (part.size() >= Function::kBlock - Function::kLengthField - size) return false;
    std::ranges::copy(part, block.begin() + static_cast<std::ptrdiff_t>(size));
    size += part.size();
  }
  return true;
}

// The inner hash of a message of any length.
template <class Function>
bool hash_on(Bytes begun, std::initializer_list<Bytes> parts, std::uint8_t* out) {
  typename Function::Context state;
  bool done = Function::begin(state);
  std::memcpy(state.h, begun.data(), sizeof(state.h));
  state.Nl = 8 * Function::kBlock;  // bits so far: the pad
  for (const Bytes part : parts) done = done && (part.empty() || Function::update(state, part));
  done = done && Function::finish(state, out);
  wipe_context(state);
  return done;
}

}  // namespace

// RFC 2104 §2: a key longer than a block is replaced by its hash; then zeros fill the block.
template <class Function>
bool HmacKey::prepare(Bytes key) {
  static_assert(sizeof(Function::Context::h) <= sizeof(ChainingValue));
  typename Function::Context state;
  Block<Function> pad{};
  bool done = true;
  if (key.size() <= pad.size()) {
    std::ranges::copy(key, pad.begin());
  } else {
    done = Function::begin(state) && Function::update(state, key) && Function::finish(state, pad.data());
  }
  for (std::uint8_t& byte : pad) byte ^= kInnerPad;
  done = done && Function::begin(state);
  Function::compress(state, pad.data());
  std::memcpy(inner_.data(), state.h, sizeof(state.h));
  for (std::uint8_t& byte : pad) byte ^= kInnerPad ^ kOuterPad;
  done = done && Function::begin(state);
  Function::compress(state, pad.data());
  std::memcpy(outer_.data(), state.h, sizeof(state.h));
  wipe_context(state);
  wipe(pad);
  return done;
}

template <class Function>
bool HmacKey::mac_with(std::initializer_list<Bytes> parts, MutableBytes out) const {
  Block<Function> block;
  std::size_t size = 0;
  bool done = true;
  if (join<Function>(parts, block, size)) {
    finish_block<Function>(inner_, block, size);
  } else {
    done = hash_on<Function>(inner_, parts, block.data());
  }
  finish_block<Function>(outer_, block, Function::kSize);
  std::copy_n(block.begin(), out.size(), out.begin());
  wipe(block);
  return done;
}

HmacKey::HmacKey(HashAlgorithm algorithm, Bytes key) : algorithm_(algorithm) {
  switch (algorithm) {
    case HashAlgorithm::sha1:
      break;
    case HashAlgorithm::sha256:
      failed_ = !prepare<Sha256>(key);
      break;
    case HashAlgorithm::sha384:
      failed_ = !prepare<Sha384>(key);
      break;
    case HashAlgorithm::sha512:
      failed_ = !prepare<Sha512>(key);
      break;
  }
}

HmacKey::HmacKey(HmacKey&& other) noexcept
    : inner_(other.inner_),
      outer_(other.outer_),
      algorithm_(other.algorithm_),
      failed_(std::exchange(other.failed_, true)) {
  wipe(other.inner_);
  wipe(other.outer_);
}

HmacKey& HmacKey::operator=(HmacKey&& other) noexcept {
  if (this != &other) {
    inner_ = other.inner_;
    outer_ = other.outer_;
    algorithm_ = other.algorithm_;
    failed_ = std::exchange(other.failed_, true);
    wipe(other.inner_);
    wipe(other.outer_);
  }
  return *this;
}

HmacKey::~HmacKey() {
  wipe(inner_);
  wipe(outer_);
}

Result<void> HmacKey::mac(std::initializer_list<Bytes> parts, MutableBytes out) const {
  if (failed_) return failure(ErrorCode::crypto_failed);
  if (out.size() > hash_size(algorithm_)) return failure(ErrorCode::internal_error);
  const bool done = algorithm_ == HashAlgorithm::sha256   ? mac_with<Sha256>(parts, out)
                    : algorithm_ == HashAlgorithm::sha384 ? mac_with<Sha384>(parts, out)
                                                          : mac_with<Sha512>(parts, out);
  if (!done) return failure(ErrorCode::crypto_failed);
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
