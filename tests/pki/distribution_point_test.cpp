// Distribution points, indirect CRLs, reasons and delta CRLs, as PKITS 4.14 and 4.15 try them. RFC 5280
// §6.3.3.
#include "pki/distribution_point.hpp"

#include <gtest/gtest.h>

#include "pki/revocation_maker.hpp"
#include "pki/verify.hpp"

namespace handfast::test {
namespace {

using pki::RevocationReason;

struct DistributionPoints : testing::Test {
  // A leaf of the CA with these points; none: without the extension.
  void set_points(const std::vector<ByteString>& points) {
    pki::IssueSpec spec = server_spec("a.example");
    if (!points.empty()) spec.more_extensions = {distribution_points(points)};
    leaf = make_child(spec, ca);
  }
  ByteString list(const std::vector<ByteString>& scope, std::vector<EntrySpec> entries = {}) {
    ListSpec spec;
    spec.entries = std::move(entries);
    if (!scope.empty()) spec.more_extensions = {issuing_point(scope)};
    return make_list(spec, ca);
  }
  // Unknown: internal_error stands for "accepted".
  ErrorCode code(std::vector<ByteString> lists) {
    lists.push_back(make_list({}, root));
    const RevocationLists all = lists_of(lists);
    std::vector<ByteString> chain = {leaf.certificate, ca.certificate};
    chain.insert(chain.end(), more.begin(), more.end());
    const auto verdict = pki::verify_chain({.chain = chain,
                                            .anchors = anchors,
                                            .now = kNow,
                                            .peer = Side::server,
                                            .crls = &all,
                                            .revocation = RevocationMode::hard_fail});
    if (verdict) return kGood;
    detail = verdict.error().to_string();
    return verdict.error().code();
  }

  static constexpr auto kGood = ErrorCode::internal_error;
  static constexpr auto kUnknown = ErrorCode::certificate_revocation_unknown;
  static constexpr auto kRevoked = ErrorCode::certificate_revoked;

