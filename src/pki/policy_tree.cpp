// Certificate policies. RFC 5280 §6.1.2 to §6.1.5 with the graph of RFC 9618 in place of the tree: one node
// for each policy and depth, so that mappings cannot make it grow exponentially.
#include "pki/policy_tree.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "crypto/der.hpp"
#include "pki/oid.hpp"

namespace handfast::pki {
namespace {

using crypto::DerReader;

struct Node {
  Bytes policy;
  std::vector<Bytes> expected;       // expected_policy_set
  std::vector<std::size_t> parents;  // indices in the level above
  bool reached = false;              // from a node of the last level
};
using Level = std::vector<Node>;

bool is_any(Bytes policy) { return oid::equal(policy, oid::kAnyPolicy); }

struct Mapping {
  Bytes issuer_domain;
  Bytes subject_domain;
};

// PolicyMappings ::= SEQUENCE SIZE (1..MAX) OF SEQUENCE { issuerDomainPolicy, subjectDomainPolicy }
// False if malformed, or if §6.1.4 (a) is broken: "verify that the special value anyPolicy does not appear".
bool read_mappings(const Certificate& certificate, std::vector<Mapping>* out) {
  if (!certificate.policy_mappings.present) return true;
  DerReader reader(certificate.policy_mappings.content);
  do {
    DerReader pair = reader.sequence("policyMappings");
    const Mapping mapping{pair.object_identifier("issuerDomainPolicy"),
                          pair.object_identifier("subjectDomainPolicy")};
    pair.expect_end("policyMappings");
    if (is_any(mapping.issuer_domain) || is_any(mapping.subject_domain)) return false;
    if (out != nullptr) out->push_back(mapping);
  } while (!reader.empty());
  return reader.finish().has_value();
}

// CertificatePolicies ::= SEQUENCE SIZE (1..MAX) OF SEQUENCE { policyIdentifier, policyQualifiers OPTIONAL }
bool read_policies(const Certificate& certificate, std::vector<Bytes>& out) {
  DerReader reader(certificate.certificate_policies.content);
  do {
    DerReader information = reader.sequence("certificatePolicies");
    out.push_back(information.object_identifier("policyIdentifier"));
    if (!information.empty()) information.element("policyQualifiers", crypto::der::kSequence);
    information.expect_end("certificatePolicies");
  } while (!reader.empty());
  return reader.finish().has_value();
}

class PolicyGraph {
 public:
  PolicyGraph(const Path& path, const ValidationPolicy& policy, std::size_t& comparisons_left)
      : path_(path), policy_(policy), comparisons_left_(comparisons_left) {
    const std::uint64_t length = path.size() - 1;  // without the anchor
    explicit_policy_ = policy.initial_explicit_policy ? 0 : length + 1;
    policy_mapping_ = policy.initial_policy_mapping_inhibit ? 0 : length + 1;
    inhibit_any_policy_ = policy.initial_any_policy_inhibit ? 0 : length + 1;
    levels_.push_back({Node{oid::kAnyPolicy, {oid::kAnyPolicy}, {}}});
  }

  PolicyVerdict run() {
    for (std::size_t depth = path_.size() - 1; depth-- > 0;) {
      const Certificate& certificate = *path_[depth].certificate;
      const PolicyVerdict verdict = process(certificate, depth == 0);
      if (verdict != PolicyVerdict::accepted) return verdict;
      if (depth > 0 && !prepare(certificate)) return PolicyVerdict::malformed;
      if (comparisons_left_ == 0) return PolicyVerdict::budget_exhausted;
    }
    return wrap_up();
  }

