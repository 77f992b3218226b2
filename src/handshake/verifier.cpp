// The two verifiers that come with the library: RFC 5280 validation, and none at all.
#include <handfast/verifier.hpp>
#include <utility>

#include "crypto/hash.hpp"
#include "pki/chain_cache.hpp"
#include "pki/trust_index.hpp"
#include "pki/verify.hpp"

namespace handfast {
namespace {

class PathVerifier final : public CertificateVerifier {
 public:
  PathVerifier(std::shared_ptr<const TrustAnchors> anchors, const Clock& clock, RevocationSettings revocation,
               std::size_t remembered_chains)
      : anchors_(std::move(anchors)), clock_(clock), revocation_(std::move(revocation)) {
    if (remembered_chains > 0) remembered_ = std::make_unique<pki::VerifiedChains>(remembered_chains);
  }

  void verify(const VerificationRequest& request, Completion<Verdict> done) const override {
    auto path = pki::verify_chain({.chain = request.certificates->chain,
                                   .anchors = *anchors_,
                                   .now = clock_.now(),
                                   .peer = request.peer,
                                   .name = request.name.get(),
                                   .crls = revocation_.lists.get(),
                                   .revocation = revocation_.mode,
                                   .stapled_response = request.certificates->ocsp_response,
                                   .staple_requested = request.staple_requested},
                                  remembered_.get());
    if (!path) {
      done.complete(failure(path.error()));
    } else {
      done.complete(Verdict{std::move(*path)});
    }
  }
  [[nodiscard]] std::vector<ByteString> authorities() const override { return anchors_->subjects(); }
  // With lists there is none: what was good under the old ones may be revoked in the new.
  [[nodiscard]] ByteString identity() const override {
    if (revocation_.lists) return {};
    crypto::Hash hash(crypto::HashAlgorithm::sha256);
    for (const pki::Anchor& anchor : anchors_->index().anchors) hash.update(anchor.der);
    const auto digest = std::move(hash).finish();
    return digest ? copy_of(digest->view()) : ByteString();
  }

 private:
  std::shared_ptr<const TrustAnchors> anchors_;
  const Clock& clock_;
  RevocationSettings revocation_;
  std::unique_ptr<pki::VerifiedChains> remembered_;  // null: none; safe to use from any thread
};

class AcceptAny final : public CertificateVerifier {
 public:
  void verify(const VerificationRequest&, Completion<Verdict> done) const override {
    done.complete(Verdict{});
  }
  [[nodiscard]] ByteString identity() const override { return copy_of(as_bytes("anybody")); }
};

}  // namespace

Result<std::shared_ptr<const CertificateVerifier>> verify_with(std::shared_ptr<const TrustAnchors> anchors,
                                                               const Clock& clock,
                                                               RevocationSettings revocation,
                                                               std::size_t remembered_chains) {
  if (!anchors || anchors->empty()) {
    return failure(Error(ErrorCode::configuration_invalid)
                       .with_detail("the trust store is empty: no certificate could ever be believed"));
  }
  const bool has_lists = revocation.lists && !revocation.lists->empty();
  if (revocation.mode == RevocationMode::hard_fail && !has_lists) {
    return failure(
        Error(ErrorCode::configuration_invalid)
            .with_detail("revocation lists are needed (hard_fail) and there is none: no certificate "
                         "could ever be believed"));
  }
  return std::make_shared<PathVerifier>(std::move(anchors), clock, std::move(revocation), remembered_chains);
}

namespace danger {

std::shared_ptr<const CertificateVerifier> accept_any_certificate() { return std::make_shared<AcceptAny>(); }

}  // namespace danger
}  // namespace handfast
