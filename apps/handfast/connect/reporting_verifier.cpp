// ReportingVerifier.
#include "connect/reporting_verifier.hpp"

namespace handfast::apps {

ReportingVerifier::ReportingVerifier(std::shared_ptr<const CertificateVerifier> inner,
                                     std::optional<Error> unavailable, bool overrule,
                                     std::function<void(const VerifierReport&)> report)
    : inner_(std::move(inner)),
      unavailable_(std::move(unavailable)),
      overrule_(overrule),
      report_(std::move(report)) {}

void ReportingVerifier::verify(const VerificationRequest& request, Completion<Verdict> done) const {
  VerifierReport report;
  report.certificates = request.certificates;
  Result<Verdict> answer =
      failure(unavailable_.value_or(Error(ErrorCode::certificate_refused_by_application)));
  if (inner_) {
    auto pending = std::make_shared<PendingDecision<Verdict>>(nullptr);
    inner_->verify(request, Completion<Verdict>(pending));
    if (auto said = pending->take()) answer = std::move(*said);
  }
  if (answer) {
    report.verdict = *answer;
  } else {
    report.refused = answer.error();
  }
  report_(report);
  if (!answer && overrule_) answer = Verdict{};
  done.complete(std::move(answer));
}

ByteString ReportingVerifier::identity() const {
  ByteString identity = inner_ ? inner_->identity() : ByteString();
  if (overrule_) identity.push_back(1);
  return identity;
}

}  // namespace handfast::apps
