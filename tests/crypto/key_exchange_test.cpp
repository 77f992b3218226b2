// Key exchange: every group with itself, what must be refused, and where the randomness comes from.
#include "crypto/key_exchange.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "crypto/ec.hpp"
#include "support/hex.hpp"
#include "support/recorded_random.hpp"

namespace handfast::crypto {
namespace {

using test::from_hex;
using test::RecordedRandom;
using test::to_hex;

struct GroupSizes {
  NamedGroup group;
  std::size_t client;
  std::size_t server;
  std::size_t secret;
  std::size_t client_random;
  std::size_t server_random;
};

constexpr std::array kGroups{
    GroupSizes{NamedGroup::secp256r1, 65, 65, 32, 32, 32},
    GroupSizes{NamedGroup::secp384r1, 97, 97, 48, 48, 48},
    GroupSizes{NamedGroup::secp521r1, 133, 133, 66, 66, 66},
    GroupSizes{NamedGroup::x25519, 32, 32, 32, 32, 32},
    GroupSizes{NamedGroup::MLKEM768, 1184, 1088, 32, 64, 32},
    GroupSizes{NamedGroup::MLKEM1024, 1568, 1568, 32, 64, 32},
    GroupSizes{NamedGroup::X25519MLKEM768, 1184 + 32, 1088 + 32, 64, 96, 64},
    GroupSizes{NamedGroup::SecP256r1MLKEM768, 65 + 1184, 65 + 1088, 64, 96, 64},
    GroupSizes{NamedGroup::SecP384r1MLKEM1024, 97 + 1568, 97 + 1568, 80, 112, 80},
};

ByteString pattern(std::size_t size, std::uint8_t first) {
  ByteString out(size);
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::uint8_t>(first + i);
  return out;
}

ClientKeyShare make(NamedGroup group, const RandomSource& random = system_random()) {
  auto key = ClientKeyShare::generate(group, random);
  if (!key) std::abort();
  return std::move(*key);
}

TEST(KeyExchangeTest, BothSidesGetTheSameSecret) {
  for (const GroupSizes& sizes : kGroups) {
    SCOPED_TRACE(name_of(sizes.group));
    EXPECT_TRUE(is_supported(sizes.group));
    EXPECT_EQ(client_share_size(sizes.group), sizes.client);
    EXPECT_EQ(server_share_size(sizes.group), sizes.server);
    ClientKeyShare client = make(sizes.group);
    EXPECT_EQ(client.group(), sizes.group);
    EXPECT_EQ(client.public_key().size(), sizes.client);
    const auto server = answer_key_share(sizes.group, client.public_key(), system_random());
    ASSERT_TRUE(server) << server.error().to_string();
    EXPECT_EQ(server->public_key.size(), sizes.server);
    const auto secret = std::move(client).finish(server->public_key);
    ASSERT_TRUE(secret) << secret.error().to_string();
    EXPECT_EQ(secret->size(), sizes.secret);
    EXPECT_EQ(to_hex(secret->view()), to_hex(server->secret.view()));
  }
}

TEST(KeyExchangeTest, UnsupportedGroupsAreSaidToBe) {
  for (const NamedGroup group : {NamedGroup::x448, NamedGroup::ffdhe2048, static_cast<NamedGroup>(0x0a0a)}) {
    EXPECT_FALSE(is_supported(group));
    EXPECT_FALSE(is_post_quantum(group));
    EXPECT_EQ(client_share_size(group), 0U);
    EXPECT_EQ(server_share_size(group), 0U);
    EXPECT_FALSE(ClientKeyShare::generate(group, system_random()));
    EXPECT_FALSE(answer_key_share(group, {}, system_random()));
  }
}

TEST(KeyExchangeTest, KnowsWhichGroupsArePostQuantum) {
  for (const GroupSizes& sizes : kGroups) EXPECT_EQ(is_post_quantum(sizes.group), sizes.client > 1000);
}

TEST(KeyExchangeTest, SharesOfAnotherLengthAreRefused) {
  for (const GroupSizes& sizes : kGroups) {
    SCOPED_TRACE(name_of(sizes.group));
    ClientKeyShare peer = make(sizes.group);
    ByteString share = copy_of(peer.public_key());
    const auto good = answer_key_share(sizes.group, share, system_random());
    ASSERT_TRUE(good);
    for (const int change : {-1, 1}) {
      ByteString client_share = share;
      client_share.resize(share.size() + static_cast<std::size_t>(change));
      const auto answer = answer_key_share(sizes.group, client_share, system_random());
      ASSERT_FALSE(answer);
      EXPECT_EQ(answer.error().code(), ErrorCode::key_share_invalid);
      ByteString server_share = good->public_key;
      server_share.resize(server_share.size() + static_cast<std::size_t>(change));
      const auto secret = make(sizes.group).finish(server_share);
      ASSERT_FALSE(secret);
      EXPECT_EQ(secret.error().code(), ErrorCode::key_share_invalid);
    }
    EXPECT_FALSE(answer_key_share(sizes.group, {}, system_random()));
    EXPECT_FALSE(make(sizes.group).finish({}));
  }
}

TEST(KeyExchangeTest, PointsOffTheCurveAreRefused) {
  for (const NamedGroup group : {NamedGroup::secp256r1, NamedGroup::secp384r1, NamedGroup::secp521r1,
                                 NamedGroup::SecP256r1MLKEM768, NamedGroup::SecP384r1MLKEM1024}) {
    SCOPED_TRACE(name_of(group));
    const ClientKeyShare peer = make(group);
    const std::size_t point = group == NamedGroup::secp256r1 || group == NamedGroup::SecP256r1MLKEM768 ? 65
                              : group == NamedGroup::secp521r1                                         ? 133
                                                                                                       : 97;
    const auto refused = [&](const ByteString& share) {
      const auto answer = answer_key_share(group, share, system_random());
      EXPECT_FALSE(answer);
      if (!answer) {
        EXPECT_EQ(answer.error().code(), ErrorCode::key_share_invalid);
      }
    };
    ByteString share = copy_of(peer.public_key());
    share[point - 1] ^= 1;  // y
    refused(share);
    share = copy_of(peer.public_key());
    std::fill_n(share.begin() + 1, point - 1, std::uint8_t{0});
    refused(share);
    share = copy_of(peer.public_key());
    std::fill_n(share.begin() + 1, point - 1, std::uint8_t{0xff});  // not below p
    refused(share);
    for (const std::uint8_t form :
         std::initializer_list<std::uint8_t>{0x00, 0x01, 0x02, 0x03, 0x05, 0x06, 0x07}) {
      share = copy_of(peer.public_key());
      share[0] = form;
      refused(share);
    }
  }
}

// RFC 7748 §6.1: all of these lead to zero, whatever the scalar.
constexpr std::array kLowOrder{
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000080",
};

TEST(KeyExchangeTest, LowOrderPointsOfCurve25519AreRefused) {
  for (const char* const text : kLowOrder) {
    const ByteString point = from_hex(text);
    const auto answer = answer_key_share(NamedGroup::x25519, point, system_random());
    ASSERT_FALSE(answer) << text;
    EXPECT_EQ(answer.error().code(), ErrorCode::key_share_invalid);
    const auto secret = make(NamedGroup::x25519).finish(point);
    ASSERT_FALSE(secret) << text;
    EXPECT_EQ(secret.error().code(), ErrorCode::key_share_invalid);
    ByteString hybrid = copy_of(make(NamedGroup::X25519MLKEM768).public_key());
    std::ranges::copy(point, hybrid.end() - 32);
    EXPECT_FALSE(answer_key_share(NamedGroup::X25519MLKEM768, hybrid, system_random()));
  }
}

TEST(KeyExchangeTest, AnUnreducedEncapsulationKeyIsRefused) {
  struct Case {
    NamedGroup group;
    std::size_t start;
  };
  for (const Case c :
       {Case{NamedGroup::MLKEM768, 0}, Case{NamedGroup::MLKEM1024, 0}, Case{NamedGroup::X25519MLKEM768, 0},
        Case{NamedGroup::SecP256r1MLKEM768, 65}, Case{NamedGroup::SecP384r1MLKEM1024, 97}}) {
    ByteString share = copy_of(make(c.group).public_key());
    share[c.start] = 0xff;  // the first coefficient becomes 0xfff
    share[c.start + 1] |= 0x0f;
    const auto answer = answer_key_share(c.group, share, system_random());
    ASSERT_FALSE(answer) << name_of(c.group);
    EXPECT_EQ(answer.error().code(), ErrorCode::key_share_invalid);
  }
}

// RFC 7748 §6.1.
TEST(KeyExchangeTest, X25519FollowsTheExampleOfRfc7748) {
  const RecordedRandom bob(from_hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"));
  const ByteString alice = from_hex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
  ClientKeyShare client = make(NamedGroup::x25519, bob);
  EXPECT_EQ(to_hex(client.public_key()), "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
  const auto secret = std::move(client).finish(alice);
  ASSERT_TRUE(secret);
  EXPECT_EQ(to_hex(secret->view()), "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
}

TEST(KeyExchangeTest, AllRandomnessIsTheCallersAndCounted) {
  for (const GroupSizes& sizes : kGroups) {
    SCOPED_TRACE(name_of(sizes.group));
    const RecordedRandom client_random(pattern(sizes.client_random, 1));
    const RecordedRandom again(pattern(sizes.client_random, 1));
    ClientKeyShare client = make(sizes.group, client_random);
    EXPECT_TRUE(client_random.used_up());
    EXPECT_EQ(to_hex(client.public_key()), to_hex(make(sizes.group, again).public_key()));

    const RecordedRandom server_random(pattern(sizes.server_random, 101));
    const RecordedRandom server_again(pattern(sizes.server_random, 101));
    const auto server = answer_key_share(sizes.group, client.public_key(), server_random);
    const auto same = answer_key_share(sizes.group, client.public_key(), server_again);
    ASSERT_TRUE(server && same);
    EXPECT_TRUE(server_random.used_up());
    EXPECT_EQ(server->public_key, same->public_key);
    EXPECT_EQ(to_hex(server->secret.view()), to_hex(same->secret.view()));

    const RecordedRandom too_short(pattern(sizes.client_random - 1, 1));
    EXPECT_FALSE(ClientKeyShare::generate(sizes.group, too_short));
  }
}

// draft-ietf-tls-ecdhe-mlkem: the halves of a hybrid are the two exchanges, in the order that its name does
// not tell.
TEST(KeyExchangeTest, HybridsAreTheirPartsInOrder) {
  struct Case {
    NamedGroup hybrid, first, second;
  };
  for (const Case c : {Case{NamedGroup::X25519MLKEM768, NamedGroup::MLKEM768, NamedGroup::x25519},
                       Case{NamedGroup::SecP256r1MLKEM768, NamedGroup::secp256r1, NamedGroup::MLKEM768},
                       Case{NamedGroup::SecP384r1MLKEM1024, NamedGroup::secp384r1, NamedGroup::MLKEM1024}}) {
    SCOPED_TRACE(name_of(c.hybrid));
    const ByteString seed = pattern(200, 3);
    const RecordedRandom hybrid_random(seed);
    const RecordedRandom parts_random(seed);
    const ClientKeyShare hybrid = make(c.hybrid, hybrid_random);
    const ClientKeyShare first = make(c.first, parts_random);
    const ClientKeyShare second = make(c.second, parts_random);
    EXPECT_EQ(to_hex(hybrid.public_key()), to_hex(first.public_key()) + to_hex(second.public_key()));
    const auto whole = answer_key_share(c.hybrid, hybrid.public_key(), hybrid_random);
    const auto front = answer_key_share(c.first, first.public_key(), parts_random);
    const auto back = answer_key_share(c.second, second.public_key(), parts_random);
    ASSERT_TRUE(whole && front && back);
    EXPECT_EQ(to_hex(whole->public_key), to_hex(front->public_key) + to_hex(back->public_key));
    EXPECT_EQ(to_hex(whole->secret.view()), to_hex(front->secret.view()) + to_hex(back->secret.view()));
  }
}

// RFC 9846 §7.4.2: leading zeros stay. Once in 256 exchanges there is one.
TEST(KeyExchangeTest, LeadingZerosOfTheSecretStay) {
  int with_zero = 0;
  for (int i = 0; i < 5000 && with_zero < 2; ++i) {
    ClientKeyShare client = make(NamedGroup::secp256r1);
    const auto server = answer_key_share(NamedGroup::secp256r1, client.public_key(), system_random());
    ASSERT_TRUE(server);
    ASSERT_EQ(server->secret.size(), 32U);
    if (server->secret.view()[0] != 0) continue;
    ++with_zero;
    const auto secret = std::move(client).finish(server->public_key);
    ASSERT_TRUE(secret);
    EXPECT_EQ(to_hex(secret->view()), to_hex(server->secret.view()));
  }
  EXPECT_EQ(with_zero, 2);
}

TEST(EcTest, ScalarsOutOfRangeAreDrawnAgain) {
  // 0, then n, then 1: only the last is in [1, n-1].
  ByteString draws(32, 0);
  const ByteString n = from_hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
  draws.insert(draws.end(), n.begin(), n.end());
  draws.insert(draws.end(), 31, 0);
  draws.push_back(1);
  const RecordedRandom random(draws);
  const auto scalar = ec::generate(ec::Curve::p256, random);
  ASSERT_TRUE(scalar);
  EXPECT_TRUE(random.used_up());
  EXPECT_EQ(scalar->view().back(), 1);
  const RecordedRandom broken(ByteString(32 * 1000, 0xff));
  EXPECT_FALSE(ec::generate(ec::Curve::p256, broken));
  EXPECT_FALSE(broken.used_up());
}

TEST(KeyExchangeTest, AKeyIsUsedOnce) {
  ClientKeyShare client = make(NamedGroup::x25519);
  const ByteString share = copy_of(make(NamedGroup::x25519).public_key());
  ASSERT_TRUE(std::move(client).finish(share));
  EXPECT_FALSE(std::move(client).finish(share));  // NOLINT(bugprone-use-after-move)
}

}  // namespace
}  // namespace handfast::crypto
