// Parsing what a peer presented.
#include "pki/presented.hpp"

#include <algorithm>

#include "pki/oid.hpp"

namespace handfast::pki {
namespace {

bool is_anchor(const Certificate& certificate, const TrustAnchors& anchors) {
  const auto [first, last] = anchors.index().by_subject.equal_range(certificate.subject_hash);
  return std::any_of(first, last, [&](const auto& entry) {
    return oid::equal(entry.second->certificate.der, certificate.der);
  });
}

}  // namespace

PresentedList parse_presented(std::span<const ByteString> chain, const TrustAnchors& anchors,
                              bool need_leaf) {
  PresentedList list;
  list.readable.reserve(chain.size());  // addresses must stay
  for (std::size_t i = 0; i < chain.size(); ++i) {
    const Result<Certificate> certificate = Certificate::parse(chain[i]);
    if (certificate) {
      list.readable.push_back({*certificate, i, is_anchor(*certificate, anchors), std::nullopt});
      continue;
    }
    Error error = certificate.error();
    list.unreadable.push_back(error.with_certificate(i, "unreadable"));
    if (i == 0 && need_leaf) break;
  }
  return list;
}

Error failure_of(const PresentedList& list, const Error& error) {
  const bool dead_end = error.code() == ErrorCode::certificate_unknown_issuer ||
                        error.code() == ErrorCode::certificate_missing_intermediate;
  return dead_end && !list.unreadable.empty() ? list.unreadable.front() : error;
}

}  // namespace handfast::pki
