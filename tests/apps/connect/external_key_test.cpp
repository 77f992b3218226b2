// Pre-shared keys from files: hexadecimal or base64, never on the command line; what does not go together.
#include "common/external_key.hpp"

#include <gtest/gtest.h>

#include "handshake/psk.hpp"
#include "io/temporary_folder.hpp"

namespace handfast::apps {
namespace {

class ExternalKey : public testing::Test {
 protected:
  ExternalKey() {
    options.identity = "meter 17";
    options.ends = "meter,station";
  }
  Result<ExternalPsk> read(const std::string& content) {
    options.file = folder.write("psk.txt", content);
    return read_external_key(options);
  }

  test::TemporaryFolder folder;
  ExternalKeyOptions options;
};

TEST_F(ExternalKey, HexadecimalDigitsAndBase64AreTheSameKey) {
  options.ends.clear();
  options.bare = true;
  const ByteString secret = {0, 0xff, 0, 0xff, 0, 0xff, 0, 0xff, 0, 0xff, 0, 0xff, 0, 0xff, 0, 0xfb};
  for (const char* const content : {"00FF00ff00ff00ff00ff00ff00ff00fb\n", " AP8A/wD/AP8A/wD/AP8A+w==\r\n"}) {
    const auto key = read(content);
    ASSERT_TRUE(key) << content;
    EXPECT_EQ(as_text(key->identity()), "meter 17");
    ASSERT_EQ(key->keys().size(), 1U);
    EXPECT_EQ(copy_of(key->keys().front().secret.view()), secret);
  }
}

TEST_F(ExternalKey, IsImportedUnlessItIsToBeBare) {
  const auto imported = read(std::string(64, 'a'));
  ASSERT_TRUE(imported);
  EXPECT_EQ(imported->keys().size(), 2U) << "one for each hash";
}

TEST_F(ExternalKey, WhatIsNoSecretIsRefused) {
  for (const char* const content :
       {"", "\n", "not a key!", "abc", "00ff", "AAAA=AAA", "0123456789abcdef0123456789abcde"}) {
    EXPECT_FALSE(read(content)) << content;
  }
  options.file = folder.path("nothing here");
  EXPECT_FALSE(read_external_key(options));
}

TEST_F(ExternalKey, WhatDoesNotGoTogether) {
  const auto refused = [](const ExternalKeyOptions& with) { return !check_external_key(with); };
  options.file = "f";
  EXPECT_FALSE(refused(options));
  EXPECT_FALSE(refused({}));
  EXPECT_TRUE(refused({.file = "f", .identity = "i", .ends = "one", .bare = false}));
  EXPECT_TRUE(refused({.file = "f", .identity = "i", .ends = "", .bare = false}));
  EXPECT_TRUE(refused({.file = "f", .identity = "", .ends = "a,b", .bare = false}));
  EXPECT_TRUE(refused({.file = "f", .identity = "i", .ends = "a,b", .bare = true}));
  EXPECT_FALSE(refused({.file = "f", .identity = "i", .ends = "", .bare = true}));
  EXPECT_TRUE(refused({.file = "", .identity = "i", .ends = "", .bare = false}));
  EXPECT_TRUE(refused({.file = "", .identity = "", .ends = "", .bare = true}));
}

}  // namespace
}  // namespace handfast::apps
