// Each way in which a chain can fail has its own error, with depth and subject. RFC 5280 §6, RFC 9525.
#include "pki/verify.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "crypto/der.hpp"
#include "crypto/der_writer.hpp"
#include "crypto/public_key.hpp"
#include "pki/certificate.hpp"
#include "pki/maker.hpp"
#include "pki/oid.hpp"

namespace handfast::test {
namespace {

namespace der = crypto::der;
using E = ErrorCode;
using crypto::der_encode;
using crypto::der_unsigned;
using crypto::KeyType;

// root → intermediate → leaf for "www.example.org", valid at kNow. Keys are made once for all tests.
class Verify : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    root_ = new Entity(make_root(ca_spec("Root")));
    middle_ = new Entity(make_child(ca_spec("Intermediate"), *root_));
    leaf_ = new Entity(make_child(server_spec("www.example.org"), *middle_));
  }
  static void TearDownTestSuite() {
    delete root_;
    delete middle_;
    delete leaf_;
  }

  Result<std::vector<ByteString>> verify(const std::vector<ByteString>& chain,
                                         const std::string& host = "www.example.org") {
    const TrustAnchors anchors = trust(*root_);
    const ServerName name = *ServerName::parse(host);
    pki::VerifyInput input{.chain = chain, .anchors = anchors, .now = now_, .peer = peer_, .name = &name};
    if (peer_ == Side::client) input.name = nullptr;
    input.policy = policy_;
    return pki::verify_chain(input);
  }
  // The whole chain with a leaf of this kind.
  Result<std::vector<ByteString>> verify_leaf(const pki::IssueSpec& spec,
                                              const std::string& host = "www.example.org") {
    return verify({make_child(spec, *middle_).certificate, middle_->certificate}, host);
  }
  // The whole chain with an intermediate of this kind.
  Result<std::vector<ByteString>> verify_middle(const pki::IssueSpec& spec) {
    const Entity middle = make_child(spec, *root_);
    return verify({make_child(server_spec("www.example.org"), middle).certificate, middle.certificate});
  }
  static void expect(const Result<std::vector<ByteString>>& verdict, E code, std::size_t depth,
                     const std::string& subject) {
    ASSERT_FALSE(verdict.has_value());
    EXPECT_EQ(verdict.error().code(), code) << verdict.error().to_string();
    EXPECT_EQ(verdict.error().certificate_depth(), depth) << verdict.error().to_string();
    EXPECT_EQ(verdict.error().certificate_subject(), subject);
    EXPECT_EQ(verdict.error().category(), ErrorCategory::certificate);
  }
  static pki::IssueSpec leaf_spec() { return server_spec("www.example.org"); }

  static inline Entity* root_ = nullptr;
  static inline Entity* middle_ = nullptr;
  static inline Entity* leaf_ = nullptr;
  Time now_ = kNow;
  Side peer_ = Side::server;
  pki::ValidationPolicy policy_;
};

TEST_F(Verify, AcceptsAGoodChainAndReturnsThePath) {
  const auto verdict = verify({leaf_->certificate, middle_->certificate});
  ASSERT_TRUE(verdict.has_value()) << verdict.error().to_string();
  EXPECT_EQ(*verdict, (std::vector{leaf_->certificate, middle_->certificate, root_->certificate}));
}

TEST_F(Verify, OrderAndSuperfluousCertificatesDoNotMatter) {
  const Entity stranger = make_root(ca_spec("Stranger"));
  const auto verdict = verify({leaf_->certificate, stranger.certificate, root_->certificate,
                               middle_->certificate, middle_->certificate});
  ASSERT_TRUE(verdict.has_value()) << verdict.error().to_string();
  EXPECT_EQ(verdict->size(), 3U);
}

TEST_F(Verify, Expired) {
  pki::IssueSpec spec = leaf_spec();
  spec.not_after = kNow - std::chrono::seconds(1);
  expect(verify_leaf(spec), E::certificate_expired, 0, "CN=www.example.org");
  spec.not_after = kNow;
  EXPECT_TRUE(verify_leaf(spec).has_value());
}

TEST_F(Verify, NotYetValid) {
  pki::IssueSpec spec = leaf_spec();
  spec.not_before = kNow + std::chrono::seconds(1);
  expect(verify_leaf(spec), E::certificate_not_yet_valid, 0, "CN=www.example.org");
  spec.not_before = kNow;
  EXPECT_TRUE(verify_leaf(spec).has_value());
}

