// Files that hold keys, as the openssl command has written them through the years, and files that hold
// something else: each with its own message.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "crypto/der.hpp"
#include "crypto/der_writer.hpp"
#include "crypto/encrypted_key.hpp"
#include "crypto/pem.hpp"
#include "crypto/private_key.hpp"
#include "support/hex.hpp"

namespace handfast::crypto {
namespace {

Result<PrivateKey> read(std::string_view file, std::optional<std::string_view> passphrase = std::nullopt) {
  return PrivateKey::from_bytes(as_bytes(file), passphrase);
}

std::string detail_of(std::string_view file) {
  const auto key = read(file);
  if (key) return "it is a key";
  EXPECT_EQ(key.error().code(), ErrorCode::pem_malformed);
  return std::string(key.error().detail());
}

// PrivateKeyInfo { 0, { `oid` }, '0123' }.
std::string key_of(const char* oid) {
  const ByteString algorithm =
      der_encode(der::kSequence, {der_encode(der::kObjectIdentifier, {test::from_hex(oid)})});
  const std::uint8_t version = 0;
  const ByteString key =
      der_encode(der::kSequence, {der_encode(der::kInteger, {Bytes(&version, 1)}), algorithm,
                                  der_encode(der::kOctetString, {as_bytes("0123")})});
  return to_pem("PRIVATE KEY", key);
}

TEST(KeyFileTest, NamesTheKindOfKeyThatIsNotSupported) {
  const std::pair<const char*, const char*> kinds[] = {
      {"608648016503040311", "ML-DSA-44"}, {"608648016503040312", "ML-DSA-65"},
      {"608648016503040313", "ML-DSA-87"}, {"2b6571", "Ed448"},
      {"2a8648ce380401", "DSA"},           {"2a0304", ""}};
  for (const auto& [oid, name] : kinds) {
    if (has_ml_dsa() && std::string_view(name).starts_with("ML-DSA")) continue;
    const auto key = read(key_of(oid));
    ASSERT_FALSE(key);
    EXPECT_EQ(key.error().code(), ErrorCode::key_unsupported) << oid;
    EXPECT_EQ(key.error().detail(), name);
  }
}

TEST(KeyFileTest, SaysWhatAFileIsInstead) {
  EXPECT_EQ(detail_of(""), "it is empty");
  EXPECT_EQ(detail_of(" \r\n\n"), "it is empty");
  EXPECT_EQ(detail_of("hello"), "no private key in it: it is neither PEM nor DER");
  EXPECT_EQ(detail_of(std::string("\xff\xfe-\0-\0", 6)), "it is text in UTF-16");
  EXPECT_EQ(detail_of(to_pem("CERTIFICATE", as_bytes("x"))), "it holds a certificate and no private key");
  EXPECT_EQ(detail_of(to_pem("CERTIFICATE REQUEST", as_bytes("x"))),
            "it holds a certificate request and no private key");
  EXPECT_EQ(detail_of(to_pem("PUBLIC KEY", as_bytes("x"))), "it holds a public key and no private key");
  // SEQUENCE { SEQUENCE, SEQUENCE, BIT STRING }
  EXPECT_EQ(detail_of(as_text(test::from_hex("300730003000030100"))),
            "it holds a certificate and no private key");
  EXPECT_EQ(detail_of(as_text(test::from_hex("30053000030100"))), "it holds a public key and no private key");
  // SEQUENCE { INTEGER 3, SEQUENCE }
  EXPECT_EQ(detail_of(as_text(test::from_hex("30050201033000"))), "it is a PKCS #12 file (.p12, .pfx)");
  EXPECT_EQ(detail_of(as_text(test::from_hex("30030101ff"))), "it is neither PEM nor a private key in DER");
  EXPECT_EQ(read("-----BEGIN PRIVATE KEY-----\nAQID\n").error().field(), std::string("END line missing"));
}

TEST(KeyFileTest, ABrokenBlockBeforeTheKeyDoesNoHarm) {
  const auto key = PrivateKey::generate(KeyType::ed25519);
  ASSERT_TRUE(key);
  EXPECT_TRUE(read("-----BEGIN CERTIFICATE-----\nAQ*D\n-----END CERTIFICATE-----\n" + *key->to_pem()));
}

ByteString sequence(std::initializer_list<Bytes> parts) { return der_encode(der::kSequence, parts); }
ByteString number(std::string_view hex) { return der_unsigned(test::from_hex(hex)); }
ByteString octets(std::size_t size) { return der_encode(der::kOctetString, {ByteString(size, 1)}); }

// EncryptedPrivateKeyInfo with AES-256-CBC.
ByteString pbes2(const ByteString& kdf) {
  const ByteString cipher = sequence({test::from_hex("060960864801650304012a"), octets(16)});
  const ByteString parameters = sequence({kdf, cipher});
  const ByteString algorithm = sequence({test::from_hex("06092a864886f70d01050d"), parameters});
  return sequence({algorithm, octets(32)});
}
ByteString pbkdf2(std::string_view iterations) {
  const ByteString parameters = sequence({octets(8), number(iterations)});
  return pbes2(sequence({test::from_hex("06092a864886f70d01050c"), parameters}));
}
ByteString scrypt(std::string_view cost, std::string_view block_size, std::string_view parallelism) {
  const ByteString parameters = sequence({octets(8), number(cost), number(block_size), number(parallelism)});
  return pbes2(sequence({test::from_hex("06092b06010401da47040b"), parameters}));
}

// A file must not be able to ask for hours of work or all of the memory.
TEST(KeyFileTest, TheWorkThatAFileAsksForIsBounded) {
  const auto refused = [](const ByteString& der) {
    const auto plain = decrypt_pkcs8(der, "x");
    return plain ? ErrorCode::internal_error : plain.error().code();
  };
  EXPECT_EQ(refused(pbkdf2("7fffffff")), ErrorCode::key_unsupported);
  EXPECT_EQ(refused(pbkdf2("7fffffffffffff")), ErrorCode::key_unsupported);
  EXPECT_EQ(refused(pbkdf2("00")), ErrorCode::pem_malformed);
  EXPECT_EQ(refused(scrypt("40000000", "08", "01")), ErrorCode::key_unsupported);
  EXPECT_EQ(refused(scrypt("0400", "08", "7fffffff")), ErrorCode::key_unsupported);
  EXPECT_EQ(refused(scrypt("40000000000000", "40000000000000", "01")), ErrorCode::key_unsupported);
  EXPECT_EQ(refused(scrypt("03", "08", "01")), ErrorCode::pem_malformed);  // no power of two
  EXPECT_EQ(refused(scrypt("10", "01", "01")), ErrorCode::key_passphrase_wrong);
}

TEST(KeyFileTest, EveryTruncationOfAnEncryptedKeyIsRefused) {
  const ByteString whole = pbkdf2("01");
  EXPECT_EQ(decrypt_pkcs8(whole, "x").error().code(), ErrorCode::key_passphrase_wrong);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto plain = decrypt_pkcs8(Bytes(whole).first(size), "x");
    ASSERT_FALSE(plain);
    EXPECT_EQ(plain.error().code(), ErrorCode::pem_malformed) << size;
  }
}

TEST(KeyFileTest, OldPemEncryptionIsReadStrictly) {
  const ByteString bytes(32, 7);
  EXPECT_EQ(decrypt_pem(bytes, "", "x").error().code(), ErrorCode::key_unsupported);
  EXPECT_EQ(decrypt_pem(bytes, "DES-CBC,0011223344556677", "x").error().code(), ErrorCode::key_unsupported);
  for (const char* const bad : {"AES-256-CBC", "AES-256-CBC,", "AES-256-CBC,00", "AES-256-CBC,xx",
                                "AES-256-CBC,000102030405060708090A0B0C0D0E0G"}) {
    EXPECT_EQ(decrypt_pem(bytes, bad, "x").error().code(), ErrorCode::pem_malformed) << bad;
  }
  EXPECT_EQ(decrypt_pem({}, "AES-256-CBC,000102030405060708090A0B0C0D0E0F", "x").error().code(),
            ErrorCode::pem_malformed);
  EXPECT_EQ(decrypt_pem(bytes, "AES-256-CBC,000102030405060708090A0B0C0D0E0F", "x").error().code(),
            ErrorCode::key_passphrase_wrong);
}

#ifdef OPENSSL_PROGRAM
// A folder in which the openssl command works.
class OpensslTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "handfast-keys-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    if (!openssl("version")) GTEST_SKIP() << "the openssl command does not run";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  bool openssl(const std::string& arguments) const {
    const std::string command =
        "cd " + folder_.string() + " && " OPENSSL_PROGRAM " " + arguments + " >log 2>&1";
    return std::system(command.c_str()) == 0;
  }
  std::string file(const std::string& name) const {
    std::ifstream stream(folder_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  }
  std::filesystem::path folder_;
};

