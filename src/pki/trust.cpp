// TrustAnchors: reading bundles and single certificates. RFC 7468 §5; "TRUSTED CERTIFICATE" is OpenSSL's
// certificate with its own settings behind it, which are not used.
#include <handfast/trust.hpp>

#include "crypto/der.hpp"
#include "crypto/pem.hpp"
#include "pki/distinguished_name.hpp"
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

// The certificate alone, without what OpenSSL appends.
Bytes first_element(Bytes der) {
  crypto::DerReader reader(der);
  return reader.any("certificate").whole;
}

}  // namespace

TrustAnchors::TrustAnchors() : index_(std::make_unique<Index>()) {}
TrustAnchors::TrustAnchors(TrustAnchors&&) noexcept = default;
TrustAnchors& TrustAnchors::operator=(TrustAnchors&&) noexcept = default;
TrustAnchors::~TrustAnchors() = default;

Result<TrustAnchors::Loaded> TrustAnchors::add_pem(std::string_view pem) {
  HANDFAST_TRY_ASSIGN(const std::vector<crypto::PemBlock> blocks, crypto::parse_pem(pem));
  Loaded loaded;
  std::size_t number = 0;
  for (const crypto::PemBlock& block : blocks) {
    const bool trusted = block.label == "TRUSTED CERTIFICATE";
    if (!trusted && block.label != "CERTIFICATE" && block.label != "X509 CERTIFICATE") continue;
    ++number;
    const Result<void> added = add_certificate(trusted ? first_element(block.der) : Bytes(block.der));
    if (added) {
      ++loaded.accepted;
    } else {
      Error error = added.error();
      loaded.refused.push_back(error.with_detail("certificate " + std::to_string(number) +
                                                 " of the file, at byte " + std::to_string(block.offset)));
    }
  }
  if (loaded.accepted == 0) {
    Error error(ErrorCode::pem_malformed);
    error.with_detail(number == 0 ? "no CERTIFICATE block in it" : "none of its certificates can be parsed");
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
