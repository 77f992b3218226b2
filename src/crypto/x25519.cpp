// X25519: see the header.
// libcrypto has one fast X25519, reached through EVP_PKEY_derive, and a slow one for public keys. So the
// public key is derived too, from the base point: 45 µs instead of 54 (libcrypto 3.0, where one
// multiplication is 39).
#include "crypto/x25519.hpp"

#include <openssl/core_names.h>

#include <array>
#include <handfast/secret.hpp>
#include <utility>

namespace handfast::crypto::x25519 {
namespace {

using Key = std::array<std::uint8_t, kKeySize>;

constexpr Key kBasePoint{9};  // RFC 7748 §4.1

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

OSSL_PARAM octets(const char* name, Bytes value) {
  // libcrypto only reads it, but its type is shared with the parameters that it writes.
  return OSSL_PARAM_construct_octet_string(name, const_cast<std::uint8_t*>(value.data()), value.size());
}

OwnedPkey import(int selection, std::array<OSSL_PARAM, 3> parameters) {
  EVP_PKEY* key = nullptr;
  EVP_PKEY_CTX* const context = importer();
  if (context == nullptr || EVP_PKEY_fromdata(context, &key, selection, parameters.data()) != 1)
    return nullptr;
  return OwnedPkey(key);
}

OwnedPkey import_public(Bytes key) {
  return import(EVP_PKEY_PUBLIC_KEY, {octets(OSSL_PKEY_PARAM_PUB_KEY, key), OSSL_PARAM_construct_end()});
}

// A key that can only derive: the base point stands in for its public key, which libcrypto would otherwise
// compute the slow way.
OwnedPkey import_private(Bytes key) {
  return import(EVP_PKEY_KEYPAIR, {octets(OSSL_PKEY_PARAM_PRIV_KEY, key),
                                   octets(OSSL_PKEY_PARAM_PUB_KEY, kBasePoint), OSSL_PARAM_construct_end()});
}

bool derive_from(EVP_PKEY_CTX* context, EVP_PKEY* peer, MutableBytes out) {
  std::size_t size = out.size();
  constexpr int kNoValidation = 0;  // every string of 32 bytes is a public key (RFC 7748 §5)
  return peer != nullptr && EVP_PKEY_derive_set_peer_ex(context, peer, kNoValidation) == 1 &&
         EVP_PKEY_derive(context, out.data(), &size) == 1 && size == out.size();
}

bool all_zero(Bytes bytes) { return constant_time_equal(bytes, Key{}); }

}  // namespace

Result<PrivateKey> PrivateKey::generate(const RandomSource& random, MutableBytes public_key) {
  static const OwnedPkey base_point = import_public(kBasePoint);
  Secret<kKeySize> scalar(kKeySize);
  HANDFAST_TRY(random.fill(scalar.writable()));
  const OwnedPkey key = import_private(scalar.view());
  OwnedPkeyContext context(key ? EVP_PKEY_CTX_new(key.get(), nullptr) : nullptr);
  if (!context || EVP_PKEY_derive_init(context.get()) != 1 ||
      !derive_from(context.get(), base_point.get(), public_key)) {
    return crypto_failure();
  }
  return PrivateKey(std::move(context));
}

Result<void> PrivateKey::derive(Bytes peer, MutableBytes out) {
  if (peer.size() != kKeySize) return failure(ErrorCode::key_share_invalid);
  const OwnedPkey peer_key = import_public(peer);
  if (!peer_key) return crypto_failure();
  // RFC 9846 §7.4.2: "Implementations MUST check whether the computed Diffie-Hellman shared secret is the
  // all-zero value and abort if so". libcrypto checks it as well, and then only says that it failed.
  if (!derive_from(context_.get(), peer_key.get(), out) || all_zero(out)) {
    return crypto_failure(ErrorCode::key_share_invalid);
  }
  return {};
}

}  // namespace handfast::crypto::x25519
