// Bundles and bad files: one clear sentence with the place, bounded work, and one bad certificate does not
// take the others with it.
#include "pki/bundle.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "crypto/der.hpp"
#include "crypto/der_writer.hpp"
#include "crypto/pem.hpp"
#include "pki/certificate.hpp"
#include "pki/checker.hpp"
#include "pki/maker.hpp"
#include "pki/oid.hpp"

namespace handfast::test {
namespace {

using E = ErrorCode;
namespace der = crypto::der;

class Bundle : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    root_ = new Entity(make_root(ca_spec("Root")));
    other_ = new Entity(make_root(ca_spec("Other")));
  }
  static void TearDownTestSuite() {
    delete root_;
    delete other_;
  }
  static std::string pem(const ByteString& certificate) { return crypto::to_pem("CERTIFICATE", certificate); }
  static std::string detail_of(std::string_view file) {
    const auto entries = pki::read_bundle(as_bytes(file));
    if (entries) return "it is a bundle";
    EXPECT_EQ(entries.error().code(), E::pem_malformed);
    return std::string(entries.error().detail());
  }
  static inline Entity* root_ = nullptr;
  static inline Entity* other_ = nullptr;
};

TEST_F(Bundle, SaysWhatAFileIsInstead) {
  EXPECT_EQ(detail_of(""), "it is empty");
  EXPECT_EQ(detail_of("\r\n"), "it is empty");
  EXPECT_EQ(detail_of("hello"), "no certificate in it: it is neither PEM nor DER");
  EXPECT_EQ(detail_of(*root_->key.to_pem()), "it holds a private key and no certificate");
  EXPECT_EQ(detail_of(crypto::to_pem("CERTIFICATE REQUEST", as_bytes("x"))),
            "it holds a certificate request and no certificate");
  EXPECT_EQ(detail_of(crypto::to_pem("PKCS7", as_bytes("x"))), "it is a PKCS #7 container");
  const auto key = crypto::parse_pem(*root_->key.to_pem());
  EXPECT_EQ(detail_of(as_text(key->front().der)),
            "it is DER, but no certificate (a key, PKCS #7 or PKCS #12?)");
}

TEST_F(Bundle, ReadsDer) {
  const auto entries = pki::read_bundle(root_->certificate);
  ASSERT_TRUE(entries);
  ASSERT_EQ(entries->size(), 1U);
  EXPECT_EQ(entries->front().der, root_->certificate);
  // A truncated one is still meant as a certificate.
  const auto cut = pki::read_bundle(Bytes(root_->certificate).first(200));
  ASSERT_TRUE(cut);
  EXPECT_EQ(cut->front().refused->code(), E::certificate_malformed);
}

TEST_F(Bundle, OneBadBlockIsReportedAndTheRestIsUsed) {
  ByteString cut = other_->certificate;
  cut.pop_back();
  const std::string start = "# a comment\r\n" + pem(root_->certificate);
  const std::string broken = "-----BEGIN CERTIFICATE-----\nAQ*D\n-----END CERTIFICATE-----\n";
  const std::string endless = "-----BEGIN CERTIFICATE-----\nAQID\n";
  const std::string text = start + broken + pem(cut) + endless + pem(other_->certificate);
  const auto entries = pki::read_bundle(as_bytes(text));
  ASSERT_TRUE(entries);
  ASSERT_EQ(entries->size(), 5U);
  EXPECT_FALSE((*entries)[0].refused);
  EXPECT_EQ((*entries)[1].refused->code(), E::pem_malformed);
  EXPECT_EQ((*entries)[2].refused->code(), E::certificate_malformed);
  EXPECT_EQ((*entries)[3].refused->code(), E::pem_malformed);
  EXPECT_FALSE((*entries)[4].refused);
  EXPECT_NE((*entries)[2].refused->to_string().find("certificate 3 of the file, at byte " +
                                                    std::to_string(start.size() + broken.size())),
            std::string::npos)
      << (*entries)[2].refused->to_string();
  TrustAnchors anchors;
  const auto loaded = anchors.add_pem(text);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->accepted, 2U);
  EXPECT_EQ(loaded->refused.size(), 3U);
  EXPECT_EQ(anchors.size(), 2U);
}