TEST_F(Verify, ExpiredIntermediate) {
  pki::IssueSpec spec = ca_spec("Old Intermediate");
  spec.not_after = kNow - std::chrono::days(1);
  expect(verify_middle(spec), E::certificate_issuer_expired, 1, "CN=Old Intermediate");
}

TEST_F(Verify, ExpiredRoot) {
  now_ = kNow + std::chrono::days(301);
  pki::IssueSpec middle_spec = ca_spec("Long Intermediate");
  middle_spec.not_after = kNow + std::chrono::days(900);
  const Entity middle = make_child(middle_spec, *root_);
  pki::IssueSpec spec = leaf_spec();
  spec.not_after = kNow + std::chrono::days(900);
  expect(verify({make_child(spec, middle).certificate, middle.certificate}), E::certificate_issuer_expired, 2,
         "CN=Root");
}

TEST_F(Verify, NameMismatchSaysWhichNamesThereAre) {
  const auto verdict = verify({leaf_->certificate, middle_->certificate}, "other.example.org");
  expect(verdict, E::certificate_name_mismatch, 0, "CN=www.example.org");
  EXPECT_NE(verdict.error().detail().find("www.example.org"), std::string::npos);
  EXPECT_NE(verdict.error().detail().find("other.example.org"), std::string::npos);
}

TEST_F(Verify, WildcardMismatch) {
  const auto spec = [] {
    pki::IssueSpec wildcard = leaf_spec();
    wildcard.dns_names = {"*.example.org"};
    return wildcard;
  };
  EXPECT_TRUE(verify_leaf(spec(), "a.example.org").has_value());
  expect(verify_leaf(spec(), "a.b.example.org"), E::certificate_wildcard_mismatch, 0, "CN=www.example.org");
  expect(verify_leaf(spec(), "example.org"), E::certificate_wildcard_mismatch, 0, "CN=www.example.org");
  expect(verify_leaf(spec(), "example.net"), E::certificate_name_mismatch, 0, "CN=www.example.org");
}

TEST_F(Verify, IpAddresses) {
  pki::IssueSpec spec = leaf_spec();
  spec.ip_addresses = {{192, 0, 2, 7}};
  EXPECT_TRUE(verify_leaf(spec, "192.0.2.7").has_value());
  expect(verify_leaf(spec, "192.0.2.8"), E::certificate_ip_mismatch, 0, "CN=www.example.org");
  expect(verify_leaf(leaf_spec(), "2001:db8::1"), E::certificate_ip_mismatch, 0, "CN=www.example.org");
  spec = leaf_spec();
  spec.dns_names = {"192.0.2.7"};
  expect(verify_leaf(spec, "192.0.2.7"), E::certificate_ip_mismatch, 0, "CN=www.example.org");
}

TEST_F(Verify, TheCommonNameNeverCounts) {
  pki::IssueSpec spec = leaf_spec();
  spec.dns_names.clear();
  expect(verify_leaf(spec), E::certificate_no_subject_alternative_name, 0, "CN=www.example.org");
}

TEST_F(Verify, UnknownIssuer) {
  const Entity stranger = make_root(ca_spec("Stranger"));
  const Entity leaf = make_child(leaf_spec(), stranger);
  expect(verify({leaf.certificate}), E::certificate_unknown_issuer, 0, "CN=www.example.org");
}

TEST_F(Verify, MissingIntermediateSaysWhereToGetIt) {
  pki::IssueSpec spec = leaf_spec();
  spec.ca_issuers_url = "http://ca.example/intermediate.der";
  const auto verdict = verify({make_child(spec, *middle_).certificate});
  expect(verdict, E::certificate_missing_intermediate, 0, "CN=www.example.org");
  EXPECT_NE(verdict.error().detail().find("CN=Intermediate"), std::string::npos);
  EXPECT_NE(verdict.error().detail().find("http://ca.example/intermediate.der"), std::string::npos);
  // A chain of certificates that lead nowhere.
  const Entity stranger = make_root(ca_spec("Stranger"));
  expect(verify({leaf_->certificate, stranger.certificate}), E::certificate_missing_intermediate, 0,
         "CN=www.example.org");
}

TEST_F(Verify, SelfSignedLeaf) {
  const Entity leaf = make_root(leaf_spec());
  expect(verify({leaf.certificate}), E::certificate_self_signed, 0, "CN=www.example.org");
}

