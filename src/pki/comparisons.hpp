// Comparisons: what comparing names and looking through lists may still cost one verification, so that its
// time is bounded whatever a peer sends. Must be asked before the work is done.
#pragma once

#include <cstddef>
#include <handfast/bytes.hpp>

namespace handfast::pki {

// One comparison is what one name constraint costs, about 20 ns.
class Comparisons {
 public:
  explicit Comparisons(std::size_t budget) : left_(budget) {}

  // False if there is not that much left, and from then on: whoever asked must give up.
  [[nodiscard]] bool spend(std::size_t cost = 1);
  // Whether two Names are equal (RFC 5280 §7.1), paid for by their length. False, too, when the budget ends:
  // exhausted() tells.
  [[nodiscard]] bool same_name(Bytes a, Bytes b);
  // Whether two byte strings are equal, in the same way.
  [[nodiscard]] bool same_bytes(Bytes a, Bytes b);

  [[nodiscard]] bool exhausted() const { return exhausted_; }

 private:
  std::size_t left_;
  bool exhausted_ = false;
};

}  // namespace handfast::pki
