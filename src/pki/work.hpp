// What one verification shares between its searches: the budget that is left, and what was found out already.
#pragma once

#include <cstddef>
#include <vector>

#include "pki/comparisons.hpp"
#include "pki/path.hpp"
#include "pki/signatures.hpp"

namespace handfast::pki {

struct Work {
  explicit Work(const Budget& budget)
      : signatures(budget.signature_checks),
        steps_left(budget.path_steps),
        comparisons(budget.name_comparisons),
        policy_comparisons_left(budget.policy_comparisons) {}

  // A certificate outside the path whose key signs a CRL, and whether a path of its own leads to `anchor`.
  struct CrlSigner {
    const Presented* presented;
    const Anchor* anchor;
    bool trusted;
  };

  SignatureChecks signatures;
  std::size_t steps_left;
  Comparisons comparisons;
  std::size_t policy_comparisons_left;
  const char* exhausted = nullptr;  // the budget that ran out: everything ends
  std::vector<CrlSigner> crl_signers;
  // The search for a path of a CRL's signer met a circle or its greatest depth: its "no" holds there only.
  bool crl_signer_cut = false;
};

}  // namespace handfast::pki
