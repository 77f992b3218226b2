// Hash functions: see the header. FIPS 180-4.
// Uses libcrypto's low-level functions on contexts of our own: they run the same assembly as the EVP layer,
// allocate nothing and cost a tenth of it on short inputs (libcrypto 3.0). They are deprecated, not removed.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "crypto/hash.hpp"

#include <openssl/sha.h>

#include <handfast/secret.hpp>
#include <new>
#include <type_traits>

namespace handfast::crypto {
namespace {

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

}  // namespace handfast::crypto
