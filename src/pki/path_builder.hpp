// PathBuilder: depth first from the leaf to an anchor, the likeliest issuer first. RFC 4158 §3.5.
// Every step counts against a budget; a subject with the same key never appears twice in a path.
#pragma once

#include <optional>
#include <span>

#include "pki/path.hpp"
#include "pki/verify.hpp"
#include "pki/work.hpp"

namespace handfast::pki {

struct CrlSignerNest;
struct StapleVerdict;

// What is searched for instead of a path from presented[0] to any anchor: one from the signer of a CRL to the
// anchor of another path.
struct CrlSignerSearch {
  Presented* signer;
  const Anchor* anchor;
  const CrlSignerNest* nest;
};

class PathBuilder {
 public:
  // presented[0] is the leaf. All outlive the builder.
  PathBuilder(const VerifyInput& input, std::span<Presented> presented);
  PathBuilder(const PathBuilder&) = delete;
  PathBuilder& operator=(const PathBuilder&) = delete;
  // Within another search, from whose budget it takes.
  PathBuilder(const VerifyInput& input, std::span<Presented> presented, Work& work,
              const CrlSignerSearch& signer);

  // Searches for a path without a fault, and if there is none once more for the best explanation.
  // `path()` holds what was found.
  Result<void> build();
  // The same without an explanation.
  bool find() { return search(); }
  [[nodiscard]] const Path& path() const { return path_; }
  // After a failed build.
  [[nodiscard]] const Explanation& explanation() const { return explanation_; }

 private:
  bool search();
  bool extend();
  bool same_name(Bytes a, std::uint64_t hash_of_a, Bytes b, std::uint64_t hash_of_b);
  bool is_issuer_name(const Certificate& child, const Certificate& issuer);
  bool same_entity(const Certificate& a, const Certificate& b);
  template <class Visit>
  bool for_each_candidate(const Certificate& child, unsigned rank, Visit visit);
  bool try_issuer(const PathStep& candidate);
  bool check_edge();
  bool check_signature(const Certificate& child, std::size_t child_depth, const PathStep& issuer);
  bool check_tls_features();
  bool check_constraints();
  bool check_revocation();
  // `staple`: what the response says of this certificate.
  bool check_lists(std::size_t depth, const StapleVerdict& staple);
  bool check_stapled_response(const StapleVerdict& staple);
  bool accept();
  bool exhausted(const char* what);

  // Explaining. A candidate for the answer replaces a worse one.
  void explain_faults();
  void explain_dead_end();
  void explain_bad_signature(const Certificate& child, std::size_t depth, const Certificate& issuer);
  // `main` is one of the faults that were reported, or what ends the path, which reports no fault.
  void propose(int score, const Fault& main, bool reported);
  bool is_self_signed(const PathStep& step);

  const VerifyInput& input_;
  std::span<Presented> presented_;
  std::optional<Work> own_work_;
  Work& work_;
  Presented& leaf_;
  const Anchor* only_anchor_ = nullptr;  // null: any
  const CrlSignerNest* nest_ = nullptr;
  Path path_;
  Faults faults_;
  std::optional<Error> best_;
  Explanation explanation_;
  int best_score_ = -1;
};

}  // namespace handfast::pki