TEST_F(Bundle, ABundleOfAHundredThousandIsRefusedEarly) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
  const auto entries = pki::read_bundle(as_bytes(text));
  ASSERT_FALSE(entries);
  EXPECT_EQ(entries.error().code(), E::file_too_large);
  EXPECT_EQ(entries.error().detail(), "more than 10000 certificates");
  EXPECT_EQ(TrustAnchors().add_pem(text).error().code(), E::file_too_large);
}

TEST_F(Bundle, TenThousandAnchorsOfOneNameAreSlowForNobody) {
  // The same subject: every look-up meets all of them.
  TrustAnchors anchors;
  pki::IssueSpec spec = ca_spec("Root");
  for (int i = 0; i < 2'000; ++i) {
    spec.serial = {static_cast<std::uint8_t>(1 + i % 100), static_cast<std::uint8_t>(1 + i / 100)};
    ASSERT_TRUE(anchors.add_certificate(*pki::issue(spec, root_->key.public_key(), root_->key)));
  }
  const Entity stranger = make_root(ca_spec("Root"));
  const std::vector<ByteString> chain = {make_child(server_spec("a.test"), stranger).certificate};
  const auto verdict =
      pki::verify_chain({.chain = chain, .anchors = anchors, .now = kNow, .peer = Side::server});
  ASSERT_FALSE(verdict);
  EXPECT_EQ(verdict.error().code(), E::certificate_budget_exhausted) << verdict.error().to_string();
}

// SEQUENCE in SEQUENCE in …: refused by structure, without recursion.
TEST_F(Bundle, DeepNesting) {
  ByteString nested;
  for (int depth = 0; depth < 5'000; ++depth) nested = crypto::der_encode(der::kSequence, {nested});
  EXPECT_EQ(pki::Certificate::parse(nested).error().code(), E::certificate_malformed);
  pki::IssueSpec spec = server_spec("a.test");
  spec.more_extensions = {pki::encode_extension(pki::oid::kSubjectAltName, false, nested)};
  spec.dns_names.clear();
  const auto issued = pki::issue(spec, root_->key.public_key(), root_->key);
  ASSERT_TRUE(issued);
  const auto parsed = pki::Certificate::parse(*issued);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code(), E::certificate_malformed);
  EXPECT_GT(parsed.error().offset(), 0U);
}

