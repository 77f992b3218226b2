// The syntax of CRLs, and RevocationLists. RFC 5280 §5.
#include "pki/crl.hpp"

#include <gtest/gtest.h>

#include "crypto/pem.hpp"
#include "pki/revocation_index.hpp"
#include "pki/revocation_maker.hpp"

namespace handfast::test {
namespace {

using pki::Crl;
using pki::RevocationReason;

struct Lists : testing::Test {
  Entity ca = make_root(ca_spec("CA"));

  static std::string where(const ByteString& list) {
    const auto crl = Crl::parse(list);
    if (crl) return "";
    EXPECT_EQ(crl.error().code(), ErrorCode::crl_malformed);
    return crl.error().field();
  }
};

TEST_F(Lists, EveryField) {
  ListSpec spec;
  spec.entries = {{{0x05}, RevocationReason::superseded}, {{0x06}, {}, subject_of(ca)}};
  const Time since = kNow - std::chrono::days(3);
  spec.entries[0].more_extensions = {
      pki::encode_extension(pki::oid::kInvalidityDate, false, generalized_time(since))};
  spec.number = 0x1234;
  spec.delta_base = 0x1200;
  spec.more_extensions = {issuing_point({full_name(uri("http://a.example/1")), flag(1), flag(4)})};
  const ByteString der = make_list(spec, ca);
  const auto crl = Crl::parse(der);
  ASSERT_TRUE(crl.has_value()) << crl.error().to_string();
  EXPECT_EQ(crl->version, 2U);
  EXPECT_EQ(copy_of(crl->issuer), subject_of(ca));
  EXPECT_EQ(crl->this_update, spec.this_update);
  EXPECT_EQ(crl->next_update, spec.next_update);
  EXPECT_TRUE(crl->signature_method.has_value());
  EXPECT_EQ(copy_of(crl->number.number), (ByteString{0x12, 0x34}));
  EXPECT_EQ(copy_of(crl->delta_base.number), (ByteString{0x12, 0x00}));
  EXPECT_TRUE(crl->delta_base.critical);
  EXPECT_TRUE(crl->authority_key_identifier.key_identifier.has_value());
  const auto& scope = crl->issuing_distribution_point;
  EXPECT_TRUE(scope.present && scope.name.present && scope.indirect_crl);
  EXPECT_TRUE(scope.only_contains_user_certificates && !scope.only_contains_ca_certificates);
  EXPECT_EQ(scope.only_some_reasons, pki::kAllReasons);
  EXPECT_TRUE(crl->unknown_critical_extension.empty());

  pki::CrlEntryReader reader(crl->entries);
  pki::CrlEntry entry;
  ASSERT_TRUE(reader.next(entry));
  EXPECT_EQ(copy_of(entry.serial), ByteString{0x05});
  EXPECT_EQ(entry.reason, RevocationReason::superseded);
  EXPECT_EQ(entry.invalidity_date, since);
  EXPECT_EQ(entry.revocation_date, spec.entries[0].date);
  ASSERT_TRUE(reader.next(entry));
  EXPECT_FALSE(entry.reason.has_value());
  EXPECT_EQ(copy_of(entry.certificate_issuer), subject_of(ca));
  EXPECT_FALSE(reader.next(entry));
  EXPECT_TRUE(reader.status().has_value());
}

TEST_F(Lists, CutAndProlonged) {
  const ByteString good = make_list({{{{0x05}}}}, ca);
  EXPECT_EQ(where(good), "");
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_NE(where(ByteString(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size))), "") << size;
  }
  ByteString longer = good;
  longer.push_back(0);
  EXPECT_NE(where(longer), "");
}

