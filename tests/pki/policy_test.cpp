// Certificate policies, as PKITS 4.8 to 4.12 try them. RFC 5280 §6.1.
#include <gtest/gtest.h>

#include "crypto/der.hpp"
#include "crypto/der_writer.hpp"
#include "pki/maker.hpp"
#include "pki/oid.hpp"
#include "pki/verify.hpp"

namespace handfast::test {
namespace {

namespace der = crypto::der;
using crypto::der_encode;

const ByteString kOne = {0x2a, 0x03, 0x01};
const ByteString kTwo = {0x2a, 0x03, 0x02};
const ByteString kAny = copy_of(pki::oid::kAnyPolicy);

ByteString encode_oid(const ByteString& type) { return der_encode(der::kObjectIdentifier, {type}); }

ByteString policies(const std::vector<ByteString>& list) {
  ByteString content;
  for (const ByteString& policy : list) {
    const ByteString information = der_encode(der::kSequence, {encode_oid(policy)});
    content.insert(content.end(), information.begin(), information.end());
  }
  return pki::encode_extension(pki::oid::kCertificatePolicies, false, der_encode(der::kSequence, {content}));
}

ByteString mapping(const ByteString& issuer, const ByteString& subject) {
  const ByteString pair = der_encode(der::kSequence, {encode_oid(issuer), encode_oid(subject)});
  return pki::encode_extension(pki::oid::kPolicyMappings, true, der_encode(der::kSequence, {pair}));
}

// requireExplicitPolicy [0], inhibitPolicyMapping [1]
ByteString constraint(unsigned number, std::uint8_t skip) {
  const ByteString field = der_encode(der::context(number), {Bytes(&skip, 1)});
  return pki::encode_extension(pki::oid::kPolicyConstraints, true, der_encode(der::kSequence, {field}));
}

ByteString inhibit_any(std::uint8_t skip) {
  return pki::encode_extension(pki::oid::kInhibitAnyPolicy, true,
                               der_encode(der::kInteger, {Bytes(&skip, 1)}));
}

struct Policies : testing::Test {
  // root → CA with these extensions → leaf with these.
  bool accepts(std::vector<ByteString> middle_extensions, std::vector<ByteString> leaf_extensions) {
    static const Entity root = make_root(ca_spec("Root"));
    static const TrustAnchors anchors = trust(root);
    pki::IssueSpec middle_spec = ca_spec("Intermediate");
    middle_spec.more_extensions = std::move(middle_extensions);
    const Entity middle = make_child(middle_spec, root);
    pki::IssueSpec spec = server_spec("a.example");
    spec.more_extensions = std::move(leaf_extensions);
    const std::vector<ByteString> chain = {make_child(spec, middle).certificate, middle.certificate};
    pki::VerifyInput input{.chain = chain, .anchors = anchors, .now = kNow, .peer = Side::server};
    input.policy = policy;
    const auto verdict = pki::verify_chain(input);
    if (!verdict) {
      EXPECT_EQ(verdict.error().code(), ErrorCode::certificate_policy_violation)
          << verdict.error().to_string();
    }
    return verdict.has_value();
  }
  pki::ValidationPolicy policy;
};

TEST_F(Policies, NobodyAsks) {
  EXPECT_TRUE(accepts({}, {}));
  EXPECT_TRUE(accepts({policies({kOne})}, {policies({kTwo})}));
}

TEST_F(Policies, ExplicitPolicyOfTheVerifier) {
  policy.initial_explicit_policy = true;
  EXPECT_TRUE(accepts({policies({kOne})}, {policies({kOne})}));
  EXPECT_TRUE(accepts({policies({kAny})}, {policies({kOne})}));
  EXPECT_TRUE(accepts({policies({kOne})}, {policies({kAny})}));
  EXPECT_FALSE(accepts({policies({kOne})}, {policies({kTwo})}));
  EXPECT_FALSE(accepts({policies({kOne})}, {}));
  EXPECT_FALSE(accepts({}, {policies({kOne})}));
}

TEST_F(Policies, TheUsersSet) {
  policy.initial_explicit_policy = true;
  policy.initial_policies = {kOne};
  EXPECT_TRUE(accepts({policies({kOne, kTwo})}, {policies({kOne, kTwo})}));
  EXPECT_FALSE(accepts({policies({kTwo})}, {policies({kTwo})}));
  EXPECT_TRUE(accepts({policies({kAny})}, {policies({kAny})}));
  EXPECT_TRUE(accepts({policies({kAny})}, {policies({kOne})}));
  EXPECT_FALSE(accepts({policies({kAny})}, {policies({kTwo})}));
}

TEST_F(Policies, ExplicitPolicyOfACertificate) {
  EXPECT_TRUE(accepts({policies({kOne}), constraint(0, 0)}, {policies({kOne})}));
  EXPECT_FALSE(accepts({policies({kOne}), constraint(0, 0)}, {policies({kTwo})}));
  // Two certificates may follow, and there are not that many.
  EXPECT_TRUE(accepts({policies({kOne}), constraint(0, 2)}, {policies({kTwo})}));
}

TEST_F(Policies, Mappings) {
  policy.initial_explicit_policy = true;
  policy.initial_policies = {kOne};
  EXPECT_TRUE(accepts({policies({kOne}), mapping(kOne, kTwo)}, {policies({kTwo})}));
  EXPECT_FALSE(accepts({policies({kOne}), mapping(kOne, kTwo)}, {policies({kOne})}));
  EXPECT_TRUE(accepts({policies({kAny}), mapping(kOne, kTwo)}, {policies({kTwo})}));
  policy.initial_policy_mapping_inhibit = true;
  EXPECT_FALSE(accepts({policies({kOne}), mapping(kOne, kTwo)}, {policies({kTwo})}));
}

TEST_F(Policies, MappingsOfAnyPolicyAreForbidden) {
  EXPECT_FALSE(accepts({policies({kOne}), mapping(kAny, kOne)}, {policies({kOne})}));
  EXPECT_FALSE(accepts({policies({kOne}), mapping(kOne, kAny)}, {policies({kOne})}));
}

TEST_F(Policies, InhibitAnyPolicy) {
  policy.initial_explicit_policy = true;
  EXPECT_FALSE(accepts({policies({kOne}), inhibit_any(0)}, {policies({kAny})}));
  EXPECT_TRUE(accepts({policies({kOne}), inhibit_any(1)}, {policies({kAny})}));
  EXPECT_TRUE(accepts({policies({kOne}), inhibit_any(0)}, {policies({kOne})}));
  policy.initial_any_policy_inhibit = true;
  EXPECT_FALSE(accepts({policies({kAny})}, {policies({kOne})}));
}

TEST_F(Policies, TheBudgetHolds) {
  policy.initial_explicit_policy = true;
  policy.budget.policy_comparisons = 2;
  std::vector<ByteString> many;
  for (std::uint8_t i = 1; i < 100; ++i) many.push_back({0x2a, 0x04, i});
  pki::IssueSpec spec = ca_spec("Intermediate");
  const Entity root = make_root(ca_spec("Root"));
  spec.more_extensions = {policies(many)};
  const Entity middle = make_child(spec, root);
  const TrustAnchors anchors = trust(root);
  const std::vector<ByteString> chain = {make_child(server_spec("a.example"), middle).certificate,
                                         middle.certificate};
  pki::VerifyInput input{.chain = chain, .anchors = anchors, .now = kNow, .peer = Side::server};
  input.policy = policy;
  EXPECT_EQ(pki::verify_chain(input).error().code(), ErrorCode::certificate_budget_exhausted);
}

}  // namespace
}  // namespace handfast::test
