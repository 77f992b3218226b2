// Private keys: made, written, read, used; files that other programs write; signers on several threads.
#include "crypto/private_key.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <memory>
#include <thread>
#include <vector>

#include "crypto/der.hpp"
#include "crypto/der_writer.hpp"
#include "crypto/pem.hpp"
#include "support/hex.hpp"
#include "support/key_types.hpp"

namespace handfast::crypto {
namespace {

using test::from_hex;
using test::to_hex;

void expect_works(const PrivateKey& key) {
  const auto public_key = PublicKey::from_spki(key.public_key());
  ASSERT_TRUE(public_key) << public_key.error().to_string();
  EXPECT_EQ(public_key->type(), key.type());
  ASSERT_FALSE(key.schemes().empty());
  for (const SignatureScheme scheme : key.schemes()) {
    SCOPED_TRACE(name_of(scheme));
    const auto method = method_of(scheme);
    ASSERT_TRUE(method);
    const auto signature = key.sign(*method, as_bytes("content"));
    ASSERT_TRUE(signature) << signature.error().to_string();
    EXPECT_TRUE(public_key->verify(*method, as_bytes("content"), *signature));
    EXPECT_FALSE(public_key->verify(*method, as_bytes("Content"), *signature));
    for (const std::size_t byte : {std::size_t{0}, signature->size() / 2, signature->size() - 1}) {
      ByteString damaged = *signature;
      damaged[byte] ^= 1;
      EXPECT_FALSE(public_key->verify(*method, as_bytes("content"), damaged));
    }
  }
}

ErrorCode error_of(std::string_view pem) {
  const auto key = PrivateKey::from_pem(pem);
  return key ? ErrorCode::internal_error : key.error().code();
}

TEST(PrivateKeyTest, EveryTypeSignsAndSurvivesItsPem) {
  for (const KeyType type : test::every_key_type()) {
    SCOPED_TRACE(static_cast<int>(type));
    const auto key = PrivateKey::generate(type);
    ASSERT_TRUE(key);
    EXPECT_EQ(key->type(), type);
    expect_works(*key);
    const auto pem = key->to_pem();
    ASSERT_TRUE(pem);
    const auto again = PrivateKey::from_pem(*pem);
    ASSERT_TRUE(again) << again.error().to_string();
    EXPECT_EQ(again->type(), type);
    EXPECT_EQ(to_hex(again->public_key()), to_hex(key->public_key()));
    expect_works(*again);
    EXPECT_EQ(*again->to_pem(), *pem);
  }
}

TEST(PrivateKeyTest, AMethodThatDoesNotFitIsRefused) {
  const auto key = PrivateKey::generate(KeyType::ed25519);
  ASSERT_TRUE(key);
  const auto signature = key->sign({SignatureAlgorithm::ecdsa, HashAlgorithm::sha256}, {});
  ASSERT_FALSE(signature);
  EXPECT_EQ(signature.error().code(), ErrorCode::signer_failed);
}

TEST(PrivateKeyTest, OtherBlocksAreSkipped) {
  const auto key = PrivateKey::generate(KeyType::ec_p256);
  ASSERT_TRUE(key);
  const std::string text = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" +
                           to_pem("CERTIFICATE", as_bytes("no certificate")) + *key->to_pem();
  EXPECT_TRUE(PrivateKey::from_pem(text));
}

TEST(PrivateKeyTest, SaysWhatIsWrongWithAText) {
  EXPECT_EQ(error_of(""), ErrorCode::pem_malformed);
  EXPECT_EQ(error_of(to_pem("CERTIFICATE", as_bytes("x"))), ErrorCode::pem_malformed);
  EXPECT_EQ(error_of(to_pem("PRIVATE KEY", as_bytes("x"))), ErrorCode::pem_malformed);
  EXPECT_EQ(error_of(to_pem("ENCRYPTED PRIVATE KEY", as_bytes("x"))), ErrorCode::key_passphrase_missing);
  EXPECT_EQ(error_of(to_pem("OPENSSH PRIVATE KEY", as_bytes("x"))), ErrorCode::key_unsupported);
  EXPECT_EQ(error_of(to_pem("DSA PRIVATE KEY", as_bytes("x"))), ErrorCode::key_unsupported);
  EXPECT_EQ(
      error_of(
          "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAQID\n-----END RSA PRIVATE KEY-----\n"),
      ErrorCode::key_passphrase_missing);
}

TEST(PrivateKeyTest, EveryTruncationIsMalformed) {
  for (const KeyType type : {KeyType::ec_p256, KeyType::ed25519}) {
    const auto key = PrivateKey::generate(type);
    ASSERT_TRUE(key);
    const auto blocks = parse_pem(*key->to_pem());
    ASSERT_TRUE(blocks);
    const Bytes der = blocks->front().der;
    for (std::size_t size = 0; size < der.size(); ++size) {
      EXPECT_EQ(error_of(to_pem("PRIVATE KEY", der.first(size))), ErrorCode::pem_malformed) << size;
    }
  }
}

ByteString sec1(Bytes scalar, std::string_view rest) {
  return der_encode(der::kSequence,
                    {from_hex("020101"), der_encode(der::kOctetString, {scalar}), from_hex(rest)});
}

constexpr std::string_view kP256Parameters = "a00a06082a8648ce3d030107";

TEST(PrivateKeyTest, Sec1ScalarsMayMissOrAddZeros) {
  ByteString scalar(32, 0x11);
  scalar[0] = 0;
  const auto full = PrivateKey::from_pem(to_pem("EC PRIVATE KEY", sec1(scalar, kP256Parameters)));
  const auto cut =
      PrivateKey::from_pem(to_pem("EC PRIVATE KEY", sec1(Bytes(scalar).subspan(1), kP256Parameters)));
  ASSERT_TRUE(full && cut);
  EXPECT_EQ(to_hex(full->public_key()), to_hex(cut->public_key()));
  expect_works(*cut);
}

TEST(PrivateKeyTest, Sec1MustNameItsCurve) {
  EXPECT_EQ(error_of(to_pem("EC PRIVATE KEY", sec1(ByteString(32, 1), ""))), ErrorCode::pem_malformed);
  EXPECT_EQ(error_of(to_pem("EC PRIVATE KEY", sec1(ByteString(32, 1), "a00706052b8104000a"))),
            ErrorCode::key_unsupported);
  EXPECT_EQ(error_of(to_pem("EC PRIVATE KEY", sec1(ByteString(32, 1), "a0023000"))),
            ErrorCode::key_unsupported);
}

TEST(PrivateKeyTest, EcScalarsOutOfRangeAreMalformed) {
  EXPECT_EQ(error_of(to_pem("EC PRIVATE KEY", sec1(ByteString(32, 0), kP256Parameters))),
            ErrorCode::pem_malformed);
  EXPECT_EQ(error_of(to_pem("EC PRIVATE KEY", sec1(ByteString(32, 0xff), kP256Parameters))),
            ErrorCode::pem_malformed);
  EXPECT_EQ(error_of(to_pem("EC PRIVATE KEY", sec1(ByteString(33, 0x11), kP256Parameters))),
            ErrorCode::pem_malformed);
}

TEST(PrivateKeyTest, APublicKeyOfAnotherPrivateKeyIsMalformed) {
  const auto first = PrivateKey::generate(KeyType::ec_p256);
  const auto second = PrivateKey::generate(KeyType::ec_p256);
  ASSERT_TRUE(first && second);
  const auto block = parse_pem(*first->to_pem());
  ByteString der = block->front().der;
  const Bytes other = second->public_key().last(65);
  std::copy(other.begin(), other.end(), der.end() - 65);
  EXPECT_EQ(error_of(to_pem("PRIVATE KEY", der)), ErrorCode::pem_malformed);
}

TEST(PrivateKeyTest, RsaNumbersThatDoNotBelongTogetherAreMalformed) {
  const auto key = PrivateKey::generate(KeyType::rsa);
  ASSERT_TRUE(key);
  const auto block = parse_pem(*key->to_pem());
  ByteString der = block->front().der;
  der.back() ^= 2;  // the coefficient: libcrypto's own check of CRT results makes up for it
  EXPECT_TRUE(PrivateKey::from_pem(to_pem("PRIVATE KEY", der)));
  der = block->front().der;
  der[200] ^= 2;  // the modulus: nothing that it signs would verify
  EXPECT_EQ(error_of(to_pem("PRIVATE KEY", der)), ErrorCode::pem_malformed);
}

// Attack row 46: a signature made with a wrong half of the CRT would give the key away. Each of the numbers
// that the CRT uses is changed in each of its last bytes: what is signed all the same verifies.
TEST(PrivateKeyTest, AFaultInTheCrtReachesNoSignature) {
  const auto key = PrivateKey::generate(KeyType::rsa);
  ASSERT_TRUE(key);
  const auto verifier = PublicKey::from_spki(key->public_key());
  ASSERT_TRUE(verifier);
  const auto block = parse_pem(*key->to_pem());
  const ByteString& good = block->front().der;
  // exponent1, exponent2 and coefficient end the key: 128 bytes each, a tag, a length, and maybe a zero.
  constexpr std::size_t kNumber = 130;
  int signed_all_the_same = 0;
  for (std::size_t number = 0; number < 3; ++number) {
    for (std::size_t byte = 1; byte <= 8; ++byte) {
      ByteString der = good;
      der[der.size() - number * kNumber - byte * 8] ^= 4;
      const auto faulty = PrivateKey::from_pem(to_pem("PRIVATE KEY", der));
      if (!faulty) continue;
      for (const auto algorithm : {SignatureAlgorithm::rsa_pkcs1, SignatureAlgorithm::rsa_pss}) {
        const SignatureMethod method{algorithm, HashAlgorithm::sha256};
        const auto signature = faulty->sign(method, as_bytes("content"));
        if (!signature) continue;
        ++signed_all_the_same;
        EXPECT_TRUE(verifier->verify(method, as_bytes("content"), *signature)) << number << ", " << byte;
      }
    }
  }
  EXPECT_GT(signed_all_the_same, 0) << "nothing was tried";
}

struct Collector {
  std::shared_ptr<PendingDecision<ByteString>> pending =
      std::make_shared<PendingDecision<ByteString>>(std::function<void()>());
  Completion<ByteString> completion() { return Completion<ByteString>(pending); }
};

TEST(SignerTest, AnswersInsideTheCall) {
  const auto key = PrivateKey::generate(KeyType::ec_p384);
  ASSERT_TRUE(key);
  const auto signer = signer_from_pem(*key->to_pem());
  ASSERT_TRUE(signer);
  EXPECT_EQ(to_hex((*signer)->public_key()), to_hex(key->public_key()));
  ASSERT_EQ((*signer)->schemes().size(), 1U);
  Collector good;
  (*signer)->sign(SignatureScheme::ecdsa_secp384r1_sha384, as_bytes("content"), good.completion());
  const auto signature = good.pending->take();
  ASSERT_TRUE(signature && *signature);
  const auto public_key = PublicKey::from_spki(key->public_key());
  EXPECT_TRUE(public_key->verify({SignatureAlgorithm::ecdsa, HashAlgorithm::sha384}, as_bytes("content"),
                                 **signature));
  // A scheme that it did not offer, though the method would work.
  Collector bad;
  (*signer)->sign(SignatureScheme::ecdsa_secp256r1_sha256, as_bytes("content"), bad.completion());
  const auto refused = bad.pending->take();
  ASSERT_TRUE(refused);
  ASSERT_FALSE(*refused);
  EXPECT_EQ(refused->error().code(), ErrorCode::signer_failed);
}

TEST(SignerTest, OneKeySignsOnManyThreads) {
  for (const KeyType type : {KeyType::rsa, KeyType::ec_p256, KeyType::ed25519}) {
    auto key = PrivateKey::generate(type);
    ASSERT_TRUE(key);
    const auto public_key = PublicKey::from_spki(key->public_key());
    ASSERT_TRUE(public_key);
    const SignatureMethod method = *method_of(key->schemes().front());
    std::array<int, 4> good{};
    std::vector<std::thread> threads;
    for (int& count : good) {
      threads.emplace_back([&] {
        for (int i = 0; i < 20; ++i) {
          const auto signature = key->sign(method, as_bytes("content"));
          if (signature && public_key->verify(method, as_bytes("content"), *signature)) ++count;
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(good, (std::array<int, 4>{20, 20, 20, 20}));
  }
}

#ifdef OPENSSL_PROGRAM
std::string output_of(const std::string& arguments) {
  std::string command = OPENSSL_PROGRAM;
  command.append(" ").append(arguments).append(" 2>/dev/null");
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::string out;
  std::array<char, 512> buffer{};
  while (pipe && fgets(buffer.data(), static_cast<int>(buffer.size()), pipe.get()) != nullptr)
    out += buffer.data();
  return out;
}

struct ForeignKey {
  const char* command;
  KeyType type;
  std::size_t schemes;
};

TEST(ForeignKeyTest, KeysOfTheOpensslCommandAreRead) {
  const std::string pss =
      "-pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_pss_keygen_md:sha256 "
      "-pkeyopt rsa_pss_keygen_mgf1_md:sha256 -pkeyopt rsa_pss_keygen_saltlen:32";
  const std::string bound_pss = "genpkey -algorithm RSA-PSS " + pss;
  const std::array kKeys{
      ForeignKey{"genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048", KeyType::rsa, 6},
      ForeignKey{"genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072", KeyType::rsa, 6},
      ForeignKey{"genrsa -traditional 2048", KeyType::rsa, 6},
      ForeignKey{"genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048", KeyType::rsa_pss, 3},
      ForeignKey{bound_pss.c_str(), KeyType::rsa_pss, 1},
      ForeignKey{"ecparam -name prime256v1 -genkey", KeyType::ec_p256, 1},
      ForeignKey{"ecparam -name secp384r1 -genkey -noout", KeyType::ec_p384, 1},
      ForeignKey{"genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-521", KeyType::ec_p521, 1},
      ForeignKey{"genpkey -algorithm ED25519", KeyType::ed25519, 1},
  };
  if (output_of("version").empty()) GTEST_SKIP() << "the openssl command does not run";
  for (const ForeignKey& foreign : kKeys) {
    SCOPED_TRACE(foreign.command);
    const auto key = PrivateKey::from_pem(output_of(foreign.command));
    ASSERT_TRUE(key) << key.error().to_string();
    EXPECT_EQ(key->type(), foreign.type);
    EXPECT_EQ(key->schemes().size(), foreign.schemes);
    expect_works(*key);
  }
}

// All three forms of RFC 9881 §6.
TEST(ForeignKeyTest, MlDsaKeysOfTheOpensslCommandAreRead) {
  if (!has_ml_dsa()) GTEST_SKIP() << "libcrypto has no ML-DSA";
  for (const char* const form : {"seed-only", "priv-only", "seed-priv"}) {
    SCOPED_TRACE(form);
    const auto key = PrivateKey::from_pem(output_of(
        (std::string("genpkey -algorithm ML-DSA-65 -provparam ml-dsa.output_formats=") + form).c_str()));
    ASSERT_TRUE(key) << key.error().to_string();
    EXPECT_EQ(key->type(), KeyType::ml_dsa_65);
    expect_works(*key);
    const auto again = PrivateKey::from_pem(*key->to_pem());
    ASSERT_TRUE(again) << again.error().to_string();
    EXPECT_EQ(to_hex(again->public_key()), to_hex(key->public_key()));
  }
}

// A seed and an expanded key that do not belong together.
TEST(PrivateKeyTest, MlDsaKeyOfTwoHalvesIsRefused) {
  if (!has_ml_dsa()) GTEST_SKIP() << "libcrypto has no ML-DSA";
  const ByteString identifier = from_hex("300b0609608648016503040311");  // ML-DSA-44
  const auto key_of = [&](const ByteString& inner) {
    const ByteString octets = der_encode(der::kOctetString, {inner});
    return der_encode(der::kSequence, {der_unsigned({}), identifier, octets});
  };
  const ByteString seed(32, 7);
  const ByteString both = der_encode(der::kSequence, {der_encode(der::kOctetString, {seed}),
                                                      der_encode(der::kOctetString, {ByteString(2560, 1)})});
  const auto refused = PrivateKey::from_bytes(key_of(both));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), ErrorCode::pem_malformed);
  EXPECT_TRUE(PrivateKey::from_bytes(key_of(der_encode(der::context(0), {seed}))));
  for (const ByteString& wrong : {der_encode(der::context(0), {ByteString(31)}),
                                  der_encode(der::kOctetString, {ByteString(2559)}), ByteString()}) {
    const auto key = PrivateKey::from_bytes(key_of(wrong));
    ASSERT_FALSE(key);
    EXPECT_EQ(key.error().code(), ErrorCode::pem_malformed);
  }
}

TEST(PrivateKeyTest, WithoutMlDsaNoSuchKeyIsMade) {
  if (has_ml_dsa()) GTEST_SKIP() << "libcrypto has ML-DSA";
  const auto key = PrivateKey::generate(KeyType::ml_dsa_65);
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().code(), ErrorCode::key_unsupported);
}

TEST(ForeignKeyTest, KeysThatHandfastDoesNotTakeAreNamed) {
  if (output_of("version").empty()) GTEST_SKIP() << "the openssl command does not run";
  for (const char* const command :
       {"genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024", "genpkey -algorithm ED448",
        "genpkey -algorithm X25519", "ecparam -name secp256k1 -genkey -noout",
        "ecparam -name prime256v1 -genkey -noout -param_enc explicit"}) {
    EXPECT_EQ(error_of(output_of(command)), ErrorCode::key_unsupported) << command;
  }
}
#endif

}  // namespace
}  // namespace handfast::crypto
