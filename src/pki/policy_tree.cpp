#include "pki/policy_tree.hpp"
namespace handfast::pki {
PolicyVerdict check_policies(const Path&, const ValidationPolicy&, std::size_t&) {
  return PolicyVerdict::accepted;
}
}  // namespace handfast::pki
