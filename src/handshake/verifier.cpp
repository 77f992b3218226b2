// The two verifiers that come with the library: RFC 5280 validation, and none at all.
#include <handfast/verifier.hpp>

#include "pki/verify.hpp"

namespace handfast {
namespace {

class PathVerifier final : public CertificateVerifier {
 public:
  PathVerifier(std::shared_ptr<const TrustAnchors> anchors, const Clock& clock)
      : anchors_(std::move(anchors)), clock_(clock) {}

  void verify(const VerificationRequest& request, Completion<Verdict> done) const override {
    auto path = pki::verify_chain({.chain = request.certificates->chain,
                                   .anchors = *anchors_,
                                   .now = clock_.now(),
                                   .peer = request.peer,
                                   .name = request.name.get()});
    if (!path) {
      done.complete(failure(path.error()));
    } else {
      done.complete(Verdict{std::move(*path)});
    }
  }
  [[nodiscard]] std::vector<ByteString> authorities() const override { return anchors_->subjects(); }

 private:
  std::shared_ptr<const TrustAnchors> anchors_;
  const Clock& clock_;
};

class AcceptAny final : public CertificateVerifier {
 public:
  void verify(const VerificationRequest&, Completion<Verdict> done) const override {
    done.complete(Verdict{});
  }
};

}  // namespace

Result<std::shared_ptr<const CertificateVerifier>> verify_with(std::shared_ptr<const TrustAnchors> anchors,
                                                               const Clock& clock) {
  if (!anchors || anchors->empty()) {
    return failure(Error(ErrorCode::configuration_invalid)
                       .with_detail("the trust store is empty: no certificate could ever be believed"));
  }
  return std::make_shared<PathVerifier>(std::move(anchors), clock);
}

namespace danger {

std::shared_ptr<const CertificateVerifier> accept_any_certificate() { return std::make_shared<AcceptAny>(); }

}  // namespace danger
}  // namespace handfast