 private:
  // §6.1.3 (d), (e), (f).
  PolicyVerdict process(const Certificate& certificate, bool is_last) {
    if (!certificate.certificate_policies.present) valid_ = false;
    if (valid_) {
      std::vector<Bytes> policies;
      if (!read_policies(certificate, policies)) return PolicyVerdict::malformed;
      add_level(policies, inhibit_any_policy_ > 0 || (!is_last && certificate.self_issued));
      valid_ = !levels_.back().empty();
    }
    if (comparisons_left_ == 0) return PolicyVerdict::budget_exhausted;
    return explicit_policy_ > 0 || valid_ ? PolicyVerdict::accepted : PolicyVerdict::no_valid_policy;
  }

  void add_level(const std::vector<Bytes>& policies, bool any_counts) {
    Level level;
    const Level& above = levels_.back();
    for (const Bytes policy : policies) {
      if (is_any(policy) || find(level, policy) != nullptr) continue;
      Node node{policy, {policy}, parents_expecting(above, policy)};
      // (d) (1) (ii): "there is a node of depth i-1 with the valid_policy anyPolicy"
      if (node.parents.empty()) node.parents = parents_expecting(above, oid::kAnyPolicy);
      add(level, std::move(node));
    }
    const bool has_any = std::any_of(policies.begin(), policies.end(), is_any);
    if (has_any && any_counts) {
      for (const Node& parent : above) {
        for (const Bytes policy : parent.expected) {
          if (find(level, policy) == nullptr)
            add(level, Node{policy, {policy}, parents_expecting(above, policy)});
        }
      }
    }
    levels_.push_back(std::move(level));
  }

  // §6.1.4 (a), (b), (h), (i), (j). False for forbidden mappings.
  bool prepare(const Certificate& certificate) {
    std::vector<Mapping> mappings;
    if (!read_mappings(certificate, &mappings)) return false;
    if (valid_) map_policies(mappings);
    if (!certificate.self_issued) {
      for (std::uint64_t* counter : {&explicit_policy_, &policy_mapping_, &inhibit_any_policy_}) {
        if (*counter > 0) --*counter;
      }
    }
    const PolicyConstraints& constraints = certificate.policy_constraints;
    if (constraints.require_explicit_policy) {
      explicit_policy_ = std::min(explicit_policy_, *constraints.require_explicit_policy);
    }
    if (constraints.inhibit_policy_mapping) {
      policy_mapping_ = std::min(policy_mapping_, *constraints.inhibit_policy_mapping);
    }
    if (certificate.inhibit_any_policy.present) {
      inhibit_any_policy_ = std::min(inhibit_any_policy_, certificate.inhibit_any_policy.skip_certs);
    }
    return true;
  }

  void map_policies(const std::vector<Mapping>& mappings) {
    Level& level = levels_.back();
    if (policy_mapping_ == 0) {
      // (b) (2): "delete each node of depth i in the valid_policy_tree where ID-P is the valid_policy"
      std::erase_if(level, [&](const Node& node) {
        return std::any_of(mappings.begin(), mappings.end(), [&](const Mapping& m) {
          return spend() && oid::equal(m.issuer_domain, node.policy);
        });
      });
      valid_ = !level.empty();
      return;
    }
    const Node* any = find(level, oid::kAnyPolicy);
    const std::vector<std::size_t> any_parents = any != nullptr ? any->parents : std::vector<std::size_t>();
    const bool has_any = any != nullptr;
    std::vector<Bytes> mapped;
    for (const Mapping& mapping : mappings) {
      if (!spend()) return;
      Node* node = find(level, mapping.issuer_domain);
      if (node == nullptr) {
        if (!has_any) continue;
        // (b) (1): without a node of its own "generate a child node of the node of depth i-1 that has a
        // valid_policy of anyPolicy".
        add(level, Node{mapping.issuer_domain, {}, any_parents});
        node = &level.back();
        mapped.push_back(mapping.issuer_domain);
      }
      const bool first = std::none_of(mapped.begin(), mapped.end(), [&](Bytes policy) {
        return oid::equal(policy, mapping.issuer_domain);
      });
      if (first) {
        node->expected.clear();
        mapped.push_back(mapping.issuer_domain);
      }
      node->expected.push_back(mapping.subject_domain);
    }
  }