TEST_F(Verify, SelfSignedLeafThatIsAnAnchorIsBelieved) {
  const Entity leaf = make_root(leaf_spec());
  const TrustAnchors anchors = trust(leaf);
  const ServerName name = *ServerName::parse("www.example.org");
  const std::vector<ByteString> chain = {leaf.certificate};
  const auto verdict = pki::verify_chain(
      {.chain = chain, .anchors = anchors, .now = kNow, .peer = Side::server, .name = &name});
  ASSERT_TRUE(verdict.has_value()) << verdict.error().to_string();
  EXPECT_EQ(verdict->size(), 1U);
}

TEST_F(Verify, SelfSignedRootInTheChain) {
  const Entity stranger = make_root(ca_spec("Stranger"));
  const Entity leaf = make_child(leaf_spec(), stranger);
  expect(verify({leaf.certificate, stranger.certificate}), E::certificate_self_signed_root, 1, "CN=Stranger");
}

TEST_F(Verify, WrongIntermediate) {
  const Entity twin = make_child(ca_spec("Intermediate"), *root_);
  expect(verify({leaf_->certificate, twin.certificate}), E::certificate_wrong_intermediate, 0,
         "CN=www.example.org");
  // With the right one beside it the twin does no harm.
  EXPECT_TRUE(verify({leaf_->certificate, twin.certificate, middle_->certificate}).has_value());
}

TEST_F(Verify, BadSignature) {
  ByteString forged = leaf_->certificate;
  forged.back() ^= 1U;
  expect(verify({forged, middle_->certificate}), E::certificate_bad_signature, 0, "CN=www.example.org");
  ByteString other = middle_->certificate;
  other.back() ^= 1U;
  expect(verify({leaf_->certificate, other}), E::certificate_bad_signature, 1, "CN=Intermediate");
}

TEST_F(Verify, ExtendedKeyUsage) {
  pki::IssueSpec spec = leaf_spec();
  spec.server_auth = false;
  spec.client_auth = true;
  expect(verify_leaf(spec), E::certificate_bad_extended_key_usage, 0, "CN=www.example.org");
  peer_ = Side::client;
  EXPECT_TRUE(verify_leaf(spec).has_value());
  expect(verify_leaf(leaf_spec()), E::certificate_bad_extended_key_usage, 0, "CN=www.example.org");
  // A CA that is restricted to one purpose cannot certify another.
  pki::IssueSpec middle = ca_spec("Server CA");
  middle.server_auth = true;
  expect(verify_middle(middle), E::certificate_bad_extended_key_usage, 0, "CN=www.example.org");
  peer_ = Side::server;
  EXPECT_TRUE(verify_middle(middle).has_value());
}

TEST_F(Verify, KeyUsage) {
  pki::IssueSpec spec = leaf_spec();
  spec.key_usage = static_cast<std::uint16_t>(pki::KeyUsage::key_encipherment);
  expect(verify_leaf(spec), E::certificate_bad_key_usage, 0, "CN=www.example.org");
  pki::IssueSpec middle = ca_spec("Odd CA");
  middle.key_usage = static_cast<std::uint16_t>(pki::KeyUsage::crl_sign);
  expect(verify_middle(middle), E::certificate_bad_key_usage, 1, "CN=Odd CA");
}

TEST_F(Verify, IssuerIsNotACa) {
  pki::IssueSpec spec = ca_spec("No CA");
  spec.is_ca = false;
  expect(verify_middle(spec), E::certificate_issuer_not_ca, 1, "CN=No CA");
}

TEST_F(Verify, PathLength) {
  pki::IssueSpec outer_spec = ca_spec("Outer");
  outer_spec.path_len = 0;
  const Entity outer = make_child(outer_spec, *root_);
  const Entity inner = make_child(ca_spec("Inner"), outer);
  const Entity leaf = make_child(leaf_spec(), inner);
  expect(verify({leaf.certificate, inner.certificate, outer.certificate}), E::certificate_path_too_long, 2,
         "CN=Outer");
  EXPECT_TRUE(verify_middle(outer_spec).has_value());
}

TEST_F(Verify, MoreIntermediatesThanThePolicyAllows) {
  policy_.max_intermediates = 0;
  expect(verify({leaf_->certificate, middle_->certificate}), E::certificate_path_too_long, 1,
         "CN=Intermediate");
}

