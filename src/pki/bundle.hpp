// Bundles: the certificates of a file, PEM or DER, as people make them. RFC 7468 §5.
// One that is broken is reported with its place and does not take the others with it.
#pragma once

#include <cstddef>
#include <handfast/bytes.hpp>
#include <handfast/error.hpp>
#include <optional>
#include <vector>

namespace handfast::pki {

// The largest trust stores have some hundreds.
inline constexpr std::size_t kMaxBundleCertificates = 10'000;

struct BundleEntry {
  ByteString der;          // empty if the block itself is broken
  std::size_t offset = 0;  // of its block in the file
  // Why it is no certificate: place and reason. Empty for those that can be parsed.
  std::optional<Error> refused;
};

// The CERTIFICATE, X509 CERTIFICATE and TRUSTED CERTIFICATE blocks of `file` (without what OpenSSL appends to
// the last kind), or the one certificate in DER that it is. Other blocks, comments and CRLF are skipped.
// Errors: pem_malformed if there is no certificate at all (the detail says what the file is instead),
// file_too_large for more than kMaxBundleCertificates.
Result<std::vector<BundleEntry>> read_bundle(Bytes file);

// "certificate 3 of the file, at byte 4711"
std::string place_in_bundle(std::size_t index, std::size_t offset);

}  // namespace handfast::pki
