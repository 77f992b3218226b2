// The TLS feature extension of certificates that sign others: a constraint on what they sign. RFC 7633
// §4.2.2. What a leaf's own extension asks of the server is in staple_test.cpp.
#include <gtest/gtest.h>

#include "pki/revocation_maker.hpp"
#include "pki/verify.hpp"

namespace handfast::test {
namespace {

using E = ErrorCode;

constexpr unsigned kStatusRequest = 5;
constexpr unsigned kStatusRequestV2 = 17;

ByteString features(const std::vector<unsigned>& numbers) {
  ByteString content;
  for (const unsigned number : numbers) content = joined({content, encode_number(number)});
  return pki::encode_extension(pki::oid::kTlsFeature, false, der_encode(der::kSequence, {content}));
}

// Root, CA and leaf with these features; none: without the extension.
struct TlsFeature : testing::Test {
  using Features = std::optional<std::vector<unsigned>>;

  static pki::IssueSpec with(pki::IssueSpec spec, const Features& numbers) {
    if (numbers) spec.more_extensions.push_back(features(*numbers));
    return spec;
  }
  E code(const Features& of_root, const Features& of_ca, const Features& of_leaf) {
    const Entity root = make_root(with(ca_spec("Root"), of_root));
    const Entity ca = make_child(with(ca_spec("CA"), of_ca), root);
    const Entity leaf = make_child(with(server_spec("a.example"), of_leaf), ca);
    const TrustAnchors anchors = trust(root);
    const std::vector<ByteString> chain = {leaf.certificate, ca.certificate};
    pki::VerifyInput input{
        .chain = chain, .anchors = anchors, .now = kNow, .peer = Side::server, .staple_requested = false};
    input.policy = policy;
    const auto verdict = pki::verify_chain(input);
    if (verdict) return kGood;
    depth = verdict.error().certificate_depth();
    detail = verdict.error().detail();
    return verdict.error().code();
  }

  static constexpr auto kGood = E::internal_error;
  static constexpr auto kMissing = E::certificate_extension_forbidden;
  pki::ValidationPolicy policy;
  std::optional<std::size_t> depth;
  std::string detail;
};

TEST_F(TlsFeature, OfTheLeafAloneConcernsNoChain) {
  EXPECT_EQ(code({}, {}, {}), kGood) << detail;
  EXPECT_EQ(code({}, {}, {{kStatusRequest}}), kGood) << detail;
}

TEST_F(TlsFeature, OfACaMustBeInWhatItSigns) {
  EXPECT_EQ(code({}, {{kStatusRequest}}, {}), kMissing);
  EXPECT_EQ(depth, 0U);
  EXPECT_NE(detail.find("feature 5 is missing, which 'CN=CA' asks"), std::string::npos) << detail;
  EXPECT_EQ(code({}, {{kStatusRequest}}, {{kStatusRequestV2}}), kMissing);
  EXPECT_EQ(code({}, {{kStatusRequest, kStatusRequestV2}}, {{kStatusRequest}}), kMissing);
  EXPECT_EQ(code({}, {{kStatusRequest}}, {{kStatusRequest}}), kGood) << detail;
  EXPECT_EQ(code({}, {{kStatusRequest}}, {{kStatusRequestV2, kStatusRequest}}), kGood) << detail;
}

TEST_F(TlsFeature, OfTheRootMustBeInItsCasAndTheirLeaves) {
  EXPECT_EQ(code({{kStatusRequest}}, {}, {{kStatusRequest}}), kMissing);
  EXPECT_EQ(depth, 1U);
  EXPECT_EQ(code({{kStatusRequest}}, {{kStatusRequest}}, {}), kMissing);
  EXPECT_EQ(depth, 0U);
  EXPECT_EQ(code({{kStatusRequest}}, {{kStatusRequest}}, {{kStatusRequest}}), kGood) << detail;
}

TEST_F(TlsFeature, ManyOfThemEndWithTheBudget) {
  std::vector<unsigned> numbers;
  for (unsigned i = 0; i < 600; ++i) numbers.push_back(1000 + i);
  std::vector<unsigned> backwards(numbers.rbegin(), numbers.rend());
  EXPECT_EQ(code({}, {numbers}, {backwards}), kGood) << detail;
  policy.budget.name_comparisons = 100'000;
  EXPECT_EQ(code({}, {numbers}, {backwards}), E::certificate_budget_exhausted);
}

}  // namespace
}  // namespace handfast::test
