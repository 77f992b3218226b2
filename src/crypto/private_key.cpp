// Private keys and the Signer that owns one: see the headers. Files are read by private_key_file.cpp.
#define OPENSSL_SUPPRESS_DEPRECATED  // RSA key generation: reason in rsa.cpp
#include "crypto/private_key.hpp"

#include <algorithm>
#include <array>
#include <handfast/random.hpp>
#include <optional>
#include <utility>

#include "crypto/der.hpp"
#include "crypto/der_writer.hpp"
#include "crypto/pem.hpp"
#include "crypto/private_key_der.hpp"
#include "crypto/rsa_premaster.hpp"

namespace handfast::crypto {
namespace {

using enum SignatureScheme;

// PKCS #1 v1.5 last: in TLS 1.3 it signs certificates only (RFC 9846 §4.3.3).
constexpr std::array kRsaSchemes{rsa_pss_rsae_sha256, rsa_pss_rsae_sha384, rsa_pss_rsae_sha512,
                                 rsa_pkcs1_sha256,    rsa_pkcs1_sha384,    rsa_pkcs1_sha512};
constexpr std::array kPssSchemes{rsa_pss_pss_sha256, rsa_pss_pss_sha384, rsa_pss_pss_sha512};
constexpr std::array kP256Schemes{ecdsa_secp256r1_sha256};
constexpr std::array kP384Schemes{ecdsa_secp384r1_sha384};
constexpr std::array kP521Schemes{ecdsa_secp521r1_sha512};
constexpr std::array kEd25519Schemes{ed25519};
constexpr std::array kMlDsa44Schemes{mldsa44};
constexpr std::array kMlDsa65Schemes{mldsa65};
constexpr std::array kMlDsa87Schemes{mldsa87};

std::span<const SignatureScheme> pss_schemes(std::optional<HashAlgorithm> only) {
  const std::span<const SignatureScheme> all = kPssSchemes;
  if (!only) return all;
  return all.subspan(*only == HashAlgorithm::sha256 ? 0 : *only == HashAlgorithm::sha384 ? 1 : 2, 1);
}

std::span<const SignatureScheme> schemes_of(const KeyAlgorithm& algorithm) {
  switch (algorithm.type) {
    case KeyType::rsa:
      return kRsaSchemes;
    case KeyType::rsa_pss:
      return pss_schemes(algorithm.pss_hash);
    case KeyType::ec_p256:
      return kP256Schemes;
    case KeyType::ec_p384:
      return kP384Schemes;
    case KeyType::ec_p521:
      return kP521Schemes;
    case KeyType::ed25519:
      return kEd25519Schemes;
    case KeyType::ml_dsa_44:
      return kMlDsa44Schemes;
    case KeyType::ml_dsa_65:
      return kMlDsa65Schemes;
    case KeyType::ml_dsa_87:
      return kMlDsa87Schemes;
  }
  return {};
}

Result<PrivateMaterial> generate_rsa() {
  constexpr int kBits = 2048;
  constexpr BN_ULONG kExponent = 65537;
  rsa::OwnedRsa key(RSA_new());
  const OwnedBignum exponent(BN_new());
  if (!key || !exponent || BN_set_word(exponent.get(), kExponent) != 1 ||
      RSA_generate_key_ex(key.get(), kBits, exponent.get(), nullptr) != 1) {
    return crypto_failure();
  }
  return PrivateMaterial(std::move(key));
}

Result<PrivateMaterial> generate_ec(ec::Curve curve) {
  HANDFAST_TRY_ASSIGN(const ec::Scalar scalar, ec::generate(curve, system_random()));
  HANDFAST_TRY_ASSIGN(auto key, ecdsa::private_key(curve, scalar.view()));
  return PrivateMaterial(std::move(key));
}

Result<PrivateMaterial> generate_pure(KeyType type) {
  if (!pure::is_available(type)) return failure(ErrorCode::key_unsupported);
  Secret<pure::kSeedSize> seed(pure::kSeedSize);
  HANDFAST_TRY(system_random().fill(seed.writable()));
  OwnedPkey key = pure::private_key(type, seed.view());
  if (!key) return crypto_failure();
  return PrivateMaterial(std::move(key));
}

class KeySigner : public Signer {
 public:
  explicit KeySigner(PrivateKey key) : key_(std::move(key)) {}

  [[nodiscard]] std::span<const SignatureScheme> schemes() const override { return key_.schemes(); }
  [[nodiscard]] Bytes public_key() const override { return key_.public_key(); }
  void sign(SignatureScheme scheme, Bytes content, Completion<ByteString> done) const override {
    const auto method = method_of(scheme);
    const bool ours = std::ranges::find(schemes(), scheme) != schemes().end();
    done.complete(ours && method ? key_.sign(*method, content)
                                 : Result<ByteString>(failure(ErrorCode::signer_failed)));
  }