struct Kind {
  const char* name;
  const char* make;  // writes key.pem
  KeyType type;
};
constexpr std::array kKinds = {
    Kind{"RSA", "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out key.pem", KeyType::rsa},
    Kind{"P-256", "ecparam -name prime256v1 -genkey -noout -out key.pem", KeyType::ec_p256},
    Kind{"P-384", "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out key.pem", KeyType::ec_p384},
    Kind{"P-521", "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-521 -out key.pem", KeyType::ec_p521},
    Kind{"Ed25519", "genpkey -algorithm ED25519 -out key.pem", KeyType::ed25519},
};

// Ways to write key.pem again; those that are encrypted have the passphrase "lang und geheim".
struct Form {
  const char* command;  // writes out.pem from key.pem
  bool encrypted;
  bool traditional;  // not for Ed25519
};
constexpr std::array kForms = {
    Form{"pkcs8 -topk8 -nocrypt -in key.pem -out out.pem", false, false},
    Form{"pkcs8 -topk8 -nocrypt -in key.pem -outform DER -out out.pem", false, false},
    Form{"pkey -traditional -in key.pem -out out.pem", false, true},
    Form{"pkey -traditional -in key.pem -outform DER -out out.pem", false, true},
    Form{"pkcs8 -topk8 -in key.pem -out out.pem -passout 'pass:lang und geheim'", true, false},
    Form{"pkcs8 -topk8 -in key.pem -outform DER -out out.pem -passout 'pass:lang und geheim'", true, false},
    Form{"pkcs8 -topk8 -v2 aes-128-cbc -v2prf hmacWithSHA1 -in key.pem -out out.pem -passout 'pass:lang und "
         "geheim'",
         true, false},
    Form{
        "pkcs8 -topk8 -v2 aes-192-cbc -v2prf hmacWithSHA512 -in key.pem -out out.pem -passout 'pass:lang und "
        "geheim'",
        true, false},
    Form{"pkcs8 -topk8 -v2 des3 -in key.pem -out out.pem -passout 'pass:lang und geheim'", true, false},
    Form{"pkcs8 -topk8 -scrypt -in key.pem -out out.pem -passout 'pass:lang und geheim'", true, false},
    Form{"pkey -traditional -aes-256-cbc -in key.pem -out out.pem -passout 'pass:lang und geheim'", true,
         true},
    Form{"pkey -traditional -aes-128-cbc -in key.pem -out out.pem -passout 'pass:lang und geheim'", true,
         true},
    Form{"pkey -traditional -des3 -in key.pem -out out.pem -passout 'pass:lang und geheim'", true, true},
};

