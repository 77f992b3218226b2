// The syntax of OCSP responses. RFC 6960 §4.2.
#include "pki/ocsp.hpp"

#include <gtest/gtest.h>

#include "pki/revocation_maker.hpp"

namespace handfast::test {
namespace {

using pki::OcspCertificateStatus;
using pki::OcspResponse;
using pki::OcspResponseStatus;

struct Responses : testing::Test {
  Entity ca = make_root(ca_spec("CA"));

  static std::string where(const ByteString& response) {
    const auto parsed_response = OcspResponse::parse(response);
    if (parsed_response) return "";
    EXPECT_EQ(parsed_response.error().code(), ErrorCode::certificate_staple_invalid);
    return parsed_response.error().field();
  }
};

TEST_F(Responses, EveryField) {
  AnswerSpec revoked{{0x05}, OcspCertificateStatus::revoked, pki::RevocationReason::ca_compromise};
  const ByteString scts = {0x00, 0x01, 0x00};
  revoked.extensions = {
      pki::encode_extension(pki::oid::kOcspSctList, false, der_encode(der::kOctetString, {scts}))};
  AnswerSpec good{{0x06}};
  good.hash = crypto::HashAlgorithm::sha256;
  good.next_update.reset();
  const ByteString nonce =
      pki::encode_extension(pki::oid::kOcspNonce, false, der_encode(der::kOctetString, {ByteString(8, 7)}));
  const ByteString der =
      make_response({{revoked, good}, false, {ca.certificate, ca.certificate}, {nonce}}, ca, ca);
  const auto response = OcspResponse::parse(der);
  ASSERT_TRUE(response.has_value()) << response.error().to_string();
  EXPECT_EQ(response->status, OcspResponseStatus::successful);
  EXPECT_EQ(copy_of(response->responder_name), subject_of(ca));
  EXPECT_TRUE(response->responder_key_hash.empty());
  EXPECT_EQ(response->produced_at, kNow - std::chrono::hours(1));
  EXPECT_TRUE(response->signature_method.has_value());
  EXPECT_TRUE(response->unknown_critical_extension.empty());

  pki::OcspSingleResponseWalker walker(*response);
  pki::OcspSingleResponse single;
  ASSERT_TRUE(walker.next(single));
  EXPECT_EQ(copy_of(single.serial), ByteString{0x05});
  EXPECT_EQ(single.status, OcspCertificateStatus::revoked);
  EXPECT_EQ(single.revocation_reason, pki::RevocationReason::ca_compromise);
  EXPECT_EQ(single.hash, crypto::HashAlgorithm::sha1);
  EXPECT_EQ(single.next_update, revoked.next_update);
  EXPECT_EQ(copy_of(single.signed_certificate_timestamps), scts);
  ASSERT_TRUE(walker.next(single));
  EXPECT_EQ(single.status, OcspCertificateStatus::good);
  EXPECT_EQ(single.hash, crypto::HashAlgorithm::sha256);
  EXPECT_FALSE(single.next_update.has_value());
  EXPECT_EQ(single.this_update, good.this_update);
  EXPECT_FALSE(walker.next(single));

  pki::OcspCertificateWalker certificates(*response);
  Bytes certificate;
  ASSERT_TRUE(certificates.next(certificate));
  EXPECT_EQ(copy_of(certificate), ca.certificate);
  EXPECT_TRUE(certificates.next(certificate));
  EXPECT_FALSE(certificates.next(certificate));
}

TEST_F(Responses, ByKey) {
  const ByteString der = make_response({{{{0x05}}}, true}, ca, ca);
  const auto response = OcspResponse::parse(der);
  ASSERT_TRUE(response.has_value());
  EXPECT_TRUE(response->responder_name.empty());
  EXPECT_EQ(response->responder_key_hash.size(), 20U);
}

TEST_F(Responses, Regrets) {
  for (const unsigned status : {1U, 2U, 3U, 5U, 6U}) {
    const ByteString der = make_regret(static_cast<OcspResponseStatus>(status));
    const auto response = OcspResponse::parse(der);
    ASSERT_TRUE(response.has_value()) << status;
    EXPECT_EQ(response->status, static_cast<OcspResponseStatus>(status));
    EXPECT_STRNE(name_of(response->status), "unknown");
  }
  EXPECT_EQ(where(make_regret(static_cast<OcspResponseStatus>(4))), "responseStatus");
  EXPECT_EQ(where(make_regret(static_cast<OcspResponseStatus>(7))), "responseStatus");
  EXPECT_EQ(where(make_regret(OcspResponseStatus::successful)), "responseBytes");
}

TEST_F(Responses, CutAndProlonged) {
  const ByteString good = make_response({{{{0x05}}}}, ca, ca);
  EXPECT_EQ(where(good), "");
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_NE(where(ByteString(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size))), "") << size;
  }
  ByteString longer = good;
  longer.push_back(0);
  EXPECT_NE(where(longer), "");
}

TEST_F(Responses, NoAnswerAtAll) { EXPECT_EQ(where(make_response({}, ca, ca)), "singleResponse"); }

}  // namespace
}  // namespace handfast::test
