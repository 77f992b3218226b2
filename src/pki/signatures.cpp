// Signature checks with a memory. RFC 5280 §6.1.3 (a) (1).
#include "pki/signatures.hpp"

namespace handfast::pki {

SignatureChecks::Verdict SignatureChecks::check(const Certificate& child, const PathStep& issuer) {
  return check(child, *issuer.certificate,
               issuer.anchor != nullptr ? issuer.anchor->key() : issuer.presented->load_key());
}

SignatureChecks::Verdict SignatureChecks::check(const Certificate& child, const Certificate& issuer,
                                                const Result<crypto::PublicKey>& key) {
  return check(&child, *child.signature_method, child.tbs, child.signature, &issuer, key);
}

SignatureChecks::Verdict SignatureChecks::check(const void* item, crypto::SignatureMethod method,
                                                Bytes message, Bytes signature, const void* issuer,
                                                const Result<crypto::PublicKey>& key) {
  if (!key) return Verdict::key_unusable;
  for (std::size_t i = 0; i < count_; ++i) {
    const Edge& edge = edges_[i];
    if (edge.child == item && edge.issuer == issuer) return edge.good ? Verdict::good : Verdict::bad;
  }
  if (left_ == 0) return Verdict::budget_exhausted;
  --left_;
  const bool good = key->verify(method, message, signature).has_value();
  edges_[count_++] = {item, issuer, good};
  return good ? Verdict::good : Verdict::bad;
}

}  // namespace handfast::pki