TEST_F(Bundle, TenMegabytesOfNames) {
  const std::string name = "a-name-that-is-as-long-as-many-others-are.example.org";
  const ByteString one = crypto::der_encode(der::context(2), {as_bytes(name)});
  ByteString names;
  while (names.size() < (std::size_t{10} << 20U)) names.insert(names.end(), one.begin(), one.end());
  const ByteString list = crypto::der_encode(der::kSequence, {names});
  pki::IssueSpec spec = server_spec("a.test");
  spec.dns_names.clear();
  spec.more_extensions = {pki::encode_extension(pki::oid::kSubjectAltName, false, list)};
  pki::IssueSpec ca = ca_spec("Constrained");
  ca.permitted_dns = {"example.net"};
  const Entity middle = make_child(ca, *root_);
  const TrustAnchors anchors = trust(*root_);
  const std::vector<ByteString> chain = {make_child(spec, middle).certificate, middle.certificate};
  ASSERT_GT(chain.front().size(), std::size_t{10} << 20U);
  const ServerName wanted = *ServerName::parse("www.example.org");
  const pki::VerifyInput input{
      .chain = chain, .anchors = anchors, .now = kNow, .peer = Side::server, .name = &wanted};
  const auto verdict = pki::verify_chain(input);
  ASSERT_FALSE(verdict);
  EXPECT_LT(verdict.error().to_string().size(), 10'000U);
  const auto report = pki::check_chain(input);
  EXPECT_TRUE(report.failure);
  EXPECT_LT(report.findings.size(), 20U);
}

// A Name with one common name, in its own spelling.
ByteString long_name(std::size_t level, std::size_t spelling) {
  std::string text(60'000, static_cast<char>('a' + level));
  for (std::size_t i = 0; i < 8; ++i) {
    if ((spelling >> i & 1U) != 0) text[i] = static_cast<char>(text[i] - 'a' + 'A');
  }
  const ByteString type = crypto::der_encode(der::kObjectIdentifier, {pki::oid::kCommonName});
  const ByteString value = crypto::der_encode(der::kUtf8String, {as_bytes(text)});
  const ByteString attribute = crypto::der_encode(der::kSequence, {type, value});
  return crypto::der_encode(der::kSequence, {crypto::der_encode(der::kSet, {attribute})});
}

// The certificate with other names, signed by `key`.
ByteString renamed(const ByteString& certificate, const ByteString& issuer, const ByteString& subject,
                   const crypto::PrivateKey& key) {
  const auto parsed = pki::Certificate::parse(certificate);
  EXPECT_TRUE(parsed);
  crypto::DerReader reader(parsed->tbs);
  const Bytes content = reader.element("tbs", der::kSequence).content;
  const auto before = static_cast<std::size_t>(parsed->issuer.data() - content.data());
  const auto middle = before + parsed->issuer.size();
  const auto end = static_cast<std::size_t>(parsed->subject.data() - content.data());
  const ByteString tbs = crypto::der_encode(
      der::kSequence, {content.first(before), issuer, content.subspan(middle, end - middle), subject,
                       content.subspan(end + parsed->subject.size())});
  const auto signature = key.sign({crypto::SignatureAlgorithm::ed25519, crypto::HashAlgorithm::sha512}, tbs);
  EXPECT_TRUE(signature);
  return crypto::der_encode(der::kSequence,
                            {tbs, parsed->signature_algorithm, crypto::der_bit_string(*signature)});
}

// Names that are equal, each in its own spelling, and as long as a file has room for. Two keys on every level
// certify each other's next level, so that paths double.
TEST_F(Bundle, LongNamesAndManyPaths) {
  std::vector<ByteString> chain;
  std::size_t spelling = 0;
  std::vector<Entity> above;
  for (int i = 0; i < 2; ++i) above.push_back(make_root(ca_spec("Stranger"), crypto::KeyType::ed25519));
  for (std::size_t level = 0; level < 8; ++level) {
    std::vector<Entity> here;
    for (std::size_t key = 0; key < 2; ++key) {
      Entity entity = make_child(ca_spec("x"), above[key], crypto::KeyType::ed25519);
      for (const Entity& issuer : above) {
        const auto plain = pki::issue(ca_spec("x"), entity.key.public_key(), issuer.key, issuer.certificate);
        ASSERT_TRUE(plain);
        ++spelling;
        chain.push_back(
            renamed(*plain, long_name(level, spelling), long_name(level + 1, spelling), issuer.key));
      }
      here.push_back(std::move(entity));
    }
    above = std::move(here);
  }
  const ByteString leaf = make_child(server_spec("a.test"), above[0], crypto::KeyType::ed25519).certificate;
  const auto parsed = pki::Certificate::parse(leaf);
  chain.insert(chain.begin(), renamed(leaf, long_name(8, 99), copy_of(parsed->subject), above[0].key));
  const TrustAnchors anchors = trust(*root_);
  const auto start = std::chrono::steady_clock::now();
  const auto verdict =
      pki::verify_chain({.chain = chain, .anchors = anchors, .now = kNow, .peer = Side::server});
  const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
  ASSERT_FALSE(verdict);
  EXPECT_EQ(verdict.error().code(), E::certificate_budget_exhausted) << verdict.error().to_string();
  EXPECT_LT(spent.count(), 2.0);
}

TEST_F(Bundle, EveryTruncationHasAPlace) {
  for (std::size_t size = 1; size < root_->certificate.size(); ++size) {
    const auto parsed = pki::Certificate::parse(Bytes(root_->certificate).first(size));
    ASSERT_FALSE(parsed);
    EXPECT_NE(std::string(parsed.error().field()), "");
    EXPECT_LE(parsed.error().offset(), size);
  }
  EXPECT_FALSE(pki::Certificate::parse({}));
  EXPECT_FALSE(pki::Certificate::parse(ByteString(pki::kMaxCertificateSize + 1, 0x30)));
}

}  // namespace
}  // namespace handfast::test