 protected:
  [[nodiscard]] const PrivateKey& key() const { return key_; }

 private:
  PrivateKey key_;
};

class RsaKeySigner final : public KeySigner, public PremasterDecryptor {
 public:
  using KeySigner::KeySigner;
  [[nodiscard]] Result<RsaPremaster> decrypt_premaster(Bytes encrypted, ProtocolVersion offered,
                                                       const RandomSource& random) const override {
    return key().decrypt_premaster(encrypted, offered, random);
  }
};

}  // namespace

struct PrivateKey::Key {
  ParsedPrivateKey parsed;
  ByteString public_key;
};

PrivateKey::PrivateKey(std::unique_ptr<Key> key) : key_(std::move(key)) {}
PrivateKey::PrivateKey(PrivateKey&&) noexcept = default;
PrivateKey& PrivateKey::operator=(PrivateKey&&) noexcept = default;
PrivateKey::~PrivateKey() = default;

Result<PrivateKey> PrivateKey::from_parsed(ParsedPrivateKey parsed) {
  HANDFAST_TRY_ASSIGN(const ByteString octets, public_key_octets(parsed.material, parsed.algorithm.type));
  ByteString spki = der_encode(der::kSequence, {parsed.algorithm_identifier, der_bit_string(octets)});
  return PrivateKey(std::make_unique<Key>(Key{std::move(parsed), std::move(spki)}));
}

Result<PrivateKey> PrivateKey::from_bytes(Bytes file, std::optional<std::string_view> passphrase) {
  HANDFAST_TRY_ASSIGN(ParsedPrivateKey parsed, read_private_key(file, passphrase));
  return from_parsed(std::move(parsed));
}

Result<PrivateKey> PrivateKey::generate(KeyType type) {
  const auto curve = curve_of(type);
  auto material = curve ? generate_ec(*curve) : pure::sizes_of(type) ? generate_pure(type) : generate_rsa();
  if (!material) return failure(std::move(material).error());
  return from_parsed({{type, std::nullopt}, algorithm_identifier(type), std::move(*material)});
}

KeyType PrivateKey::type() const { return key_->parsed.algorithm.type; }

std::span<const SignatureScheme> PrivateKey::schemes() const { return schemes_of(key_->parsed.algorithm); }

Bytes PrivateKey::public_key() const { return key_->public_key; }

Result<std::string> PrivateKey::to_pem() const {
  HANDFAST_TRY_ASSIGN(const WipedBytes der, write_pkcs8(key_->parsed));
  return crypto::to_pem("PRIVATE KEY", der.view());
}

Result<ByteString> PrivateKey::sign(SignatureMethod method, Bytes content) const {
  const ParsedPrivateKey& key = key_->parsed;
  if (!method_fits(key.algorithm, method)) return failure(ErrorCode::signer_failed);
  if (const auto* const ec_key = std::get_if<ecdsa::OwnedKey>(&key.material)) {
    return ecdsa::sign(**ec_key, method.hash, content);
  }
  if (const auto* const rsa_key = std::get_if<rsa::OwnedRsa>(&key.material)) {
    const auto padding =
        method.algorithm == SignatureAlgorithm::rsa_pss ? rsa::Padding::pss : rsa::Padding::pkcs1;
    return rsa::sign(**rsa_key, padding, method.hash, content);
  }
  return pure::sign(*std::get<OwnedPkey>(key.material), type(), content);
}

Result<RsaPremaster> PrivateKey::decrypt_premaster(Bytes encrypted, ProtocolVersion offered,
                                                   const RandomSource& random) const {
  const auto* const rsa_key = std::get_if<rsa::OwnedRsa>(&key_->parsed.material);
  if (rsa_key == nullptr || type() != KeyType::rsa) return failure(ErrorCode::key_unsupported);
  return rsa::decrypt_premaster(**rsa_key, encrypted, offered, random);
}

std::shared_ptr<const Signer> make_signer(PrivateKey key) {
  if (key.type() == KeyType::rsa) return std::make_shared<RsaKeySigner>(std::move(key));
  return std::make_shared<KeySigner>(std::move(key));
}

}  // namespace handfast::crypto

namespace handfast {

Result<std::shared_ptr<const Signer>> signer_from_bytes(Bytes file,
                                                        std::optional<std::string_view> passphrase) {
  HANDFAST_TRY_ASSIGN(auto key, crypto::PrivateKey::from_bytes(file, passphrase));
  return crypto::make_signer(std::move(key));
}

}  // namespace handfast
