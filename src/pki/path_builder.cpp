// Searching for a path. RFC 4158 §2.4, §3; RFC 5280 §6.1. How failures are explained is in explain.cpp.
#include "pki/path_builder.hpp"

#include <fmt/format.h>

#include "crypto/der.hpp"
#include "pki/checks.hpp"
#include "pki/distinguished_name.hpp"
#include "pki/name_constraints.hpp"
#include "pki/oid.hpp"
#include "pki/policy_tree.hpp"
#include "pki/revocation.hpp"
#include "pki/staple.hpp"

namespace handfast::pki {
namespace {

// 0: the key identifiers agree. 1: one is missing. 2: they differ, which RFC 4158 §3.5.12 takes as advice
// only.
constexpr unsigned kRanks = 3;

unsigned rank_of(const Certificate& child, const Certificate& issuer) {
  const auto& wanted = child.authority_key_identifier.key_identifier;
  if (!wanted || !issuer.subject_key_identifier.present) return 1;
  return oid::equal(*wanted, issuer.subject_key_identifier.key_identifier) ? 0 : 2;
}

}  // namespace

PathBuilder::PathBuilder(const VerifyInput& input, std::span<Presented> presented)
    : input_(input),
      presented_(presented),
      own_work_(std::in_place, input.policy.budget),
      work_(*own_work_),
      leaf_(presented[0]) {}

PathBuilder::PathBuilder(const VerifyInput& input, std::span<Presented> presented, Work& work,
                         const CrlSignerSearch& signer)
    : input_(input),
      presented_(presented),
      work_(work),
      leaf_(*signer.signer),
      only_anchor_(signer.anchor),
      nest_(signer.nest) {}

Result<void> PathBuilder::build() {
  if (search()) return {};
  if (work_.exhausted == nullptr) {
    faults_.collect();
    search();
  }
  if (best_) return failure(std::move(*best_));
  Error error(work_.exhausted != nullptr ? ErrorCode::certificate_budget_exhausted
                                         : ErrorCode::certificate_unknown_issuer);
  if (work_.exhausted != nullptr) error.with_detail(work_.exhausted);
  return failure(std::move(error));
}

bool PathBuilder::search() {
  const Certificate& certificate = leaf_.certificate;
  path_.push({&certificate, &leaf_, nullptr});
  const bool good = check_leaf(certificate, input_, faults_) &&
                    check_common(certificate, 0, false, input_, faults_) &&
                    (leaf_.is_anchor ? accept() : extend());
  if (!good) path_.pop();
  faults_.truncate(0);
  return good;
}

bool PathBuilder::same_name(Bytes a, std::uint64_t hash_of_a, Bytes b, std::uint64_t hash_of_b) {
  if (hash_of_a != hash_of_b) return false;
  if (work_.comparisons.same_name(a, b)) return true;
  return work_.comparisons.exhausted() && exhausted("comparisons of names");
}

bool PathBuilder::is_issuer_name(const Certificate& child, const Certificate& issuer) {
  return same_name(child.issuer, child.issuer_hash, issuer.subject, issuer.subject_hash);
}

bool PathBuilder::same_entity(const Certificate& a, const Certificate& b) {
  return a.subject_hash == b.subject_hash && oid::equal(a.spki, b.spki) &&
         same_name(a.subject, a.subject_hash, b.subject, b.subject_hash);
}

template <class Visit>
bool PathBuilder::for_each_candidate(const Certificate& child, unsigned rank, Visit visit) {
  const auto [first, last] = input_.anchors.index().by_subject.equal_range(child.issuer_hash);
  for (auto it = first; it != last; ++it) {
    const Certificate& issuer = it->second->certificate;
    if (only_anchor_ != nullptr && it->second != only_anchor_) continue;
    if (rank_of(child, issuer) != rank || !is_issuer_name(child, issuer)) continue;
    if (visit(PathStep{&issuer, nullptr, it->second})) return true;
  }
  for (Presented& presented : presented_) {
    const Certificate& issuer = presented.certificate;
    if (&presented == &leaf_ || presented.is_anchor || rank_of(child, issuer) != rank) continue;
    if (!is_issuer_name(child, issuer)) continue;
    if (visit(PathStep{&issuer, &presented, nullptr})) return true;
  }
  return false;
}

bool PathBuilder::extend() {
  const Certificate& child = *path_.back().certificate;
  bool any = false;
  for (unsigned rank = 0; rank < kRanks && !path_.full(); ++rank) {
    const bool found = for_each_candidate(child, rank, [&](const PathStep& candidate) {
      if (work_.exhausted != nullptr) return false;
      for (std::size_t i = 0; i < path_.size(); ++i) {
        if (same_entity(*path_[i].certificate, *candidate.certificate)) return false;
      }
      any = true;
      return try_issuer(candidate);
    });
    if (found) return true;
  }
  // One that vouches for itself is no fault of another one that has its name.
  if (faults_.collecting() && (!any || is_self_signed(path_.back()))) explain_dead_end();
  return false;
}

bool PathBuilder::try_issuer(const PathStep& candidate) {
  if (work_.steps_left == 0) return exhausted("attempts to extend the path");
  --work_.steps_left;
  const std::size_t mark = faults_.size();
  path_.push(candidate);
  if (check_edge() && (candidate.anchor != nullptr ? accept() : extend())) return true;
  path_.pop();
  faults_.truncate(mark);
  return false;
}

bool PathBuilder::check_edge() {
  const std::size_t child_depth = path_.size() - 2;
  return check_issuer(path_, input_, faults_) && check_tls_features() &&
         check_signature(*path_[child_depth].certificate, child_depth, path_.back()) && check_constraints();
}

// RFC 7633 §4.2.2: a certificate that is signed with one that has the extension "MUST contain a TLS feature
// extension which MUST offer the same set or a superset of the features advertised in the signing
// certificate". Who signs lists is no TLS server.
bool PathBuilder::check_tls_features() {
  const std::size_t child_depth = path_.size() - 2;
  const Certificate& child = *path_[child_depth].certificate;
  const Certificate& issuer = *path_.back().certificate;
  if (!issuer.tls_feature.present || nest_ != nullptr) return true;
  crypto::DerReader wanted(issuer.tls_feature.content);
  while (!wanted.empty()) {
    const std::uint64_t feature = wanted.small_integer("tlsFeature", kMaxTlsFeature);
    crypto::DerReader offered(child.tls_feature.content);
    bool found = false;
    while (!found && !offered.empty()) {
      if (!work_.comparisons.spend()) return exhausted("comparisons of TLS features");
      found = offered.small_integer("tlsFeature", kMaxTlsFeature) == feature;
    }
    if (found) continue;
    return faults_.report(ErrorCode::certificate_extension_forbidden, child_depth, child, "tlsFeature", [&] {
      return fmt::format("feature {} is missing, which '{}' asks of what it signs (RFC 7633 §4.2.2)", feature,
                         name_to_text(issuer.subject));
    });
  }
  return true;
}

bool PathBuilder::check_signature(const Certificate& child, std::size_t child_depth, const PathStep& issuer) {
  if (!check_signature_algorithm(child, child_depth, input_.policy, faults_)) return false;
  if (!child.signature_method) return true;  // reported
  switch (work_.signatures.check(child, issuer)) {
    case SignatureChecks::Verdict::good:
      return true;
    case SignatureChecks::Verdict::bad:
      if (faults_.collecting()) explain_bad_signature(child, child_depth, *issuer.certificate);
      return false;
    case SignatureChecks::Verdict::key_unusable: {
      const auto& key = issuer.anchor != nullptr ? issuer.anchor->key() : issuer.presented->load_key();
      return faults_.report(key.error().code(), child_depth + 1, *issuer.certificate, "subjectPublicKeyInfo",
                            [&] { return std::string(key.error().detail()); });
    }
    case SignatureChecks::Verdict::budget_exhausted:
      return exhausted("signature checks");
  }
  return false;
}

// The constraints of the newest issuer against every certificate below it. RFC 5280 §6.1.3 (b), (c): they
// hold for the leaf and for what is not self-issued.
bool PathBuilder::check_constraints() {
  const std::size_t depth = path_.size() - 1;
  const Certificate& issuer = *path_.back().certificate;
  if (!issuer.name_constraints.present) return true;
  for (std::size_t i = 0; i < depth; ++i) {
    const Certificate& below = *path_[i].certificate;
    if (i > 0 && below.self_issued) continue;
    const NameConstraintResult result =
        check_name_constraints(issuer.name_constraints, below, work_.comparisons);
    if (result.verdict == NameConstraintVerdict::obeyed) continue;
    if (result.verdict == NameConstraintVerdict::budget_exhausted)
      return exhausted("comparisons with name constraints");
    const bool excluded = result.verdict == NameConstraintVerdict::excluded;
    const bool go_on =
        faults_.report(ErrorCode::certificate_name_constraint, i, below, "nameConstraints", [&] {
          return general_name_to_text(result.name) +
                 (excluded ? " is excluded by '" : " is not permitted by '") + name_to_text(issuer.subject) +
                 "'";
        });
    if (!go_on) return false;
  }
  return true;
}

bool PathBuilder::accept() {
  switch (check_policies(path_, input_.policy, work_.policy_comparisons_left)) {
    case PolicyVerdict::accepted:
      break;
    case PolicyVerdict::budget_exhausted:
      return exhausted("comparisons of policies");
    case PolicyVerdict::no_valid_policy:
    case PolicyVerdict::malformed:
      if (!faults_.report(ErrorCode::certificate_policy_violation, 0, *path_[0].certificate,
                          "certificatePolicies",
                          [] { return std::string("no policy is valid for the whole path"); })) {
        return false;
      }
  }
  if (!check_revocation()) return false;
  // What was left out when a budget ran out may be what speaks against the path.
  if (work_.exhausted != nullptr) return false;
  if (!faults_.collecting()) return true;
  explain_faults();
  return false;
}

// RFC 5280 §6.1.3 (a) (3), from the anchor down.
bool PathBuilder::check_revocation() {
  // Nobody has said anything about the leaf that was chosen by hand.
  if (path_.size() < 2) return true;
  StapleVerdict staple;
  // Responses are asked for and stapled for the peer's own certificate only.
  if (nest_ == nullptr) staple = check_staple(input_, presented_, path_, work_);
  if (nest_ == nullptr && !check_stapled_response(staple)) return false;
  const bool has_lists = input_.crls != nullptr && !input_.crls->empty();
  if (!has_lists && input_.revocation == RevocationMode::soft_fail) return true;
  for (std::size_t depth = path_.size() - 1; depth-- > 0;) {
    if (!check_lists(depth, depth == 0 ? staple : StapleVerdict{})) return false;
  }
  return true;
}

bool PathBuilder::check_lists(std::size_t depth, const StapleVerdict& staple) {
  const Certificate& certificate = *path_[depth].certificate;
  RevocationCheck check(input_, presented_, work_, nest_);
  const RevocationVerdict verdict = check.check(path_, depth);
  const auto detail = [&] {
    std::string text = explain(verdict, certificate, input_.now);
    if (staple.kind != StapleVerdict::Kind::unconfirmed) return text;
    return text + "; the stapled response does not count: " + staple.detail;
  };
  switch (verdict.kind) {
    case RevocationVerdict::Kind::good:
      return true;
    case RevocationVerdict::Kind::budget_exhausted:
      return false;
    case RevocationVerdict::Kind::revoked:
      return faults_.report(ErrorCode::certificate_revoked, depth, certificate, "serialNumber", detail);
    case RevocationVerdict::Kind::unknown:
      break;
  }
  if (staple.kind == StapleVerdict::Kind::good || input_.revocation == RevocationMode::soft_fail) return true;
  return faults_.report(ErrorCode::certificate_revocation_unknown, depth, certificate,
                        "cRLDistributionPoints", detail);
}

bool PathBuilder::check_stapled_response(const StapleVerdict& staple) {
  const Certificate& leaf = *path_[0].certificate;
  const auto report = [&](ErrorCode code) {
    return faults_.report(code, 0, leaf, "certificate_status", [&] { return staple.detail; });
  };
  switch (staple.kind) {
    case StapleVerdict::Kind::good:
    case StapleVerdict::Kind::unconfirmed:
      return true;
    case StapleVerdict::Kind::budget_exhausted:
      return false;
    case StapleVerdict::Kind::revoked:
      return report(ErrorCode::certificate_revoked);
    case StapleVerdict::Kind::invalid:
      return report(ErrorCode::certificate_staple_invalid);
    case StapleVerdict::Kind::none:
      break;
  }
  // RFC 7633 §4.2.3: a client looks for the features that it asked for and that the certificate names.
  if (!leaf.must_staple || !input_.staple_requested) return true;
  return report(ErrorCode::certificate_staple_missing);
}

bool PathBuilder::exhausted(const char* what) {
  work_.exhausted = what;
  return false;
}

}  // namespace handfast::pki
