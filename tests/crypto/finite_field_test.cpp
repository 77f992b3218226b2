// Finite-field Diffie-Hellman: both sides agree, and groups and values that must not be used are refused.
#include "crypto/finite_field.hpp"

#include <gtest/gtest.h>
#include <openssl/bn.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace handfast::crypto {
namespace {

constexpr std::array kNames = {NamedGroup::ffdhe2048, NamedGroup::ffdhe3072, NamedGroup::ffdhe4096};

FiniteFieldGroup named(NamedGroup name) {
  auto group = FiniteFieldGroup::named(name);
  if (!group) throw std::runtime_error(group.error().to_string());
  return *group;
}

FiniteFieldKey make_key(const FiniteFieldGroup& group, const RandomSource& random = system_random()) {
  auto key = FiniteFieldKey::generate(group, random);
  if (!key) throw std::runtime_error(key.error().to_string());
  return std::move(*key);
}

ByteString bytes_of(BIGNUM* number) {
  ByteString out(static_cast<std::size_t>(BN_num_bytes(number)));
  BN_bn2bin(number, out.data());
  BN_free(number);
  return out;
}

ByteString plus(ByteString number, int change) {
  number.back() = static_cast<std::uint8_t>(number.back() + change);
  return number;
}

const ByteString kTwo = {2};

void expect_agreement(const FiniteFieldGroup& group) {
  FiniteFieldKey one = make_key(group);
  FiniteFieldKey other = make_key(group);
  const ByteString of_one = copy_of(one.public_key());
  const ByteString of_other = copy_of(other.public_key());
  EXPECT_EQ(of_one.size(), group.prime().size());
  EXPECT_NE(of_one, of_other);
  const auto first = std::move(one).finish(of_other);
  const auto second = std::move(other).finish(of_one);
  ASSERT_TRUE(first && second);
  EXPECT_TRUE(std::ranges::equal(first->view(), second->view()));
}

TEST(FiniteField, BothSidesGetTheSameSecret) {
  for (const NamedGroup name : kNames) {
    SCOPED_TRACE(name_of(name));
    EXPECT_TRUE(is_supported_finite_field(name));
    const FiniteFieldGroup group = named(name);
    EXPECT_EQ(group.name(), name);
    EXPECT_EQ(8 * group.prime().size(), group.bits());
    expect_agreement(group);
  }
  EXPECT_FALSE(is_supported_finite_field(NamedGroup::x25519));
  EXPECT_FALSE(FiniteFieldGroup::named(NamedGroup::secp256r1));
}

TEST(FiniteField, TheNumbersOfANamedGroupAreRecognised) {
  for (const NamedGroup name : kNames) {
    ByteString prime = copy_of(named(name).prime());
    prime.insert(prime.begin(), 3, 0);
    const auto group = FiniteFieldGroup::from_numbers(prime, ByteString{0, 2});
    ASSERT_TRUE(group);
    EXPECT_EQ(group->name(), name);
  }
}

// RFC 3526's groups have no number in TLS, but old servers like them.
TEST(FiniteField, AGroupWithoutANameIsComputedIn) {
  for (BIGNUM* const prime : {BN_get_rfc3526_prime_2048(nullptr), BN_get_rfc3526_prime_4096(nullptr)}) {
    const auto group = FiniteFieldGroup::from_numbers(bytes_of(prime), kTwo);
    ASSERT_TRUE(group) << group.error().to_string();
    EXPECT_FALSE(group->name());
    expect_agreement(*group);
  }
}

TEST(FiniteField, GroupsThatMustNotBeUsed) {
  const ByteString prime = copy_of(named(NamedGroup::ffdhe2048).prime());
  // The square of a prime of 1024 bits: composite, without a small factor.
  BIGNUM* const root = BN_get_rfc2409_prime_1024(nullptr);
  BIGNUM* const square = BN_new();
  BN_CTX* const context = BN_CTX_new();
  ASSERT_EQ(BN_sqr(square, root, context), 1);
  BN_CTX_free(context);
  BN_free(root);
  struct Case {
    const char* name;
    ByteString prime, generator;
    ErrorCode code;
  };
  const std::array cases = {
      Case{"nothing", {}, kTwo, ErrorCode::dh_group_too_small},
      Case{"1024 bits", bytes_of(BN_get_rfc2409_prime_1024(nullptr)), kTwo, ErrorCode::dh_group_too_small},
      Case{"1536 bits", bytes_of(BN_get_rfc3526_prime_1536(nullptr)), kTwo, ErrorCode::dh_group_too_small},
      // Perhaps a good group, and no fault of the peer's: but it costs too much.
      Case{"6144 bits", bytes_of(BN_get_rfc3526_prime_6144(nullptr)), kTwo, ErrorCode::no_common_group},
      Case{"square of a prime", bytes_of(square), kTwo, ErrorCode::dh_group_invalid},
      Case{"composite", plus(prime, -2), kTwo, ErrorCode::dh_group_invalid},
      Case{"even", plus(prime, -1), kTwo, ErrorCode::dh_group_invalid},
      Case{"generator 0", prime, {}, ErrorCode::dh_group_invalid},
      Case{"generator 1", prime, {1}, ErrorCode::dh_group_invalid},
      Case{"generator p-1", prime, plus(prime, -1), ErrorCode::dh_group_invalid},
      Case{"generator p", prime, prime, ErrorCode::dh_group_invalid},
      Case{"generator longer than p", prime, ByteString(257, 3), ErrorCode::dh_group_invalid},
  };
  for (const Case& item : cases) {
    const auto group = FiniteFieldGroup::from_numbers(item.prime, item.generator);
    ASSERT_FALSE(group) << item.name;
    EXPECT_EQ(group.error().code(), item.code) << item.name;
  }
}

// "Peers MUST validate each other's public key Y … by ensuring that 1 < Y < p-1." (RFC 7919 §5.1)
TEST(FiniteField, ValuesThatMustNotBeUsed) {
  const FiniteFieldGroup group = named(NamedGroup::ffdhe2048);
  const ByteString prime = copy_of(group.prime());
  const ByteString bad[] = {{}, {0}, {1}, {0, 0, 1}, plus(prime, -1), prime, ByteString(257, 1)};
  for (const ByteString& value : bad) {
    const auto secret = make_key(group).finish(value);
    ASSERT_FALSE(secret);
    EXPECT_EQ(secret.error().code(), ErrorCode::key_share_invalid);
  }
  const ByteString good[] = {kTwo, {0, 0, 2}, plus(prime, -2)};
  for (const ByteString& value : good) EXPECT_TRUE(make_key(group).finish(value));
}

// "Leading bytes of Z that contain all zero bits are stripped before it is used as the pre_master_secret."
// (RFC 5246 §8.1.2)
TEST(FiniteField, TheSecretHasNoLeadingZeros) {
  // Exponents 0x80…0, 0x80…1, …: the first of them that ends in a shorter secret.
  class Counter final : public RandomSource {
   public:
    Result<void> fill(MutableBytes out) const override {
      std::fill(out.begin(), out.end(), std::uint8_t{0});
      out[out.size() - 1] = static_cast<std::uint8_t>(number);
      out[out.size() - 2] = static_cast<std::uint8_t>(number >> 8U);
      return {};
    }
    unsigned number = 0;
  };
  const FiniteFieldGroup group = named(NamedGroup::ffdhe2048);
  Counter random;
  for (; random.number < 4096; ++random.number) {
    const auto secret = make_key(group, random).finish(ByteString{5});
    ASSERT_TRUE(secret);
    ASSERT_NE(secret->view().front(), 0);
    if (secret->size() < group.prime().size()) return;
  }
  FAIL() << "no secret was shorter than the prime";
}

TEST(FiniteField, WithoutRandomnessThereIsNoKey) {
  class Broken final : public RandomSource {
   public:
    Result<void> fill(MutableBytes) const override { return failure(ErrorCode::crypto_failed); }
  };
  EXPECT_FALSE(FiniteFieldKey::generate(named(NamedGroup::ffdhe2048), Broken()));
}

}  // namespace
}  // namespace handfast::crypto