  // §6.1.5 (a), (b), (g).
  PolicyVerdict wrap_up() {
    if (explicit_policy_ > 0) --explicit_policy_;
    if (path_[0].certificate->policy_constraints.require_explicit_policy == std::uint64_t{0})
      explicit_policy_ = 0;
    if (explicit_policy_ > 0) return PolicyVerdict::accepted;
    const bool constrained = valid_ && meets_initial_policies();
    if (comparisons_left_ == 0) return PolicyVerdict::budget_exhausted;
    return constrained ? PolicyVerdict::accepted : PolicyVerdict::no_valid_policy;
  }

  // (g) (iii): whether a node of the last level descends from a policy of the user's set: the first policy on
  // its way that is not anyPolicy, or anyPolicy all the way.
  bool meets_initial_policies() {
    const auto& wanted = policy_.initial_policies;
    if (wanted.empty() ||
        std::any_of(wanted.begin(), wanted.end(), [](const ByteString& p) { return is_any(p); })) {
      return true;
    }
    for (Node& node : levels_.back()) node.reached = true;
    for (std::size_t i = levels_.size(); i-- > 1;) {
      for (const Node& node : levels_[i]) {
        if (!node.reached) continue;
        if (is_any(node.policy) && i == levels_.size() - 1) return true;
        for (const std::size_t parent : node.parents) {
          if (!spend()) return false;
          levels_[i - 1][parent].reached = true;
          const bool in_authority_domain = is_any(levels_[i - 1][parent].policy);
          if (in_authority_domain && std::any_of(wanted.begin(), wanted.end(), [&](const ByteString& policy) {
                return oid::equal(policy, node.policy);
              })) {
            return true;
          }
        }
      }
    }
    return false;
  }

  bool spend() {
    if (comparisons_left_ > 0) --comparisons_left_;
    return comparisons_left_ > 0;
  }

  Node* find(Level& level, Bytes policy) {
    for (Node& node : level) {
      if (!spend()) return nullptr;
      if (oid::equal(node.policy, policy)) return &node;
    }
    return nullptr;
  }

  std::vector<std::size_t> parents_expecting(const Level& above, Bytes policy) {
    std::vector<std::size_t> parents;
    for (std::size_t i = 0; i < above.size(); ++i) {
      for (const Bytes expected : above[i].expected) {
        if (!spend()) return parents;
        if (!oid::equal(expected, policy)) continue;
        parents.push_back(i);
        break;
      }
    }
    return parents;
  }

  void add(Level& level, Node node) {
    if (spend() && !node.parents.empty()) level.push_back(std::move(node));
  }

  const Path& path_;
  const ValidationPolicy& policy_;
  std::size_t& comparisons_left_;
  std::vector<Level> levels_;
  bool valid_ = true;  // the graph is not NULL
  std::uint64_t explicit_policy_;
  std::uint64_t policy_mapping_;
  std::uint64_t inhibit_any_policy_;
};

}  // namespace

PolicyVerdict check_policies(const Path& path, const ValidationPolicy& policy,
                             std::size_t& comparisons_left) {
  bool explicit_policy = policy.initial_explicit_policy;
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    const Certificate& certificate = *path[i].certificate;
    explicit_policy = explicit_policy || certificate.policy_constraints.require_explicit_policy.has_value();
    if (i > 0 && !read_mappings(certificate, nullptr)) return PolicyVerdict::malformed;
  }
  // Nobody asks for a policy: then every path is good (explicit_policy never falls to 0), and nothing is
  // built.
  if (!explicit_policy) return PolicyVerdict::accepted;
  if (path.size() < 2) return PolicyVerdict::accepted;
  return PolicyGraph(path, policy, comparisons_left).run();
}

}  // namespace handfast::pki
