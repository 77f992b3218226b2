// X25519: see the header.
// The work is that of libcrypto's provider, called through its dispatch tables (provider-keymgmt(7),
// provider-keyexch(7)): EVP_PKEY would look up names and take locks for a seventh of the time of an
// agreement.
#include "crypto/x25519.hpp"

#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/provider.h>

#include <array>
#include <atomic>
#include <memory>
#include <string_view>
#include <utility>

#include "crypto/openssl.hpp"

namespace handfast::crypto::x25519 {
namespace {

using Key = std::array<std::uint8_t, kKeySize>;

constexpr Key kBasePoint{9};  // RFC 7748 §4.1

// What the provider has for `operation` on X25519 keys; null if nothing.
const OSSL_DISPATCH* find_functions(const OSSL_PROVIDER* provider, int operation) {
  int no_cache = 0;  // the tables of a loaded provider stay where they are
  const OSSL_ALGORITHM* algorithm = OSSL_PROVIDER_query_operation(provider, operation, &no_cache);
  for (; algorithm != nullptr && algorithm->algorithm_names != nullptr; ++algorithm) {
    const std::string_view names = algorithm->algorithm_names;  // "X25519:1.3.101.110"
    if (names.substr(0, names.find(':')) == "X25519") return algorithm->implementation;
  }
  return nullptr;
}

// The functions of the provider that libcrypto would choose.
struct Provider {
  const EVP_KEYEXCH* exchange = nullptr;  // kept for ever, like all that is fetched: it holds the provider
  void* context = nullptr;
  OSSL_FUNC_keymgmt_new_fn* new_key = nullptr;
  OSSL_FUNC_keymgmt_free_fn* free_key = nullptr;
  OSSL_FUNC_keymgmt_import_fn* import = nullptr;
  OSSL_FUNC_keyexch_newctx_fn* new_exchange = nullptr;
  OSSL_FUNC_keyexch_freectx_fn* free_exchange = nullptr;
  OSSL_FUNC_keyexch_init_fn* init = nullptr;
  OSSL_FUNC_keyexch_set_peer_fn* set_peer = nullptr;
  OSSL_FUNC_keyexch_derive_fn* derive = nullptr;

  [[nodiscard]] bool complete() const {
    return new_key != nullptr && free_key != nullptr && import != nullptr && new_exchange != nullptr &&
           free_exchange != nullptr && init != nullptr && set_peer != nullptr && derive != nullptr;
  }

  void take_key_function(const OSSL_DISPATCH* function) {
    switch (function->function_id) {
      case OSSL_FUNC_KEYMGMT_NEW:
        new_key = OSSL_FUNC_keymgmt_new(function);
        break;
      case OSSL_FUNC_KEYMGMT_FREE:
        free_key = OSSL_FUNC_keymgmt_free(function);
        break;
      case OSSL_FUNC_KEYMGMT_IMPORT:
        import = OSSL_FUNC_keymgmt_import(function);
        break;
      default:
        break;
    }
  }
  void take_exchange_function(const OSSL_DISPATCH* function) {
    switch (function->function_id) {
      case OSSL_FUNC_KEYEXCH_NEWCTX:
        new_exchange = OSSL_FUNC_keyexch_newctx(function);
        break;
      case OSSL_FUNC_KEYEXCH_FREECTX:
        free_exchange = OSSL_FUNC_keyexch_freectx(function);
        break;
      case OSSL_FUNC_KEYEXCH_INIT:
        init = OSSL_FUNC_keyexch_init(function);
        break;
      case OSSL_FUNC_KEYEXCH_SET_PEER:
        set_peer = OSSL_FUNC_keyexch_set_peer(function);
        break;
      case OSSL_FUNC_KEYEXCH_DERIVE:
        derive = OSSL_FUNC_keyexch_derive(function);
        break;
      default:
        break;
    }
  }

