// Stapled OCSP responses in the verifier. RFC 6960 §3.2, §4.2.2; RFC 7633.
#include "pki/staple.hpp"

#include <gtest/gtest.h>

#include "pki/revocation_maker.hpp"
#include "pki/verify.hpp"

namespace handfast::test {
namespace {

using pki::OcspCertificateStatus;
using pki::RevocationReason;

struct Staple : testing::Test {
  ErrorCode code(const ByteString& response, bool requested = true) {
    const std::vector<ByteString> chain = {leaf.certificate, ca.certificate};
    pki::VerifyInput input{.chain = chain,
                           .anchors = anchors,
                           .now = now,
                           .peer = Side::server,
                           .crls = &lists,
                           .revocation = mode,
                           .stapled_response = response,
                           .staple_requested = requested};
    input.policy = policy;
    const auto verdict = pki::verify_chain(input);
    if (verdict) return kGood;
    detail = verdict.error().detail();
    return verdict.error().code();
  }
  AnswerSpec answer(OcspCertificateStatus status = OcspCertificateStatus::good) {
    return {serial_of(leaf), status};
  }
  ByteString response(const AnswerSpec& about) { return make_response({{about}}, ca, ca); }
  // A responder of the CA's.
  pki::IssueSpec responder_spec() {
    pki::IssueSpec spec = ca_spec("Responder");
    spec.is_ca = false;
    const ByteString purpose = der_encode(der::kObjectIdentifier, {pki::oid::kOcspSigning});
    spec.more_extensions = {
        pki::encode_extension(pki::oid::kExtKeyUsage, false, der_encode(der::kSequence, {purpose}))};
    return spec;
  }
  ErrorCode by_responder(const Entity& responder, bool by_key = false) {
    return code(make_response({{answer()}, by_key, {responder.certificate}}, ca, responder));
  }
  void demand_staple() {
    pki::IssueSpec spec = server_spec("a.example");
    const std::uint8_t status_request = 5;
    spec.more_extensions = {pki::encode_extension(
        pki::oid::kTlsFeature, false,
        der_encode(der::kSequence, {der_encode(der::kInteger, {Bytes(&status_request, 1)})}))};
    leaf = make_child(spec, ca);
  }

  static constexpr auto kGood = ErrorCode::internal_error;
  static constexpr auto kRevoked = ErrorCode::certificate_revoked;
  static constexpr auto kInvalid = ErrorCode::certificate_staple_invalid;
  static constexpr auto kMissing = ErrorCode::certificate_staple_missing;

