// Key logs as programs write them, and lines that are none.
#include "explain/capture/key_store.hpp"

#include <gtest/gtest.h>

#include <string>

namespace handfast::apps::capture {
namespace {

const std::string kRandom(64, 'a');

TEST(KeyStore, FindsSecretsByLabelAndRandom) {
  KeyStore store;
  const std::string secret = std::string(64, '0') + std::string(32, 'F');
  store.add_text("# comment\r\n\nCLIENT_RANDOM " + kRandom + " " + secret + "\r\nSERVER_TRAFFIC_SECRET_0\t" +
                 kRandom + "  " + secret.substr(0, 64) + "\nEXPORTER_SECRET " + kRandom + " " +
                 secret.substr(0, 64));
  const ByteString random(32, 0xaa);
  ASSERT_NE(store.find(KeyLabel::client_random, random), nullptr);
  EXPECT_EQ(store.find(KeyLabel::client_random, random)->size(), 48U);
  EXPECT_EQ(store.find(KeyLabel::client_random, random)->view()[47], 0xff);
  ASSERT_NE(store.find(KeyLabel::server_traffic, random), nullptr);
  EXPECT_EQ(store.find(KeyLabel::client_traffic, random), nullptr);
  EXPECT_EQ(store.find(KeyLabel::client_random, ByteString(32, 0xab)), nullptr);
  EXPECT_EQ(store.find(KeyLabel::client_random, ByteString(5, 0xaa)), nullptr);
  EXPECT_EQ(store.size(), 2U);
  EXPECT_EQ(store.unread(), 0U);
}

TEST(KeyStore, DropsWhatIsNoSecret) {
  KeyStore store;
  for (const std::string& line :
       {std::string("CLIENT_RANDOM"), "CLIENT_RANDOM " + kRandom, "CLIENT_RANDOM " + kRandom + " 0",
        "CLIENT_RANDOM " + kRandom + " xy", "CLIENT_RANDOM aa " + kRandom, "NO_SUCH_LABEL " + kRandom + " 00",
        "CLIENT_RANDOM " + kRandom + " 00 11", "CLIENT_RANDOM " + kRandom + " " + std::string(98, '0'),
        "CLIENT_RANDOM " + kRandom + " " + std::string(5000, '0'), std::string("\xff\x00\x1b", 3)}) {
    EXPECT_FALSE(store.add_line(line)) << line;
  }
  EXPECT_EQ(store.size(), 0U);
  EXPECT_EQ(store.unread(), 10U);
}

TEST(KeyStore, ReadsASourceLineByLine) {
  std::string text;
  for (int i = 0; i < 3000; ++i) text += std::string("CLIENT_RANDOM ") + kRandom + " 00\n";
  text += std::string(100'000, 'x') + "\nCLIENT_RANDOM " + std::string(64, 'b') + " 11";
  MemorySource source(as_bytes(text));
  KeyStore store;
  ASSERT_TRUE(store.add_source(source));
  EXPECT_EQ(store.size(), 2U);
}

}  // namespace
}  // namespace handfast::apps::capture
