// AEAD, HMAC and HKDF against Wycheproof's vectors.
#include <algorithm>

#include "crypto/aead.hpp"
#include "crypto/hash.hpp"
#include "crypto/hmac.hpp"
#include "crypto/wycheproof.hpp"

namespace handfast::crypto {
namespace {

using test::for_each_case;
using test::hex_field;
using test::Json;

void check_aead(AeadAlgorithm algorithm, const Json& group, const Json& test) {
  const ByteString key = hex_field(test, "key");
  const ByteString nonce = hex_field(test, "iv");
  const ByteString aad = hex_field(test, "aad");
  const ByteString plaintext = hex_field(test, "msg");
  ByteString sealed = hex_field(test, "ct");
  const ByteString tag = hex_field(test, "tag");
  sealed.insert(sealed.end(), tag.begin(), tag.end());
  ASSERT_EQ(key.size() * 8, group.at("keySize").get<std::size_t>());
  const bool valid = test.at("result") == "valid";

  auto opener = Aead::create(algorithm, Aead::Purpose::open, key);
  ASSERT_TRUE(opener);
  ByteString buffer = sealed;
  const auto opened = opener->open(nonce, aad, buffer);
  if (nonce.size() != kAeadNonceSize) {
    EXPECT_FALSE(opened);
    return;
  }
  ASSERT_EQ(opened.has_value(), valid);
  if (!valid) {
    EXPECT_EQ(opened.error().code(), ErrorCode::record_bad_mac);
    EXPECT_TRUE(plaintext.empty() || !std::ranges::equal(Bytes(buffer).first(plaintext.size()), plaintext));
    return;
  }
  EXPECT_TRUE(std::ranges::equal(*opened, plaintext));
  EXPECT_EQ(static_cast<const void*>(opened->data()), buffer.data());

  auto sealer = Aead::create(algorithm, Aead::Purpose::seal, key);
  ASSERT_TRUE(sealer);
  // Split in every way that TLS can split a record: content, then the type octet.
  const std::size_t front = plaintext.empty() ? 0 : plaintext.size() - 1;
  ByteString out(plaintext.size() + kAeadTagSize);
  ASSERT_TRUE(sealer->seal(nonce, aad, Bytes(plaintext).first(front), Bytes(plaintext).subspan(front), out));
  EXPECT_EQ(out, sealed);
  ByteString in_place = plaintext;
  in_place.resize(plaintext.size() + kAeadTagSize);
  ASSERT_TRUE(sealer->seal(nonce, aad, Bytes(in_place).first(plaintext.size()), {}, in_place));
  EXPECT_EQ(in_place, sealed);
}

TEST(WycheproofTest, AesGcm) {
  for_each_case("aes_gcm_test.json", [](const Json& group, const Json& test) {
    const std::size_t key_size = group.at("keySize");
    if (key_size == 192) return;  // not in TLS
    check_aead(key_size == 128 ? AeadAlgorithm::aes_128_gcm : AeadAlgorithm::aes_256_gcm, group, test);
  });
}

TEST(WycheproofTest, ChaCha20Poly1305) {
  for_each_case("chacha20_poly1305_test.json", [](const Json& group, const Json& test) {
    check_aead(AeadAlgorithm::chacha20_poly1305, group, test);
  });
}

void check_hmac(HashAlgorithm algorithm, const Json& group, const Json& test) {
  ByteString mac(hash_size(algorithm));
  const ByteString message = hex_field(test, "msg");
  const std::size_t half = message.size() / 2;
  ASSERT_TRUE(hmac(algorithm, hex_field(test, "key"),
                   {Bytes(message).first(half), Bytes(message).subspan(half)}, mac));
  mac.resize(group.at("tagSize").get<std::size_t>() / 8);
  EXPECT_EQ(mac == hex_field(test, "tag"), test.at("result") == "valid");
}

TEST(WycheproofTest, HmacSha256) {
  for_each_case("hmac_sha256_test.json",
                [](const Json& group, const Json& test) { check_hmac(HashAlgorithm::sha256, group, test); });
}

TEST(WycheproofTest, HmacSha384) {
  for_each_case("hmac_sha384_test.json",
                [](const Json& group, const Json& test) { check_hmac(HashAlgorithm::sha384, group, test); });
}

void check_hkdf(HashAlgorithm algorithm, const Json& test) {
  const auto key = hkdf_extract(algorithm, hex_field(test, "salt"), hex_field(test, "ikm"));
  ASSERT_TRUE(key);
  ByteString out(test.at("size").get<std::size_t>());
  const auto expanded = hkdf_expand(algorithm, key->view(), hex_field(test, "info"), out);
  ASSERT_EQ(expanded.has_value(), test.at("result") == "valid");
  if (expanded) {
    EXPECT_EQ(out, hex_field(test, "okm"));
  }
}

TEST(WycheproofTest, HkdfSha256) {
  for_each_case("hkdf_sha256_test.json",
                [](const Json&, const Json& test) { check_hkdf(HashAlgorithm::sha256, test); });
}

TEST(WycheproofTest, HkdfSha384) {
  for_each_case("hkdf_sha384_test.json",
                [](const Json&, const Json& test) { check_hkdf(HashAlgorithm::sha384, test); });
}

}  // namespace
}  // namespace handfast::crypto
