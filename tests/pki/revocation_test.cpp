// Lists of revoked certificates in the verifier, as PKITS 4.4, 4.5 and 4.7 try them. RFC 5280 §6.3.
#include "pki/revocation.hpp"

#include <gtest/gtest.h>

#include "pki/revocation_maker.hpp"
#include "pki/verify.hpp"

namespace handfast::test {
namespace {

using pki::RevocationReason;

struct Revocation : testing::Test {
  Revocation() { spec.common_name = "CA"; }

  Result<std::vector<ByteString>> verify(const std::vector<ByteString>& lists,
                                         RevocationMode mode = RevocationMode::hard_fail) {
    const RevocationLists all = lists_of(lists);
    std::vector<ByteString> chain = {leaf.certificate, ca.certificate};
    chain.insert(chain.end(), more.begin(), more.end());
    pki::VerifyInput input{.chain = chain,
                           .anchors = anchors,
                           .now = kNow,
                           .peer = Side::server,
                           .crls = &all,
                           .revocation = mode};
    input.policy = policy;
    return pki::verify_chain(input);
  }
  ErrorCode code(const std::vector<ByteString>& lists, RevocationMode mode = RevocationMode::hard_fail) {
    const auto verdict = verify(lists, mode);
    if (verdict) return ErrorCode::internal_error;
    detail = verdict.error().detail();
    depth = verdict.error().certificate_depth();
    return verdict.error().code();
  }
  bool accepts(const std::vector<ByteString>& lists, RevocationMode mode = RevocationMode::hard_fail) {
    const auto verdict = verify(lists, mode);
    if (!verdict) detail = verdict.error().to_string();
    return verdict.has_value();
  }

  static constexpr auto kUnknown = ErrorCode::certificate_revocation_unknown;
  static constexpr auto kRevoked = ErrorCode::certificate_revoked;
  static constexpr auto kSoft = RevocationMode::soft_fail;