TEST_F(Lists, ErrorsNameFieldAndOffset) {
  const auto extension = [&](Bytes type, const ByteString& value) {
    ListSpec spec;
    spec.number.reset();
    spec.more_extensions = {pki::encode_extension(type, false, value)};
    return make_list(spec, ca);
  };
  const std::uint8_t negative = 0x80;
  EXPECT_EQ(where(extension(pki::oid::kCrlNumber, der_encode(der::kInteger, {Bytes(&negative, 1)}))),
            "cRLNumber");
  EXPECT_EQ(where(extension(pki::oid::kCrlNumber, crypto::der_unsigned(ByteString(21, 0x11)))), "cRLNumber");
  EXPECT_EQ(
      where(extension(pki::oid::kIssuingDistributionPoint, der_encode(der::kSequence, {flag(1), flag(2)}))),
      "issuingDistributionPoint");
  EXPECT_EQ(
      where(extension(pki::oid::kIssuingDistributionPoint,
                      der_encode(der::kSequence, {der_encode(der::context_constructed(0), {Bytes()})}))),
      "issuingDistributionPoint.distributionPoint");
  ListSpec twice;
  twice.more_extensions = {pki::encode_extension(pki::oid::kCrlNumber, false, encode_number(1))};
  EXPECT_EQ(where(make_list(twice, ca)), "extensions (duplicate)");
  EntrySpec entry{{0x05}};
  const std::uint8_t unused_reason = 7;
  entry.more_extensions = {pki::encode_extension(pki::oid::kCrlReason, false,
                                                 der_encode(der::kEnumerated, {Bytes(&unused_reason, 1)}))};
  EXPECT_EQ(where(make_list({{entry}}, ca)), "crlEntry.reasonCode");
  entry.more_extensions = {pki::encode_extension(
      pki::oid::kCertificateIssuer, true, der_encode(der::kSequence, {uri("http://no.directory.name/")}))};
  const ByteString list = make_list({{{{0x04}}, entry}}, ca);
  const auto crl = Crl::parse(list);
  ASSERT_FALSE(crl.has_value());
  EXPECT_STREQ(crl.error().field(), "crlEntry.certificateIssuer");
  EXPECT_EQ(list[crl.error().offset()], der::kSequence);
  EXPECT_EQ(where(make_list({{{{0x00, 0x05}}}}, ca)), "crlEntry.userCertificate");
}

// §5.1.2.6: "When there are no revoked certificates, the revoked certificates list MUST be absent."
TEST_F(Lists, NoEntriesIsNoSequence) {
  ListSpec spec;
  EXPECT_EQ(where(make_list(spec, ca)), "");
  spec.empty_sequence = true;
  EXPECT_EQ(where(make_list(spec, ca)), "revokedCertificates");
}

TEST_F(Lists, CertificateIssuersAreOfIndirectLists) {
  ListSpec spec{{{{0x05}}, {{0x06}, {}, subject_of(ca)}}};
  EXPECT_EQ(where(make_list(spec, ca)), "crlEntry.certificateIssuer");
  spec.more_extensions = {issuing_point({flag(1)})};
  EXPECT_EQ(where(make_list(spec, ca)), "crlEntry.certificateIssuer");
  spec.more_extensions = {issuing_point({flag(4)})};
  EXPECT_EQ(where(make_list(spec, ca)), "");
}

TEST_F(Lists, TheFirstVersionHasNoExtensions) {
  ListSpec spec{{{{0x05}}, {{0x06}}}};
  spec.first_version = true;
  EXPECT_EQ(where(make_list(spec, ca)), "");
  // One that nothing here knows counts as well.
  spec.entries[1].more_extensions = {
      pki::encode_extension(ByteString{0x2a, 0x03, 0x04}, false, der_encode(der::kNull, {}))};
  EXPECT_EQ(where(make_list(spec, ca)), "crlEntryExtensions");
  spec.entries[1].more_extensions.clear();
  spec.entries[1].reason = RevocationReason::superseded;
  EXPECT_EQ(where(make_list(spec, ca)), "crlEntryExtensions");
}

TEST_F(Lists, SomeReasonsAreOneAtLeast) {
  const auto with = [&](const ByteString& some_reasons) {
    ListSpec spec;
    spec.more_extensions = {issuing_point({some_reasons})};
    return where(make_list(spec, ca));
  };
  EXPECT_EQ(with(reasons(3, {1})), "");
  const std::uint8_t none = 0;
  EXPECT_EQ(with(der_encode(der::context(3), {Bytes(&none, 1)})), "issuingDistributionPoint.onlySomeReasons");
  EXPECT_EQ(with(reasons(3, {0})), "issuingDistributionPoint.onlySomeReasons");  // unused (0)
}

