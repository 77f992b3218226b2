// TrustAnchors: certificates by subject. RFC 5280 §6.1.1 (d). Bundles are read by bundle.cpp.
#include <atomic>
#include <handfast/trust.hpp>

#include "pki/bundle.hpp"
#include "pki/oid.hpp"
#include "pki/trust_index.hpp"

namespace handfast {
namespace {

bool contains(const TrustAnchors::Index& index, const pki::Certificate& certificate) {
  const auto [first, last] = index.by_subject.equal_range(certificate.subject_hash);
  for (auto it = first; it != last; ++it) {
    if (pki::oid::equal(it->second->certificate.der, certificate.der)) return true;
  }
  return false;
}

// Relaxed: only that the numbers differ matters.
std::uint64_t next_identity() {
  static std::atomic<std::uint64_t> last{0};
  return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

}  // namespace

TrustAnchors::TrustAnchors() : index_(std::make_unique<Index>()) {}
TrustAnchors::TrustAnchors(TrustAnchors&&) noexcept = default;
TrustAnchors& TrustAnchors::operator=(TrustAnchors&&) noexcept = default;
TrustAnchors::~TrustAnchors() = default;

Result<TrustAnchors::Loaded> TrustAnchors::add_pem(std::string_view pem) {
  HANDFAST_TRY_ASSIGN(std::vector<pki::BundleEntry> entries, pki::read_bundle(as_bytes(pem)));
  Loaded loaded;
  for (pki::BundleEntry& entry : entries) {
    if (entry.refused) {
      loaded.refused.push_back(std::move(*entry.refused));
      continue;
    }
    HANDFAST_TRY(add_certificate(entry.der));
    ++loaded.accepted;
  }
  if (loaded.accepted == 0) {
    Error error(ErrorCode::pem_malformed);
    error.with_detail("none of its certificates can be parsed; " + loaded.refused.front().to_string());
    return failure(std::move(error));
  }
  return loaded;
}

Result<void> TrustAnchors::add_certificate(Bytes der) {
  HANDFAST_TRY_ASSIGN(const pki::Certificate borrowed, pki::Certificate::parse(der));
  if (contains(*index_, borrowed)) return {};
  ByteString owned = copy_of(der);
  HANDFAST_TRY_ASSIGN(const pki::Certificate certificate, pki::Certificate::parse(owned));
  // Moving a vector keeps its bytes where they are, so that the views stay valid.
  const pki::Anchor& anchor = index_->anchors.emplace_back(std::move(owned), certificate);
  index_->by_subject.emplace(certificate.subject_hash, &anchor);
  index_->identity = next_identity();
  return {};
}

std::size_t TrustAnchors::size() const { return index_->anchors.size(); }

std::vector<ByteString> TrustAnchors::subjects() const {
  std::vector<ByteString> subjects;
  subjects.reserve(size());
  for (const pki::Anchor& anchor : index_->anchors) subjects.push_back(copy_of(anchor.certificate.subject));
  return subjects;
}

}  // namespace handfast
