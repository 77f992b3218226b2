// HMAC and HKDF: known answers, every way through, limits.
#include "crypto/hmac.hpp"

#include <gtest/gtest.h>

#include <utility>

#include "support/hex.hpp"

namespace handfast::crypto {
namespace {

using test::from_hex;
using test::to_hex;

// RFC 4231 §4.3 and §4.7: a short key and one longer than a block.
TEST(HmacTest, KnowsTheExamplesOfRfc4231) {
  ByteString out(32);
  ASSERT_TRUE(hmac(HashAlgorithm::sha256, as_bytes("Jefe"),
                   {as_bytes("what do ya want "), as_bytes("for nothing?")}, out));
  EXPECT_EQ(to_hex(out), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  const ByteString long_key(131, 0xaa);
  ASSERT_TRUE(hmac(HashAlgorithm::sha256, long_key,
                   {as_bytes("Test Using Larger Than Block-Size Key - Hash Key First")}, out));
  EXPECT_EQ(to_hex(out), "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

// Short messages take another way than long ones. RFC 2104 §2, written out.
TEST(HmacTest, IsTheSameForEveryLength) {
  for (const auto algorithm : {HashAlgorithm::sha256, HashAlgorithm::sha384, HashAlgorithm::sha512}) {
    const bool wide = algorithm == HashAlgorithm::sha384 || algorithm == HashAlgorithm::sha512;
    ByteString inner_pad(wide ? 128 : 64, 0x36);
    ByteString outer_pad(inner_pad.size(), 0x5c);
    const ByteString key = {1, 2, 3, 200};
    for (std::size_t i = 0; i < key.size(); ++i) {
      inner_pad[i] ^= key[i];
      outer_pad[i] ^= key[i];
    }
    const HmacKey prepared(algorithm, key);
    for (std::size_t size = 0; size < 300; ++size) {
      ByteString message(size);
      for (std::size_t i = 0; i < size; ++i) message[i] = static_cast<std::uint8_t>(i);
      const auto inner = hash(algorithm, {inner_pad, message});
      const auto expected = hash(algorithm, {outer_pad, inner->view()});
      ByteString mac(hash_size(algorithm));
      const Bytes bytes = message;
      ASSERT_TRUE(prepared.mac({bytes.first(size / 3), bytes.subspan(size / 3)}, mac));
      ASSERT_EQ(to_hex(mac), to_hex(expected->view())) << size;
    }
  }
}

TEST(HmacTest, AKeyMovedFromIsWorthNothing) {
  HmacKey first(HashAlgorithm::sha256, as_bytes("key"));
  HmacKey second = std::move(first);
  ByteString out(32);
  EXPECT_TRUE(second.mac({}, out));
  EXPECT_FALSE(first.mac({}, out));  // NOLINT(bugprone-use-after-move): what is tested
  first = std::move(second);
  EXPECT_TRUE(first.mac({}, out));
  EXPECT_FALSE(second.mac({}, out));  // NOLINT(bugprone-use-after-move): what is tested
}

TEST(HmacTest, HasNoSha1) {
  ByteString out(20);
  EXPECT_FALSE(hmac(HashAlgorithm::sha1, as_bytes("key"), {}, out));
}

TEST(HmacTest, RefusesAnOutputOfAnotherSize) {
  ByteString out(31);
  EXPECT_FALSE(hmac(HashAlgorithm::sha256, as_bytes("key"), {}, out));
}

// RFC 5869 §A.1.
TEST(HkdfTest, KnowsTheFirstExampleOfRfc5869) {
  const auto key =
      hkdf_extract(HashAlgorithm::sha256, from_hex("000102030405060708090a0b0c"), ByteString(22, 0x0b));
  ASSERT_TRUE(key);
  EXPECT_EQ(to_hex(key->view()), "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5");
  ByteString out(42);
  ASSERT_TRUE(hkdf_expand(HashAlgorithm::sha256, key->view(), from_hex("f0f1f2f3f4f5f6f7f8f9"), out));
  EXPECT_EQ(to_hex(out),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
}

TEST(HkdfTest, StopsAt255Blocks) {
  ByteString out(255 * 48);
  EXPECT_TRUE(hkdf_expand(HashAlgorithm::sha384, ByteString(48), {}, out));
  out.push_back(0);
  EXPECT_FALSE(hkdf_expand(HashAlgorithm::sha384, ByteString(48), {}, out));
  EXPECT_TRUE(hkdf_expand(HashAlgorithm::sha384, ByteString(48), {}, {}));
}

TEST(HkdfTest, ExtractsOnlyWithTheHashesOfTls13) {
  EXPECT_FALSE(hkdf_extract(HashAlgorithm::sha1, {}, {}));
  EXPECT_FALSE(hkdf_extract(HashAlgorithm::sha512, {}, {}));
}

}  // namespace
}  // namespace handfast::crypto
