// Signature verification against Wycheproof's vectors: ECDSA, Ed25519, RSA PKCS #1 v1.5 and RSA-PSS.
#include "crypto/public_key.hpp"
#include "crypto/wycheproof.hpp"

namespace handfast::crypto {
namespace {

using test::for_each_case;
using test::has_flag;
using test::hex_field;
using test::Json;

void check_signatures(const char* file, SignatureMethod method) {
  for_each_case(file, [&](const Json& group, const Json& test) {
    const auto key = PublicKey::from_spki(hex_field(group, "publicKeyDer"));
    // A modulus or exponent that is refused as a key refuses every signature.
    if (!key) {
      ASSERT_TRUE(test.at("result") != "valid") << key.error().to_string();
      return;
    }
    const auto verified = key->verify(method, hex_field(test, "msg"), hex_field(test, "sig"));
    // "acceptable" is an omitted NULL in DigestInfo: RFC 8017 §9.2 lets verifiers refuse it.
    ASSERT_EQ(verified.has_value(), test.at("result") == "valid");
    if (!verified) {
      EXPECT_EQ(verified.error().code(), ErrorCode::certificate_bad_signature);
    }
  });
}

constexpr SignatureMethod ecdsa(HashAlgorithm hash) { return {SignatureAlgorithm::ecdsa, hash}; }
constexpr SignatureMethod pkcs1(HashAlgorithm hash) { return {SignatureAlgorithm::rsa_pkcs1, hash}; }
constexpr SignatureMethod pss(HashAlgorithm hash) { return {SignatureAlgorithm::rsa_pss, hash}; }

TEST(WycheproofTest, EcdsaP256) {
  check_signatures("ecdsa_secp256r1_sha256_test.json", ecdsa(HashAlgorithm::sha256));
}
TEST(WycheproofTest, EcdsaP384) {
  check_signatures("ecdsa_secp384r1_sha384_test.json", ecdsa(HashAlgorithm::sha384));
}
TEST(WycheproofTest, EcdsaP521) {
  check_signatures("ecdsa_secp521r1_sha512_test.json", ecdsa(HashAlgorithm::sha512));
}
TEST(WycheproofTest, Ed25519) {
  check_signatures("ed25519_test.json", {SignatureAlgorithm::ed25519, HashAlgorithm::sha512});
}
TEST(WycheproofTest, RsaPkcs1Sha256) {
  check_signatures("rsa_signature_2048_sha256_test.json", pkcs1(HashAlgorithm::sha256));
  check_signatures("rsa_signature_3072_sha256_test.json", pkcs1(HashAlgorithm::sha256));
}
TEST(WycheproofTest, RsaPkcs1Sha512) {
  check_signatures("rsa_signature_4096_sha512_test.json", pkcs1(HashAlgorithm::sha512));
}
TEST(WycheproofTest, RsaPssSha256) {
  check_signatures("rsa_pss_2048_sha256_mgf1_32_test.json", pss(HashAlgorithm::sha256));
  check_signatures("rsa_pss_3072_sha256_mgf1_32_test.json", pss(HashAlgorithm::sha256));
}
TEST(WycheproofTest, RsaPssSha384) {
  check_signatures("rsa_pss_2048_sha384_mgf1_48_test.json", pss(HashAlgorithm::sha384));
}
TEST(WycheproofTest, RsaPssSha512) {
  check_signatures("rsa_pss_4096_sha512_mgf1_64_test.json", pss(HashAlgorithm::sha512));
}

}  // namespace
}  // namespace handfast::crypto
