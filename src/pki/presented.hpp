// What a peer presented, parsed: shared by the verifier and the checker.
#pragma once

#include <span>
#include <vector>

#include "pki/path.hpp"

namespace handfast::pki {

struct PresentedList {
  // Those that can be read, in their order; `index` says which of the list each is.
  std::vector<Presented> readable;
  // For the others the reason, with the place in the list as certificate_depth().
  std::vector<Error> unreadable;
};

// Stops at an unreadable leaf if `need_leaf`.
PresentedList parse_presented(std::span<const ByteString> chain, const TrustAnchors& anchors, bool need_leaf);

// What a search that failed with `error` is to be called: a dead end may be there because a certificate of
// the list cannot be read, and then that is the reason.
Error failure_of(const PresentedList& list, const Error& error);

}  // namespace handfast::pki
