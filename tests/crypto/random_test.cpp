// The default random source: fills everything, and differs in a child process.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <handfast/random.hpp>
#include <set>

namespace handfast {
namespace {

TEST(SystemRandomTest, FillsAllOfTheOutput) {
  ByteString bytes(4096);
  ASSERT_TRUE(system_random().fill(bytes));
  const std::set<std::uint8_t> values(bytes.begin(), bytes.end());
  EXPECT_GT(values.size(), 240U);
  EXPECT_TRUE(system_random().fill({}));
}

TEST(SystemRandomTest, TwoDrawsDiffer) {
  std::array<std::uint8_t, 32> first{};
  std::array<std::uint8_t, 32> second{};
  ASSERT_TRUE(system_random().fill(first));
  ASSERT_TRUE(system_random().fill(second));
  EXPECT_NE(first, second);
}

TEST(SystemRandomTest, ParentAndChildDiffer) {
  std::array<std::uint8_t, 32> own{};
  ASSERT_TRUE(system_random().fill(own));  // the generator has a state that fork() copies
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    std::array<std::uint8_t, 32> drawn{};
    const bool filled = system_random().fill(drawn).has_value();
    const bool written = write(ends[1], drawn.data(), drawn.size()) == static_cast<ssize_t>(drawn.size());
    _exit(filled && written ? 0 : 1);
  }
  ASSERT_TRUE(system_random().fill(own));
  std::array<std::uint8_t, 32> of_child{};
  EXPECT_EQ(read(ends[0], of_child.data(), of_child.size()), static_cast<ssize_t>(of_child.size()));
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_NE(own, of_child);
  close(ends[0]);
  close(ends[1]);
}

}  // namespace
}  // namespace handfast
