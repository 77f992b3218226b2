// Files that hold private keys, PEM or DER, encrypted or not: reading must not crash, and a key that was read
// signs what its public key accepts, and is read again from what it writes.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "crypto/encrypted_key.hpp"
#include "crypto/private_key.hpp"

namespace {

void demand(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace handfast;
  const Bytes input(data, size);
  const auto key = crypto::PrivateKey::from_bytes(input);
  if (!key) {
    (void)key.error().to_string();
    demand(key.error().category() == ErrorCategory::local);
    if (key.error().code() == ErrorCode::key_passphrase_missing)
      (void)crypto::PrivateKey::from_bytes(input, "x");
    return 0;
  }
  const auto pem = key->to_pem();
  demand(pem.has_value());
  const auto again = crypto::PrivateKey::from_pem(*pem);
  demand(again.has_value() && again->type() == key->type());
  const auto public_key = crypto::PublicKey::from_spki(key->public_key());
  if (!public_key) return 0;  // an RSA key that is not taken as a peer's
  const auto method = crypto::method_of(key->schemes().front());
  const auto signature = key->sign(*method, as_bytes("x"));
  // Numbers that do not belong together sign nothing, or nothing that is believed.
  if (signature) (void)public_key->verify(*method, as_bytes("x"), *signature);
  return 0;
}
