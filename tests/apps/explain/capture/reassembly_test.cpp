// Segments in every order, and what is lost.
#include "explain/capture/reassembly.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "explain/capture/limits.hpp"

namespace handfast::apps::capture {
namespace {

class ReassemblyTest : public ::testing::Test {
 protected:
  void add(std::uint32_t sequence, std::string_view text, std::size_t cut = 0) {
    stream_.add(sequence, as_bytes(text), text.size() + cut, sink_);
  }
  void finish() { stream_.finish(sink_); }

  WaitingBudget budget_;
  Reassembly stream_{budget_};
  std::string out_;
  Reassembly::Sink sink_{[this](Bytes bytes) { out_ += as_text(bytes); },
                         [this](std::uint64_t lost) { out_ += "<" + std::to_string(lost) + ">"; }};
};

TEST_F(ReassemblyTest, PutsSegmentsInOrderWhateverTheyCameIn) {
  const std::string text = "abcdefghijkl";
  std::vector<std::size_t> order = {0, 1, 2, 3};
  do {
    WaitingBudget budget;
    Reassembly stream(budget);
    std::string out;
    const Reassembly::Sink sink{[&](Bytes bytes) { out += as_text(bytes); },
                                [&](std::uint64_t) { out += "!"; }};
    stream.begin(0xffff'fffa);  // it wraps on the way
    for (const std::size_t i : order) {
      stream.add(static_cast<std::uint32_t>(0xffff'fffb + 3 * i), as_bytes(text).subspan(3 * i, 3), 3, sink);
    }
    EXPECT_EQ(out, text);
    EXPECT_FALSE(stream.waiting());
    EXPECT_EQ(budget.used, 0U);
  } while (std::ranges::next_permutation(order).found);
}

TEST_F(ReassemblyTest, DropsWhatCameAlready) {
  stream_.begin(99);
  add(100, "abcdef");
  add(100, "abc");
  add(103, "defghi");
  add(106, "ghi");
  EXPECT_EQ(out_, "abcdefghi");
  EXPECT_EQ(stream_.repeated(), 3U);
}

TEST_F(ReassemblyTest, TakesOverlapsOfWhatWaits) {
  stream_.begin(99);
  add(103, "defg");
  add(105, "fghij");
  add(100, "abcd");
  EXPECT_EQ(out_, "abcdefghij");
}

TEST_F(ReassemblyTest, SaysWhatIsLostWhenItIsOver) {
  stream_.begin(99);
  add(100, "abc");
  add(110, "klm");
  add(120, "uvw");
  EXPECT_EQ(out_, "abc");
  finish();
  EXPECT_EQ(out_, "abc<7>klm<7>uvw");
  EXPECT_EQ(budget_.used, 0U);
}

TEST_F(ReassemblyTest, SaysWhatACaptureCutOff) {
  stream_.begin(99);
  add(100, "abc", 5);
  add(108, "ijk");
  EXPECT_EQ(out_, "abc<5>ijk");
}

TEST_F(ReassemblyTest, StartsAnywhereWithoutABeginning) {
  add(5000, "mid");
  add(5003, "dle");
  EXPECT_EQ(out_, "middle");
}

TEST_F(ReassemblyTest, DoesNotWaitForEver) {
  stream_.begin(99);
  const std::string piece(1000, 'x');
  for (std::uint32_t i = 1; i <= 600; ++i) {
    add(100 + i * 1000, piece);
    ASSERT_LE(budget_.used, kMaxWaiting + 1000);
  }
  EXPECT_TRUE(out_.starts_with("<1000>xxx")) << out_.substr(0, 20);
  WaitingBudget budget;
  Reassembly tiny(budget);
  tiny.begin(0);
  std::size_t delivered = 0;
  const Reassembly::Sink sink{[&](Bytes bytes) { delivered += bytes.size(); }, [](std::uint64_t) {}};
  for (std::uint32_t i = 0; i < 2 * kMaxWaitingSegments + 2; ++i)
    tiny.add(10 + 2 * i, as_bytes("y"), 1, sink);
  EXPECT_GT(delivered, kMaxWaitingSegments);
}

TEST_F(ReassemblyTest, IgnoresWhatIsFarAway) {
  stream_.begin(99);
  add(100, "abc");
  add(0x7000'0000, "elsewhere");
  finish();
  EXPECT_EQ(out_, "abc");
}

}  // namespace
}  // namespace handfast::apps::capture