  Entity root = make_root(ca_spec("Root"));
  Entity ca = make_child(ca_spec("CA"), root);
  Entity leaf = make_child(server_spec("a.example"), ca);
  std::vector<ByteString> more;
  TrustAnchors anchors = trust(root);
  std::string detail;
  const ByteString here = full_name(uri("http://example.org/1.crl"));
  const ByteString there = full_name(uri("http://example.org/2.crl"));
};

// 4.14.1 to 4.14.3.
TEST_F(DistributionPoints, AListForAnotherPointDoesNotCover) {
  set_points({here});
  EXPECT_EQ(code({list({here})}), kGood) << detail;
  EXPECT_EQ(code({list({})}), kGood) << detail;  // for everything
  EXPECT_EQ(code({list({here}, {{serial_of(leaf)}})}), kRevoked);
  EXPECT_EQ(code({list({there})}), kUnknown);
  EXPECT_NE(detail.find("does not cover"), std::string::npos) << detail;
  EXPECT_EQ(code({list({there}, {{serial_of(leaf)}})}), kUnknown);
  set_points({});
  EXPECT_EQ(code({list({here})}), kUnknown);
}

// 4.14.4 to 4.14.6: names that are relative to the list's issuer, on either side.
TEST_F(DistributionPoints, RelativeNames) {
  const ByteString relative = relative_name("CRL1");
  const ByteString absolute = full_name(directory_name(absolute_name(subject_of(ca), "CRL1")));
  const ByteString other = full_name(directory_name(absolute_name(subject_of(ca), "CRL2")));
  for (const ByteString& point : {relative, absolute}) {
    set_points({point});
    EXPECT_EQ(code({list({relative})}), kGood) << detail;
    EXPECT_EQ(code({list({absolute})}), kGood) << detail;
    EXPECT_EQ(code({list({other})}), kUnknown);
    EXPECT_EQ(code({list({relative_name("CRL2")})}), kUnknown);
    EXPECT_EQ(code({list({relative}, {{serial_of(leaf)}})}), kRevoked);
  }
}

// 4.14.7 to 4.14.9: a point of several, and lists without the extension's name.
TEST_F(DistributionPoints, OneOfSeveralPoints) {
  set_points({here, there});
  EXPECT_EQ(code({list({there})}), kGood) << detail;
  EXPECT_EQ(code({list({there}, {{serial_of(leaf)}})}), kRevoked);
}

// 4.14.10 to 4.14.14.
TEST_F(DistributionPoints, ListsForOneKindOfCertificates) {
  EXPECT_EQ(code({list({flag(1)})}), kGood) << detail;  // onlyContainsUserCerts
  EXPECT_EQ(code({list({flag(2)})}), kUnknown);         // onlyContainsCACerts
  EXPECT_EQ(code({list({flag(5)})}), kUnknown);         // onlyContainsAttributeCerts
  const auto both = pki::Crl::parse(list({flag(1), flag(2)}));
  EXPECT_FALSE(both.has_value());
  // The CA's own certificate, in the root's list.
  const auto of_root = [&](unsigned number) {
    ListSpec spec;
    spec.more_extensions = {issuing_point({flag(number)})};
    return make_list(spec, root);
  };
  const auto verify = [&](const ByteString& root_list) {
    const RevocationLists all = lists_of({root_list, list({})});
    const std::vector<ByteString> chain = {leaf.certificate, ca.certificate};
    return pki::verify_chain({.chain = chain,
                              .anchors = anchors,
                              .now = kNow,
                              .peer = Side::server,
                              .crls = &all,
                              .revocation = RevocationMode::hard_fail})
        .has_value();
  };
  EXPECT_FALSE(verify(of_root(1)));
  EXPECT_TRUE(verify(of_root(2)));
}

// 4.14.15 to 4.14.21.
TEST_F(DistributionPoints, AllReasonsMustBeCovered) {
  const ByteString some = list({reasons(3, kSomeReasons)});
  const ByteString others = list({reasons(3, kOtherReasons)});
  EXPECT_EQ(code({some}), kUnknown);
  EXPECT_NE(detail.find("some reasons only"), std::string::npos) << detail;
  EXPECT_EQ(code({some, others}), kGood) << detail;
  const std::vector<EntrySpec> entries = {{serial_of(leaf), RevocationReason::superseded}};
  EXPECT_EQ(code({some, list({reasons(3, kOtherReasons)}, entries)}), kRevoked);
  EXPECT_EQ(code({list({reasons(3, kSomeReasons)}, entries)}), kRevoked);
  // Points for some reasons each.
  set_points({joined({here, reasons(1, kSomeReasons)}), joined({there, reasons(1, kOtherReasons)})});
  const ByteString first = list({here, reasons(3, kSomeReasons)});
  EXPECT_EQ(code({first, list({there, reasons(3, kOtherReasons)})}), kGood) << detail;
  EXPECT_EQ(code({first}), kUnknown);
  EXPECT_EQ(code({first, list({here})}), kUnknown);  // the point asks it for some reasons only
  EXPECT_EQ(code({first, list({there, reasons(3, kOtherReasons)}, {{serial_of(leaf)}})}), kRevoked);
}

TEST_F(DistributionPoints, AMalformedExtensionIsNoReasonToBelieve) {
  pki::IssueSpec spec = server_spec("a.example");
  spec.more_extensions = {
      pki::encode_extension(pki::oid::kCrlDistributionPoints, false, der_encode(der::kSequence, {Bytes()}))};
  leaf = make_child(spec, ca);
  EXPECT_EQ(code({list({here})}), kUnknown);
  EXPECT_EQ(code({list({}, {{serial_of(leaf)}})}), kRevoked);
}

// 4.14.22 to 4.14.27: a list for several CAs, made by another one.
struct IndirectLists : DistributionPoints {
  IndirectLists() { set_points({crl_issuer(subject_of(lister))}); }
  ByteString indirect(std::vector<EntrySpec> entries, bool flagged = true) {
    ListSpec spec;
    spec.entries = std::move(entries);
    if (flagged) spec.more_extensions = {issuing_point({flag(4)})};
    return make_list(spec, lister);
  }
  pki::IssueSpec lister_spec() {
    pki::IssueSpec spec = ca_spec("Lister");
    spec.is_ca = false;
    spec.key_usage = static_cast<std::uint16_t>(pki::KeyUsage::crl_sign);
    return spec;
  }
  Entity lister = make_child(lister_spec(), root);
};

TEST_F(IndirectLists, CoverWhoNamesTheirIssuer) {
  EXPECT_EQ(code({indirect({})}), kUnknown);
  EXPECT_NE(detail.find("nobody knows who signed"), std::string::npos) << detail;
  more = {lister.certificate};
  EXPECT_EQ(code({indirect({})}), kGood) << detail;
  EXPECT_EQ(code({indirect({}, false)}), kUnknown);
  // The CA's own list does as well.
  EXPECT_EQ(code({list({})}), kGood) << detail;
  set_points({});
  EXPECT_EQ(code({indirect({})}), kUnknown);
}

TEST_F(IndirectLists, EntriesNameTheIssuerUntilTheNext) {
  more = {lister.certificate};
  const ByteString serial = serial_of(leaf);
  const ByteString ours = subject_of(ca);
  const ByteString theirs = subject_of(root);
  // Without a name it is the list's own issuer.
  EXPECT_EQ(code({indirect({{serial}})}), kGood) << detail;
  EXPECT_EQ(code({indirect({{serial, {}, ours}})}), kRevoked);
  EXPECT_EQ(code({indirect({{serial, {}, theirs}})}), kGood) << detail;
  EXPECT_EQ(code({indirect({{{0x01}, {}, ours}, {{0x02}}, {serial}})}), kRevoked);
  EXPECT_EQ(code({indirect({{{0x01}, {}, ours}, {{0x02}, {}, theirs}, {serial}})}), kGood) << detail;
  EXPECT_EQ(code({indirect({{{0x01}, {}, theirs}, {serial}, {serial, {}, ours}})}), kRevoked);
}

TEST_F(IndirectLists, TheListersCertificateIsCheckedToo) {
  more = {lister.certificate};
  // The CA revoked nobody, the root the lister.
  const RevocationLists all = lists_of({indirect({}), make_list({{{serial_of(lister)}}}, root)});
  const std::vector<ByteString> chain = {leaf.certificate, ca.certificate, lister.certificate};
  const auto verdict = pki::verify_chain({.chain = chain,
                                          .anchors = anchors,
                                          .now = kNow,
                                          .peer = Side::server,
                                          .crls = &all,
                                          .revocation = RevocationMode::hard_fail});
  ASSERT_FALSE(verdict.has_value());
  EXPECT_EQ(verdict.error().code(), kUnknown);
}

// 4.14.28 to 4.14.30: the CA has no list of its own; the lister's covers the lister, whose certificate says
// so.
TEST_F(IndirectLists, AListMayAnswerForItsOwnSigner) {
  pki::IssueSpec spec = lister_spec();
  spec.more_extensions = {distribution_points({crl_issuer(subject_of(lister))})};
  lister = make_child(spec, ca);
  more = {lister.certificate};
  EXPECT_EQ(code({indirect({})}), kGood) << detail;
  const ByteString ours = subject_of(ca);
  EXPECT_EQ(code({indirect({{serial_of(leaf), {}, ours}})}), kRevoked);
  EXPECT_EQ(code({indirect({{serial_of(lister), {}, ours}})}), kUnknown);
  // Without the CA's word for it the list says nothing about its signer.
  lister = make_child(lister_spec(), ca);
  more = {lister.certificate};
  EXPECT_EQ(code({indirect({})}), kUnknown);
}

TEST_F(IndirectLists, SignersThatVouchForEachOtherAreNotBelieved) {
  pki::IssueSpec spec = lister_spec();
  spec.common_name = "Second";
  spec.more_extensions = {distribution_points({crl_issuer(subject_of(lister))})};
  const Entity second = make_child(spec, ca);
  spec = lister_spec();
  spec.more_extensions = {distribution_points({crl_issuer(subject_of(second))})};
  lister = make_child(spec, ca);
  more = {lister.certificate, second.certificate};
  ListSpec by_second;
  by_second.more_extensions = {issuing_point({flag(4)})};
  EXPECT_EQ(code({indirect({}), make_list(by_second, second)}), kUnknown);
}

TEST_F(IndirectLists, NamesOfPointsBelowTheListsIssuer) {
  more = {lister.certificate};
  const auto scoped = [&](const ByteString& name, std::vector<EntrySpec> entries = {}) {
    ListSpec spec;
    spec.entries = std::move(entries);
    spec.more_extensions = {issuing_point({name, flag(4)})};
    return make_list(spec, lister);
  };
  const ByteString issuer = crl_issuer(subject_of(lister));
  set_points({joined({relative_name("CRL1"), issuer})});
  EXPECT_EQ(code({scoped(relative_name("CRL1"))}), kGood) << detail;
  EXPECT_EQ(code({scoped(full_name(directory_name(absolute_name(subject_of(lister), "CRL1"))))}), kGood);
  EXPECT_EQ(code({scoped(full_name(directory_name(absolute_name(subject_of(ca), "CRL1"))))}), kUnknown);
  EXPECT_EQ(code({scoped(relative_name("CRL1"), {{serial_of(leaf), {}, subject_of(ca)}})}), kRevoked);
  // Only cRLIssuer: the list's name must be one of it.
  set_points({issuer});
  EXPECT_EQ(code({scoped(full_name(directory_name(subject_of(lister))))}), kGood) << detail;
  EXPECT_EQ(code({scoped(relative_name("CRL1"))}), kUnknown);
}

// 4.15.
struct DeltaLists : DistributionPoints {
  ByteString complete(std::vector<EntrySpec> entries, unsigned number = 2) {
    ListSpec spec;
    spec.entries = std::move(entries);
    spec.number = number;
    return make_list(spec, ca);
  }
  ByteString delta(std::vector<EntrySpec> entries, unsigned base = 1, unsigned number = 3) {
    ListSpec spec;
    spec.entries = std::move(entries);
    spec.number = number;
    spec.delta_base = base;
    return make_list(spec, ca);
  }
  ByteString outdated(unsigned number) {
    ListSpec spec;
    spec.number = number;
    spec.this_update = kNow - std::chrono::days(9);
    spec.next_update = kNow - std::chrono::days(2);
    return make_list(spec, ca);
  }
};

TEST_F(DeltaLists, AreNothingWithoutACompleteList) {
  EXPECT_EQ(code({delta({})}), kUnknown);
  EXPECT_EQ(code({delta({{serial_of(leaf)}})}), kUnknown);
}

TEST_F(DeltaLists, ChangeWhatTheCompleteListSays) {
  const ByteString serial = serial_of(leaf);
  const EntrySpec hold{serial, RevocationReason::certificate_hold};
  const EntrySpec removed{serial, RevocationReason::remove_from_crl};
  const EntrySpec compromised{serial, RevocationReason::key_compromise};
  EXPECT_EQ(code({complete({}), delta({})}), kGood) << detail;
  EXPECT_EQ(code({complete({compromised}), delta({})}), kRevoked);
  EXPECT_EQ(code({complete({}), delta({compromised})}), kRevoked);
  EXPECT_EQ(code({complete({hold}), delta({removed})}), kGood) << detail;
  EXPECT_EQ(code({complete({hold}), delta({compromised})}), kRevoked);
  EXPECT_EQ(code({complete({}), delta({removed})}), kGood) << detail;
}

TEST_F(DeltaLists, MustFollowTheCompleteListWithoutAGap) {
  const EntrySpec entry{serial_of(leaf)};
  EXPECT_EQ(code({complete({}, 5), delta({entry}, 6, 7)}), kGood) << detail;  // not of this base: not used
  EXPECT_EQ(code({complete({}, 5), delta({entry}, 1, 4)}), kGood) << detail;  // older
  EXPECT_EQ(code({complete({}, 5), delta({entry}, 5, 6)}), kRevoked);
  // The newest counts.
  const EntrySpec removed{serial_of(leaf), RevocationReason::remove_from_crl};
  EXPECT_EQ(code({complete({}, 5), delta({entry}, 5, 6), delta({removed}, 5, 7)}), kGood) << detail;
  EXPECT_EQ(code({complete({}, 0x100), delta({entry}, 0xff, 0x101)}), kRevoked);
}

// 4.15.8 to 4.15.10.
TEST_F(DeltaLists, MakeAnOldCompleteListNew) {
  EXPECT_EQ(code({outdated(2)}), kUnknown);
  EXPECT_EQ(code({outdated(2), delta({}, 2, 3)}), kGood) << detail;
  EXPECT_EQ(code({outdated(2), delta({{serial_of(leaf)}}, 2, 3)}), kRevoked);
  EXPECT_EQ(code({outdated(2), delta({}, 3, 4)}), kUnknown);
}

TEST_F(DeltaLists, AreOfTheSameScopeAndKey) {
  ListSpec spec;
  spec.entries = {{serial_of(leaf)}};
  spec.number = 3;
  spec.delta_base = 1;
  spec.more_extensions = {issuing_point({flag(1)})};
  EXPECT_EQ(code({complete({}), make_list(spec, ca)}), kGood) << detail;
  spec.more_extensions.clear();
  ByteString damaged = make_list(spec, ca);
  damaged.back() ^= 1U;
  EXPECT_EQ(code({complete({}), damaged}), kGood) << detail;
  EXPECT_EQ(code({outdated(2), damaged}), kUnknown);
}

TEST_F(DeltaLists, AForgedOneDoesNotHideTheGenuine) {
  ByteString forged = delta({}, 1, 99);
  forged.back() ^= 1U;
  ByteString another = delta({}, 1, 98);
  another.back() ^= 1U;
  const ByteString genuine = delta({{serial_of(leaf), RevocationReason::key_compromise}});
  EXPECT_EQ(code({complete({}), forged, genuine}), kRevoked);
  EXPECT_EQ(code({genuine, another, complete({}), forged}), kRevoked);
  EXPECT_EQ(code({outdated(2), forged, delta({}, 2, 3)}), kGood) << detail;
}

}  // namespace
}  // namespace handfast::test