TEST_F(OpensslTest, EveryKindInEveryForm) {
  for (const Kind& kind : kKinds) {
    ASSERT_TRUE(openssl(kind.make)) << kind.name;
    const auto original = read(file("key.pem"));
    ASSERT_TRUE(original) << original.error().to_string();
    EXPECT_EQ(original->type(), kind.type);
    for (const Form& form : kForms) {
      if (form.traditional && kind.type == KeyType::ed25519) continue;
      SCOPED_TRACE(std::string(kind.name) + ": " + form.command);
      ASSERT_TRUE(openssl(form.command)) << file("log");
      const std::string text = file("out.pem");
      const auto key = read(text, "lang und geheim");
      ASSERT_TRUE(key) << key.error().to_string();
      EXPECT_EQ(test::to_hex(key->public_key()), test::to_hex(original->public_key()));
      if (!form.encrypted) {
        EXPECT_TRUE(read(text));
        continue;
      }
      EXPECT_EQ(read(text).error().code(), ErrorCode::key_passphrase_missing);
      EXPECT_EQ(read(text, "geheim").error().code(), ErrorCode::key_passphrase_wrong);
      EXPECT_EQ(read(text, "").error().code(), ErrorCode::key_passphrase_wrong);
    }
  }
}

TEST_F(OpensslTest, WhatEditorsAndOtherProgramsAdd) {
  ASSERT_TRUE(openssl("ecparam -name prime256v1 -genkey -out key.pem"));  // with EC PARAMETERS
  const std::string pem = file("key.pem");
  ASSERT_NE(pem.find("EC PARAMETERS"), std::string::npos);
  std::string crlf;
  for (const char c : pem) crlf += c == '\n' ? std::string("\r\n") : std::string(1, c);
  EXPECT_TRUE(read(pem));
  EXPECT_TRUE(read(crlf));
  EXPECT_TRUE(read("\xef\xbb\xbf" + crlf));
  // What "openssl pkcs12 -nodes" writes around a key.
  ASSERT_TRUE(openssl("req -x509 -new -key key.pem -subj /CN=x -out cert.pem"));
  ASSERT_TRUE(openssl("pkcs12 -export -inkey key.pem -in cert.pem -passout pass:x -out all.p12"));
  ASSERT_TRUE(openssl("pkcs12 -in all.p12 -passin pass:x -nodes -out all.pem"));
  const std::string bag = file("all.pem");
  ASSERT_NE(bag.find("Bag Attributes"), std::string::npos);
  EXPECT_TRUE(read(bag));
  EXPECT_EQ(detail_of(file("all.p12")), "it is a PKCS #12 file (.p12, .pfx)");
  EXPECT_EQ(detail_of(file("cert.pem")), "it holds a certificate and no private key");
  ASSERT_TRUE(openssl("x509 -in cert.pem -outform DER -out cert.der"));
  EXPECT_EQ(detail_of(file("cert.der")), "it holds a certificate and no private key");
  ASSERT_TRUE(openssl("pkey -in key.pem -pubout -out public.pem"));
  EXPECT_EQ(detail_of(file("public.pem")), "it holds a public key and no private key");
}

TEST_F(OpensslTest, BrokenEncryptionIsNamed) {
  ASSERT_TRUE(openssl(kKinds[0].make));
  if (openssl("pkcs8 -topk8 -v1 PBE-SHA1-3DES -in key.pem -out out.pem -passout pass:x")) {
    const auto key = read(file("out.pem"), "x");
    ASSERT_FALSE(key);
    EXPECT_EQ(key.error().code(), ErrorCode::key_unsupported);
    EXPECT_NE(key.error().detail().find("pbeWithSHA1And3-KeyTripleDES-CBC"), std::string::npos);
    EXPECT_NE(key.error().fix().find("openssl pkcs8 -topk8"), std::string::npos);
  }
}
#endif

}  // namespace
}  // namespace handfast::crypto