  Entity root = make_root(ca_spec("Root"));
  Entity ca = make_child(ca_spec("CA"), root);
  Entity leaf = make_child(server_spec("a.example"), ca);
  TrustAnchors anchors = trust(root);
  RevocationLists lists;
  RevocationMode mode = RevocationMode::soft_fail;
  pki::ValidationPolicy policy;
  Time now = kNow;
  std::string detail;
};

TEST_F(Staple, SignedByTheIssuer) {
  EXPECT_EQ(code({}), kGood);
  EXPECT_EQ(code(response(answer())), kGood) << detail;
  EXPECT_EQ(code(make_response({{answer()}, true}, ca, ca)), kGood) << detail;
  AnswerSpec modern = answer();
  modern.hash = crypto::HashAlgorithm::sha256;
  EXPECT_EQ(code(response(modern)), kGood) << detail;
}

TEST_F(Staple, RevokedAndUnknown) {
  AnswerSpec revoked = answer(OcspCertificateStatus::revoked);
  revoked.reason = RevocationReason::key_compromise;
  EXPECT_EQ(code(response(revoked)), kRevoked);
  EXPECT_NE(detail.find("keyCompromise"), std::string::npos) << detail;
  EXPECT_EQ(code(response(answer(OcspCertificateStatus::unknown))), kInvalid);
  EXPECT_EQ(info_of(kInvalid).alert, AlertDescription::bad_certificate_status_response);
  EXPECT_EQ(info_of(kInvalid).catalogue, "C-25");
}

TEST_F(Staple, TheRightCertificate) {
  AnswerSpec other = answer();
  other.serial = {0x01};
  EXPECT_EQ(code(response(other)), kInvalid);
  EXPECT_NE(detail.find("another certificate"), std::string::npos) << detail;
  // The same number, another issuer.
  const Entity stranger = make_child(ca_spec("Stranger"), root);
  EXPECT_EQ(code(make_response({{answer()}}, stranger, ca)), kInvalid);
  // One of several, in any order.
  EXPECT_EQ(code(make_response({{other, answer()}}, ca, ca)), kGood) << detail;
  EXPECT_EQ(code(make_response({{other, answer(OcspCertificateStatus::revoked)}}, ca, ca)), kRevoked);
  EXPECT_EQ(code(make_response({{answer(), answer(OcspCertificateStatus::revoked)}}, ca, ca)), kRevoked);
  other.status = OcspCertificateStatus::revoked;
  EXPECT_EQ(code(make_response({{answer(), other}}, ca, ca)), kGood) << detail;
}

TEST_F(Staple, Dates) {
  AnswerSpec spec = answer();
  spec.this_update = kNow;
  spec.next_update = kNow + std::chrono::hours(1);
  const ByteString staple = response(spec);
  now = kNow - pki::kStapleClockSkew;
  EXPECT_EQ(code(staple), kGood) << detail;
  now -= std::chrono::seconds(1);
  EXPECT_EQ(code(staple), kInvalid);
  now = kNow + std::chrono::hours(1) + pki::kStapleClockSkew;
  EXPECT_EQ(code(staple), kGood) << detail;
  now += std::chrono::seconds(1);
  EXPECT_EQ(code(staple), kInvalid);
  EXPECT_NE(detail.find("holds until 2026-07-01T01:00:00Z"), std::string::npos) << detail;
  // Without nextUpdate.
  spec.next_update.reset();
  const ByteString endless = response(spec);
  now = kNow + pki::kMaxStapleAgeWithoutNextUpdate;
  EXPECT_EQ(code(endless), kGood) << detail;
  now += std::chrono::seconds(1);
  EXPECT_EQ(code(endless), kInvalid);
}

TEST_F(Staple, AnOldRevocationHoldsUnlessItWasAHold) {
  AnswerSpec spec = answer(OcspCertificateStatus::revoked);
  spec.this_update = kNow - std::chrono::days(9);
  spec.next_update = kNow - std::chrono::days(2);
  EXPECT_EQ(code(response(spec)), kRevoked);
  spec.reason = RevocationReason::certificate_hold;
  EXPECT_EQ(code(response(spec)), kInvalid);
}

TEST_F(Staple, ForgedOrMalformed) {
  const Entity forger = make_root(ca_spec("CA"));
  EXPECT_EQ(code(make_response({{answer()}}, ca, forger)), kInvalid);
  EXPECT_EQ(code(make_response({{answer()}, false, {forger.certificate}}, ca, forger)), kInvalid);
  // Whoever forges "revoked" gets no further.
  EXPECT_EQ(code(make_response({{answer(OcspCertificateStatus::revoked)}}, ca, forger)), kInvalid);
  const ByteString good = response(answer());
  for (std::size_t i = 0; i < good.size(); i += 7) {
    ByteString damaged = good;
    damaged[i] ^= 0x55U;
    EXPECT_NE(code(damaged), kGood) << i;
  }
  EXPECT_EQ(code({1, 2, 3}), kInvalid);
  EXPECT_NE(detail.find("at byte 0"), std::string::npos) << detail;
}

TEST_F(Staple, ByAResponderThatTheIssuerNamed) {
  EXPECT_EQ(by_responder(make_child(responder_spec(), ca)), kGood) << detail;
  EXPECT_EQ(by_responder(make_child(responder_spec(), ca), true), kGood) << detail;
  // Its certificate is not in the response.
  const Entity responder = make_child(responder_spec(), ca);
  EXPECT_EQ(code(make_response({{answer()}}, ca, responder)), kInvalid);
}

TEST_F(Staple, ByOthersIsNotBelieved) {
  // Not by the CA that issued the certificate.
  EXPECT_EQ(by_responder(make_child(responder_spec(), root)), kInvalid);
  // Without id-kp-OCSPSigning: any certificate of the CA would do, the revoked one too.
  EXPECT_EQ(by_responder(leaf), kInvalid);
  EXPECT_NE(detail.find("id-kp-OCSPSigning"), std::string::npos) << detail;
  const ByteString any = der_encode(der::kObjectIdentifier, {pki::oid::kAnyExtendedKeyUsage});
  pki::IssueSpec spec = responder_spec();
  spec.more_extensions = {
      pki::encode_extension(pki::oid::kExtKeyUsage, false, der_encode(der::kSequence, {any}))};
  EXPECT_EQ(by_responder(make_child(spec, ca)), kInvalid);
  spec = responder_spec();
  spec.not_after = kNow - std::chrono::seconds(1);
  EXPECT_EQ(by_responder(make_child(spec, ca)), kInvalid);
  spec = responder_spec();
  spec.key_usage = static_cast<std::uint16_t>(pki::KeyUsage::key_encipherment);
  EXPECT_EQ(by_responder(make_child(spec, ca)), kInvalid);
  spec = responder_spec();
  spec.more_extensions.push_back(
      pki::encode_extension(ByteString{0x2a, 0x03}, true, der_encode(der::kNull, {})));
  EXPECT_EQ(by_responder(make_child(spec, ca)), kInvalid);
  // The CA took its responder back.
  const Entity responder = make_child(responder_spec(), ca);
  ASSERT_TRUE(lists.add_list(make_list({{{serial_of(responder)}}}, ca)).has_value());
  EXPECT_EQ(by_responder(responder), kInvalid);
  // A complete list cannot take that back: only a delta may.
  lists = RevocationLists();
  ASSERT_TRUE(lists.add_list(make_list({{{serial_of(responder), RevocationReason::remove_from_crl}}}, ca))
                  .has_value());
  EXPECT_EQ(by_responder(responder), kInvalid);
}

// RFC 6960 §4.2.2.2.1: whether the responder's own certificate was revoked must be known, too, unless the CA
// says that nobody needs to ask.
TEST_F(Staple, TheRespondersCertificateNeedsAListAsWell) {
  const ByteString place = full_name(uri("http://example.org/responders.crl"));
  ListSpec about_responders;
  about_responders.more_extensions = {issuing_point({place})};
  pki::IssueSpec spec = responder_spec();
  spec.more_extensions.push_back(distribution_points({place}));
  const Entity responder = make_child(spec, ca);
  ASSERT_TRUE(lists.add_list(make_list({}, root)).has_value());
  EXPECT_EQ(by_responder(responder), kGood) << detail;  // soft
  mode = RevocationMode::hard_fail;
  EXPECT_EQ(by_responder(responder), ErrorCode::certificate_revocation_unknown);
  EXPECT_NE(detail.find("the stapled response does not count: its signer 'CN=Responder' may be revoked"),
            std::string::npos)
      << detail;
  // What it says against the certificate counts.
  const AnswerSpec revoked = answer(OcspCertificateStatus::revoked);
  EXPECT_EQ(code(make_response({{revoked}, false, {responder.certificate}}, ca, responder)), kRevoked);
  // A list for the responder, which does not cover the leaf.
  ASSERT_TRUE(lists.add_list(make_list(about_responders, ca)).has_value());
  EXPECT_EQ(code({}), ErrorCode::certificate_revocation_unknown);
  EXPECT_EQ(by_responder(responder), kGood) << detail;
  // It takes the responder back.
  about_responders.entries = {{serial_of(responder)}};
  about_responders.this_update += std::chrono::hours(1);
  ASSERT_TRUE(lists.add_list(make_list(about_responders, ca)).has_value());
  EXPECT_EQ(by_responder(responder), kInvalid);
  EXPECT_NE(detail.find("was revoked"), std::string::npos) << detail;
}

TEST_F(Staple, AResponderThatNobodyNeedsToAskAbout) {
  mode = RevocationMode::hard_fail;
  ASSERT_TRUE(lists.add_list(make_list({}, root)).has_value());
  const auto responder = [&](const ByteString& value, bool critical) {
    pki::IssueSpec spec = responder_spec();
    spec.more_extensions.push_back(pki::encode_extension(pki::oid::kOcspNoCheck, critical, value));
    return make_child(spec, ca);
  };
  const ByteString null = der_encode(der::kNull, {});
  EXPECT_EQ(by_responder(responder(null, false)), kGood) << detail;
  EXPECT_EQ(by_responder(responder(null, true)), kGood) << detail;
  // But a list that says "revoked" is believed.
  const Entity taken_back = responder(null, false);
  ASSERT_TRUE(lists.add_list(make_list({{{serial_of(taken_back)}}}, ca)).has_value());
  EXPECT_EQ(by_responder(taken_back), kInvalid);
}

// A certificate that demands a staple has got one; whether it counts is another question.
TEST_F(Staple, OneThatDoesNotCountIsNotMissing) {
  const ByteString place = full_name(uri("http://example.org/leaves.crl"));
  pki::IssueSpec spec = server_spec("a.example");
  const std::uint8_t status_request = 5;
  spec.more_extensions = {
      pki::encode_extension(
          pki::oid::kTlsFeature, false,
          der_encode(der::kSequence, {der_encode(der::kInteger, {Bytes(&status_request, 1)})})),
      distribution_points({place})};
  leaf = make_child(spec, ca);
  mode = RevocationMode::hard_fail;
  ListSpec about_leaves;
  about_leaves.more_extensions = {issuing_point({place})};
  ASSERT_TRUE(lists.add_list(make_list({}, root)).has_value());
  ASSERT_TRUE(lists.add_list(make_list(about_leaves, ca)).has_value());
  EXPECT_EQ(code({}), kMissing);
  EXPECT_EQ(by_responder(make_child(responder_spec(), ca)), kGood) << detail;
}

TEST_F(Staple, ARegretIsNoAnswer) {
  const ByteString later = make_regret(pki::OcspResponseStatus::try_later);
  EXPECT_EQ(code(later), kGood);
  demand_staple();
  EXPECT_EQ(code(later), kMissing);
  EXPECT_NE(detail.find("tryLater"), std::string::npos) << detail;
}

TEST_F(Staple, ACertificateMayDemandIt) {
  demand_staple();
  EXPECT_EQ(code({}), kMissing);
  EXPECT_EQ(info_of(kMissing).catalogue, "C-24");
  EXPECT_EQ(code({}, false), kGood);  // nobody asked for it
  EXPECT_EQ(code(response(answer())), kGood) << detail;
  AnswerSpec old = answer();
  old.next_update = kNow - std::chrono::days(1);
  EXPECT_EQ(code(response(old)), kInvalid);
}

TEST_F(Staple, TakesTheLeafsPlaceInTheLists) {
  mode = RevocationMode::hard_fail;
  ASSERT_TRUE(lists.add_list(make_list({}, root)).has_value());
  EXPECT_EQ(code({}), ErrorCode::certificate_revocation_unknown);
  EXPECT_EQ(code(response(answer())), kGood) << detail;
  // A list that revokes counts in spite of it.
  ASSERT_TRUE(lists.add_list(make_list({{{serial_of(leaf)}}}, ca)).has_value());
  EXPECT_EQ(code(response(answer())), kRevoked);
}

TEST_F(Staple, UnknownCriticalExtensions) {
  const ByteString type = {0x2a, 0x03, 0x04};
  const ByteString critical = pki::encode_extension(type, true, der_encode(der::kNull, {}));
  const ByteString harmless = pki::encode_extension(type, false, der_encode(der::kNull, {}));
  EXPECT_EQ(code(make_response({{answer()}, false, {}, {critical}}, ca, ca)), kInvalid);
  EXPECT_EQ(code(make_response({{answer()}, false, {}, {harmless}}, ca, ca)), kGood) << detail;
  AnswerSpec spec = answer();
  spec.extensions = {critical};
  EXPECT_EQ(code(response(spec)), kInvalid);
  spec.extensions = {harmless};
  EXPECT_EQ(code(response(spec)), kGood) << detail;
}

TEST_F(Staple, SignaturesCount) {
  policy.budget.signature_checks = 2;  // those of the two certificates
  EXPECT_EQ(code(response(answer())), ErrorCode::certificate_budget_exhausted);
  policy.budget.signature_checks = 3;
  EXPECT_EQ(code(response(answer())), kGood) << detail;
}

}  // namespace
}  // namespace handfast::test
