// PathBuilder: depth first from the leaf to an anchor, the likeliest issuer first. RFC 4158 §3.5.
// Every step counts against a budget; a subject with the same key never appears twice in a path.
#pragma once

#include <optional>
#include <span>

#include "pki/path.hpp"
#include "pki/signatures.hpp"
#include "pki/verify.hpp"

namespace handfast::pki {

class PathBuilder {
 public:
  // presented[0] is the leaf. All outlive the builder.
  PathBuilder(const VerifyInput& input, std::span<Presented> presented);

  // Searches for a path without a fault, and if there is none once more for the best explanation.
  // `path()` holds what was found.
  Result<void> build();
  [[nodiscard]] const Path& path() const { return path_; }

 private:
  bool search();
  bool extend();
  template <class Visit>
  bool for_each_candidate(const Certificate& child, unsigned rank, Visit visit);
  bool try_issuer(const PathStep& candidate);
  bool check_edge();
  bool check_signature(const Certificate& child, std::size_t child_depth, const PathStep& issuer);
  bool check_constraints();
  bool accept();
  bool exhausted(const char* what);

  // Explaining. A candidate for the answer replaces a worse one.
  void explain_faults();
  void explain_dead_end();
  void explain_bad_signature(const Certificate& child, std::size_t depth, const Certificate& issuer);
  void propose(int score, const Error& error);
  bool is_self_signed(const PathStep& step);

  const VerifyInput& input_;
  std::span<Presented> presented_;
  Path path_;
  Faults faults_;
  SignatureChecks signatures_;
  std::size_t steps_left_;
  std::size_t comparisons_left_;
  std::size_t policy_comparisons_left_;
  const char* exhausted_ = nullptr;  // the budget that ran out
  std::optional<Error> best_;
  int best_score_ = -1;
};

}  // namespace handfast::pki
