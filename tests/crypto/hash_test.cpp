// Hash functions: known answers, splitting, copies.
#include "crypto/hash.hpp"

#include <gtest/gtest.h>

#include "support/hex.hpp"

namespace handfast::crypto {
namespace {

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

}  // namespace
}  // namespace handfast::crypto
