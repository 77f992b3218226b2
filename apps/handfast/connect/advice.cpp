// Warnings about certificates that were accepted.
#include "connect/advice.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "common/escape.hpp"
#include "pki/checker.hpp"

namespace handfast::apps {

std::vector<Advice> advise(const std::vector<CertificateFact>& sent, const TrustAnchors& anchors,
                           const ServerName* name, Time now) {
  std::vector<ByteString> chain;
  for (const auto& certificate : sent) chain.push_back(certificate.der);
  const pki::VerifyInput input{.chain = chain,
                               .anchors = anchors,
                               .now = now,
                               .peer = Side::server,
                               .name = name,
                               .staple_requested = false};
  std::vector<Advice> out;
  for (const auto& finding : pki::check_chain(input).findings) {
    if (finding.severity != pki::Severity::warning || finding.id.empty()) continue;
    if (std::ranges::find(out, finding.id, &Advice::id) != out.end()) continue;
    const std::string subject = finding.subject.empty() ? "" : fmt::format("\"{}\": ", finding.subject);
    out.push_back(
        {std::string(finding.id), escape_untrusted(subject + finding.what), escape_untrusted(finding.fix)});
  }
  return out;
}

}  // namespace handfast::apps
