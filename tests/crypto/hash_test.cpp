// Hash, HMAC and HKDF: known answers, splitting, copies, limits.
#include "crypto/hash.hpp"

#include <gtest/gtest.h>

#include "support/hex.hpp"

namespace handfast::crypto {
namespace {

using test::from_hex;
using test::to_hex;

constexpr std::array kAll{HashAlgorithm::sha1, HashAlgorithm::sha256, HashAlgorithm::sha384,
                          HashAlgorithm::sha512};

std::string hex_of(HashAlgorithm algorithm, std::string_view text) {
  const auto digest = hash(algorithm, {as_bytes(text)});
  return digest ? to_hex(digest->view()) : "";
}

TEST(HashTest, KnowsTheExamplesOfFips180) {
  EXPECT_EQ(hex_of(HashAlgorithm::sha1, "abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(hex_of(HashAlgorithm::sha256, "abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(
      hex_of(HashAlgorithm::sha384, "abc"),
      "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7");
  EXPECT_EQ(hex_of(HashAlgorithm::sha512, "abc"),
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
            "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
  EXPECT_EQ(hex_of(HashAlgorithm::sha256, ""),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(HashTest, DoesNotDependOnHowTheInputIsSplit) {
  ByteString input(300);
  for (std::size_t i = 0; i < input.size(); ++i) input[i] = static_cast<std::uint8_t>(i);
  for (const HashAlgorithm algorithm : kAll) {
    const auto whole = hash(algorithm, {input});
    ASSERT_TRUE(whole);
    EXPECT_EQ(whole->view().size(), hash_size(algorithm));
    for (std::size_t split = 0; split <= input.size(); split += 7) {
      Hash state(algorithm);
      state.update(Bytes(input).first(split));
      state.update(Bytes(input).subspan(split));
      EXPECT_EQ(to_hex(state.current()->view()), to_hex(whole->view()));
    }
  }
}

TEST(HashTest, ACopyGoesOnAlone) {
  for (const HashAlgorithm algorithm : kAll) {
    Hash first(algorithm);
    first.update(as_bytes("ClientHello"));
    Hash second = first;
    second.update(as_bytes("ServerHello"));
    EXPECT_EQ(to_hex(first.current()->view()), hex_of(algorithm, "ClientHello"));
    EXPECT_EQ(to_hex(second.current()->view()), hex_of(algorithm, "ClientHelloServerHello"));
    // Asking does not end the state.
    first.update(as_bytes("Finished"));
    EXPECT_EQ(to_hex(first.current()->view()), hex_of(algorithm, "ClientHelloFinished"));
  }
}

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
  for (const auto algorithm :
       {HashAlgorithm::sha1, HashAlgorithm::sha256, HashAlgorithm::sha384, HashAlgorithm::sha512}) {
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
