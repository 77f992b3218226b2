// Asking lists. RFC 5280 §6.3.3; the letters in comments are its steps.
#include "pki/revocation.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "crypto/der_writer.hpp"
#include "pki/der_time.hpp"
#include "pki/distinguished_name.hpp"
#include "pki/oid.hpp"

namespace handfast::pki {
namespace {

using Kind = RevocationVerdict::Kind;
using Obstacle = RevocationObstacle;

// A list that is looked at is sorted among the others as well.
constexpr std::size_t kPriceOfSorting = 4;
// Bytes of a name that are hashed in the time of one comparison.
constexpr std::size_t kBytesToHash = 16;

bool has_begun(const Crl& crl, Time now) { return crl.this_update <= now + kListClockSkew; }

bool is_in_date(const Crl& crl, Time now) {
  return crl.next_update && now <= *crl.next_update + kListClockSkew;
}

bool same_key_identifier(const AuthorityKeyIdentifier& a, const AuthorityKeyIdentifier& b) {
  if (!a.key_identifier || !b.key_identifier) return !a.key_identifier && !b.key_identifier;
  return oid::equal(*a.key_identifier, *b.key_identifier);
}

}  // namespace

RevocationVerdict RevocationCheck::check(const Path& path, std::size_t depth) {
  path_ = &path;
  depth_ = depth;
  target_ = path[depth].certificate;
  covered_ = 0;
  verdict_ = {};
  own_list_seen_ = own_list_counts_ = false;
  if (input_.crls == nullptr || input_.crls->empty()) return verdict_;
  try_all();
  if (!is_done() && own_list_seen_) {
    own_list_counts_ = true;
    try_all();
  }
  if (verdict_.kind == Kind::unknown && covered_ == kAllReasons) verdict_.kind = Kind::good;
  return verdict_;
}

void RevocationCheck::try_all() {
  if (target_->crl_distribution_points.present) {
    DistributionPointReader points(target_->crl_distribution_points.content);
    DistributionPoint point;
    for (std::size_t i = 0; i < kMaxDistributionPoints && !is_done() && points.next(point); ++i) {
      try_point(point);
    }
  }
  // "If the revocation status has not been determined, repeat the process above with any available CRLs not
  // specified in a distribution point but issued by the certificate issuer."
  if (!is_done()) {
    const ByteString issuer = crypto::der_encode(crypto::der::context_constructed(4), {target_->issuer});
    DistributionPoint point;
    point.name = {true, issuer, {}};
    try_issuer(target_->issuer, point);
  }
}

bool RevocationCheck::is_done() const { return verdict_.kind != Kind::unknown || covered_ == kAllReasons; }

bool RevocationCheck::spend(std::size_t cost) {
  return work_.comparisons.spend(cost) || ran_out("comparisons with revocation lists");
}

bool RevocationCheck::same_name(Bytes a, Bytes b) {
  if (work_.comparisons.same_name(a, b)) return true;
  return work_.comparisons.exhausted() && ran_out("comparisons with revocation lists");
}

bool RevocationCheck::ran_out(const char* budget) {
  work_.exhausted = budget;
  verdict_.kind = Kind::budget_exhausted;
  return false;
}

void RevocationCheck::obstacle(Obstacle obstacle, const Crl& crl) {
  if (obstacle < verdict_.obstacle) return;
  verdict_.obstacle = obstacle;
  verdict_.list = &crl;
}

void RevocationCheck::try_point(const DistributionPoint& point) {
  if (point.crl_issuer.empty()) return try_issuer(target_->issuer, point);
  GeneralNameWalker names(point.crl_issuer);
  GeneralName name;
  while (!is_done() && names.next(name)) {
    if (name.type == GeneralNameType::directory_name) try_issuer(name.value, point);
  }
}

// The complete lists of `issuer`, the newest first: an older one counts for reasons that the newer one does
// not cover only.
void RevocationCheck::try_issuer(Bytes issuer, const DistributionPoint& point) {
  std::vector<const RevocationList*> lists;
  if (!spend(1 + issuer.size() / kBytesToHash)) return;
  const auto [first, last] = input_.crls->index().by_issuer.equal_range(name_hash(issuer));
  for (auto it = first; it != last; ++it) {
    const Crl& crl = it->second->crl();
    if (!spend(kPriceOfSorting)) return;
    if (!crl.delta_base.present && same_name(crl.issuer, issuer)) lists.push_back(it->second);
  }
  if (is_done()) return;
  std::sort(lists.begin(), lists.end(), [](const RevocationList* a, const RevocationList* b) {
    if (a->crl().this_update != b->crl().this_update) return a->crl().this_update > b->crl().this_update;
    return less_than(b->crl().number, a->crl().number);
  });
  for (const RevocationList* list : lists) {
    if (is_done()) return;
    try_list(*list, point);
  }
}

void RevocationCheck::try_list(const RevocationList& list, const DistributionPoint& point) {
  const Crl& crl = list.crl();
  if (!is_in_scope(crl, point)) return obstacle(Obstacle::out_of_scope, crl);
  if (!is_usable(crl)) return obstacle(Obstacle::unusable, crl);
  if (!has_begun(crl, input_.now)) return obstacle(Obstacle::not_in_date, crl);
  // (d), (e): a list must say something about reasons that no list before it has covered.
  const auto reasons =
      static_cast<ReasonMask>(crl.issuing_distribution_point.present
                                  ? crl.issuing_distribution_point.only_some_reasons & point.reasons
                                  : point.reasons);
  if ((reasons & ~covered_) == 0) return;
  const RevocationList* delta = nullptr;
  switch (find_signer(list, delta)) {
    case Signer::budget_exhausted:
      verdict_.kind = Kind::budget_exhausted;
      return;
    case Signer::not_found:
      return;
    case Signer::found:
      break;
  }
  // §5.2.4: with a delta CRL a complete one is as new as the delta.
  look_up(list, delta, delta != nullptr || is_in_date(crl, input_.now), reasons);
}

// (i) to (l).
void RevocationCheck::look_up(const RevocationList& complete, const RevocationList* delta, bool in_date,
                              ReasonMask reasons) {
  std::optional<CrlEntry> entry;
  const Crl* source = &complete.crl();
  Comparisons& comparisons = work_.comparisons;
  if (delta != nullptr) entry = delta->find(target_->serial, target_->issuer, comparisons);
  if (entry) {
    source = &delta->crl();
  } else {
    entry = complete.find(target_->serial, target_->issuer, comparisons);
  }
  if (!within_budget()) return;
  // §5.3.1: "The removeFromCRL (8) reasonCode value may only appear in delta CRLs". What a complete list
  // holds is revoked, whatever the reason.
  const bool revoked =
      entry && (entry->reason != RevocationReason::remove_from_crl || source == &complete.crl());
  // What was revoked stays so, except for a hold: of that an outdated list says nothing.
  if (revoked && (in_date || entry->reason != RevocationReason::certificate_hold)) {
    verdict_ = {Kind::revoked, entry->revocation_date, entry->reason, Obstacle::no_list, source};
    return;
  }
  if (!in_date) return obstacle(Obstacle::not_in_date, complete.crl());
  covered_ = static_cast<ReasonMask>(covered_ | reasons);
  if (covered_ != kAllReasons) obstacle(Obstacle::some_reasons_only, complete.crl());
}

// (b). Where both names are relative or one is, they stand below the list's issuer, which try_issuer()
// compared.
bool RevocationCheck::is_in_scope(const Crl& crl, const DistributionPoint& point) {
  const IssuingDistributionPoint& scope = crl.issuing_distribution_point;
  // "If the DP includes cRLIssuer, then verify that […] the complete CRL contains an issuing distribution
  // point extension with the indirectCRL boolean asserted."
  if (!point.crl_issuer.empty() && !scope.indirect_crl) return false;
  if (!scope.present) return true;
  if (scope.name.present) {
    Comparisons& comparisons = work_.comparisons;
    const bool meets =
        point.name.present
            ? distribution_names_meet(scope.name, crl.issuer, point.name, crl.issuer, comparisons)
            : distribution_name_among(scope.name, crl.issuer, point.crl_issuer, comparisons);
    if (!within_budget() || !meets) return false;
  }
  const bool is_ca = target_->basic_constraints.ca;
  return !(scope.only_contains_user_certificates && is_ca) &&
         !(scope.only_contains_ca_certificates && !is_ca) && !scope.only_contains_attribute_certificates;
}

// §5.2, §5.3: "the application MUST NOT use that CRL to determine the status of certificates" if there is a
// critical extension that it cannot process.
bool RevocationCheck::is_usable(const Crl& crl) const {
  if (!crl.unknown_critical_extension.empty() || !crl.signature_method) return false;
  if (crl.signature_method->hash == crypto::HashAlgorithm::sha1 && !input_.policy.allow_sha1) return false;
  if (input_.policy.profile != Profile::rfc5280_strict) return true;
  // §5.2.3: "CRL issuers conforming to this profile MUST include this extension in all CRLs and MUST mark
  // this extension as non-critical."
  return crl.number.present && !crl.number.critical;
}

// (c): the delta CRLs in date that go with `complete`, the newest first. Their signatures are not checked
// yet.
std::vector<const RevocationList*> RevocationCheck::find_deltas(const RevocationList& complete) {
  const Crl& base = complete.crl();
  std::vector<const RevocationList*> deltas;
  if (!base.number.present) return deltas;
  const auto [first, last] = input_.crls->index().by_issuer.equal_range(base.issuer_hash);
  for (auto it = first; it != last; ++it) {
    const Crl& delta = it->second->crl();
    if (!spend(kPriceOfSorting)) return {};
    if (!delta.delta_base.present || !delta.number.present || !same_name(delta.issuer, base.issuer)) continue;
    if (!is_delta_of(base, delta) || !is_usable(delta)) continue;
    if (has_begun(delta, input_.now) && is_in_date(delta, input_.now)) deltas.push_back(it->second);
  }
  if (is_done()) return {};
  std::stable_sort(deltas.begin(), deltas.end(), [](const RevocationList* a, const RevocationList* b) {
    return less_than(b->crl().number, a->crl().number);
  });
  return deltas;
}

// The same scope, the same key, and no gap between the two.
bool RevocationCheck::is_delta_of(const Crl& base, const Crl& delta) {
  const auto& scope = delta.issuing_distribution_point;
  const auto& base_scope = base.issuing_distribution_point;
  if (scope.present != base_scope.present) return false;
  const bool same_scope = work_.comparisons.same_bytes(scope.value, base_scope.value);
  return within_budget() && same_scope &&
         same_key_identifier(delta.authority_key_identifier, base.authority_key_identifier) &&
         !less_than(base.number, delta.delta_base) && !less_than(delta.number, base.number);
}

// The newest delta that the same key signed: whoever forges a higher number hides nothing. Without any the
// complete list stands alone, but one that could not be checked may be the one that revokes.
RevocationCheck::Signer RevocationCheck::pick_delta(const RevocationList& complete, const Certificate& signer,
                                                    const Result<crypto::PublicKey>& key,
                                                    const RevocationList*& delta) {
  for (const RevocationList* candidate : find_deltas(complete)) {
    const Signer answer = try_signer(*candidate, signer, key);
    if (answer == Signer::budget_exhausted) return answer;
    if (answer == Signer::not_found) continue;
    delta = candidate;
    break;
  }
  return work_.exhausted != nullptr ? Signer::budget_exhausted : Signer::found;
}

std::string explain(const RevocationVerdict& verdict, const Certificate& target, Time now) {
  if (verdict.kind == Kind::revoked) {
    return fmt::format("since {}{}, says the list of '{}' of {}", time_to_text(verdict.since),
                       verdict.reason ? fmt::format(" ({})", name_of(*verdict.reason)) : "",
                       name_to_text(verdict.list->issuer), time_to_text(verdict.list->this_update));
  }
  if (verdict.list == nullptr) {
    return fmt::format("there is no revocation list of '{}'", name_to_text(target.issuer));
  }
  const Crl& list = *verdict.list;
  std::string whose =
      fmt::format("the list of '{}' of {}", name_to_text(list.issuer), time_to_text(list.this_update));
  switch (verdict.obstacle) {
    case Obstacle::no_list:
    case Obstacle::out_of_scope:
      return whose + " does not cover this certificate";
    case Obstacle::unusable:
      return list.unknown_critical_extension.empty()
                 ? whose + " cannot be used: its signature algorithm or its number is not acceptable"
                 : whose + " has the critical extension " + oid::to_string(list.unknown_critical_extension) +
                       ", which is not understood";
    case Obstacle::not_in_date:
      if (!has_begun(list, now)) {
        return fmt::format("{} holds from then on, now it is {}", whose, time_to_text(now));
      }
      if (!list.next_update) return whose + " does not say until when it holds";
      return fmt::format("{} holds until {}, now it is {}", whose, time_to_text(*list.next_update),
                         time_to_text(now));
    case Obstacle::signer_unknown:
      return "nobody knows who signed " + whose;
    case Obstacle::signer_not_allowed:
      return "whoever signed " + whose + " may not (cRLSign is not set)";
    case Obstacle::bad_signature:
      return "the signature is wrong of " + whose;
    case Obstacle::some_reasons_only:
      return whose + " covers some reasons only";
  }
  return whose;
}

}  // namespace handfast::pki
