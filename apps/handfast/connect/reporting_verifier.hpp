// ReportingVerifier: asks a verifier and tells somebody what it said. With --insecure its "no" is overruled,
// but still told: nothing is called checked that was not.
#pragma once

#include <functional>
#include <handfast/verifier.hpp>
#include <memory>
#include <optional>

namespace handfast::apps {

// What the inner verifier said; `refused` is empty if it believed the peer.
struct VerifierReport {
  std::shared_ptr<const PeerCertificates> certificates;
  Verdict verdict;
  std::optional<Error> refused;
};

class ReportingVerifier : public CertificateVerifier {
 public:
  // `inner` must answer inside verify(), as handfast::verify_with() does. Null: there is nothing to ask with
  // (no trust anchors); then `unavailable` is what is reported.
  ReportingVerifier(std::shared_ptr<const CertificateVerifier> inner, std::optional<Error> unavailable,
                    bool overrule, std::function<void(const VerifierReport&)> report);

  void verify(const VerificationRequest& request, Completion<Verdict> done) const override;
  [[nodiscard]] ByteString identity() const override;

 private:
  std::shared_ptr<const CertificateVerifier> inner_;
  std::optional<Error> unavailable_;
  bool overrule_;
  std::function<void(const VerifierReport&)> report_;
};

}  // namespace handfast::apps
