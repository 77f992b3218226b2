// Longer chains, as PKITS 4.3, 4.6 to 4.12 and 4.16 try them: policies and their mappings, self-issued
// certificates, names of issuers. RFC 5280 §6.1.
#include "pki/long_chain.hpp"

#include <gtest/gtest.h>

namespace handfast::test {
namespace {

const ByteString kOne = {0x2a, 0x03, 0x01};
const ByteString kTwo = {0x2a, 0x03, 0x02};
const ByteString kThree = {0x2a, 0x03, 0x03};
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

// Of pairs: issuerDomainPolicy, subjectDomainPolicy.
ByteString mappings(const std::vector<std::pair<ByteString, ByteString>>& list) {
  ByteString content;
  for (const auto& [issuer, subject] : list) {
    const ByteString pair = der_encode(der::kSequence, {encode_oid(issuer), encode_oid(subject)});
    content.insert(content.end(), pair.begin(), pair.end());
  }
  return pki::encode_extension(pki::oid::kPolicyMappings, true, der_encode(der::kSequence, {content}));
}

// requireExplicitPolicy [0], inhibitPolicyMapping [1]
ByteString constraint(unsigned number, std::uint8_t skip) {
  const ByteString field = der_encode(der::context(number), {Bytes(&skip, 1)});
  return pki::encode_extension(pki::oid::kPolicyConstraints, true, der_encode(der::kSequence, {field}));
}
ByteString explicit_after(std::uint8_t skip) { return constraint(0, skip); }
ByteString no_mapping_after(std::uint8_t skip) { return constraint(1, skip); }
ByteString no_any_after(std::uint8_t skip) {
  return pki::encode_extension(pki::oid::kInhibitAnyPolicy, true,
                               der_encode(der::kInteger, {Bytes(&skip, 1)}));
}

using LongChainPolicies = LongChain;

// 4.8.
TEST_F(LongChainPolicies, OneForTheWholePath) {
  policy.initial_explicit_policy = true;
  const ByteString one = policies({kOne});
  EXPECT_TRUE(accepts({authority("A", {one}), authority("B", {one}), end({one})}));
  EXPECT_FALSE(accepts({authority("A", {one}), authority("B"), end({one})}));                      // 4.8.2
  EXPECT_FALSE(accepts({authority("A", {one}), authority("B", {policies({kTwo})}), end({one})}));  // 4.8.4
  EXPECT_EQ(code, ErrorCode::certificate_policy_violation);
  EXPECT_FALSE(accepts({authority("A", {one}), authority("B", {one}), end({policies({kTwo})})}));  // 4.8.5
  // 4.8.6, 4.8.7: what several CAs have in common.
  const std::vector<pki::IssueSpec> common = {authority("A", {policies({kOne, kTwo, kThree})}),
                                              authority("B", {policies({kOne, kTwo})}),
                                              authority("C", {policies({kOne})}), end({one})};
  EXPECT_TRUE(accepts(common));
  policy.initial_policies = {kOne};
  EXPECT_TRUE(accepts(common));
  policy.initial_policies = {kTwo};
  EXPECT_FALSE(accepts(common));
  policy.initial_policies = {kTwo, kOne};
  EXPECT_TRUE(accepts(common));
}

TEST_F(LongChainPolicies, TheUsersSetCountsOnlyIfOneIsDemanded) {
  policy.initial_policies = {kTwo};
  EXPECT_TRUE(accepts({authority("A", {policies({kOne})}), end({policies({kOne})})}));
  EXPECT_FALSE(accepts({authority("A", {policies({kOne}), explicit_after(0)}), end({policies({kOne})})}));
}

// 4.8.11 to 4.8.13.
TEST_F(LongChainPolicies, AnyPolicyOnTheWay) {
  policy.initial_explicit_policy = true;
  policy.initial_policies = {kOne};
  EXPECT_TRUE(accepts(
      {authority("A", {policies({kAny})}), authority("B", {policies({kAny})}), end({policies({kOne})})}));
  EXPECT_TRUE(accepts({authority("A", {policies({kAny})}), end({policies({kAny})})}));
  EXPECT_FALSE(accepts(
      {authority("A", {policies({kTwo})}), authority("B", {policies({kAny})}), end({policies({kAny})})}));
  EXPECT_TRUE(accepts({authority("A", {policies({kTwo, kOne})}), authority("B", {policies({kAny})}),
                       end({policies({kOne})})}));
}

// 4.9.
TEST_F(LongChainPolicies, ExplicitPolicyAfterSomeCertificates) {
  const auto chain = [&](std::uint8_t skip, const std::vector<std::string>& names) {
    std::vector<pki::IssueSpec> specs = {authority("A", {policies({kOne}), explicit_after(skip)})};
    for (const std::string& name : names) specs.push_back(authority(name, {policies({kOne})}));
    specs.push_back(end());  // without a policy
    return accepts(specs);
  };
  EXPECT_TRUE(chain(10, {"B", "C", "D"}));  // 4.9.1
  EXPECT_TRUE(chain(5, {"B", "C", "D"}));   // 4.9.2
  EXPECT_FALSE(chain(4, {"B", "C", "D"}));  // 4.9.3
  EXPECT_FALSE(chain(0, {"B", "C", "D"}));  // 4.9.5
  // Self-issued ones do not count: 4.9.6, 4.9.7, 4.9.8.
  EXPECT_TRUE(chain(2, {"A"}));
  EXPECT_FALSE(chain(1, {"A"}));
  EXPECT_FALSE(chain(2, {"A", "B"}));
  EXPECT_FALSE(chain(2, {"A", "B", "B"}));
  // A later CA can make it stricter, but not laxer.
  EXPECT_FALSE(accepts({authority("A", {policies({kOne}), explicit_after(7)}),
                        authority("B", {policies({kOne}), explicit_after(1)}),
                        authority("C", {policies({kOne}), explicit_after(9)}), end()}));
  // The last certificate can ask, too.
  EXPECT_FALSE(accepts({authority("A"), end({explicit_after(0)})}));
  EXPECT_TRUE(accepts({authority("A"), end({explicit_after(1)})}));
}

// 4.10.
TEST_F(LongChainPolicies, Mappings) {
  policy.initial_explicit_policy = true;
  const auto mapped = [&](std::vector<std::pair<ByteString, ByteString>> pairs, const ByteString& leaf) {
    return accepts({authority("A", {policies({kOne}), mappings(pairs)}), authority("B", {policies({kTwo})}),
                    end({policies({leaf})})});
  };
  EXPECT_TRUE(mapped({{kOne, kTwo}}, kTwo));
  EXPECT_FALSE(mapped({{kOne, kTwo}}, kOne));
  EXPECT_FALSE(mapped({{kOne, kThree}}, kTwo));
  EXPECT_FALSE(mapped({{kOne, kAny}}, kTwo));  // 4.10.7
  EXPECT_FALSE(mapped({{kAny, kTwo}}, kTwo));  // 4.10.8
  // 4.10.3: one policy to several.
  EXPECT_TRUE(mapped({{kOne, kThree}, {kOne, kTwo}}, kTwo));
  // Twice on the way: 1 → 2 → 3.
  const std::vector<pki::IssueSpec> twice = {authority("A", {policies({kOne}), mappings({{kOne, kTwo}})}),
                                             authority("B", {policies({kTwo}), mappings({{kTwo, kThree}})}),
                                             end({policies({kThree})})};
  EXPECT_TRUE(accepts(twice));
  // The user names policies of the anchor's domain: 4.10.1.
  policy.initial_policies = {kOne};
  EXPECT_TRUE(accepts(twice));
  policy.initial_policies = {kThree};
  EXPECT_FALSE(accepts(twice));
}

// 4.10.5, 4.10.6: two policies that swap their names.
TEST_F(LongChainPolicies, MappingsThatCross) {
  policy.initial_explicit_policy = true;
  const std::vector<pki::IssueSpec> swap = {
      authority("A", {policies({kOne, kTwo}), mappings({{kOne, kTwo}, {kTwo, kOne}})}),
      end({policies({kOne})})};
  policy.initial_policies = {kTwo};
  EXPECT_TRUE(accepts(swap));
  policy.initial_policies = {kOne};
  EXPECT_FALSE(accepts(swap));
}

// 4.10.13, 4.10.14: a mapping of what was anyPolicy.
TEST_F(LongChainPolicies, MappingsBelowAnyPolicy) {
  policy.initial_explicit_policy = true;
  policy.initial_policies = {kOne};
  EXPECT_TRUE(
      accepts({authority("A", {policies({kAny}), mappings({{kOne, kTwo}})}), end({policies({kTwo})})}));
  policy.initial_policies = {kTwo};
  EXPECT_FALSE(
      accepts({authority("A", {policies({kAny}), mappings({{kOne, kTwo}})}), end({policies({kTwo})})}));
}

// 4.11.
TEST_F(LongChainPolicies, InhibitedMappings) {
  policy.initial_explicit_policy = true;
  const auto chain = [&](std::uint8_t skip, const std::vector<std::string>& names) {
    std::vector<pki::IssueSpec> specs = {authority("A", {policies({kOne}), no_mapping_after(skip)})};
    for (const std::string& name : names) specs.push_back(authority(name, {policies({kOne})}));
    specs.push_back(authority("Last", {policies({kOne}), mappings({{kOne, kTwo}})}));
    specs.push_back(end({policies({kTwo})}));
    return accepts(specs);
  };
  EXPECT_FALSE(chain(0, {}));
  EXPECT_TRUE(chain(1, {}));
  EXPECT_FALSE(chain(1, {"B"}));
  EXPECT_TRUE(chain(2, {"B"}));
  // 4.11.7 to 4.11.9: self-issued ones do not count.
  EXPECT_TRUE(chain(1, {"A"}));
  EXPECT_FALSE(chain(1, {"A", "B"}));
}

// 4.12.
TEST_F(LongChainPolicies, InhibitedAnyPolicy) {
  policy.initial_explicit_policy = true;
  const ByteString any = policies({kAny});
  const ByteString one = policies({kOne});
  EXPECT_FALSE(accepts({authority("A", {one, no_any_after(0)}), end({any})}));  // 4.12.1
  EXPECT_TRUE(accepts({authority("A", {one, no_any_after(0)}), end({policies({kOne, kAny})})}));
  EXPECT_TRUE(
      accepts({authority("A", {one, no_any_after(1)}), authority("B", {any}), end({one})}));  // 4.12.3
  EXPECT_FALSE(accepts({authority("A", {one, no_any_after(1)}), authority("B", {any}), end({any})}));
  EXPECT_FALSE(accepts({authority("A", {one, no_any_after(5)}), authority("B", {one, no_any_after(1)}),
                        authority("C", {one}), end({any})}));  // 4.12.5
  // 4.12.7 to 4.12.10: a self-issued CA may use it where others may not, the last certificate never.
  EXPECT_TRUE(accepts(
      {authority("A", {one, no_any_after(1)}), authority("A", {any}), authority("B", {any}), end({one})}));
  EXPECT_TRUE(accepts({authority("A", {one, no_any_after(0)}), authority("A", {any}), end({one})}));
  EXPECT_FALSE(accepts({authority("A", {one, no_any_after(0)}), authority("A", {any}), end({any})}));
}

// 4.6.15 to 4.6.17, and more of them in a row.
TEST_F(LongChain, SelfIssuedCertificatesDoNotCountForThePathLength) {
  pki::IssueSpec first = authority("A");
  first.path_len = 0;
  EXPECT_TRUE(accepts({first, authority("A"), end()}));
  EXPECT_TRUE(accepts({first, authority("A"), authority("A"), end()}));
  EXPECT_FALSE(accepts({first, authority("A"), authority("B"), end()}));
  EXPECT_EQ(code, ErrorCode::certificate_path_too_long);
  first.path_len = 1;
  EXPECT_TRUE(accepts({first, authority("A"), authority("B"), authority("B"), end()}));
  EXPECT_FALSE(accepts({first, authority("B"), authority("C"), end()}));
}

// 4.3: the issuer's name is compared as RFC 5280 §7.1 says.
TEST_F(LongChain, NamesOfIssuers) {
  const Entity ca = make_child(authority("Good CA"), root);
  const auto with_issuer_name = [&](const std::string& name) {
    const ByteString other = certify(authority(name), ca, root);
    auto leaf = pki::issue(end(), ca.key.public_key(), ca.key, other);
    return verify({*leaf, ca.certificate}).has_value();
  };
  EXPECT_TRUE(with_issuer_name("Good CA"));
  EXPECT_TRUE(with_issuer_name("GOOD ca"));       // 4.3.5
  EXPECT_TRUE(with_issuer_name("  Good   CA "));  // 4.3.3, 4.3.4
  EXPECT_FALSE(with_issuer_name("GoodCA"));       // 4.3.1
  EXPECT_FALSE(with_issuer_name("Good CB"));
  // The order of RDNs counts: 4.3.2.
  pki::IssueSpec spec = authority("Good CA");
  spec.organization = "Org";
  const Entity both = make_child(spec, root);
  std::swap(spec.organization, spec.common_name);
  const ByteString swapped = certify(spec, both, root);
  EXPECT_FALSE(verify({*pki::issue(end(), ca.key.public_key(), both.key, swapped), both.certificate}));
}

// 4.7: keyUsage, critical or not. 4.16: private extensions.
TEST_F(LongChain, KeyUsageOfCas) {
  pki::IssueSpec spec = authority("A");
  spec.key_usage = static_cast<std::uint16_t>(pki::KeyUsage::crl_sign);
  EXPECT_FALSE(accepts({spec, end()}));
  EXPECT_EQ(code, ErrorCode::certificate_bad_key_usage);
  spec.key_usage = static_cast<std::uint16_t>(pki::KeyUsage::key_cert_sign);
  EXPECT_TRUE(accepts({spec, end()}));
}

TEST_F(LongChain, PrivateExtensions) {
  const ByteString type = {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x02, 0x01, 0x0c, 0x02};
  for (const bool critical : {false, true}) {
    const ByteString extension = pki::encode_extension(type, critical, der_encode(der::kNull, {}));
    EXPECT_EQ(accepts({authority("A"), end({extension})}), !critical);
    EXPECT_EQ(accepts({authority("A", {extension}), end()}), !critical);
  }
}

}  // namespace
}  // namespace handfast::test
