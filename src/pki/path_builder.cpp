// Searching for a path. RFC 4158 §2.4, §3; RFC 5280 §6.1. How failures are explained is in explain.cpp.
#include "pki/path_builder.hpp"

#include "pki/checks.hpp"
#include "pki/distinguished_name.hpp"
#include "pki/name_constraints.hpp"
#include "pki/oid.hpp"
#include "pki/policy_tree.hpp"
#include "pki/signature_algorithm.hpp"

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

bool is_issuer_name(const Certificate& child, const Certificate& issuer) {
  return child.issuer_hash == issuer.subject_hash && names_equal(child.issuer, issuer.subject);
}

bool same_entity(const Certificate& a, const Certificate& b) {
  return oid::equal(a.spki, b.spki) && a.subject_hash == b.subject_hash && names_equal(a.subject, b.subject);
}

}  // namespace

PathBuilder::PathBuilder(const VerifyInput& input, std::span<Presented> presented)
    : input_(input),
      presented_(presented),
      signatures_(input.policy.budget.signature_checks),
      steps_left_(input.policy.budget.path_steps),
      comparisons_left_(input.policy.budget.name_comparisons),
      policy_comparisons_left_(input.policy.budget.policy_comparisons) {}

Result<void> PathBuilder::build() {
  if (search()) return {};
  if (exhausted_ == nullptr) {
    faults_.collect();
    search();
  }
  if (best_) return failure(std::move(*best_));
  Error error(exhausted_ != nullptr ? ErrorCode::certificate_budget_exhausted
                                    : ErrorCode::certificate_unknown_issuer);
  if (exhausted_ != nullptr) error.with_detail(exhausted_);
  return failure(std::move(error));
}

bool PathBuilder::search() {
  Presented& leaf = presented_[0];
  const Certificate& certificate = leaf.certificate;
  path_.push({&certificate, &leaf, nullptr});
  const bool good = check_leaf(certificate, input_, faults_) &&
                    check_common(certificate, 0, false, input_, faults_) &&
                    (leaf.is_anchor ? accept() : extend());
  if (!good) path_.pop();
  faults_.truncate(0);
  return good;
}

template <class Visit>
bool PathBuilder::for_each_candidate(const Certificate& child, unsigned rank, Visit visit) {
  const auto [first, last] = input_.anchors.index().by_subject.equal_range(child.issuer_hash);
  for (auto it = first; it != last; ++it) {
    const Certificate& issuer = it->second->certificate;
    if (rank_of(child, issuer) != rank || !is_issuer_name(child, issuer)) continue;
    if (visit(PathStep{&issuer, nullptr, it->second})) return true;
  }
  for (Presented& presented : presented_.subspan(1)) {
    const Certificate& issuer = presented.certificate;
    if (presented.is_anchor || rank_of(child, issuer) != rank || !is_issuer_name(child, issuer)) continue;
    if (visit(PathStep{&issuer, &presented, nullptr})) return true;
  }
  return false;
}

bool PathBuilder::extend() {
  const Certificate& child = *path_.back().certificate;
  bool any = false;
  for (unsigned rank = 0; rank < kRanks && !path_.full(); ++rank) {
    const bool found = for_each_candidate(child, rank, [&](const PathStep& candidate) {
      if (exhausted_ != nullptr) return false;
      for (std::size_t i = 0; i < path_.size(); ++i) {
        if (same_entity(*path_[i].certificate, *candidate.certificate)) return false;
      }
      any = true;
      return try_issuer(candidate);
    });
    if (found) return true;
  }
  if (!any && faults_.collecting()) explain_dead_end();
  return false;
}

bool PathBuilder::try_issuer(const PathStep& candidate) {
  if (steps_left_ == 0) return exhausted("attempts to extend the path");
  --steps_left_;
  const std::size_t mark = faults_.size();
  path_.push(candidate);
  if (check_edge() && (candidate.anchor != nullptr ? accept() : extend())) return true;
  path_.pop();
  faults_.truncate(mark);
  return false;
}

bool PathBuilder::check_edge() {
  const std::size_t child_depth = path_.size() - 2;
  return check_issuer(path_, input_, faults_) &&
         check_signature(*path_[child_depth].certificate, child_depth, path_.back()) && check_constraints();
}

bool PathBuilder::check_signature(const Certificate& child, std::size_t child_depth, const PathStep& issuer) {
  const auto algorithm = [&] { return signature_algorithm_to_text(child.signature_algorithm); };
  if (!child.signature_method) {
    return faults_.report(ErrorCode::certificate_unsupported_algorithm, child_depth, child,
                          "signatureAlgorithm", algorithm);
  }
  if (child.signature_method->hash == crypto::HashAlgorithm::sha1 && !input_.policy.allow_sha1) {
    return faults_.report(ErrorCode::certificate_weak_signature, child_depth, child, "signatureAlgorithm",
                          algorithm);
  }
  switch (signatures_.check(child, issuer)) {
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
        check_name_constraints(issuer.name_constraints, below, comparisons_left_);
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
  switch (check_policies(path_, input_.policy, policy_comparisons_left_)) {
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
  if (!faults_.collecting()) return true;
  explain_faults();
  return false;
}

bool PathBuilder::exhausted(const char* what) {
  exhausted_ = what;
  return false;
}

}  // namespace handfast::pki