TEST_F(Verify, NameConstraints) {
  pki::IssueSpec spec = ca_spec("Constrained");
  spec.permitted_dns = {"example.org"};
  EXPECT_TRUE(verify_middle(spec).has_value());
  spec.permitted_dns = {"example.net"};
  expect(verify_middle(spec), E::certificate_name_constraint, 0, "CN=www.example.org");
  spec.permitted_dns.clear();
  spec.excluded_dns = {"www.example.org"};
  expect(verify_middle(spec), E::certificate_name_constraint, 0, "CN=www.example.org");
}

TEST_F(Verify, UnknownCriticalExtension) {
  const pki::oid::Oid<4> unknown{0x2a, 0x03, 0x04, 0x05};
  pki::IssueSpec spec = leaf_spec();
  spec.more_extensions = {pki::encode_extension(unknown, false, ByteString{0x05, 0x00})};
  EXPECT_TRUE(verify_leaf(spec).has_value());
  spec.more_extensions = {pki::encode_extension(unknown, true, ByteString{0x05, 0x00})};
  const auto verdict = verify_leaf(spec);
  expect(verdict, E::certificate_unknown_critical_extension, 0, "CN=www.example.org");
  EXPECT_NE(verdict.error().detail().find("1.2.3.4.5"), std::string::npos);
}

TEST_F(Verify, WeakSignature) {
  pki::IssueSpec spec = leaf_spec();
  spec.signature_method = {crypto::SignatureAlgorithm::ecdsa, crypto::HashAlgorithm::sha1};
  expect(verify_leaf(spec), E::certificate_weak_signature, 0, "CN=www.example.org");
  policy_.allow_sha1 = true;
  EXPECT_TRUE(verify_leaf(spec).has_value());
}

TEST_F(Verify, WeakKey) {
  policy_.min_rsa_bits = 3072;
  const Entity leaf = make_child(leaf_spec(), *middle_, KeyType::rsa);
  expect(verify({leaf.certificate, middle_->certificate}), E::certificate_weak_key, 0, "CN=www.example.org");
}

// Attack rows 52 and 65: in the leaf and in a CA, refused before anything is computed.
TEST_F(Verify, HugeRsaKeysCostNothing) {
  const auto spki_of = [](std::size_t bits) {
    ByteString modulus(bits / 8, 0xc7);
    const ByteString key =
        der_encode(der::kSequence, {der_unsigned(modulus), der_unsigned(ByteString{1, 0, 1})});
    const ByteString rsa = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01};
    const ByteString algorithm =
        der_encode(der::kSequence, {der_encode(der::kObjectIdentifier, {rsa}), der_encode(der::kNull, {})});
    return der_encode(der::kSequence, {algorithm, crypto::der_bit_string(key)});
  };
  for (const std::size_t bits : {16384U, 65536U, 500'000U}) {
    const ByteString leaf = *pki::issue(leaf_spec(), spki_of(bits), middle_->key, middle_->certificate);
    // An intermediate with such a key, which seems to have issued what another one of its name did.
    const ByteString middle =
        *pki::issue(ca_spec("Intermediate"), spki_of(bits), root_->key, root_->certificate);
    const auto start = std::chrono::steady_clock::now();
    expect(verify({leaf_->certificate, middle}), E::certificate_weak_key, 1, "CN=Intermediate");
    // The leaf's own key signs no certificate: it is refused where a message is to be verified with it.
    (void)verify({leaf, middle_->certificate});
    EXPECT_EQ(crypto::PublicKey::from_spki(spki_of(bits)).error().code(), E::certificate_weak_key);
    const auto taken = std::chrono::steady_clock::now() - start;
    EXPECT_LT(taken, std::chrono::milliseconds(50)) << bits;  // some ms, of an idle processor less than one
  }
}

// Attack row 70.
TEST_F(Verify, ANulInANameHidesNothing) {
  pki::IssueSpec spec = leaf_spec();
  spec.dns_names = {std::string("www.example.org\0.evil.test", 26)};
  const auto verdict = verify_leaf(spec);
  ASSERT_FALSE(verdict.has_value());
  EXPECT_EQ(verdict.error().code(), E::certificate_name_mismatch) << verdict.error().to_string();
  EXPECT_FALSE(verify_leaf(spec, "x.evil.test").has_value());
}

