// The verifier of raw public keys, and reading their files. RFC 7250 §6, RFC 7468 §13.
#include <fmt/format.h>

#include <algorithm>
#include <handfast/verifier.hpp>
#include <utility>

#include "crypto/hash.hpp"
#include "crypto/pem.hpp"
#include "crypto/public_key.hpp"

namespace handfast {
namespace {

class KeyVerifier final : public CertificateVerifier {
 public:
  explicit KeyVerifier(std::vector<ByteString> keys) : keys_(std::move(keys)) {
    std::ranges::sort(keys_);  // identity() must not depend on their order
  }

  void verify(const VerificationRequest& request, Completion<Verdict> done) const override {
    const PeerCertificates& shown = *request.certificates;
    const bool known = shown.type == CertificateType::RawPublicKey && shown.chain.size() == 1 &&
                       std::ranges::binary_search(keys_, shown.chain.front());
    if (known) {
      done.complete(Verdict{.path = shown.chain});
    } else {
      done.complete(failure(ErrorCode::raw_public_key_unknown));
    }
  }
  [[nodiscard]] ByteString identity() const override {
    crypto::Hash hash(crypto::HashAlgorithm::sha256);
    hash.update(as_bytes("raw public keys"));
    for (const ByteString& key : keys_) hash.update(key);  // DER: each says where it ends
    const auto digest = std::move(hash).finish();
    return digest ? copy_of(digest->view()) : ByteString();
  }

 private:
  std::vector<ByteString> keys_;
};

}  // namespace

Result<std::shared_ptr<const CertificateVerifier>> trust_raw_public_keys(std::vector<ByteString> keys) {
  if (keys.empty()) {
    return failure(Error(ErrorCode::configuration_invalid)
                       .with_detail("there is no raw public key: nobody could ever be believed"));
  }
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (auto key = crypto::PublicKey::from_spki(keys[i]); !key) {
      return failure(Error(ErrorCode::configuration_invalid)
                         .with_detail(fmt::format("raw public key {}: {}", i, key.error().to_string())));
    }
  }
  return std::make_shared<KeyVerifier>(std::move(keys));
}

Result<std::vector<ByteString>> raw_public_keys_from_bytes(Bytes file) {
  std::vector<ByteString> keys;
  HANDFAST_TRY_ASSIGN(const std::vector<crypto::PemBlock> blocks, crypto::parse_pem(as_text(file)));
  for (const crypto::PemBlock& block : blocks) {
    if (block.label != "PUBLIC KEY") continue;
    keys.push_back(block.der);
  }
  if (blocks.empty()) keys.push_back(copy_of(file));
  if (keys.empty()) {
    return failure(
        Error(ErrorCode::pem_malformed)
            .with_detail(fmt::format("there is no PUBLIC KEY in it, but a {}", blocks.front().label)));
  }
  for (const ByteString& key : keys) {
    if (!crypto::PublicKey::from_spki(key)) {
      return failure(Error(blocks.empty() ? ErrorCode::pem_malformed : ErrorCode::key_unsupported)
                         .with_detail("it holds no public key that can be used (SubjectPublicKeyInfo)"));
    }
  }
  return keys;
}

}  // namespace handfast
