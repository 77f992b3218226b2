// PEM and base64: what people's files look like, and what is broken.
#include "crypto/pem.hpp"

#include <gtest/gtest.h>

#include "support/hex.hpp"

namespace handfast::crypto {
namespace {

using test::to_hex;

TEST(Base64Test, KnowsTheExamplesOfRfc4648) {
  const std::pair<std::string_view, std::string_view> kExamples[] = {{"", ""},
                                                                     {"f", "Zg=="},
                                                                     {"fo", "Zm8="},
                                                                     {"foo", "Zm9v"},
                                                                     {"foob", "Zm9vYg=="},
                                                                     {"fooba", "Zm9vYmE="},
                                                                     {"foobar", "Zm9vYmFy"}};
  for (const auto& [text, encoded] : kExamples) {
    EXPECT_EQ(to_base64(as_bytes(text)), encoded);
    const auto decoded = from_base64(encoded);
    ASSERT_TRUE(decoded);
    EXPECT_EQ(as_text(*decoded), text);
  }
}

TEST(Base64Test, EveryValueGoesThereAndBack) {
  ByteString all(256 * 3);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint8_t>(i * 7 + i / 256);
  EXPECT_EQ(from_base64(to_base64(all)), all);
}

TEST(Base64Test, RefusesWhatIsNotBase64) {
  for (const std::string_view text : {"Z", "Zg", "Zg=", "Zg===", "Zm9v=", "=", "====", "Zg==Zg==", "Zh==",
                                      "Zm9=", "Zm-_", "Zm9v!", "Zm9\xff", "Z\0m9"}) {
    EXPECT_FALSE(from_base64(text)) << text;
  }
  EXPECT_TRUE(from_base64(" Z m 9\r\n v\t"));
}

constexpr std::string_view kBlock = "-----BEGIN THING-----\nAQID\n-----END THING-----\n";

TEST(PemTest, FindsBlocksAmongOtherText) {
  const std::string text =
      "# my certificate\n\nsubject=CN = x\n" + std::string(kBlock) + "issuer: y\n" + std::string(kBlock);
  const auto blocks = parse_pem(text);
  ASSERT_TRUE(blocks);
  ASSERT_EQ(blocks->size(), 2U);
  EXPECT_EQ((*blocks)[0].label, "THING");
  EXPECT_EQ(to_hex((*blocks)[0].der), "010203");
  EXPECT_EQ(text.substr((*blocks)[1].offset, 16), "-----BEGIN THING");
}

TEST(PemTest, NoBlockIsNoError) {
  EXPECT_TRUE(parse_pem("")->empty());
  EXPECT_TRUE(parse_pem("hello\n")->empty());
  EXPECT_TRUE(parse_pem("\xef\xbb\xbf")->empty());
}

TEST(PemTest, ReadsWhatEditorsMakeOfIt) {
  for (const std::string_view text : {
           "-----BEGIN THING-----\r\nAQID\r\n-----END THING-----\r\n",
           "-----BEGIN THING-----\rAQID\r-----END THING-----\r",
           "\xef\xbb\xbf-----BEGIN THING-----\nAQID\n-----END THING-----",
           "   -----BEGIN THING-----  \n   AQID  \n   -----END THING-----  \n",
           "-----BEGIN THING-----\n\nA\nQ\n\nI\nD\n-----END THING-----",
           "-----BEGIN THING-----\nComment: x\n  folded: y\n\nAQID\n-----END THING-----\n",
       }) {
    const auto blocks = parse_pem(text);
    ASSERT_TRUE(blocks) << text;
    ASSERT_EQ(blocks->size(), 1U) << text;
    EXPECT_EQ(to_hex((*blocks)[0].der), "010203") << text;
    EXPECT_FALSE((*blocks)[0].encrypted);
  }
}

TEST(PemTest, BrokenBlocksAreErrorsWithTheirPlace) {
  struct Case {
    std::string_view text;
    std::size_t offset;
  };
  for (const Case c : {
           Case{"x\n-----BEGIN THING-----\nAQID\n", 2},
           Case{"-----BEGIN THING----\nAQID\n-----END THING-----\n", 0},
           Case{"-----BEGIN -----\nAQID\n-----END -----\n", 0},
           Case{"-----BEGIN THING-----\nAQID\n-----END OTHER-----\n", 27},
           Case{"-----BEGIN THING-----\nAQID\n-----BEGIN THING-----\nAQID\n-----END THING-----\n", 27},
           Case{"-----BEGIN THING-----\nAQI\n-----END THING-----\n", 22},
           Case{"-----BEGIN THING-----\nAQ*D\n-----END THING-----\n", 22},
           Case{"text\n-----END THING-----\n", 5},
           Case{"-----BEGIN THING-----\nAQID-----END THING-----\n", 0},
       }) {
    const auto blocks = parse_pem(c.text);
    ASSERT_FALSE(blocks) << c.text;
    EXPECT_EQ(blocks.error().code(), ErrorCode::pem_malformed);
    EXPECT_EQ(blocks.error().offset(), c.offset) << c.text;
  }
}

TEST(PemTest, KnowsOldEncryptedKeys) {
  const auto blocks = parse_pem(
      "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAQID\n"
      "-----END RSA PRIVATE KEY-----\n");
  ASSERT_TRUE(blocks);
  ASSERT_EQ(blocks->size(), 1U);
  EXPECT_TRUE((*blocks)[0].encrypted);
}

TEST(PemTest, WritesWhatItReads) {
  for (const std::size_t size : std::initializer_list<std::size_t>{0, 1, 47, 48, 49, 1000}) {
    const ByteString der(size, 0xa5);
    const std::string text = to_pem("A LABEL", der);
    const auto blocks = parse_pem(text);
    ASSERT_TRUE(blocks);
    ASSERT_EQ(blocks->size(), 1U);
    EXPECT_EQ((*blocks)[0].label, "A LABEL");
    EXPECT_EQ((*blocks)[0].der, der);
    for (std::size_t start = 0; start < text.size();) {
      const std::size_t end = text.find('\n', start);
      ASSERT_NE(end, std::string::npos);
      EXPECT_LE(end - start, 64U);
      start = end + 1;
    }
  }
}

}  // namespace
}  // namespace handfast::crypto