  static Provider find() {
    Provider found;
    found.exchange = EVP_KEYEXCH_fetch(nullptr, "X25519", nullptr);
    if (found.exchange == nullptr) return found;
    const OSSL_PROVIDER* const provider = EVP_KEYEXCH_get0_provider(found.exchange);
    const OSSL_DISPATCH* key = find_functions(provider, OSSL_OP_KEYMGMT);
    const OSSL_DISPATCH* agreement = find_functions(provider, OSSL_OP_KEYEXCH);
    found.context = OSSL_PROVIDER_get0_provider_ctx(provider);
    for (; key != nullptr && key->function_id != 0; ++key) found.take_key_function(key);
    for (; agreement != nullptr && agreement->function_id != 0; ++agreement)
      found.take_exchange_function(agreement);
    return found;
  }
};

// Null if libcrypto has no X25519, or not now: only what is complete is kept, and for ever.
const Provider* provider() {
  static std::atomic<const Provider*> kept = nullptr;
  const Provider* found = kept.load(std::memory_order_acquire);
  if (found != nullptr) return found;
  auto fresh = std::make_unique<const Provider>(Provider::find());
  if (!fresh->complete()) return nullptr;
  // Two threads may both have looked: the first one's is kept.
  if (kept.compare_exchange_strong(found, fresh.get(), std::memory_order_acq_rel)) return fresh.release();
  return found;
}

struct FreeKey {
  void operator()(void* key) const { provider()->free_key(key); }
};
struct FreeExchange {
  void operator()(void* exchange) const { provider()->free_exchange(exchange); }
};
using OwnedKey = std::unique_ptr<void, FreeKey>;
using OwnedExchange = std::unique_ptr<void, FreeExchange>;

OSSL_PARAM octets(const char* name, Bytes value) {
  // libcrypto only reads it, but its type is shared with the parameters that it writes.
  return OSSL_PARAM_construct_octet_string(name, const_cast<std::uint8_t*>(value.data()), value.size());
}

OwnedKey import(const Provider& from, int selection, std::array<OSSL_PARAM, 3> parameters) {
  OwnedKey key(from.new_key(from.context));
  if (key && from.import(key.get(), selection, parameters.data()) != 1) key.reset();
  return key;
}

OwnedKey import_public(const Provider& from, Bytes key) {
  return import(from, OSSL_KEYMGMT_SELECT_PUBLIC_KEY,
                {octets(OSSL_PKEY_PARAM_PUB_KEY, key), OSSL_PARAM_construct_end()});
}

// A key that can only derive: the base point stands in for its public key, which libcrypto would otherwise
// compute the slow way.
OwnedKey import_private(const Provider& from, Bytes key) {
  return import(from, OSSL_KEYMGMT_SELECT_KEYPAIR,
                {octets(OSSL_PKEY_PARAM_PRIV_KEY, key), octets(OSSL_PKEY_PARAM_PUB_KEY, kBasePoint),
                 OSSL_PARAM_construct_end()});
}

// X25519(scalar, point). False also if the result is all zeros: libcrypto does not let that through.
bool multiply(Bytes scalar, Bytes point, MutableBytes out) {
  const Provider* const from = provider();
  if (from == nullptr) return false;
  const OwnedKey own = import_private(*from, scalar);
  const OwnedKey peer = import_public(*from, point);
  const OwnedExchange exchange(from->new_exchange(from->context));
  std::size_t size = out.size();
  return own && peer && exchange && from->init(exchange.get(), own.get(), nullptr) == 1 &&
         from->set_peer(exchange.get(), peer.get()) == 1 &&
         from->derive(exchange.get(), out.data(), &size, out.size()) == 1 && size == out.size();
}

bool all_zero(Bytes bytes) { return constant_time_equal(bytes, Key{}); }

}  // namespace

Result<PrivateKey> PrivateKey::generate(const RandomSource& random, MutableBytes public_key) {
  PrivateKey key;
  HANDFAST_TRY(random.fill(key.scalar_.writable()));
  if (!multiply(key.scalar_.view(), kBasePoint, public_key)) return crypto_failure();
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
