// Certificates that Handfast makes: strict verifiers must accept them. RFC 5280 §4.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "crypto/pem.hpp"
#include "pki/certificate.hpp"
#include "pki/describe.hpp"
#include "pki/maker.hpp"
#include "pki/rules.hpp"
#include "pki/verify.hpp"
#include "support/key_types.hpp"

namespace handfast::test {
namespace {

using crypto::KeyType;

class IssueFor : public testing::TestWithParam<KeyType> {};

void write_pem(const std::filesystem::path& path, const ByteString& der) {
  std::ofstream(path) << crypto::to_pem("CERTIFICATE", der);
}

TEST_P(IssueFor, AllKeyTypesVerifyStrictlyHereAndInOpenSsl) {
  const Entity root = make_root(ca_spec("Root"), GetParam());
  pki::IssueSpec middle_spec = ca_spec("Intermediate");
  middle_spec.path_len = 0;
  middle_spec.permitted_dns = {"example.org"};
  middle_spec.permitted_ips = {{127, 0, 0, 0, 255, 0, 0, 0}};
  const Entity middle = make_child(middle_spec, root, GetParam());
  pki::IssueSpec spec = server_spec("www.example.org");
  spec.dns_names.push_back("*.example.org");
  spec.ip_addresses = {{127, 0, 0, 1}};
  const Entity leaf = make_child(spec, middle, GetParam());

  const TrustAnchors anchors = trust(root);
  const std::vector<ByteString> chain = {leaf.certificate, middle.certificate};
  const ServerName name = *ServerName::parse("www.example.org");
  for (const auto profile : {pki::Profile::rfc5280, pki::Profile::rfc5280_strict, pki::Profile::webpki}) {
    pki::VerifyInput input{
        .chain = chain, .anchors = anchors, .now = kNow, .peer = Side::server, .name = &name};
    input.policy.profile = profile;
    const auto verdict = pki::verify_chain(input);
    ASSERT_TRUE(verdict.has_value()) << verdict.error().to_string();
    EXPECT_EQ(verdict->size(), 3U);
  }

  if (std::system("openssl version > /dev/null 2>&1") != 0) GTEST_SKIP() << "no openssl program";
  const auto folder =
      std::filesystem::temp_directory_path() /
      ("handfast-issue-" + std::to_string(::getpid()) + "-" + std::to_string(static_cast<int>(GetParam())));
  std::filesystem::create_directories(folder);
  write_pem(folder / "root.pem", root.certificate);
  write_pem(folder / "middle.pem", middle.certificate);
  write_pem(folder / "leaf.pem", leaf.certificate);
  const std::string command =
      "cd " + folder.string() +
      " && openssl verify -x509_strict -purpose sslserver -verify_hostname www.example.org"
      " -attime " +
      std::to_string(kNow.time_since_epoch().count()) +
      " -CAfile root.pem -untrusted middle.pem leaf.pem > out.txt 2>&1";
  EXPECT_EQ(std::system(command.c_str()), 0) << "see " << folder / "out.txt";
  std::filesystem::remove_all(folder);
}

INSTANTIATE_TEST_SUITE_P(KeyTypes, IssueFor, testing::ValuesIn(test::every_key_type()));

TEST(Issue, DescribesWhatItMade) {
  const Entity root = make_root(ca_spec("Root"));
  pki::IssueSpec spec = server_spec("a.example");
  spec.organization = "Example, Inc.";
  spec.ip_addresses = {{0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}};
  spec.ca_issuers_url = "http://ca.example/root.der";
  const Entity leaf = make_child(spec, root);
  const auto certificate = pki::Certificate::parse(leaf.certificate);
  ASSERT_TRUE(certificate.has_value());
  const pki::CertificateDescription text = pki::describe(*certificate);
  EXPECT_EQ(text.subject, "CN=a.example,O=Example, Inc.");
  EXPECT_EQ(text.issuer, "CN=Root");
  EXPECT_EQ(text.key, "P-256");
  EXPECT_EQ(text.signature_algorithm, "ecdsa-with-SHA256");
  EXPECT_EQ(text.subject_alt_names, (std::vector<std::string>{"a.example", "2001:db8::1"}));
  EXPECT_EQ(text.ca_issuers, std::vector<std::string>{"http://ca.example/root.der"});
  EXPECT_FALSE(text.is_ca);
  EXPECT_EQ(text.not_after, spec.not_after);
}

TEST(Issue, RefusesWhatCannotWork) {
  const Entity root = make_root(ca_spec("Root"));
  pki::IssueSpec spec = server_spec("a.example");
  std::swap(spec.not_before, spec.not_after);
  EXPECT_EQ(pki::issue(spec, root.key.public_key(), root.key).error().code(),
            ErrorCode::configuration_invalid);
  const crypto::PrivateKey other = new_key();
  EXPECT_EQ(pki::issue(server_spec("a.example"), other.public_key(), other, root.certificate).error().code(),
            ErrorCode::configuration_key_mismatch);
}

TEST(Issue, TimesCrossTheCentury) {
  pki::IssueSpec spec = ca_spec("Root");
  spec.not_before = std::chrono::sys_days(std::chrono::year(1999) / 12 / 31) + std::chrono::hours(23);
  spec.not_after = std::chrono::sys_days(std::chrono::year(2050) / 1 / 1);
  const Entity root = make_root(spec);
  const auto certificate = pki::Certificate::parse(root.certificate);
  ASSERT_TRUE(certificate.has_value());
  EXPECT_EQ(certificate->not_before, spec.not_before);
  EXPECT_EQ(certificate->not_after, spec.not_after);
}

}  // namespace
}  // namespace handfast::test