// X.690 §11.5: what is FALSE by default is left out.
TEST_F(Lists, FlagsThatAreNotSetAreNotWritten) {
  const std::pair<unsigned, const char*> flags[] = {
      {1, "issuingDistributionPoint.onlyContainsUserCerts"},
      {2, "issuingDistributionPoint.onlyContainsCACerts"},
      {4, "issuingDistributionPoint.indirectCRL"},
      {5, "issuingDistributionPoint.onlyContainsAttributeCerts"}};
  for (const auto& [number, field] : flags) {
    ListSpec spec;
    spec.more_extensions = {issuing_point({flag(number)})};
    EXPECT_EQ(where(make_list(spec, ca)), "");
    const std::uint8_t no = 0;
    spec.more_extensions = {issuing_point({der_encode(der::context(number), {Bytes(&no, 1)})})};
    EXPECT_EQ(where(make_list(spec, ca)), field);
  }
}

TEST_F(Lists, NegativeNumbersAreOtherNumbers) {
  // PKITS 4.4.14: -1 is not 255.
  const ByteString der = make_list({{{{0x00, 0xff}}, {{0x81}}}}, ca);
  const auto crl = Crl::parse(der);
  ASSERT_TRUE(crl.has_value());
  const pki::RevocationList list(copy_of(der), *crl);
  pki::Comparisons comparisons(1000);
  EXPECT_TRUE(list.find(ByteString{0x00, 0xff}, crl->issuer, comparisons).has_value());
  EXPECT_FALSE(list.find(ByteString{0xff}, crl->issuer, comparisons).has_value());
  EXPECT_TRUE(list.find(ByteString{0x81}, crl->issuer, comparisons).has_value());
}

TEST_F(Lists, Numbers) {
  const auto number = [](ByteString bytes) {
    static std::vector<ByteString> kept;
    kept.push_back(std::move(bytes));
    pki::CrlNumber out;
    out.number = kept.back();
    return out;
  };
  EXPECT_TRUE(less_than(number({0xff}), number({0x01, 0x00})));
  EXPECT_TRUE(less_than(number({0x01, 0x00}), number({0x01, 0x01})));
  EXPECT_FALSE(less_than(number({0x01, 0x01}), number({0x01, 0x01})));
}

TEST_F(Lists, FilesOfEitherKind) {
  const ByteString one = make_list({}, ca);
  const ByteString two = make_list({{{{0x05}}}}, ca);
  RevocationLists lists;
  ASSERT_TRUE(lists.add(one).has_value());
  const std::string pem = "a comment\r\n" + crypto::to_pem("X509 CRL", two) +
                          crypto::to_pem("CERTIFICATE", ca.certificate) + crypto::to_pem("X509 CRL", one);
  const auto loaded = lists.add(as_bytes(pem));
  ASSERT_TRUE(loaded.has_value());
  EXPECT_EQ(loaded->accepted, 2U);
  EXPECT_EQ(lists.size(), 3U);
}

TEST_F(Lists, OneBadListOfABundleIsReported) {
  ByteString cut = make_list({}, ca);
  cut.pop_back();
  RevocationLists lists;
  const auto loaded =
      lists.add_pem(crypto::to_pem("X509 CRL", cut) + crypto::to_pem("X509 CRL", make_list({}, ca)));
  ASSERT_TRUE(loaded.has_value());
  EXPECT_EQ(loaded->accepted, 1U);
  ASSERT_EQ(loaded->refused.size(), 1U);
  EXPECT_NE(loaded->refused[0].detail().find("list 1 of the file, at byte 0"), std::string::npos);
  EXPECT_EQ(lists.add_pem("nothing").error().code(), ErrorCode::pem_malformed);
  EXPECT_EQ(lists.add({}).error().code(), ErrorCode::pem_malformed);
  EXPECT_EQ(lists.add(cut).error().code(), ErrorCode::crl_malformed);
}

TEST_F(Lists, RememberWhoSignedThem) {
  const ByteString der = make_list({}, ca);
  const pki::RevocationList list(copy_of(der), *Crl::parse(der));
  const Bytes spki = parsed(ca.certificate).spki;
  EXPECT_FALSE(list.is_signed_by(spki));
  list.remember_signer(spki);
  EXPECT_TRUE(list.is_signed_by(spki));
  list.remember_signer(ByteString{1, 2, 3});
  EXPECT_TRUE(list.is_signed_by(spki));
  EXPECT_FALSE(list.is_signed_by(ByteString{1, 2, 3}));
}

}  // namespace
}  // namespace handfast::test