  pki::IssueSpec spec = ca_spec("CA");
  Entity root = make_root(ca_spec("Root"));
  Entity ca = make_child(ca_spec("CA"), root);
  Entity leaf = make_child(server_spec("a.example"), ca);
  std::vector<ByteString> more;  // other certificates that are presented
  TrustAnchors anchors = trust(root);
  ByteString root_list = make_list({}, root);
  ByteString ca_list = make_list({}, ca);
  pki::ValidationPolicy policy;
  std::string detail;
  std::optional<std::size_t> depth;
};

TEST_F(Revocation, GoodIfEveryCaSaysSo) {
  EXPECT_TRUE(accepts({root_list, ca_list})) << detail;
  // Others' lists and lists with others do no harm (4.4.7).
  const Entity stranger = make_root(ca_spec("Stranger"));
  EXPECT_TRUE(accepts({make_list({{{serial_of(leaf)}}}, stranger), root_list, ca_list})) << detail;
  EXPECT_TRUE(accepts({root_list, make_list({{{{0x01}}, {{0x7f, 0x01}}}}, ca)})) << detail;
}

TEST_F(Revocation, NoListIsAFailureOnlyIfListsAreNeeded) {
  EXPECT_EQ(code({root_list}), kUnknown);
  EXPECT_EQ(depth, 0U);
  EXPECT_NE(detail.find("no revocation list of 'CN=CA'"), std::string::npos) << detail;
  EXPECT_EQ(code({ca_list}), kUnknown);
  EXPECT_EQ(depth, 1U);
  EXPECT_EQ(code({}), kUnknown);
  EXPECT_TRUE(accepts({}, kSoft));
  EXPECT_TRUE(accepts({root_list}, kSoft));
}

TEST_F(Revocation, RevokedLeafAndRevokedCa) {
  const ByteString list = make_list({{{serial_of(leaf), RevocationReason::key_compromise}}}, ca);
  for (const RevocationMode mode : {RevocationMode::hard_fail, kSoft}) {
    EXPECT_EQ(code({root_list, list}, mode), kRevoked);
    EXPECT_EQ(depth, 0U);
    EXPECT_NE(detail.find("2026-06-29T00:00:00Z (keyCompromise)"), std::string::npos) << detail;
    EXPECT_EQ(code({make_list({{{serial_of(ca)}}}, root), ca_list}, mode), kRevoked);
    EXPECT_EQ(depth, 1U);
  }
  EXPECT_EQ(info_of(kRevoked).alert, AlertDescription::certificate_revoked);
  EXPECT_EQ(info_of(kRevoked).catalogue, "C-22");
}

// RFC 5280 §5.3.1: "The removeFromCRL (8) reasonCode value may only appear in delta CRLs".
TEST_F(Revocation, OnlyADeltaRemoves) {
  const EntrySpec removed{serial_of(leaf), RevocationReason::remove_from_crl};
  EXPECT_EQ(code({root_list, make_list({{removed}}, ca)}), kRevoked);
  EXPECT_EQ(code({root_list, make_list({{removed}}, ca)}, kSoft), kRevoked);
}

TEST_F(Revocation, OfTwoEntriesTheOneThatRevokesCounts) {
  const EntrySpec removed{serial_of(leaf), RevocationReason::remove_from_crl};
  const EntrySpec hold{serial_of(leaf), RevocationReason::certificate_hold};
  const EntrySpec compromised{serial_of(leaf), RevocationReason::key_compromise};
  ListSpec delta{{removed, compromised}};
  delta.number = 2;
  delta.delta_base = 1;
  EXPECT_EQ(code({root_list, ca_list, make_list(delta, ca)}), kRevoked);
  ListSpec old{{hold, compromised}};
  old.next_update = kNow - std::chrono::days(1);
  old.this_update = kNow - std::chrono::days(9);
  EXPECT_EQ(code({root_list, make_list(old, ca)}, kSoft), kRevoked);
}

TEST_F(Revocation, AForgedListSaysNothing) {
  const Entity forger = make_root(ca_spec("CA"));
  const ByteString forged = make_list({{{serial_of(leaf)}}}, forger);
  EXPECT_EQ(code({root_list, forged}), kUnknown);
  EXPECT_NE(detail.find("signature"), std::string::npos) << detail;
  EXPECT_TRUE(accepts({root_list, forged}, kSoft));
  EXPECT_TRUE(accepts({root_list, forged, ca_list}));
  ByteString damaged = make_list({{{serial_of(leaf)}}}, ca);
  damaged.back() ^= 1U;
  EXPECT_TRUE(accepts({damaged}, kSoft));
}

TEST_F(Revocation, TheListOfAnotherIssuerSaysNothing) {
  // The CA's key, another name (4.4.5); the root's list twice (4.4.6).
  ListSpec list;
  list.issuer = subject_of(root);
  EXPECT_EQ(code({root_list, make_list(list, ca)}), kUnknown);
  EXPECT_EQ(code({root_list, root_list}), kUnknown);
}

TEST_F(Revocation, UnknownCriticalExtensionsMakeAListUnusable) {
  const ByteString type = {0x2a, 0x03, 0x04};
  const ByteString critical = pki::encode_extension(type, true, der_encode(der::kNull, {}));
  const ByteString harmless = pki::encode_extension(type, false, der_encode(der::kNull, {}));
  ListSpec list;
  list.more_extensions = {critical};
  EXPECT_EQ(code({root_list, make_list(list, ca)}), kUnknown);
  EXPECT_NE(detail.find("1.2.3.4"), std::string::npos) << detail;
  list.more_extensions = {harmless};
  EXPECT_TRUE(accepts({root_list, make_list(list, ca)}));
  EntrySpec entry{{0x05}};
  entry.more_extensions = {critical};
  EXPECT_EQ(code({root_list, make_list({{entry}}, ca)}), kUnknown);
  entry.more_extensions = {harmless};
  EXPECT_TRUE(accepts({root_list, make_list({{entry}}, ca)}));
}

// Clocks may differ by kListClockSkew.
TEST_F(Revocation, DatesOfLists) {
  const auto skew = pki::kListClockSkew;
  ListSpec list;
  list.next_update = kNow - skew;
  EXPECT_TRUE(accepts({root_list, make_list(list, ca)}));
  list.next_update = kNow - skew - std::chrono::seconds(1);
  EXPECT_EQ(code({root_list, make_list(list, ca)}), kUnknown);
  EXPECT_NE(detail.find("holds until 2026-06-30T23:54:59Z"), std::string::npos) << detail;
  list.next_update.reset();
  EXPECT_EQ(code({root_list, make_list(list, ca)}), kUnknown);
  list.next_update = kNow + std::chrono::days(20'000);  // GeneralizedTime
  EXPECT_TRUE(accepts({root_list, make_list(list, ca)}));
  list.this_update = kNow + skew;
  EXPECT_TRUE(accepts({root_list, make_list(list, ca)}));
  list.this_update = kNow + skew + std::chrono::seconds(1);
  EXPECT_EQ(code({root_list, make_list(list, ca)}), kUnknown);
  EXPECT_NE(detail.find("of 2026-07-01T00:05:01Z holds from then on"), std::string::npos) << detail;
}

TEST_F(Revocation, WhatWasRevokedStaysSoWhenTheListIsOld) {
  ListSpec old{{{serial_of(leaf)}}};
  old.next_update = kNow - std::chrono::days(1);
  old.this_update = kNow - std::chrono::days(9);
  EXPECT_EQ(code({root_list, make_list(old, ca)}), kRevoked);
  EXPECT_EQ(code({root_list, make_list(old, ca)}, kSoft), kRevoked);
  // A hold may have ended since; and a newer list decides.
  old.entries[0].reason = RevocationReason::certificate_hold;
  EXPECT_TRUE(accepts({root_list, make_list(old, ca)}, kSoft));
  EXPECT_TRUE(accepts({root_list, make_list(old, ca), ca_list}));
}

TEST_F(Revocation, SerialNumbersOfAnyLength) {
  pki::IssueSpec long_serial = server_spec("a.example");
  long_serial.serial = ByteString(20, 0x7f);
  leaf = make_child(long_serial, ca);
  ByteString almost = long_serial.serial;
  almost.back() ^= 1U;
  EXPECT_TRUE(accepts({root_list, make_list({{{almost}}}, ca)}));
  EXPECT_EQ(code({root_list, make_list({{{almost}, {{0x01}}, {long_serial.serial}}}, ca)}), kRevoked);
}

TEST_F(Revocation, ALongListIsSearched) {
  ListSpec list;
  for (unsigned i = 0x4000; i > 0x100; --i) {
    list.entries.push_back({{static_cast<std::uint8_t>(i >> 8U), static_cast<std::uint8_t>(i)}});
  }
  EXPECT_TRUE(accepts({root_list, make_list(list, ca)}));
  list.entries.push_back({serial_of(leaf)});
  EXPECT_EQ(code({root_list, make_list(list, ca)}), kRevoked);
}

TEST_F(Revocation, TheSignerMayHaveToSignLists) {
  spec.key_usage = static_cast<std::uint16_t>(pki::KeyUsage::key_cert_sign);
  ca = make_child(spec, root);
  leaf = make_child(server_spec("a.example"), ca);
  EXPECT_EQ(code({root_list, make_list({}, ca)}), kUnknown);
  EXPECT_NE(detail.find("cRLSign"), std::string::npos) << detail;
}

// 4.4.19 to 4.4.21: the CA has a key for certificates and one for lists.
TEST_F(Revocation, AKeyForListsOnly) {
  spec.key_usage = static_cast<std::uint16_t>(pki::KeyUsage::key_cert_sign);
  ca = make_child(spec, root);
  leaf = make_child(server_spec("a.example"), ca);
  spec.key_usage = static_cast<std::uint16_t>(pki::KeyUsage::crl_sign);
  const Entity signer = make_child(spec, root);
  const ByteString list = make_list({}, signer);
  EXPECT_EQ(code({root_list, list}), kUnknown);
  more = {signer.certificate};
  EXPECT_TRUE(accepts({root_list, list})) << detail;
  EXPECT_EQ(code({root_list, make_list({{{serial_of(leaf)}}}, signer)}), kRevoked);
  // Its certificate was revoked itself.
  EXPECT_EQ(code({make_list({{{serial_of(signer)}}}, root), list}), kUnknown);
}

// "The trust anchor for the certification path MUST be the same as the trust anchor used to validate the
// target certificate."
TEST_F(Revocation, ASignerUnderAnotherAnchorIsNone) {
  const Entity other_root = make_root(ca_spec("Other root"));
  const Entity impostor = make_child(spec, other_root);
  ASSERT_TRUE(anchors.add_certificate(other_root.certificate).has_value());
  more = {impostor.certificate};
  const std::vector<ByteString> lists = {root_list, make_list({}, other_root), make_list({}, impostor)};
  EXPECT_EQ(code(lists), kUnknown);
  // Nor may it revoke.
  EXPECT_TRUE(accepts({make_list({{{serial_of(leaf)}}}, impostor)}, kSoft)) << detail;
}

// 4.5.1, 4.5.2: the CA's new key signed its old one; lists are signed with the new one.
TEST_F(Revocation, OldKeyCertifiedByTheNew) {
  const Entity old_key = make_child(spec, ca);  // self-issued
  leaf = make_child(server_spec("a.example"), old_key);
  more = {old_key.certificate};
  EXPECT_TRUE(accepts({root_list, ca_list})) << detail;
  EXPECT_EQ(code({root_list, make_list({{{serial_of(leaf)}}}, ca)}), kRevoked);
  EXPECT_EQ(code({root_list, make_list({{{serial_of(old_key)}}}, ca)}), kRevoked);
}

// 4.5.4, 4.5.5: the old key signed the leaf and the new key; lists are signed with the new one, except for
// one about the new key itself.
TEST_F(Revocation, NewKeyCertifiedByTheOld) {
  const std::string where = "http://example.org/self.crl";
  spec.more_extensions = {distribution_points({full_name(uri(where))})};
  const Entity new_key = make_child(spec, ca);  // self-issued
  more = {new_key.certificate};
  ListSpec about_new_key;
  about_new_key.more_extensions = {issuing_point({full_name(uri(where))})};
  const ByteString list = make_list({}, new_key);
  EXPECT_TRUE(accepts({root_list, make_list(about_new_key, ca), list})) << detail;
  EXPECT_EQ(code({root_list, make_list(about_new_key, ca), make_list({{{serial_of(leaf)}}}, new_key)}),
            kRevoked);
  about_new_key.entries = {{serial_of(new_key)}};
  EXPECT_EQ(code({root_list, make_list(about_new_key, ca), list}), kUnknown);
}

// 4.5.6 to 4.5.8.
TEST_F(Revocation, ASelfIssuedKeyForListsIsNoKeyForCertificates) {
  pki::IssueSpec signer_spec = spec;
  signer_spec.is_ca = false;
  signer_spec.key_usage = static_cast<std::uint16_t>(pki::KeyUsage::crl_sign);
  const Entity signer = make_child(signer_spec, ca);
  more = {signer.certificate};
  EXPECT_TRUE(accepts({root_list, make_list({}, signer), ca_list})) << detail;
  EXPECT_EQ(code({root_list, make_list({{{serial_of(leaf)}}}, signer)}), kRevoked);
  leaf = make_child(server_spec("a.example"), signer);
  EXPECT_FALSE(accepts({root_list, make_list({}, signer), ca_list}));
}

// One list may answer for the key that signed it, the other may not: which is asked first does not matter.
TEST_F(Revocation, ASignerThatFailsInACircleMayBeTrustedOutsideOfIt) {
  const ByteString own = full_name(uri("http://example.org/own.crl"));
  const ByteString other = full_name(uri("http://example.org/other.crl"));
  pki::IssueSpec signer_spec = spec;
  signer_spec.key_usage = static_cast<std::uint16_t>(pki::KeyUsage::crl_sign);
  signer_spec.is_ca = false;
  signer_spec.more_extensions = {distribution_points({own})};
  const Entity signer = make_child(signer_spec, ca);
  more = {signer.certificate};
  const auto scoped = [&](const ByteString& point) {
    ListSpec list;
    list.more_extensions = {issuing_point({point})};
    return make_list(list, signer);
  };
  const std::vector<std::vector<ByteString>> orders = {{own, other}, {other, own}};
  for (const auto& order : orders) {
    pki::IssueSpec leaf_spec = server_spec("a.example");
    leaf_spec.more_extensions = {distribution_points(order)};
    leaf = make_child(leaf_spec, ca);
    EXPECT_TRUE(accepts({root_list, scoped(own), scoped(other)})) << detail;
    EXPECT_EQ(code({root_list, scoped(other)}), kUnknown);
  }
}

TEST_F(Revocation, AnotherPathIsTakenAroundARevokedCa) {
  // Two roots certified the CA; the first took its certificate back.
  const Entity second = make_root(ca_spec("Second root"));
  ASSERT_TRUE(anchors.add_certificate(second.certificate).has_value());
  more = {certify(spec, ca, second)};
  const ByteString revoking = make_list({{{serial_of(ca)}}}, root);
  const auto verdict = verify({revoking, ca_list, make_list({}, second)});
  ASSERT_TRUE(verdict.has_value()) << verdict.error().to_string();
  EXPECT_EQ(verdict->back(), second.certificate);
  more.clear();
  EXPECT_EQ(code({revoking, ca_list}), kRevoked);
}

TEST_F(Revocation, TheNumberIsNeededByTheStrictProfileOnly) {
  ListSpec list;
  list.number.reset();
  EXPECT_TRUE(accepts({root_list, make_list(list, ca)}));
  policy.profile = pki::Profile::rfc5280_strict;
  EXPECT_TRUE(accepts({root_list, ca_list})) << detail;
  EXPECT_EQ(code({root_list, make_list(list, ca)}), kUnknown);
  list = {};
  list.critical_number = true;
  EXPECT_EQ(code({root_list, make_list(list, ca)}), kUnknown);
}

TEST_F(Revocation, ALeafThatIsAnAnchorNeedsNoList) {
  anchors = TrustAnchors();
  ASSERT_TRUE(anchors.add_certificate(leaf.certificate).has_value());
  EXPECT_TRUE(accepts({}));
}

}  // namespace
}  // namespace handfast::test
