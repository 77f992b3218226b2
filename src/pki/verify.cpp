// verify_chain: parses what the peer sent and lets PathBuilder search.
#include "pki/verify.hpp"

#include <algorithm>

#include "pki/oid.hpp"
#include "pki/path_builder.hpp"

namespace handfast::pki {
namespace {

bool is_anchor(const Certificate& certificate, const TrustAnchors& anchors) {
  const auto [first, last] = anchors.index().by_subject.equal_range(certificate.subject_hash);
  return std::any_of(first, last, [&](const auto& entry) {
    return oid::equal(entry.second->certificate.der, certificate.der);
  });
}

// A dead end may be there because a certificate of the list cannot be read: then that is the reason.
bool is_dead_end(ErrorCode code) {
  return code == ErrorCode::certificate_unknown_issuer || code == ErrorCode::certificate_missing_intermediate;
}

}  // namespace

Result<std::vector<ByteString>> verify_chain(const VerifyInput& input) {
  if (input.chain.empty()) return failure(ErrorCode::certificate_list_empty);
  if (input.chain.size() > kMaxPresentedCertificates) {
    return failure(Error(ErrorCode::certificate_chain_too_long)
                       .with_detail(std::to_string(input.chain.size()) + " certificates"));
  }
  std::vector<Presented> presented;
  presented.reserve(input.chain.size());  // addresses must stay
  std::optional<Error> unreadable;
  for (std::size_t i = 0; i < input.chain.size(); ++i) {
    Result<Certificate> certificate = Certificate::parse(input.chain[i]);
    if (certificate) {
      const bool anchor = is_anchor(*certificate, input.anchors);
      presented.push_back({*certificate, i, anchor, std::nullopt});
      continue;
    }
    if (!unreadable) unreadable = certificate.error().with_certificate(i, "unreadable");
    if (i == 0) return failure(std::move(*unreadable));
  }
  PathBuilder builder(input, presented);
  Result<void> built = builder.build();
  if (!built) {
    if (unreadable && is_dead_end(built.error().code())) return failure(std::move(*unreadable));
    return failure(std::move(built).error());
  }
  std::vector<ByteString> path;
  path.reserve(builder.path().size());
  for (std::size_t i = 0; i < builder.path().size(); ++i)
    path.push_back(copy_of(builder.path()[i].certificate->der));
  return path;
}

}  // namespace handfast::pki
