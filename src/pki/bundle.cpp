// Reading bundles. RFC 7468 §5; "TRUSTED CERTIFICATE" is OpenSSL's certificate with its own settings behind
// it, which are not used.
#include "pki/bundle.hpp"

#include <fmt/format.h>

#include <handfast/secret.hpp>

#include "crypto/der.hpp"
#include "crypto/pem.hpp"
#include "pki/certificate.hpp"

namespace handfast::pki {
namespace {

bool is_certificate_label(std::string_view label) {
  return label == "CERTIFICATE" || label == "X509 CERTIFICATE" || label == "TRUSTED CERTIFICATE";
}

std::unexpected<Error> no_certificate(const char* detail, const char* fix = "") {
  Error error(ErrorCode::pem_malformed);
  error.with_detail(detail);
  if (*fix != '\0') error.with_fix(fix);
  return failure(std::move(error));
}

// What a file without a certificate is instead.
struct Others {
  bool private_key = false;
  bool request = false;
  bool pkcs7 = false;

  void note(std::string_view label) {
    private_key = private_key || label.ends_with("PRIVATE KEY");
    request = request || label.ends_with("CERTIFICATE REQUEST");
    pkcs7 = pkcs7 || label == "PKCS7";
  }
  [[nodiscard]] std::unexpected<Error> explain() const {
    if (private_key) return no_certificate("it holds a private key and no certificate");
    if (request)
      return no_certificate("it holds a certificate request and no certificate",
                            "use the certificate that the CA made from the request");
    if (pkcs7)
      return no_certificate("it is a PKCS #7 container",
                            "openssl pkcs7 -in file.p7b -print_certs -out file.pem");
    return no_certificate("no CERTIFICATE block in it");
  }
};

// The certificate alone, without what OpenSSL appends.
Bytes first_element(Bytes der) {
  crypto::DerReader reader(der);
  return reader.any("certificate").whole;
}

BundleEntry entry_of(ByteString der, std::size_t offset, std::size_t index) {
  BundleEntry entry{std::move(der), offset, std::nullopt};
  if (const auto parsed = Certificate::parse(entry.der); !parsed) {
    entry.refused = parsed.error();
    entry.refused->with_detail(place_in_bundle(index, offset));
  }
  return entry;
}

Result<std::vector<BundleEntry>> read_pem(std::string_view text) {
  std::vector<BundleEntry> entries;
  Others others;
  crypto::PemReader reader(text);
  while (auto block = reader.next()) {
    if (entries.size() == kMaxBundleCertificates) {
      return failure(Error(ErrorCode::file_too_large)
                         .with_detail(fmt::format("more than {} certificates", kMaxBundleCertificates)));
    }
    if (!*block) {
      Error error = block->error();
      const std::size_t offset = error.offset();
      error.with_detail(place_in_bundle(entries.size(), offset));
      entries.push_back({{}, offset, std::move(error)});
      continue;
    }
    if (!is_certificate_label((*block)->label)) {
      others.note((*block)->label);
      wipe((*block)->der);
      continue;
    }
    ByteString der = std::move((*block)->der);
    if ((*block)->label == "TRUSTED CERTIFICATE") der = copy_of(first_element(der));
    entries.push_back(entry_of(std::move(der), (*block)->offset, entries.size()));
  }
  if (entries.empty()) return others.explain();
  return entries;
}

// A private key or an encrypted one begins otherwise than a certificate: SEQUENCE { SEQUENCE … SEQUENCE.
bool may_be_certificate(Bytes der) {
  crypto::DerReader reader(der);
  crypto::DerReader fields = reader.sequence("file");
  if (!fields.next_is(crypto::der::kSequence)) return fields.failed();
  fields.any("tbsCertificate");
  return fields.failed() || fields.next_is(crypto::der::kSequence);
}

}  // namespace

std::string place_in_bundle(std::size_t index, std::size_t offset) {
  return fmt::format("certificate {} of the file, at byte {}", index + 1, offset);
}

Result<std::vector<BundleEntry>> read_bundle(Bytes file) {
  const std::string_view text = as_text(file);
  if (text.find("-----BEGIN ") != std::string_view::npos) return read_pem(text);
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return no_certificate("it is empty");
  if (file.front() != crypto::der::kSequence)
    return no_certificate("no certificate in it: it is neither PEM nor DER");
  if (!may_be_certificate(file))
    return no_certificate("it is DER, but no certificate (a key, PKCS #7 or PKCS #12?)");
  std::vector<BundleEntry> entries;
  entries.push_back(entry_of(copy_of(file), 0, 0));
  return entries;
}

}  // namespace handfast::pki
