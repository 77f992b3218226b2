// X25519: see the header.
// libcrypto's fast X25519 is reached through EVP_PKEY_derive. Public keys come from x25519_base, because
// libcrypto 3.0 takes as long for them as for an agreement (and EVP_PKEY_keygen longer).
#include "crypto/x25519.hpp"

#include <openssl/core_names.h>

#include <array>
#include <utility>

#include "crypto/openssl.hpp"
#include "crypto/x25519_base.hpp"

namespace handfast::crypto::x25519 {
namespace {

using Key = std::array<std::uint8_t, kKeySize>;

constexpr Key kBasePoint{9};  // RFC 7748 §4.1

OSSL_PARAM octets(const char* name, Bytes value) {
  // libcrypto only reads it, but its type is shared with the parameters that it writes.
  return OSSL_PARAM_construct_octet_string(name, const_cast<std::uint8_t*>(value.data()), value.size());
}

// Imports keys. One a thread: making it costs as much as importing, and libcrypto does not promise to share
// it.
EVP_PKEY_CTX* importer() {
  static thread_local const OwnedPkeyContext context = [] {
    OwnedPkeyContext made(EVP_PKEY_CTX_new_from_name(nullptr, "X25519", nullptr));
    if (made && EVP_PKEY_fromdata_init(made.get()) != 1) made.reset();
    return made;
  }();
  return context.get();
}

OwnedPkey import(int selection, std::array<OSSL_PARAM, 3> parameters) {
  EVP_PKEY* key = nullptr;
  EVP_PKEY_CTX* const context = importer();
  if (context == nullptr || EVP_PKEY_fromdata(context, &key, selection, parameters.data()) != 1)
    return nullptr;
  return OwnedPkey(key);
}

// A key that can only derive: the base point stands in for its public key, which libcrypto would otherwise
// compute the slow way.
OwnedPkey import_private(Bytes key) {
  return import(EVP_PKEY_KEYPAIR, {octets(OSSL_PKEY_PARAM_PRIV_KEY, key),
                                   octets(OSSL_PKEY_PARAM_PUB_KEY, kBasePoint), OSSL_PARAM_construct_end()});
}

// The public key `point` as an object that stays the caller's until the thread's next call. Importing costs
// ten times what writing over the last one does, and there is nothing secret in it.
EVP_PKEY* public_key(Bytes point) {
  static thread_local const OwnedPkey key =
      import(EVP_PKEY_PUBLIC_KEY, {octets(OSSL_PKEY_PARAM_PUB_KEY, kBasePoint), OSSL_PARAM_construct_end()});
  if (!key || EVP_PKEY_set1_encoded_public_key(key.get(), point.data(), point.size()) != 1) return nullptr;
  return key.get();
}

// X25519(scalar, point). False also if the result is all zeros: libcrypto does not let that through.
bool multiply(Bytes scalar, Bytes point, MutableBytes out) {
  const OwnedPkey key = import_private(scalar);
  const OwnedPkeyContext context(key ? EVP_PKEY_CTX_new(key.get(), nullptr) : nullptr);
  EVP_PKEY* const peer = public_key(point);
  std::size_t size = out.size();
  constexpr int kNoValidation = 0;  // every string of 32 bytes is a public key (RFC 7748 §5)
  return context && peer != nullptr && EVP_PKEY_derive_init(context.get()) == 1 &&
         EVP_PKEY_derive_set_peer_ex(context.get(), peer, kNoValidation) == 1 &&
         EVP_PKEY_derive(context.get(), out.data(), &size) == 1 && size == out.size();
}

bool all_zero(Bytes bytes) { return constant_time_equal(bytes, Key{}); }

}  // namespace

Result<PrivateKey> PrivateKey::generate(const RandomSource& random, MutableBytes public_key) {
  PrivateKey key;
  HANDFAST_TRY(random.fill(key.scalar_.writable()));
#ifdef HANDFAST_FIELD25519
  multiply_base_point(key.scalar_.view(), public_key);
#else
  if (!multiply(key.scalar_.view(), kBasePoint, public_key)) return crypto_failure();
#endif
  return key;
}

Result<void> PrivateKey::derive(Bytes peer, MutableBytes out) const {
  if (peer.size() != kKeySize) return failure(ErrorCode::key_share_invalid);
  // RFC 9846 §7.4.2: "Implementations MUST check whether the computed Diffie-Hellman shared secret is the
  // all-zero value and abort if so". libcrypto checks it as well, and then only says that it failed.
  if (!multiply(scalar_.view(), peer, out) || all_zero(out)) {
    return crypto_failure(ErrorCode::key_share_invalid);
  }
  return {};
}

}  // namespace handfast::crypto::x25519
