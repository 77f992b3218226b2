// How a failed search is explained: which of all that went wrong helps most. Part of PathBuilder.
// What reaches an anchor with faults says more than a dead end, and of dead ends the farthest says most.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "pki/describe.hpp"
#include "pki/distinguished_name.hpp"
#include "pki/oid.hpp"
#include "pki/path_builder.hpp"
#include "pki/remedy.hpp"

namespace handfast::pki {
namespace {

using E = ErrorCode;

// A path that reaches an anchor, minus its faults.
constexpr int kReached = 10'000;
constexpr int kPerDepth = 100;
constexpr int kSelfSigned = 60;
constexpr int kBadSignature = 50;
constexpr int kNoIssuer = 40;

// Of several faults on one path the first of this list is the answer.
constexpr E kImportance[] = {
    E::certificate_unsupported_version,
    E::certificate_issuer_not_ca,
    E::certificate_unknown_critical_extension,
    E::certificate_unsupported_algorithm,
    E::certificate_weak_signature,
    E::certificate_weak_key,
    E::certificate_revoked,
    E::certificate_path_too_long,
    E::certificate_bad_key_usage,
    E::certificate_name_constraint,
    E::certificate_policy_violation,
    E::certificate_bad_extended_key_usage,
    E::certificate_no_subject_alternative_name,
    E::certificate_ip_mismatch,
    E::certificate_wildcard_mismatch,
    E::certificate_name_mismatch,
    E::certificate_expired,
    E::certificate_issuer_expired,
    E::certificate_not_yet_valid,
    E::certificate_staple_invalid,
    E::certificate_staple_missing,
    E::certificate_revocation_unknown,
    E::certificate_extension_forbidden,
};

std::ptrdiff_t importance(E code) {
  return std::find(std::begin(kImportance), std::end(kImportance), code) - std::begin(kImportance);
}

// "; also: the certificate has expired (…)" for each fault but `main`.
std::string also(const std::vector<Fault>& faults, const Fault* main) {
  std::string text;
  for (const Fault& fault : faults) {
    if (&fault == main) continue;
    text += fmt::format("; also: {}", info_of(fault.code).sentence);
    if (fault.depth > 0) text += fmt::format(" ({})", name_to_text(fault.certificate->subject));
  }
  return text;
}

bool share_organization(Bytes a, Bytes b) {
  const auto first = attribute_text(a, oid::kOrganizationName);
  return first && first == attribute_text(b, oid::kOrganizationName);
}

// An issuer that nobody knows is probably an intermediate that was forgotten if the certificate says where to
// get it, if the peer sent other certificates that lead nowhere, or if an anchor is of the same organization.
bool looks_forgotten(const Certificate& leaf, std::size_t presented, const TrustAnchors& anchors) {
  if (presented > 1 || !ca_issuer_urls(leaf).empty()) return true;
  const auto& all = anchors.index().anchors;
  return std::any_of(all.begin(), all.end(), [&](const Anchor& anchor) {
    return share_organization(leaf.issuer, anchor.certificate.subject);
  });
}

}  // namespace

void PathBuilder::propose(int score, const Fault& main, bool reported) {
  if (score <= best_score_) return;
  best_score_ = score;
  const auto& found = faults_.found();
  Error error(main.code);
  if (*main.field != '\0') error.at(main.field, 0);
  error.with_certificate(main.depth, name_to_text(main.certificate->subject))
      .with_detail(main.detail + also(found, reported ? &main : nullptr))
      .with_fix(remedy(main, input_));
  best_ = std::move(error);
  explanation_.path = path_;
  explanation_.faults = found;
  if (!reported) explanation_.faults.insert(explanation_.faults.begin(), main);
}

void PathBuilder::explain_faults() {
  const auto& found = faults_.found();
  if (found.empty()) return;
  const int score = kReached - static_cast<int>(std::min<std::size_t>(found.size(), kPerDepth));
  if (score <= best_score_) return;
  const auto main = std::min_element(found.begin(), found.end(), [](const Fault& a, const Fault& b) {
    const auto left = importance(a.code);
    const auto right = importance(b.code);
    return left != right ? left < right : a.depth < b.depth;
  });
  propose(score, *main, true);
}

bool PathBuilder::is_self_signed(const PathStep& step) {
  const Certificate& certificate = *step.certificate;
  if (!certificate.self_issued || !certificate.signature_method) return certificate.self_issued;
  return work_.signatures.check(certificate, step) == SignatureChecks::Verdict::good;
}

void PathBuilder::explain_dead_end() {
  const std::size_t depth = path_.size() - 1;
  const Certificate& last = *path_.back().certificate;
  const std::string issuer = name_to_text(last.issuer);
  int score = static_cast<int>(depth) * kPerDepth + kNoIssuer;
  Fault fault{E::certificate_unknown_issuer, depth, &last, "",
              fmt::format("nobody here knows its issuer '{}'", issuer)};
  if (is_self_signed(path_.back())) {
    score = static_cast<int>(depth) * kPerDepth + kSelfSigned;
    fault.code = depth == 0 ? E::certificate_self_signed : E::certificate_self_signed_root;
    fault.detail = "it is not among the trust anchors";
  } else if (depth == 0 && looks_forgotten(last, input_.chain.size(), input_.anchors)) {
    fault.code = E::certificate_missing_intermediate;
    fault.detail = fmt::format("the certificate of its issuer '{}' was not sent", issuer);
    const std::vector<std::string> urls = ca_issuer_urls(last);
    if (!urls.empty()) fault.detail += fmt::format("; it is at {}", urls.front());
  }
  propose(score, fault, false);
}

void PathBuilder::explain_bad_signature(const Certificate& child, std::size_t depth,
                                        const Certificate& issuer) {
  const auto& wanted = child.authority_key_identifier.key_identifier;
  const bool other_key = wanted && issuer.subject_key_identifier.present &&
                         !oid::equal(*wanted, issuer.subject_key_identifier.key_identifier);
  const E code = other_key ? E::certificate_wrong_intermediate : E::certificate_bad_signature;
  const char* const what =
      other_key ? "another key than its issuer's has the name" : "not made by the key of";
  const int score = static_cast<int>(depth) * kPerDepth + kBadSignature;
  const bool better = score > best_score_;
  propose(score, {code, depth, &child, "", fmt::format("{} '{}'", what, name_to_text(issuer.subject))},
          false);
  if (!better) return;
  // What stands there is not the issuer, whatever its name.
  explanation_.path.pop();
  std::erase_if(explanation_.faults, [&](const Fault& fault) { return fault.depth > depth; });
}

}  // namespace handfast::pki
