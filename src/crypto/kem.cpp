// ML-KEM for TLS: see the header. The choice between the two implementations is made here and nowhere else.
#include "crypto/kem.hpp"

#include <algorithm>
#include <handfast/secret.hpp>
#include <optional>
#include <utility>

#include "crypto/ml_kem_provider.hpp"

namespace handfast::crypto::kem {
namespace {

using SharedSecretBytes = std::span<std::uint8_t, mlkem::kSharedSecretSize>;

}  // namespace

// Exactly one of the two is set.
struct PrivateKey::Key {
  Parameters parameters{};
  std::optional<mlkem::DecapsulationKey> own;
  std::optional<provider::DecapsulationKey> provided;
};

PrivateKey::PrivateKey(std::unique_ptr<Key> key) : key_(std::move(key)) {}
PrivateKey::PrivateKey(PrivateKey&&) noexcept = default;
PrivateKey& PrivateKey::operator=(PrivateKey&&) noexcept = default;
PrivateKey::~PrivateKey() = default;

Result<PrivateKey> PrivateKey::generate(Parameters parameters, const RandomSource& random,
                                        MutableBytes encapsulation_key) {
  Secret<mlkem::kSeedSize> seed(mlkem::kSeedSize);
  HANDFAST_TRY(random.fill(seed.writable()));
  auto key = std::make_unique<Key>();
  key->parameters = parameters;
  if (provider::available(parameters)) {
    HANDFAST_TRY_ASSIGN(auto made,
                        provider::DecapsulationKey::from_seed(parameters, seed.view(), encapsulation_key));
    key->provided.emplace(std::move(made));
    return PrivateKey(std::move(key));
  }
  const Bytes bytes = seed.view();
  key->own.emplace(mlkem::DecapsulationKey::from_seed(parameters, bytes.first<mlkem::kSeedSize>()));
  std::ranges::copy(key->own->encapsulation_key(), encapsulation_key.begin());
  return PrivateKey(std::move(key));
}

Result<void> PrivateKey::decapsulate(Bytes ciphertext, MutableBytes secret) const {
  // FIPS 203 §7.3: the ciphertext has the length that the parameter set says.
  if (ciphertext.size() != mlkem::ciphertext_size(key_->parameters))
    return failure(ErrorCode::key_share_invalid);
  if (key_->provided) return key_->provided->decapsulate(ciphertext, secret);
  if (!key_->own->decapsulate(ciphertext, SharedSecretBytes(secret)))
    return failure(ErrorCode::key_share_invalid);
  return {};
}

Result<void> encapsulate(Parameters parameters, Bytes encapsulation_key, const RandomSource& random,
                         MutableBytes ciphertext, MutableBytes secret) {
  // draft-ietf-tls-ecdhe-mlkem, "Server share": the server must perform the encapsulation key check of FIPS
  // 203 §7.2 and abort with illegal_parameter if it fails.
  if (encapsulation_key.size() != mlkem::encapsulation_key_size(parameters)) {
    return failure(ErrorCode::key_share_invalid);
  }
  Secret<mlkem::kMessageSize> m(mlkem::kMessageSize);
  HANDFAST_TRY(random.fill(m.writable()));
  const Bytes message = m.view();
  if (provider::available(parameters)) {
    return provider::encapsulate(parameters, encapsulation_key, message, ciphertext, secret);
  }
  if (!mlkem::encapsulate(parameters, encapsulation_key, message.first<mlkem::kMessageSize>(), ciphertext,
                          SharedSecretBytes(secret))) {
    return failure(ErrorCode::key_share_invalid);
  }
  return {};
}

}  // namespace handfast::crypto::kem