TEST_F(Verify, MalformedCertificates) {
  ByteString cut = leaf_->certificate;
  cut.pop_back();
  const auto verdict = verify({cut, middle_->certificate});
  ASSERT_FALSE(verdict.has_value());
  EXPECT_EQ(verdict.error().code(), E::certificate_malformed);
  EXPECT_EQ(verdict.error().certificate_depth(), 0U);
  ByteString other = middle_->certificate;
  other.push_back(0);
  const auto second = verify({leaf_->certificate, other});
  EXPECT_EQ(second.error().code(), E::certificate_malformed);
  EXPECT_EQ(second.error().certificate_depth(), 1U);
  // One that is not needed does no harm.
  EXPECT_TRUE(verify({leaf_->certificate, middle_->certificate, other}).has_value());
}

TEST_F(Verify, ListsThatAreEmptyOrTooLong) {
  EXPECT_EQ(verify({}).error().code(), E::certificate_list_empty);
  std::vector<ByteString> many(pki::kMaxPresentedCertificates + 1, leaf_->certificate);
  EXPECT_EQ(verify(many).error().code(), E::certificate_chain_too_long);
}

// A second fault is named as well, so that one repair does not lead to the next surprise.
TEST_F(Verify, TheMostInformativeOfSeveralFaults) {
  pki::IssueSpec spec = leaf_spec();
  spec.not_after = kNow - std::chrono::days(1);
  const auto both = verify_leaf(spec, "other.example.org");
  expect(both, E::certificate_name_mismatch, 0, "CN=www.example.org");
  EXPECT_NE(both.error().detail().find("expired"), std::string::npos);
  // A path that reaches an anchor says more than one that does not.
  pki::IssueSpec old_spec = ca_spec("Twice");
  old_spec.not_after = kNow - std::chrono::days(1);
  const Entity old_twin = make_child(old_spec, *root_);
  const Entity stranger = make_root(ca_spec("Stranger"));
  const auto cross =
      pki::issue(ca_spec("Twice"), old_twin.key.public_key(), stranger.key, stranger.certificate);
  const Entity leaf = make_child(leaf_spec(), old_twin);
  expect(verify({leaf.certificate, *cross, stranger.certificate, old_twin.certificate}),
         E::certificate_issuer_expired, 1, "CN=Twice");
}

TEST_F(Verify, FindsThePathAmongExpiredTwinsCrossSignsAndCycles) {
  const Entity a = make_child(ca_spec("A"), *root_);
  const Entity stranger = make_root(ca_spec("Stranger"));
  pki::IssueSpec expired = ca_spec("A");
  expired.not_after = kNow - std::chrono::days(1);
  const ByteString old_a = *pki::issue(expired, a.key.public_key(), root_->key, root_->certificate);
  const ByteString cross_a =
      *pki::issue(ca_spec("A"), a.key.public_key(), stranger.key, stranger.certificate);
  const Entity b = make_child(ca_spec("B"), a);
  const ByteString a_by_b = *pki::issue(ca_spec("A"), a.key.public_key(), b.key, b.certificate);
  const Entity leaf = make_child(leaf_spec(), b);
  const auto verdict = verify({leaf.certificate, a_by_b, cross_a, old_a, b.certificate, a.certificate});
  ASSERT_TRUE(verdict.has_value()) << verdict.error().to_string();
  EXPECT_EQ(*verdict, (std::vector{leaf.certificate, b.certificate, a.certificate, root_->certificate}));
}

TEST_F(Verify, TheBudgetEndsTheSearch) {
  policy_.budget.signature_checks = 1;
  EXPECT_EQ(verify({leaf_->certificate, middle_->certificate}).error().code(),
            E::certificate_budget_exhausted);
  policy_.budget.signature_checks = 2;
  EXPECT_TRUE(verify({leaf_->certificate, middle_->certificate}).has_value());
  policy_.budget.path_steps = 1;
  EXPECT_EQ(verify({leaf_->certificate, middle_->certificate}).error().code(),
            E::certificate_budget_exhausted);
}

// Nothing that was cut or changed anywhere is accepted, and nothing crashes.
TEST_F(Verify, NoFlippedBitIsAccepted) {
  for (std::size_t i = 0; i < leaf_->certificate.size(); ++i) {
    ByteString changed = leaf_->certificate;
    changed[i] ^= static_cast<std::uint8_t>(1U << (i % 8));
    EXPECT_FALSE(verify({changed, middle_->certificate}).has_value()) << "byte " << i;
  }
  for (std::size_t size = 0; size < leaf_->certificate.size(); ++size) {
    const ByteString cut(leaf_->certificate.begin(),
                         leaf_->certificate.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_FALSE(pki::Certificate::parse(cut).has_value()) << size;
  }
}

}  // namespace
}  // namespace handfast::test
