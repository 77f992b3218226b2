// Files, trust anchors and the key log file.
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <chrono>
#include <handfast/system.hpp>
#include <thread>
#include <vector>

#include "crypto/pem.hpp"
#include "io/temporary_folder.hpp"
#include "support/authority.hpp"

namespace handfast::test {
namespace {

TEST(SystemClock, TellsTheTime) {
  const auto difference = system_clock().now() - std::chrono::system_clock::now();
  EXPECT_LT(std::chrono::abs(difference), std::chrono::seconds(2));
}

TEST(ReadFile, ReadsAll) {
  const TemporaryFolder folder;
  const std::string text(200'000, 'x');
  EXPECT_EQ(must(read_file(folder.write("a", text))), text);
  EXPECT_EQ(must(read_file(folder.write("empty", ""))), "");
}

TEST(ReadFile, NamesTheFileThatIsNotThere) {
  const auto read = read_file("/nowhere/at-all");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code(), ErrorCode::io_failed);
  EXPECT_EQ(read.error().detail(), "/nowhere/at-all: No such file or directory");
}

TEST(ReadFile, RefusesFolders) { EXPECT_EQ(read_file("/").error().code(), ErrorCode::io_failed); }

TEST(ReadFile, StopsAtTheLimit) {
  const TemporaryFolder folder;
  const auto path = folder.write("a", std::string(101, 'x'));
  EXPECT_EQ(read_file(path, 100).error().code(), ErrorCode::file_too_large);
  EXPECT_TRUE(read_file(path, 101));
}

// Sets variables for a test and puts them back.
class WithTrust : public ::testing::Test {
 protected:
  void SetUp() override {
    ::unsetenv("SSL_CERT_FILE");
    ::unsetenv("SSL_CERT_DIR");
  }
  void TearDown() override { SetUp(); }

  std::string root_pem() const { return crypto::to_pem("CERTIFICATE", authority_.root()); }
  TemporaryFolder folder_;
  Authority authority_;
};

TEST_F(WithTrust, FileVariableWins) {
  ::setenv("SSL_CERT_FILE", folder_.write("roots.pem", root_pem()).c_str(), 1);
  EXPECT_EQ(must(system_trust())->size(), 1U);
}

TEST_F(WithTrust, FolderVariableWins) {
  const std::string file = folder_.write("root.pem", root_pem());
  std::filesystem::create_symlink(file, folder_.path("1234abcd.0"));
  (void)folder_.write("README", "no certificate");
  ::setenv("SSL_CERT_DIR", ("/nowhere:" + folder_.path("")).c_str(), 1);
  EXPECT_EQ(must(system_trust())->size(), 1U);
}

// A bundle with one certificate that is none: the other is used, and whoever asks is told which and where.
TEST_F(WithTrust, TellsWhatItLeftOut) {
  const std::string broken = crypto::to_pem("CERTIFICATE", ByteString{0x30, 0x03, 0x02, 0x01, 0x01});
  const std::string bundle = folder_.write("roots.pem", root_pem() + broken);
  const std::string place =
      bundle + ": certificate 2 of the file, at byte " + std::to_string(root_pem().size());
  std::vector<Error> left_out;
  EXPECT_EQ(must(trust_from_file(bundle, &left_out))->size(), 1U);
  ASSERT_EQ(left_out.size(), 1U);
  EXPECT_EQ(left_out[0].detail(), place);
  EXPECT_EQ(left_out[0].code(), ErrorCode::certificate_malformed);
  ::setenv("SSL_CERT_FILE", bundle.c_str(), 1);
  left_out.clear();
  EXPECT_EQ(must(system_trust(&left_out))->size(), 1U);
  ASSERT_EQ(left_out.size(), 1U);
  EXPECT_EQ(left_out[0].detail(), place);
}

TEST_F(WithTrust, TellsWhichFilesOfAFolderItLeftOut) {
  (void)folder_.write("a.pem", root_pem());
  const std::string empty = folder_.write("b.crt", "");
  std::filesystem::create_symlink("/nowhere/c.pem", folder_.path("c.pem"));
  (void)folder_.write("README", "not looked at");
  ::setenv("SSL_CERT_DIR", folder_.path("").c_str(), 1);
  std::vector<Error> left_out;
  EXPECT_EQ(must(system_trust(&left_out))->size(), 1U);
  ASSERT_EQ(left_out.size(), 1U);
  EXPECT_NE(left_out[0].detail().find("b.crt: it is empty"), std::string_view::npos) << left_out[0].detail();
}

TEST_F(WithTrust, SaysWhereItLooked) {
  ::setenv("SSL_CERT_FILE", "/nowhere/roots.pem", 1);
  ::setenv("SSL_CERT_DIR", folder_.path("").c_str(), 1);
  const auto trust = system_trust();
  ASSERT_FALSE(trust);
  EXPECT_EQ(trust.error().code(), ErrorCode::configuration_invalid);
  const std::string detail(trust.error().detail());
  EXPECT_NE(detail.find("/nowhere/roots.pem: No such file"), std::string::npos) << detail;
  EXPECT_NE(detail.find("no certificate in it"), std::string::npos) << detail;
}

TEST_F(WithTrust, BundleOfOneFile) {
  EXPECT_EQ(must(trust_from_file(folder_.write("roots.pem", root_pem())))->size(), 1U);
  EXPECT_EQ(trust_from_file(folder_.write("none.pem", "hello")).error().code(), ErrorCode::pem_malformed);
}

TEST(KeyLogFile, WritesLinesThatOnlyTheOwnerReads) {
  const TemporaryFolder folder;
  const std::string path = folder.path("keys.log");
  const ByteString random(32, 0xab);
  const ByteString secret(48, 0x01);
  must(danger::KeyLogFile::open(path))->on_secret("CLIENT_TRAFFIC_SECRET_0", random, secret);
  must(danger::KeyLogFile::open(path))->on_secret("EXPORTER_SECRET", random, secret);
  std::string expected = "CLIENT_TRAFFIC_SECRET_0 ";
  for (int i = 0; i < 32; ++i) expected += "ab";
  expected += " ";
  for (int i = 0; i < 48; ++i) expected += "01";
  const std::string text = must(read_file(path));
  EXPECT_EQ(text.substr(0, expected.size() + 1), expected + "\n");
  EXPECT_NE(text.find("\nEXPORTER_SECRET abab"), std::string::npos);  // appended
  struct stat status{};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST(KeyLogFile, ThreadsDoNotMixLines) {
  const TemporaryFolder folder;
  const auto log = must(danger::KeyLogFile::open(folder.path("keys.log")));
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 100; ++n) log->on_secret("LABEL", ByteString(32, 1), ByteString(32, 2));
    });
  }
  for (auto& thread : threads) thread.join();
  std::ifstream file(folder.path("keys.log"));
  std::size_t lines = 0;
  for (std::string line; std::getline(file, line); ++lines) ASSERT_EQ(line.size(), 5U + 1 + 64 + 1 + 64);
  EXPECT_EQ(lines, 400U);
}

}  // namespace
}  // namespace handfast::test
