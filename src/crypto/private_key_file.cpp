// Files that hold a private key: which block, which encoding, which passphrase; and what a file without a key
// is instead. RFC 7468 §10 to §13 for the labels, RFC 5958 §3, RFC 5915, RFC 8017 §A.1.2.
#define OPENSSL_SUPPRESS_DEPRECATED  // the key types that private_key_der.hpp names
#include <array>
#include <string>

#include "crypto/der.hpp"
#include "crypto/encrypted_key.hpp"
#include "crypto/pem.hpp"
#include "crypto/private_key_der.hpp"

namespace handfast::crypto {
namespace {

using Passphrase = std::optional<std::string_view>;
using Parsed = Result<ParsedPrivateKey>;

std::unexpected<Error> no_key(std::string detail, std::string fix = {}) {
  Error error(ErrorCode::pem_malformed);
  error.with_detail(std::move(detail));
  if (!fix.empty()) error.with_fix(std::move(fix));
  return failure(std::move(error));
}

std::unexpected<Error> no_passphrase() {
  return failure(
      Error(ErrorCode::key_passphrase_missing)
          .with_fix("give the passphrase, or write the key without one: openssl pkey -in locked.key "
                    "-out open.key"));
}

// What a block of another kind is, for people.
struct OtherBlock {
  std::string_view label;
  const char* what;
};
constexpr std::array kOtherBlocks = {
    OtherBlock{"CERTIFICATE", "a certificate"},
    OtherBlock{"X509 CERTIFICATE", "a certificate"},
    OtherBlock{"TRUSTED CERTIFICATE", "a certificate"},
    OtherBlock{"CERTIFICATE REQUEST", "a certificate request"},
    OtherBlock{"NEW CERTIFICATE REQUEST", "a certificate request"},
    OtherBlock{"PUBLIC KEY", "a public key"},
    OtherBlock{"RSA PUBLIC KEY", "a public key"},
    OtherBlock{"EC PARAMETERS", "parameters of a curve"},
    OtherBlock{"DH PARAMETERS", "Diffie-Hellman parameters"},
    OtherBlock{"PKCS7", "a PKCS #7 container"},
};

const char* other_block(std::string_view label) {
  for (const OtherBlock& row : kOtherBlocks) {
    if (row.label == label) return row.what;
  }
  return "a block of another kind";
}

enum class DerKind : std::uint8_t {
  pkcs8,
  encrypted_pkcs8,
  sec1,
  pkcs1,
  pkcs12,
  certificate,
  public_key,
  unknown
};

// The kinds differ in their first elements.
DerKind kind_of(Bytes der) {
  DerReader reader(der);
  DerReader fields = reader.sequence("file");
  if (fields.next_is(der::kInteger)) {
    constexpr std::uint64_t kPfxVersion = 3;
    const std::uint64_t version = fields.small_integer("version", kPfxVersion);
    if (fields.next_is(der::kSequence)) return version == kPfxVersion ? DerKind::pkcs12 : DerKind::pkcs8;
    if (fields.next_is(der::kOctetString)) return DerKind::sec1;
    return fields.next_is(der::kInteger) ? DerKind::pkcs1 : DerKind::unknown;
  }
  if (!fields.next_is(der::kSequence)) return DerKind::unknown;
  fields.any("first");
  if (fields.next_is(der::kOctetString)) return DerKind::encrypted_pkcs8;
  if (fields.next_is(der::kBitString)) return DerKind::public_key;
  return fields.next_is(der::kSequence) ? DerKind::certificate : DerKind::unknown;
}

Parsed read_encrypted_pkcs8(Bytes der, Passphrase passphrase) {
  if (!passphrase) return no_passphrase();
  HANDFAST_TRY_ASSIGN(const WipedBytes plain, decrypt_pkcs8(der, *passphrase));
  return read_pkcs8(plain.view());
}

Parsed read_der(Bytes der, Passphrase passphrase) {
  switch (kind_of(der)) {
    case DerKind::pkcs8:
      return read_pkcs8(der);
    case DerKind::encrypted_pkcs8:
      return read_encrypted_pkcs8(der, passphrase);
    case DerKind::sec1:
      return read_sec1(der);
    case DerKind::pkcs1:
      return read_pkcs1(der);
    case DerKind::pkcs12:
      return no_key("it is a PKCS #12 file (.p12, .pfx)", "openssl pkcs12 -in file.p12 -nodes -out file.pem");
    case DerKind::certificate:
      return no_key("it holds a certificate and no private key");
    case DerKind::public_key:
      return no_key("it holds a public key and no private key");
    case DerKind::unknown:
      break;
  }
  return no_key("it is neither PEM nor a private key in DER");
}

Parsed read_plain_block(std::string_view label, Bytes der, std::size_t offset) {
  if (label == "PRIVATE KEY") return read_pkcs8(der);
  if (label == "EC PRIVATE KEY") return read_sec1(der);
  if (label == "RSA PRIVATE KEY") return read_pkcs1(der);
  Error error(ErrorCode::key_unsupported);
  error.at("PEM", offset).with_detail("a " + std::string(label));
  if (label == "OPENSSH PRIVATE KEY") {
    error.with_fix("ssh-keygen -p -m PEM -f key writes it as other programs read it");
  }
  return failure(std::move(error));
}

Parsed read_block(const PemBlock& block, Passphrase passphrase) {
  if (block.label == "ENCRYPTED PRIVATE KEY") return read_encrypted_pkcs8(block.der, passphrase);
  if (!block.encrypted) return read_plain_block(block.label, block.der, block.offset);
  if (!passphrase) return no_passphrase();
  HANDFAST_TRY_ASSIGN(const WipedBytes plain, decrypt_pem(block.der, block.encryption, *passphrase));
  return read_plain_block(block.label, plain.view(), block.offset);
}

Parsed read_pem(std::string_view text, Passphrase passphrase) {
  PemReader reader(text);
  std::optional<Error> broken;
  const char* other = nullptr;
  while (auto block = reader.next()) {
    if (!*block) {
      if (!broken) broken = block->error();
      continue;
    }
    PemBlock& found = **block;
    if (found.label.ends_with("PRIVATE KEY")) {
      Parsed parsed = read_block(found, passphrase);
      wipe(found.der);
      return parsed;
    }
    if (other == nullptr) other = other_block(found.label);
    wipe(found.der);
  }
  if (broken) return failure(std::move(*broken));
  if (other == nullptr) return no_key("no private key in it");
  return no_key(std::string("it holds ") + other + " and no private key");
}

}  // namespace

Result<ParsedPrivateKey> read_private_key(Bytes file, std::optional<std::string_view> passphrase) {
  const std::string_view text = as_text(file);
  if (text.find("-----BEGIN ") != std::string_view::npos) return read_pem(text, passphrase);
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return no_key("it is empty");
  constexpr std::string_view kUtf16[] = {"\xff\xfe", "\xfe\xff"};
  for (const std::string_view mark : kUtf16) {
    if (text.starts_with(mark)) return no_key("it is text in UTF-16", "save it as ASCII or UTF-8");
  }
  if (file.front() == der::kSequence) return read_der(file, passphrase);
  return no_key("no private key in it: it is neither PEM nor DER");
}

}  // namespace handfast::crypto
