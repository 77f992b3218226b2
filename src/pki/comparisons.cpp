// The price list of comparisons.
#include "pki/comparisons.hpp"

#include "pki/distinguished_name.hpp"
#include "pki/oid.hpp"

namespace handfast::pki {
namespace {

// Bytes that are compared in the time of one comparison: as they are, and as text, whose case and blanks are
// folded.
constexpr std::size_t kBytesAsTheyAre = 1024;
constexpr std::size_t kBytesAsText = 8;

}  // namespace

bool Comparisons::spend(std::size_t cost) {
  if (exhausted_ || cost > left_) {
    exhausted_ = true;
    return false;
  }
  left_ -= cost;
  return true;
}

bool Comparisons::same_name(Bytes a, Bytes b) {
  // Whoever sends a bundle may make its names as long as it likes, and spell each in its own way.
  if (same_bytes(a, b)) return true;
  return spend(1 + (a.size() + b.size()) / (2 * kBytesAsText)) && names_equal(a, b);
}

bool Comparisons::same_bytes(Bytes a, Bytes b) {
  return a.size() == b.size() && spend(a.size() / kBytesAsTheyAre) && oid::equal(a, b);
}

}  // namespace handfast::pki
