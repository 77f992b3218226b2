// ML-KEM seen from outside (FIPS 203 §6, §7): round trips, wrong lengths, bad keys, implicit rejection.
// Needs no vectors.
#include "crypto/mlkem/mlkem.hpp"

#include <gtest/gtest.h>

#include <utility>

#include "crypto/mlkem/keccak.hpp"
#include "mlkem_test_support.hpp"

namespace handfast::crypto::mlkem::test {
namespace {

class Mlkem : public testing::TestWithParam<Parameters> {
 protected:
  // Reproducible bytes that differ with `label`.
  static ByteString bytes(std::size_t size, std::uint8_t label) {
    ByteString result(size);
    Sponge xof = shake128();
    xof.absorb(std::array{label});
    xof.squeeze(result);
    return result;
  }
  static DecapsulationKey make_key(std::uint8_t label = 1) {
    return *key_from_seed(GetParam(), bytes(kSeedSize, label));
  }
};

TEST_P(Mlkem, BothSidesShareASecret) {
  for (std::uint8_t label = 0; label < 50; ++label) {
    const DecapsulationKey key = make_key(label);
    const auto sent = encapsulate(GetParam(), key.encapsulation_key(), bytes(kMessageSize, label));
    ASSERT_TRUE(sent);
    EXPECT_EQ(decapsulate(key, sent->ciphertext), sent->secret);
  }
}

TEST_P(Mlkem, EverySizeIsAsTheStandardSays) {
  const bool small = GetParam() == Parameters::mlkem768;
  EXPECT_EQ(make_key().encapsulation_key().size(), small ? 1184 : 1568);
  EXPECT_EQ(ciphertext_size(GetParam()), small ? 1088 : 1568);
  EXPECT_EQ(expanded(GetParam(), make_key()).size(), small ? 2400 : 3168);
}

TEST_P(Mlkem, EveryChangedByteOfACiphertextIsRejectedImplicitly) {
  const DecapsulationKey key = make_key();
  const auto sent = encapsulate(GetParam(), key.encapsulation_key(), bytes(kMessageSize, 1));
  ASSERT_TRUE(sent);
  for (std::size_t i = 0; i < sent->ciphertext.size(); ++i) {
    ByteString changed = sent->ciphertext;
    changed[i] ^= static_cast<std::uint8_t>(1u << i % 8);
    const auto secret = decapsulate(key, changed);
    ASSERT_TRUE(secret);
    // FIPS 203 Algorithm 18, step 7: J(z ‖ c).
    ByteString rejected(kSharedSecretSize);
    Sponge j = shake256();
    j.absorb(Bytes(bytes(kSeedSize, 1)).last(32));
    j.absorb(changed);
    j.squeeze(rejected);
    EXPECT_EQ(*secret, rejected) << "byte " << i;
  }
}

TEST_P(Mlkem, ACiphertextOfWrongLengthIsRefused) {
  const DecapsulationKey key = make_key();
  const std::size_t right = ciphertext_size(GetParam());
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, right - 1, right + 1, 2 * right}) {
    EXPECT_FALSE(decapsulate(key, ByteString(size))) << size;
  }
}

TEST_P(Mlkem, EncapsulatingRefusesWrongLengths) {
  const DecapsulationKey key = make_key();
  const ByteString m = bytes(kMessageSize, 1);
  ByteString longer = copy_of(key.encapsulation_key());
  longer.push_back(0);
  EXPECT_FALSE(encapsulate(GetParam(), longer, m));
  EXPECT_FALSE(encapsulate(GetParam(), Bytes(longer).first(longer.size() - 2), m));
  EXPECT_FALSE(encapsulate(GetParam(), {}, m));

  std::array<std::uint8_t, kSharedSecretSize> secret;
  for (const std::size_t size : {ciphertext_size(GetParam()) - 1, ciphertext_size(GetParam()) + 1}) {
    ByteString ciphertext(size);
    EXPECT_FALSE(mlkem::encapsulate(GetParam(), key.encapsulation_key(), Bytes(m).first<kMessageSize>(),
                                    ciphertext, secret));
  }
}

