// The checker: every finding on every certificate, with its id, its place and what would mend it; and the
// verdict is always the verifier's.
#include "pki/checker.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "crypto/der_writer.hpp"
#include "pki/advice.hpp"
#include "pki/maker.hpp"
#include "pki/oid.hpp"

namespace handfast::test {
namespace {

using pki::Severity;

class Checker : public testing::Test {
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

  pki::CheckReport check(const std::vector<ByteString>& chain, const std::string& host = "www.example.org") {
    const TrustAnchors anchors = trust(*root_);
    const ServerName name = *ServerName::parse(host);
    pki::VerifyInput input{.chain = chain, .anchors = anchors, .now = now_, .peer = peer_, .name = &name};
    if (peer_ == Side::client) input.name = nullptr;
    input.policy = policy_;
    input.staple_requested = false;
    pki::CheckReport report = pki::check_chain(input);
    // One set of checks: the verdicts are the same.
    const auto verdict = pki::verify_chain(input);
    EXPECT_EQ(verdict.has_value(), !report.failure.has_value());
    if (!verdict && report.failure) {
      EXPECT_EQ(verdict.error().to_string(), report.failure->to_string());
      EXPECT_TRUE(std::ranges::any_of(report.findings, [&](const auto& finding) {
        return finding.severity == Severity::error && finding.code == verdict.error().code();
      })) << verdict.error().to_string();
    }
    for (const auto& finding : report.findings) {
      EXPECT_FALSE(finding.id.empty());
      EXPECT_FALSE(finding.what.empty());
      EXPECT_FALSE(finding.fix.empty()) << finding.what;
    }
    return report;
  }
  pki::CheckReport check_leaf(const pki::IssueSpec& spec) {
    return check({make_child(spec, *middle_).certificate, middle_->certificate});
  }

  static std::string text(const pki::CheckReport& report) {
    std::string out;
    for (const auto& finding : report.findings) {
      out += std::to_string(static_cast<int>(finding.severity)) + " " + std::string(finding.id) + " " +
             (finding.index ? std::to_string(*finding.index) : "-") + " " + finding.what + " | " +
             finding.fix + "\n";
    }
    return out;
  }
  static const pki::CheckFinding* find(const pki::CheckReport& report, std::string_view id,
                                       std::optional<std::size_t> index) {
    const auto found = std::ranges::find_if(
        report.findings, [&](const auto& finding) { return finding.id == id && finding.index == index; });
    EXPECT_NE(found, report.findings.end()) << id << " is missing in\n" << text(report);
    return found == report.findings.end() ? nullptr : &*found;
  }

