// Public keys: which SubjectPublicKeyInfos are read, which are refused and how; schemes and keys.
// Verification of known answers is in wycheproof_signature_test.cpp.
#include "crypto/public_key.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "crypto/der.hpp"
#include "crypto/der_writer.hpp"
#include "crypto/private_key.hpp"
#include "crypto/rsa_padding.hpp"
#include "support/hex.hpp"

namespace handfast::crypto {
namespace {

using test::from_hex;

constexpr std::string_view kRsa = "2a864886f70d010101";
constexpr std::string_view kPss = "2a864886f70d01010a";
constexpr std::string_view kEc = "2a8648ce3d0201";
constexpr std::string_view kP256 = "06082a8648ce3d030107";
constexpr std::string_view kNull = "0500";

ByteString spki(std::string_view oid, std::string_view parameters, Bytes key) {
  const ByteString identifier =
      der_encode(der::kSequence, {der_encode(der::kObjectIdentifier, {from_hex(oid)}), from_hex(parameters)});
  return der_encode(der::kSequence, {identifier, der_bit_string(key)});
}

ByteString rsa_key(std::size_t bytes, std::string_view exponent, std::uint8_t last = 0x0d) {
  ByteString modulus(bytes, 0xc7);
  modulus.back() = last;
  return der_encode(der::kSequence, {der_unsigned(modulus), der_unsigned(from_hex(exponent))});
}

ErrorCode error_of(Bytes info) {
  const auto key = PublicKey::from_spki(info);
  return key ? ErrorCode::internal_error : key.error().code();
}

TEST(PublicKeyTest, TellsTypeAndSize) {
  struct Case {
    KeyType type;
    std::size_t bits;
  };
  for (const Case c :
       {Case{KeyType::rsa, 2048}, Case{KeyType::rsa_pss, 2048}, Case{KeyType::ec_p256, 256},
        Case{KeyType::ec_p384, 384}, Case{KeyType::ec_p521, 521}, Case{KeyType::ed25519, 256}}) {
    const auto made = PrivateKey::generate(c.type);
    ASSERT_TRUE(made);
    const auto key = PublicKey::from_spki(made->public_key());
    ASSERT_TRUE(key);
    EXPECT_EQ(key->type(), c.type);
    EXPECT_EQ(key->bits(), c.bits);
  }
}

TEST(PublicKeyTest, CutOrLengthenedKeysAreMalformed) {
  for (const KeyType type : {KeyType::ec_p256, KeyType::ed25519}) {
    const auto made = PrivateKey::generate(type);
    ASSERT_TRUE(made);
    const Bytes whole = made->public_key();
    for (std::size_t size = 0; size < whole.size(); ++size) {
      EXPECT_EQ(error_of(whole.first(size)), ErrorCode::certificate_malformed) << size;
    }
    ByteString longer = copy_of(whole);
    longer.push_back(0);
    EXPECT_EQ(error_of(longer), ErrorCode::certificate_malformed);
  }
}

TEST(PublicKeyTest, RsaLimits) {
  EXPECT_TRUE(PublicKey::from_spki(spki(kRsa, kNull, rsa_key(256, "010001"))));
  EXPECT_TRUE(PublicKey::from_spki(spki(kRsa, kNull, rsa_key(256, "03"))));
  EXPECT_TRUE(PublicKey::from_spki(spki(kRsa, kNull, rsa_key(1024, "010001"))));
  for (const ByteString& weak :
       {rsa_key(1025, "010001"), rsa_key(63, "010001"), rsa_key(256, "01"), rsa_key(256, "00"),
        rsa_key(256, "010000"), rsa_key(256, "0200000001"), rsa_key(256, "010001", 0x0c)}) {
    EXPECT_EQ(error_of(spki(kRsa, kNull, weak)), ErrorCode::certificate_weak_key);
  }
  // Cost is bounded before any work, whatever the length claims.
  EXPECT_EQ(error_of(spki(kRsa, kNull, rsa_key(1 << 20, "010001"))), ErrorCode::certificate_weak_key);
}

TEST(PublicKeyTest, RsaSyntax) {
  EXPECT_EQ(error_of(spki(kRsa, "", rsa_key(256, "010001"))), ErrorCode::certificate_malformed);
  EXPECT_EQ(error_of(spki(kRsa, "0500 0500", rsa_key(256, "010001"))), ErrorCode::certificate_malformed);
  EXPECT_EQ(error_of(spki(kRsa, kNull, from_hex("3006 0201ff 020103"))), ErrorCode::certificate_malformed);
  EXPECT_EQ(error_of(spki(kRsa, kNull, from_hex("3003 020105"))), ErrorCode::certificate_malformed);
  EXPECT_EQ(error_of(spki(kRsa, kNull, from_hex("3009 020105 020103 020101"))),
            ErrorCode::certificate_malformed);
}

TEST(PublicKeyTest, UnknownAlgorithmsAreUnsupported) {
  const ByteString key(32, 1);
  EXPECT_EQ(error_of(spki("2a8648ce380401", "3000", key)),
            ErrorCode::certificate_unsupported_algorithm);  // DSA
  EXPECT_EQ(error_of(spki("2b6571", "", ByteString(57))),
            ErrorCode::certificate_unsupported_algorithm);                                     // Ed448
  EXPECT_EQ(error_of(spki("2b656e", "", key)), ErrorCode::certificate_unsupported_algorithm);  // X25519
  EXPECT_EQ(error_of(spki(kEc, "3003020101", key)),
            ErrorCode::certificate_unsupported_algorithm);                                   // explicit
  EXPECT_EQ(error_of(spki(kEc, kNull, key)), ErrorCode::certificate_unsupported_algorithm);  // implicit
  EXPECT_EQ(error_of(spki(kEc, "06052b8104000a", key)),
            ErrorCode::certificate_unsupported_algorithm);  // secp256k1
}

TEST(PublicKeyTest, EcPointsAreChecked) {
  const auto made = PrivateKey::generate(KeyType::ec_p256);
  ASSERT_TRUE(made);
  const ByteString point = copy_of(made->public_key().last(65));
  EXPECT_TRUE(PublicKey::from_spki(spki(kEc, kP256, point)));
  // RFC 5480 §2.2 allows the compressed form in certificates.
  ByteString compressed(point.begin(), point.begin() + 33);
  compressed[0] = static_cast<std::uint8_t>(2 + (point.back() & 1));
  EXPECT_TRUE(PublicKey::from_spki(spki(kEc, kP256, compressed)));
  ByteString off = point;
  off.back() ^= 1;
  ByteString hybrid = point;
  hybrid[0] = static_cast<std::uint8_t>(6 + (point.back() & 1));
  for (const ByteString& bad :
       {off, hybrid, ByteString{0}, ByteString{}, ByteString(65), ByteString(64, 4)}) {
    EXPECT_EQ(error_of(spki(kEc, kP256, bad)), ErrorCode::certificate_malformed);
  }
}

TEST(PublicKeyTest, Ed25519KeysHave32BytesAndNoParameters) {
  EXPECT_EQ(error_of(spki("2b6570", "", ByteString(31))), ErrorCode::certificate_malformed);
  EXPECT_EQ(error_of(spki("2b6570", "", ByteString(33))), ErrorCode::certificate_malformed);
  EXPECT_EQ(error_of(spki("2b6570", kNull, ByteString(32))), ErrorCode::certificate_malformed);
}

// [0] hash, [1] MGF1 with hash, [2] salt length; the hashes by the last octet of their OIDs.
std::string pss_parameters(const char* hash, const char* mask_hash, const char* salt) {
  const std::string arc = "300d06096086480165030402";
  const std::string mgf = "06092a864886f70d010108";
  return std::string("3034") + "a00f" + arc + hash + kNull.data() + "a11c301a" + mgf + arc + mask_hash +
         kNull.data() + "a2030201" + salt;
}

TEST(PublicKeyTest, PssParametersAreHonouredOrRefused) {
  const ByteString key = rsa_key(256, "010001");
  EXPECT_TRUE(PublicKey::from_spki(spki(kPss, "", key)));
  EXPECT_TRUE(PublicKey::from_spki(spki(kPss, pss_parameters("01", "01", "20"), key)));
  EXPECT_TRUE(
      PublicKey::from_spki(spki(kPss, pss_parameters("01", "01", "14"), key)));  // a minimum below ours
  for (const std::string& refused : {pss_parameters("01", "01", "21"),  // a salt longer than the hash
                                     pss_parameters("01", "02", "20"),  // two hashes
                                     pss_parameters("04", "04", "1c"),  // SHA-224
                                     std::string("3000")}) {            // the default: SHA-1
    EXPECT_EQ(error_of(spki(kPss, refused, key)), ErrorCode::certificate_unsupported_algorithm) << refused;
  }
}

TEST(PublicKeyTest, APssKeyBoundToAHashVerifiesNoOther) {
  const auto made = PrivateKey::generate(KeyType::rsa_pss);
  ASSERT_TRUE(made);
  DerReader reader(made->public_key());
  DerReader info = reader.sequence("info");
  info.any("algorithm");
  const Bytes octets = info.bit_string_bytes("key");
  const auto bound = PublicKey::from_spki(spki(kPss, pss_parameters("02", "02", "30"), octets));
  ASSERT_TRUE(bound);
  const Bytes message = as_bytes("message");
  for (const HashAlgorithm hash : {HashAlgorithm::sha256, HashAlgorithm::sha384, HashAlgorithm::sha512}) {
    const SignatureMethod method{SignatureAlgorithm::rsa_pss, hash};
    const auto signature = made->sign(method, message);
    ASSERT_TRUE(signature);
    EXPECT_EQ(bound->verify(method, message, *signature).has_value(), hash == HashAlgorithm::sha384);
  }
}

TEST(PublicKeyTest, AMethodOfAnotherKindIsABadSignature) {
  const auto made = PrivateKey::generate(KeyType::ec_p256);
  ASSERT_TRUE(made);
  const auto key = PublicKey::from_spki(made->public_key());
  ASSERT_TRUE(key);
  for (const auto algorithm :
       {SignatureAlgorithm::rsa_pkcs1, SignatureAlgorithm::rsa_pss, SignatureAlgorithm::ed25519}) {
    const auto verified = key->verify({algorithm, HashAlgorithm::sha256}, {}, ByteString(64));
    ASSERT_FALSE(verified);
    EXPECT_EQ(verified.error().code(), ErrorCode::certificate_bad_signature);
  }
}

TEST(SignatureSchemeTest, KeysFitTheirOwnSchemesOnly) {
  struct Row {
    SignatureScheme scheme;
    std::optional<KeyType> key;  // in TLS 1.3
  };
  using enum SignatureScheme;
  constexpr std::array kRows{
      Row{rsa_pkcs1_sha1, {}},
      Row{ecdsa_sha1, {}},
      Row{rsa_pkcs1_sha256, {}},
      Row{rsa_pkcs1_sha384, {}},
      Row{rsa_pkcs1_sha512, {}},
      Row{ecdsa_secp256r1_sha256, KeyType::ec_p256},
      Row{ecdsa_secp384r1_sha384, KeyType::ec_p384},
      Row{ecdsa_secp521r1_sha512, KeyType::ec_p521},
      Row{rsa_pss_rsae_sha256, KeyType::rsa},
      Row{rsa_pss_rsae_sha384, KeyType::rsa},
      Row{rsa_pss_rsae_sha512, KeyType::rsa},
      Row{ed25519, KeyType::ed25519},
      Row{ed448, {}},
      Row{rsa_pss_pss_sha256, KeyType::rsa_pss},
      Row{rsa_pss_pss_sha384, KeyType::rsa_pss},
      Row{rsa_pss_pss_sha512, KeyType::rsa_pss},
      Row{mldsa44, KeyType::ml_dsa_44},
      Row{mldsa65, KeyType::ml_dsa_65},
      Row{mldsa87, KeyType::ml_dsa_87},
  };
  const auto is_ml_dsa = [](SignatureScheme scheme) {
    return scheme == mldsa44 || scheme == mldsa65 || scheme == mldsa87;
  };
  for (const Row& row : kRows) {
    const bool known = row.scheme != ed448 && (!is_ml_dsa(row.scheme) || has_ml_dsa());
    EXPECT_EQ(method_of(row.scheme).has_value(), known) << name_of(row.scheme);
    for (const KeyType type :
         {KeyType::rsa, KeyType::rsa_pss, KeyType::ec_p256, KeyType::ec_p384, KeyType::ec_p521,
          KeyType::ed25519, KeyType::ml_dsa_44, KeyType::ml_dsa_65, KeyType::ml_dsa_87}) {
      EXPECT_EQ(key_fits(type, row.scheme), row.key == type) << name_of(row.scheme);
      EXPECT_FALSE(is_ml_dsa(row.scheme) && key_fits_tls12(type, row.scheme)) << name_of(row.scheme);
    }
  }
  EXPECT_FALSE(method_of(static_cast<SignatureScheme>(0x0a0a)));
}

// The encoding at every size of a modulus around a byte's boundary: RFC 8017 §9.1 counts bits.
TEST(RsaPaddingTest, PssVerifiesWhatItEncodes) {
  const ByteString digest(32, 1);
  const ByteString salt(32, 2);
  for (std::size_t bits = 1017; bits <= 1033; ++bits) {
    ByteString encoded((bits + 7) / 8);
    ASSERT_TRUE(rsa::encode_pss(HashAlgorithm::sha256, digest, salt, bits, encoded));
    ByteString copy = encoded;
    EXPECT_TRUE(rsa::verify_pss(HashAlgorithm::sha256, digest, bits, copy)) << bits;
    for (std::size_t i = 0; i < encoded.size(); ++i) {
      ByteString damaged = encoded;
      damaged[i] ^= 0x40;
      EXPECT_FALSE(rsa::verify_pss(HashAlgorithm::sha256, digest, bits, damaged)) << bits << " " << i;
    }
  }
}

TEST(RsaPaddingTest, TooSmallAModulusIsRefused) {
  const ByteString digest(64, 1);
  ByteString encoded(128);
  EXPECT_FALSE(rsa::encode_pss(HashAlgorithm::sha512, digest, digest, 1024, encoded));
  EXPECT_FALSE(rsa::verify_pss(HashAlgorithm::sha512, digest, 1024, encoded));
  ByteString small(64);
  EXPECT_FALSE(rsa::encode_pkcs1(HashAlgorithm::sha512, digest, small));
}

}  // namespace
}  // namespace handfast::crypto
