// Randomness drawn in one piece: nothing is handed out twice, whatever the sizes asked for.
#include "handshake/drawn_random.hpp"

#include <gtest/gtest.h>

#include <set>

namespace handfast::handshake {
namespace {

TEST(DrawnRandomTest, HandsNothingOutTwice) {
  const DrawnRandom random;
  std::set<ByteString> seen;
  for (const std::size_t size : {32U, 200U, 16U, 300U, 256U, 32U, 255U, 24U}) {
    ByteString out(size);
    ASSERT_TRUE(random.fill(out));
    for (std::size_t at = 0; at + 8 <= size; at += 8) {
      const auto from = out.begin() + static_cast<std::ptrdiff_t>(at);
      EXPECT_TRUE(seen.emplace(from, from + 8).second) << size << " at " << at;
    }
  }
}

TEST(DrawnRandomTest, TwoDrawDifferently) {
  const DrawnRandom first;
  const DrawnRandom second;
  ByteString a(32);
  ByteString b(32);
  ASSERT_TRUE(first.fill(a));
  ASSERT_TRUE(second.fill(b));
  EXPECT_NE(a, b);
}

}  // namespace
}  // namespace handfast::handshake