// FIPS 203 §7.2, "Modulus check": every coefficient, with the values next to the limits.
TEST_P(Mlkem, AKeyWithACoefficientTooLargeIsRefused) {
  const ByteString valid = copy_of(make_key().encapsulation_key());
  ASSERT_TRUE(check_encapsulation_key(GetParam(), valid));
  const std::size_t coefficients = (valid.size() - 32) / 3 * 2;
  for (std::size_t i = 0; i < coefficients; ++i) {
    for (const unsigned value : {0u, 3328u, 3329u, 3330u, 4095u}) {
      ByteString key = valid;
      std::uint8_t* pair = key.data() + i / 2 * 3;
      if (i % 2 == 0) {
        pair[0] = static_cast<std::uint8_t>(value);
        pair[1] = static_cast<std::uint8_t>((pair[1] & 0xf0) | value >> 8);
      } else {
        pair[1] = static_cast<std::uint8_t>((pair[1] & 0x0f) | (value & 15) << 4);
        pair[2] = static_cast<std::uint8_t>(value >> 4);
      }
      ASSERT_EQ(check_encapsulation_key(GetParam(), key), value < 3329)
          << "coefficient " << i << " = " << value;
    }
  }
}

TEST_P(Mlkem, TheExpandedFormDecapsulatesTheSame) {
  const DecapsulationKey key = make_key();
  const ByteString long_form = expanded(GetParam(), key);
  const auto again = DecapsulationKey::from_expanded(GetParam(), long_form);
  ASSERT_TRUE(again);
  EXPECT_EQ(expanded(GetParam(), *again), long_form);
  EXPECT_EQ(copy_of(again->encapsulation_key()), copy_of(key.encapsulation_key()));
  const auto sent = encapsulate(GetParam(), key.encapsulation_key(), bytes(kMessageSize, 2));
  ASSERT_TRUE(sent);
  EXPECT_EQ(decapsulate(*again, sent->ciphertext), sent->secret);
  const ByteString garbage = bytes(ciphertext_size(GetParam()), 3);
  EXPECT_EQ(decapsulate(*again, garbage), decapsulate(key, garbage));
}

// FIPS 203 §7.3: type check and hash check.
TEST_P(Mlkem, AnExpandedFormThatFailsAChecksIsRefused) {
  const ByteString valid = expanded(GetParam(), make_key());
  const std::size_t key_begin = valid.size() - 64 - encapsulation_key_size(GetParam());
  for (const std::size_t position : {key_begin, valid.size() - 65, valid.size() - 64, valid.size() - 33}) {
    ByteString changed = valid;
    changed[position] ^= 1;
    EXPECT_FALSE(DecapsulationKey::from_expanded(GetParam(), changed)) << position;
  }
  EXPECT_FALSE(DecapsulationKey::from_expanded(GetParam(), Bytes(valid).first(valid.size() - 1)));
  ByteString longer = valid;
  longer.push_back(0);
  EXPECT_FALSE(DecapsulationKey::from_expanded(GetParam(), longer));
  EXPECT_FALSE(DecapsulationKey::from_expanded(GetParam(), {}));
}

TEST_P(Mlkem, ExpandingNeedsTheRightSize) {
  const DecapsulationKey key = make_key();
  ByteString small(decapsulation_key_size(GetParam()) - 1);
  EXPECT_FALSE(key.expand(small));
}

TEST_P(Mlkem, AMovedKeyLeavesNothingBehind) {
  DecapsulationKey key = make_key();
  const auto sent = encapsulate(GetParam(), key.encapsulation_key(), bytes(kMessageSize, 1));
  ASSERT_TRUE(sent);
  const DecapsulationKey moved = std::move(key);
  EXPECT_EQ(decapsulate(moved, sent->ciphertext), sent->secret);
  EXPECT_TRUE(key.encapsulation_key().empty());
  EXPECT_FALSE(decapsulate(key, sent->ciphertext));
  EXPECT_TRUE(expanded(GetParam(), key).empty());
}

INSTANTIATE_TEST_SUITE_P(Sets, Mlkem, testing::ValuesIn(kBothParameters), set_name);

}  // namespace
}  // namespace handfast::crypto::mlkem::test
