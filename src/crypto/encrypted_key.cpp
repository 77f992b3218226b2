// Private keys under a passphrase: see the header. RFC 8018 §6.2, §A.2 to §A.4, §B.2; RFC 7914 §7.1.
#include "crypto/encrypted_key.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "crypto/der.hpp"
#include "crypto/openssl.hpp"

namespace handfast::crypto {
namespace {

using OwnedCipherContext = std::unique_ptr<EVP_CIPHER_CTX, FreeWith<&EVP_CIPHER_CTX_free>>;

struct CipherRow {
  std::string_view oid;       // content octets
  std::string_view dek_name;  // as "DEK-Info:" calls it
  const EVP_CIPHER* (*cipher)();
};

constexpr std::array kCiphers = {
    CipherRow{"\x60\x86\x48\x01\x65\x03\x04\x01\x02", "AES-128-CBC", EVP_aes_128_cbc},
    CipherRow{"\x60\x86\x48\x01\x65\x03\x04\x01\x16", "AES-192-CBC", EVP_aes_192_cbc},
    CipherRow{"\x60\x86\x48\x01\x65\x03\x04\x01\x2a", "AES-256-CBC", EVP_aes_256_cbc},
    CipherRow{"\x2a\x86\x48\x86\xf7\x0d\x03\x07", "DES-EDE3-CBC", EVP_des_ede3_cbc},
};

constexpr std::string_view kPbes2 = "\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d";
constexpr std::string_view kPbkdf2 = "\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0c";
constexpr std::string_view kScrypt = "\x2b\x06\x01\x04\x01\xda\x47\x04\x0b";
constexpr std::string_view kRsadsiDigest =
    "\x2a\x86\x48\x86\xf7\x0d\x02";  // hmacWithSHA1 is below it as 7, …

// What OpenSSL wrote before 1.1 unless told otherwise, and what PKCS #12 files hold: DES, RC2 or RC4 under
// MD5 or SHA-1.
struct OldMethod {
  std::string_view oid;
  const char* name;
};
constexpr std::array kOldMethods = {
    OldMethod{"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x03", "pbeWithMD5AndDES-CBC"},
    OldMethod{"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x06", "pbeWithMD5AndRC2-CBC"},
    OldMethod{"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0a", "pbeWithSHA1AndDES-CBC"},
    OldMethod{"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0b", "pbeWithSHA1AndRC2-CBC"},
    OldMethod{"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01\x01", "pbeWithSHA1And128BitRC4"},
    OldMethod{"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01\x03", "pbeWithSHA1And3-KeyTripleDES-CBC"},
    OldMethod{"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01\x06", "pbeWithSHA1And40BitRC2-CBC"},
};

std::unexpected<Error> unsupported(const std::string& what) {
  Error error(ErrorCode::key_unsupported);
  error.with_detail("the key is encrypted with " + what);
  error.with_fix(
      "encrypt it again: openssl pkcs8 -topk8 -in old.key -out new.key (with \"-provider legacy "
      "-provider default\" if OpenSSL 3 refuses)");
  return failure(std::move(error));
}

std::unexpected<Error> malformed(const char* field, std::size_t offset) {
  return failure(Error(ErrorCode::pem_malformed).at(field, offset));
}

// How a passphrase becomes the cipher's key.
struct Derivation {
  bool scrypt = false;
  Bytes salt;
  std::uint64_t iterations = 0;
  const EVP_MD* (*hash)() = EVP_sha1;
  std::uint64_t cost = 0;
  std::uint64_t block_size = 0;
  std::uint64_t parallelism = 0;
};

struct Scheme {
  Derivation derivation;
  const CipherRow* cipher = nullptr;
  Bytes iv;
  Bytes encrypted;
  std::string unknown;  // what is not supported, if anything
};

std::string_view oid_of(DerReader& reader) { return as_text(reader.object_identifier("algorithm")); }

const EVP_MD* (*hash_of(std::string_view oid))() {
  if (oid.size() != kRsadsiDigest.size() + 1 || !oid.starts_with(kRsadsiDigest)) return nullptr;
  switch (oid.back()) {
    case 7:
      return EVP_sha1;
    case 8:
      return EVP_sha224;
    case 9:
      return EVP_sha256;
    case 10:
      return EVP_sha384;
    case 11:
      return EVP_sha512;
    default:
      return nullptr;
  }
}

// PBKDF2-params, RFC 8018 §A.2: the PRF is HMAC with SHA-1 unless said otherwise.
void read_pbkdf2(DerReader& kdf, Scheme& scheme) {
  DerReader parameters = kdf.sequence("PBKDF2-params");
  scheme.derivation.salt = parameters.octet_string("salt");
  scheme.derivation.iterations = parameters.small_integer("iterationCount", UINT64_MAX);
  if (parameters.next_is(der::kInteger)) parameters.small_integer("keyLength", 64);
  if (parameters.next_is(der::kSequence)) {
    DerReader prf = parameters.sequence("prf");
    scheme.derivation.hash = hash_of(oid_of(prf));
    if (scheme.derivation.hash == nullptr)
      scheme.unknown = "a pseudo-random function that is not HMAC with SHA";
    if (!prf.empty()) prf.null("prf.parameters");
    prf.expect_end("prf");
  }
  parameters.expect_end("PBKDF2-params");
}

// scrypt-params, RFC 7914 §7.1.
void read_scrypt(DerReader& kdf, Scheme& scheme) {
  DerReader parameters = kdf.sequence("scrypt-params");
  scheme.derivation.scrypt = true;
  scheme.derivation.salt = parameters.octet_string("salt");
  scheme.derivation.cost = parameters.small_integer("costParameter", UINT64_MAX);
  scheme.derivation.block_size = parameters.small_integer("blockSize", UINT64_MAX);
  scheme.derivation.parallelism = parameters.small_integer("parallelizationParameter", UINT64_MAX);
  if (parameters.next_is(der::kInteger)) parameters.small_integer("keyLength", 64);
  parameters.expect_end("scrypt-params");
}

// PBES2-params, RFC 8018 §A.4.
void read_pbes2(DerReader& algorithm, Scheme& scheme) {
  DerReader parameters = algorithm.sequence("PBES2-params");
  {
    DerReader kdf = parameters.sequence("keyDerivationFunc");
    const std::string_view oid = oid_of(kdf);
    if (oid == kPbkdf2) {
      read_pbkdf2(kdf, scheme);
    } else if (oid == kScrypt) {
      read_scrypt(kdf, scheme);
    } else {
      scheme.unknown = "an unknown key derivation";
      return;
    }
    kdf.expect_end("keyDerivationFunc");
  }
  DerReader cipher = parameters.sequence("encryptionScheme");
  const std::string_view oid = oid_of(cipher);
  const auto* const row = std::ranges::find(kCiphers, oid, &CipherRow::oid);
  if (row == kCiphers.end()) {
    scheme.unknown = "a cipher that is not AES-CBC";
    return;
  }
  scheme.cipher = row;
  scheme.iv = cipher.octet_string("encryptionScheme.parameters");
  cipher.expect_end("encryptionScheme");
  parameters.expect_end("PBES2-params");
}

// EncryptedPrivateKeyInfo ::= SEQUENCE { encryptionAlgorithm AlgorithmIdentifier, encryptedData OCTET STRING
// }
Result<Scheme> read_scheme(Bytes der) {
  DerReader reader(der, 0, ErrorCode::pem_malformed);
  DerReader info = reader.sequence("EncryptedPrivateKeyInfo");
  Scheme scheme;
  {
    DerReader algorithm = info.sequence("encryptionAlgorithm");
    const std::string_view oid = oid_of(algorithm);
    if (oid != kPbes2) {
      HANDFAST_TRY(algorithm.status());
      const auto* const old = std::ranges::find(kOldMethods, oid, &OldMethod::oid);
      return unsupported(old != kOldMethods.end() ? std::string(old->name) + ", which is broken"
                                                  : std::string("an unknown method"));
    }
    read_pbes2(algorithm, scheme);
    HANDFAST_TRY(algorithm.status());
    if (!scheme.unknown.empty()) return unsupported(scheme.unknown);
    algorithm.expect_end("encryptionAlgorithm");
  }
  scheme.encrypted = info.octet_string("encryptedData");
  info.expect_end("EncryptedPrivateKeyInfo");
  HANDFAST_TRY(reader.finish());
  return scheme;
}

using CipherKey = Secret<EVP_MAX_KEY_LENGTH>;

Result<CipherKey> derive(const Derivation& from, std::size_t size, std::string_view passphrase) {
  CipherKey key(size);
  const MutableBytes out = key.writable();
  if (from.scrypt) {
    // Both factors alone are below the limit before they are multiplied.
    const bool bounded = from.cost <= kMaxScryptMemory && from.block_size <= kMaxScryptMemory &&
                         from.cost * from.block_size <= kMaxScryptMemory / 128 &&
                         from.parallelism <= kMaxScryptParallelism;
    if (!bounded) return unsupported("more work than a key file may ask for (scrypt)");
    if (EVP_PBE_scrypt(passphrase.data(), passphrase.size(), from.salt.data(), from.salt.size(), from.cost,
                       from.block_size, from.parallelism, 2 * kMaxScryptMemory, out.data(), size) != 1) {
      ERR_clear_error();
      return malformed("scrypt-params", 0);
    }
    return key;
  }
  if (from.iterations == 0) return malformed("iterationCount", 0);
  if (from.iterations > kMaxKeyIterations)
    return unsupported("more work than a key file may ask for (" + std::to_string(from.iterations) +
                       " iterations)");
  if (PKCS5_PBKDF2_HMAC(passphrase.data(), static_cast<int>(passphrase.size()), from.salt.data(),
                        static_cast<int>(from.salt.size()), static_cast<int>(from.iterations), from.hash(),
                        static_cast<int>(size), out.data()) != 1) {
    return crypto_failure();
  }
  return key;
}

// Decrypts, and takes what is no single SEQUENCE for the work of a wrong passphrase: 255 of 256 fail at the
// padding.
Result<WipedBytes> decrypt(const EVP_CIPHER* cipher, Bytes key, Bytes iv, Bytes encrypted) {
  const auto block = static_cast<std::size_t>(EVP_CIPHER_get_block_size(cipher));
  if (encrypted.empty() || encrypted.size() % block != 0) return malformed("encryptedData", 0);
  const OwnedCipherContext context(EVP_CIPHER_CTX_new());
  WipedBytes room(ByteString(encrypted.size() + EVP_MAX_BLOCK_LENGTH));
  const MutableBytes out = room.writable();
  int size = 0;
  int last = 0;
  if (!context || EVP_DecryptInit_ex(context.get(), cipher, nullptr, key.data(), iv.data()) != 1)
    return crypto_failure();
  const bool opened = EVP_DecryptUpdate(context.get(), out.data(), &size, encrypted.data(),
                                        static_cast<int>(encrypted.size())) == 1 &&
                      EVP_DecryptFinal_ex(context.get(), out.data() + size, &last) == 1;
  if (!opened) return crypto_failure(ErrorCode::key_passphrase_wrong);
  const Bytes plain = room.view().first(static_cast<std::size_t>(size) + static_cast<std::size_t>(last));
  DerReader reader(plain);
  reader.element("key", der::kSequence);
  if (!reader.finish()) return failure(ErrorCode::key_passphrase_wrong);
  return WipedBytes(copy_of(plain));
}

std::optional<ByteString> from_hexadecimal(std::string_view text) {
  const auto digit = [](char c) -> int {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
  };
  if (text.size() % 2 != 0) return std::nullopt;
  ByteString out;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = digit(text[i]);
    const int low = digit(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out.push_back(static_cast<std::uint8_t>(high * 16 + low));
  }
  return out;
}

constexpr std::size_t kMaxEncryptedKey = std::size_t{1} << 20U;

}  // namespace

Result<WipedBytes> decrypt_pkcs8(Bytes der, std::string_view passphrase) {
  if (der.size() > kMaxEncryptedKey) return malformed("EncryptedPrivateKeyInfo", 0);
  HANDFAST_TRY_ASSIGN(const Scheme scheme, read_scheme(der));
  const EVP_CIPHER* const cipher = scheme.cipher->cipher();
  if (scheme.iv.size() != static_cast<std::size_t>(EVP_CIPHER_get_iv_length(cipher)))
    return malformed("encryptionScheme.parameters", 0);
  HANDFAST_TRY_ASSIGN(
      const CipherKey key,
      derive(scheme.derivation, static_cast<std::size_t>(EVP_CIPHER_get_key_length(cipher)), passphrase));
  return decrypt(cipher, key.view(), scheme.iv, scheme.encrypted);
}

Result<WipedBytes> decrypt_pem(Bytes encrypted, std::string_view encryption, std::string_view passphrase) {
  const std::size_t comma = std::min(encryption.find(','), encryption.size());
  const std::string_view name = encryption.substr(0, comma);
  const auto* const row = std::ranges::find(kCiphers, name, &CipherRow::dek_name);
  if (row == kCiphers.end()) {
    // The file names it: only what a cipher's name is made of is repeated.
    const bool plain =
        !name.empty() && name.size() < 32 &&
        std::ranges::all_of(
            name, [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'; });
    return unsupported(plain ? std::string(name) : std::string("an unknown method"));
  }
  const EVP_CIPHER* const cipher = row->cipher();
  const auto iv = from_hexadecimal(encryption.substr(std::min(comma + 1, encryption.size())));
  if (!iv || iv->size() != static_cast<std::size_t>(EVP_CIPHER_get_iv_length(cipher)) ||
      encrypted.size() > kMaxEncryptedKey) {
    return malformed("DEK-Info", 0);
  }
  CipherKey key(static_cast<std::size_t>(EVP_CIPHER_get_key_length(cipher)));
  // The salt is the first 8 bytes of the initialization vector; one round of MD5 is what the format has.
  if (EVP_BytesToKey(cipher, EVP_md5(), iv->data(), as_bytes(passphrase).data(),
                     static_cast<int>(passphrase.size()), 1, key.writable().data(), nullptr) <= 0) {
    return crypto_failure();
  }
  return decrypt(cipher, key.view(), *iv, encrypted);
}

}  // namespace handfast::crypto
