// Secret: moves wipe their source, destruction wipes, nothing is copied by accident; constant-time
// comparison.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <handfast/secret.hpp>
#include <new>
#include <type_traits>
#include <utility>

namespace handfast {
namespace {

static_assert(!std::is_copy_constructible_v<HashSecret>);
static_assert(!std::is_copy_assignable_v<HashSecret>);
static_assert(std::is_nothrow_move_constructible_v<HashSecret>);
static_assert(!std::is_convertible_v<HashSecret, Bytes>);

ByteString contents(const HashSecret& secret) { return copy_of(secret.view()); }

TEST(Secret, HoldsACopy) {
  ByteString source{1, 2, 3};
  const HashSecret secret{Bytes(source)};
  source[0] = 9;
  EXPECT_EQ(contents(secret), (ByteString{1, 2, 3}));
  EXPECT_EQ(secret.size(), 3U);
  EXPECT_FALSE(secret.empty());
  EXPECT_EQ(contents(secret.clone()), contents(secret));
}

TEST(Secret, NeverHoldsMoreThanItsCapacity) {
  const ByteString source(100, 7);
  EXPECT_EQ(HashSecret{Bytes(source)}.size(), 48U);
  HashSecret secret(std::size_t{1000});
  EXPECT_EQ(secret.size(), 48U);
  secret.resize(1000);
  EXPECT_EQ(secret.size(), 48U);
}

TEST(Secret, MovesWipeTheirSource) {
  const ByteString source{1, 2, 3};
  HashSecret first{Bytes(source)};
  HashSecret second(std::move(first));
  EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move): this is what is tested
  first.resize(3);
  EXPECT_EQ(contents(first), (ByteString{0, 0, 0}));
  EXPECT_EQ(contents(second), source);

  HashSecret third;
  third = std::move(second);
  second.resize(3);  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(contents(second), (ByteString{0, 0, 0}));
  EXPECT_EQ(contents(third), source);
  HashSecret& alias = third;
  third = std::move(alias);
  EXPECT_EQ(contents(third), source);
}

TEST(Secret, DestructionWipes) {
  alignas(HashSecret) std::array<std::uint8_t, sizeof(HashSecret)> storage{};
  const ByteString source(48, 0xa5);
  auto* const secret = new (storage.data()) HashSecret{Bytes(source)};
  secret->~HashSecret();
  EXPECT_EQ(std::count(storage.begin(), storage.end(), 0xa5), 0);
}

TEST(Secret, ClearWipes) {
  const ByteString source{1, 2, 3};
  HashSecret secret{Bytes(source)};
  secret.clear();
  EXPECT_TRUE(secret.empty());
  secret.resize(3);
  EXPECT_EQ(contents(secret), (ByteString{0, 0, 0}));
  secret.writable()[1] = 5;
  EXPECT_EQ(contents(secret), (ByteString{0, 5, 0}));
}

TEST(Wipe, OverwritesAndTakesEmptySpans) {
  ByteString bytes{1, 2, 3};
  wipe(bytes);
  EXPECT_EQ(bytes, (ByteString{0, 0, 0}));
  wipe({});
}

TEST(ConstantTimeEqual, ComparesEveryByteAndTheLength) {
  const ByteString a{1, 2, 3};
  EXPECT_TRUE(constant_time_equal(a, ByteString{1, 2, 3}));
  EXPECT_TRUE(constant_time_equal({}, {}));
  EXPECT_FALSE(constant_time_equal(a, ByteString{1, 2}));
  for (std::size_t bit = 0; bit < 24; ++bit) {
    ByteString b = a;
    b[bit / 8] = static_cast<std::uint8_t>(b[bit / 8] ^ (1U << (bit % 8)));
    EXPECT_FALSE(constant_time_equal(a, b)) << bit;
  }
}

}  // namespace
}  // namespace handfast