  static inline Entity* root_ = nullptr;
  static inline Entity* middle_ = nullptr;
  static inline Entity* leaf_ = nullptr;
  Time now_ = kNow;
  Side peer_ = Side::server;
  pki::ValidationPolicy policy_;
};

TEST_F(Checker, AGoodChainHasNoFindings) {
  const auto report = check({leaf_->certificate, middle_->certificate});
  EXPECT_FALSE(report.failure);
  EXPECT_EQ(text(report), "");
  ASSERT_EQ(report.path.size(), 3U);
  EXPECT_EQ(report.path[0].index, 0U);
  EXPECT_EQ(report.path[1].index, 1U);
  EXPECT_EQ(report.path[2].index, std::nullopt);
  EXPECT_EQ(report.path[2].der, root_->certificate);
}

TEST_F(Checker, CollectsEveryFaultOfThePath) {
  pki::IssueSpec middle_spec = ca_spec("Old Intermediate");
  middle_spec.not_after = kNow - std::chrono::days(1);
  middle_spec.excluded_dns = {"example.org"};
  const Entity middle = make_child(middle_spec, *root_);
  pki::IssueSpec spec = server_spec("www.example.org");
  spec.not_after = kNow - std::chrono::days(2);
  spec.server_auth = false;
  spec.client_auth = true;
  spec.key_usage = static_cast<std::uint16_t>(pki::KeyUsage::key_encipherment);
  spec.signature_method = {crypto::SignatureAlgorithm::ecdsa, crypto::HashAlgorithm::sha1};
  const auto report = check({make_child(spec, middle).certificate, middle.certificate}, "other.example.net");
  for (const char* const id : {"C-07", "C-12", "C-13", "C-14", "C-16", "H-01"}) {
    const auto* const finding = find(report, id, 0);
    ASSERT_NE(finding, nullptr);
    EXPECT_EQ(finding->severity, Severity::error);
    EXPECT_EQ(finding->depth, 0U);
    EXPECT_EQ(finding->subject, "CN=www.example.org");
  }
  const auto* const expired = find(report, "C-08", 1);
  ASSERT_NE(expired, nullptr);
  EXPECT_EQ(expired->subject, "CN=Old Intermediate");
}

TEST_F(Checker, AMissingIntermediateIsNamedWithItsAddress) {
  pki::IssueSpec spec = server_spec("www.example.org");
  spec.ca_issuers_url = "http://ca.example/intermediate.der";
  const auto report = check({make_child(spec, *middle_).certificate});
  const auto* const finding = find(report, "C-01", 0);
  ASSERT_NE(finding, nullptr);
  EXPECT_NE(finding->fix.find("'CN=Intermediate'"), std::string::npos) << finding->fix;
  EXPECT_NE(finding->fix.find("http://ca.example/intermediate.der"), std::string::npos) << finding->fix;
  EXPECT_EQ(report.path.size(), 1U);
}

TEST_F(Checker, OrderRootsRepetitionsAndStrangers) {
  pki::IssueSpec old_spec = ca_spec("Stranger");
  old_spec.not_after = kNow - std::chrono::days(1);
  const Entity stranger = make_child(old_spec, make_root(ca_spec("Other")));
  const Entity second = make_child(ca_spec("Second"), *middle_);
  const Entity leaf = make_child(server_spec("www.example.org"), second);
  const auto report = check({leaf.certificate, middle_->certificate, second.certificate, root_->certificate,
                             second.certificate, stranger.certificate});
  EXPECT_FALSE(report.failure);
  EXPECT_EQ(find(report, "C-30", 1)->severity, Severity::warning);  // stands before the one that it signed
  EXPECT_NE(find(report, "C-30", 3)->what.find("a root need not be sent"), std::string::npos);
  EXPECT_NE(find(report, "C-30", 4)->what.find("the same as certificate 3"), std::string::npos);
  EXPECT_NE(find(report, "C-30", 5)->what.find("not needed"), std::string::npos);
  const auto* const expired = find(report, "C-08", 5);
  ASSERT_NE(expired, nullptr);
  EXPECT_EQ(expired->severity, Severity::warning);  // it is not used
  EXPECT_EQ(expired->depth, std::nullopt);
}

TEST_F(Checker, AnUnreadableCertificateDoesNotHideTheOthers) {
  ByteString cut = middle_->certificate;
  cut.resize(cut.size() - 7);
  auto report = check({leaf_->certificate, middle_->certificate, cut});
  EXPECT_FALSE(report.failure);
  EXPECT_EQ(find(report, "R-04", 2)->severity, Severity::warning);
  // The leaf cannot be read; the others are judged all the same.
  pki::IssueSpec old_spec = ca_spec("Old");
  old_spec.not_after = kNow - std::chrono::days(1);
  report = check({cut, make_child(old_spec, *root_).certificate});
  EXPECT_EQ(find(report, "R-04", 0)->severity, Severity::error);
  EXPECT_NE(find(report, "C-08", 1), nullptr);
}

TEST_F(Checker, EmptyAndEndlessLists) {
  EXPECT_EQ(check({}).failure->code(), ErrorCode::certificate_list_empty);
  const std::vector<ByteString> many(10'000, leaf_->certificate);
  EXPECT_EQ(check(many).failure->code(), ErrorCode::certificate_chain_too_long);
}

TEST_F(Checker, ASelfSignedLeafWithTheNameOfAnotherAnchor) {
  const Entity leaf = make_root(server_spec("www.example.org"));
  const Entity other = make_root(server_spec("www.example.org"));
  TrustAnchors anchors = trust(other);
  const std::vector<ByteString> chain = {leaf.certificate};
  const auto verdict =
      pki::verify_chain({.chain = chain, .anchors = anchors, .now = kNow, .peer = Side::server});
  ASSERT_FALSE(verdict);
  EXPECT_EQ(verdict.error().code(), ErrorCode::certificate_self_signed) << verdict.error().to_string();
}

TEST_F(Checker, ValidityIsMeasuredByItsDate) {
  using std::chrono::days;
  using std::chrono::year;
  const auto limit = [](std::chrono::sys_days day) { return pki::max_validity(day).count(); };
  EXPECT_EQ(limit(year(2026) / 3 / 14), 398);
  EXPECT_EQ(limit(year(2026) / 3 / 15), 200);
  EXPECT_EQ(limit(year(2027) / 3 / 14), 200);
  EXPECT_EQ(limit(year(2027) / 3 / 15), 100);
  EXPECT_EQ(limit(year(2029) / 3 / 14), 100);
  EXPECT_EQ(limit(year(2029) / 3 / 15), 47);
  policy_.profile = pki::Profile::webpki;
  pki::IssueSpec spec = server_spec("www.example.org");
  spec.not_before = kNow - days(10);
  spec.not_after = spec.not_before + days(200) - std::chrono::seconds(1);
  auto report = check_leaf(spec);
  EXPECT_EQ(text(report).find("C-26"), std::string::npos) << text(report);
  spec.not_after += std::chrono::seconds(1);
  report = check_leaf(spec);
  EXPECT_NE(find(report, "C-26", 0)->what.find("201 days; at its date 200"), std::string::npos)
      << text(report);
  EXPECT_NE(find(report, "C-27", 0), nullptr);  // no timestamps
  policy_.profile = pki::Profile::rfc5280;
  spec.not_after = spec.not_before + days(826);
  EXPECT_NE(find(check_leaf(spec), "C-26", 0), nullptr);
}

TEST_F(Checker, ExpiringSoon) {
  now_ = kNow + std::chrono::days(70);  // of a leaf of 90 days that ends at 80
  const auto report = check({leaf_->certificate, middle_->certificate});
  EXPECT_EQ(find(report, "C-07", 0)->severity, Severity::warning);
  EXPECT_FALSE(report.failure);
  now_ = kNow + std::chrono::days(60);
  EXPECT_EQ(text(check({leaf_->certificate, middle_->certificate})), "");
}

TEST_F(Checker, NamesThatCountNowhereOrForEverybody) {
  pki::IssueSpec spec = server_spec("www.example.org");
  spec.common_name = "old.example.org";
  spec.dns_names = {"www.example.org", "*.co.uk"};
  const auto report = check_leaf(spec);
  EXPECT_NE(find(report, "H-08", 0)->what.find("old.example.org"), std::string::npos);
  EXPECT_NE(find(report, "H-02", 0)->what.find("*.co.uk"), std::string::npos);
  spec.common_name = "Example Web Server";
  spec.dns_names = {"www.example.org", "*.example.org"};
  EXPECT_EQ(text(check_leaf(spec)), "");
}

TEST_F(Checker, MustStapleAndMissingPurpose) {
  pki::IssueSpec spec = server_spec("www.example.org");
  spec.server_auth = false;
  spec.more_extensions = {
      pki::encode_extension(pki::oid::kTlsFeature, false, ByteString{0x30, 0x03, 0x02, 0x01, 0x05})};
  const auto report = check_leaf(spec);
  EXPECT_NE(find(report, "C-24", 0), nullptr);
  EXPECT_NE(find(report, "C-12", 0), nullptr);
  EXPECT_FALSE(report.failure);
}

TEST_F(Checker, WhatOnlyStrictVerifiersRefuse) {
  pki::IssueSpec spec = server_spec("www.example.org");
  spec.key_usage = static_cast<std::uint16_t>(static_cast<unsigned>(pki::KeyUsage::key_cert_sign) |
                                              static_cast<unsigned>(pki::KeyUsage::digital_signature));
  const auto report = check_leaf(spec);
  EXPECT_FALSE(report.failure) << text(report);
  const auto* const finding = find(report, "C-19", 0);
  ASSERT_NE(finding, nullptr);
  EXPECT_EQ(finding->severity, Severity::warning);
  EXPECT_NE(finding->what.find("keyUsage"), std::string::npos);
}

TEST_F(Checker, ACaAsServer) {
  pki::IssueSpec spec = server_spec("www.example.org");
  spec.is_ca = true;
  spec.key_usage = static_cast<std::uint16_t>(static_cast<unsigned>(pki::KeyUsage::key_cert_sign) |
                                              static_cast<unsigned>(pki::KeyUsage::digital_signature));
  EXPECT_EQ(find(check_leaf(spec), "C-28", 0)->severity, Severity::warning);
  policy_.profile = pki::Profile::webpki;
  EXPECT_EQ(find(check_leaf(spec), "C-28", 0)->severity, Severity::error);
}

TEST_F(Checker, SameIssuerAndSerialNumber) {
  pki::IssueSpec spec = server_spec("www.example.org");
  spec.serial = {7};
  const ByteString first = make_child(spec, *middle_).certificate;
  const ByteString second = make_child(spec, *middle_).certificate;
  EXPECT_NE(find(check({first, middle_->certificate, second}), "C-29", 2), nullptr);
}

}  // namespace
}  // namespace handfast::test
