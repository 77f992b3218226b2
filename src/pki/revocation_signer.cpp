// Who signed a list, and whether that key may: a certificate of the path, or one with a path of its own.
// RFC 5280 §6.3.3 (f) to (h).
#include <utility>

#include "pki/distinguished_name.hpp"
#include "pki/path_builder.hpp"
#include "pki/revocation.hpp"
#include "pki/trust_index.hpp"

namespace handfast::pki {
namespace {

using Obstacle = RevocationObstacle;

// Certificates that are presented whose hashes are compared with a list's in the time of one comparison.
constexpr std::size_t kHashesForOne = 16;

bool is_in_path(const Path& path, const Presented& presented) {
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i].presented == &presented) return true;
  }
  return false;
}

}  // namespace

// (f), (g), (h): "The trust anchor for the certification path MUST be the same as the trust anchor used to
// validate the target certificate." Certificates of the path were validated; another one needs a path of its
// own.
RevocationCheck::Signer RevocationCheck::find_signer(const RevocationList& list,
                                                     const RevocationList*& delta) {
  const Crl& crl = list.crl();
  for (std::size_t i = depth_ + 1; i < path_->size(); ++i) {
    const PathStep& step = (*path_)[i];
    const Certificate& signer = *step.certificate;
    if (signer.subject_hash != crl.issuer_hash || !same_name(signer.subject, crl.issuer)) continue;
    const auto& key = step.anchor != nullptr ? step.anchor->key() : step.presented->load_key();
    const Signer answer = try_signer(list, signer, key);
    if (answer == Signer::found) return pick_delta(list, signer, key, delta);
    if (answer == Signer::budget_exhausted) return answer;
  }
  if (!spend(1 + presented_.size() / kHashesForOne)) return Signer::budget_exhausted;
  for (Presented& presented : presented_) {
    const Certificate& signer = presented.certificate;
    if (presented.is_anchor || signer.subject_hash != crl.issuer_hash) continue;
    const bool is_target = (*path_)[depth_].presented == &presented;
    if ((is_in_path(*path_, presented) && !is_target) || !same_name(signer.subject, crl.issuer)) continue;
    const Signer answer = try_signer(list, signer, presented.load_key());
    if (answer == Signer::found && is_trusted(presented, list)) {
      return pick_delta(list, signer, presented.load_key(), delta);
    }
    if (answer == Signer::budget_exhausted || work_.exhausted != nullptr) return Signer::budget_exhausted;
  }
  if (work_.exhausted != nullptr) return Signer::budget_exhausted;
  obstacle(Obstacle::signer_unknown, crl);
  return Signer::not_found;
}

RevocationCheck::Signer RevocationCheck::try_signer(const RevocationList& list, const Certificate& signer,
                                                    const Result<crypto::PublicKey>& key) {
  const Crl& crl = list.crl();
  if (!list.is_signed_by(signer.spki)) {
    switch (work_.signatures.check(&list, *crl.signature_method, crl.tbs, crl.signature, &signer, key)) {
      case SignatureChecks::Verdict::good:
        list.remember_signer(signer.spki);
        break;
      case SignatureChecks::Verdict::budget_exhausted:
        ran_out("signature checks");
        return Signer::budget_exhausted;
      default:
        obstacle(Obstacle::bad_signature, crl);
        return Signer::not_found;
    }
  }
  // "If a key usage extension is present in the CRL issuer's certificate, verify that the cRLSign bit is
  // set."
  if (signer.key_usage.allows(KeyUsage::crl_sign)) return Signer::found;
  obstacle(Obstacle::signer_not_allowed, crl);
  return Signer::not_found;
}

// Whether a path leads from `signer` to the anchor of this path.
bool RevocationCheck::is_trusted(Presented& signer, const RevocationList& list) {
  for (const CrlSignerNest* nest = nest_; nest != nullptr; nest = nest->outer) {
    if (nest->signer != &signer) continue;
    // A list may answer for its own signer if the CA said so (it is in scope); other circles are no answer.
    const bool is_own_list = nest == nest_ && nest->list == &list;
    own_list_seen_ = own_list_seen_ || is_own_list;
    work_.crl_signer_cut = work_.crl_signer_cut || !is_own_list;
    return is_own_list && own_list_counts_;
  }
  const std::size_t depth = nest_ != nullptr ? nest_->depth + 1 : 1;
  if (depth > kMaxCrlSignerDepth) {
    work_.crl_signer_cut = true;
    return false;
  }
  const Anchor* const anchor = path_->back().anchor;
  if (anchor == nullptr) return false;
  for (const Work::CrlSigner& known : work_.crl_signers) {
    if (known.presented == &signer && known.anchor == anchor) return known.trusted;
  }
  // A search that ends before it has begun costs something, too.
  if (work_.steps_left == 0) return ran_out("attempts to extend the path");
  --work_.steps_left;
  VerifyInput question{.chain = input_.chain,
                       .anchors = input_.anchors,
                       .now = input_.now,
                       .peer = input_.peer,
                       .crls = input_.crls,
                       .revocation = input_.revocation};
  question.policy.check_purpose = false;
  question.policy.require_digital_signature = false;
  question.policy.min_rsa_bits = input_.policy.min_rsa_bits;
  question.policy.allow_sha1 = input_.policy.allow_sha1;
  question.policy.max_intermediates = input_.policy.max_intermediates;
  const CrlSignerNest nest{&signer, &list, nest_, depth};
  PathBuilder builder(question, presented_, work_, {&signer, anchor, &nest});
  const bool outer_cut = std::exchange(work_.crl_signer_cut, false);
  const bool trusted = builder.find();
  // A circle or the depth ended the search: from elsewhere it may go further.
  if (trusted || !work_.crl_signer_cut) work_.crl_signers.push_back({&signer, anchor, trusted});
  work_.crl_signer_cut = work_.crl_signer_cut || outer_cut;
  return trusted;
}

}  // namespace handfast::pki
