// TrustAnchors: the roots a verifier believes. RFC 5280 §6.1.1 (d).
// Takes bytes; the files of the system are read by handfast/system.hpp.
#pragma once

#include <cstddef>
#include <handfast/bytes.hpp>
#include <handfast/error.hpp>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace handfast {

// Immutable once built and shared by configurations. Thread-safety: const functions from any thread.
class TrustAnchors {
 public:
  // What went wrong with single entries of a bundle: they are left out, the others count.
  struct Loaded {
    std::size_t accepted = 0;
    std::vector<Error> refused;
  };

  TrustAnchors();
  TrustAnchors(TrustAnchors&&) noexcept;
  TrustAnchors& operator=(TrustAnchors&&) noexcept;
  ~TrustAnchors();

  // Adds every CERTIFICATE and TRUSTED CERTIFICATE block of a PEM text, or the one certificate of a DER file;
  // comments, CRLF and other blocks are skipped. Errors: pem_malformed if there is no usable certificate at
  // all, file_too_large for a bundle of more than 10,000.
  Result<Loaded> add_pem(std::string_view pem);
  // Adds one certificate (DER). Errors: certificate_malformed and its kin.
  Result<void> add_certificate(Bytes der);

  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] bool empty() const { return size() == 0; }
  // The DER-encoded subjects, for CertificateRequest's certificate_authorities (RFC 9846 §4.3.4).
  [[nodiscard]] std::vector<ByteString> subjects() const;

  struct Index;  // for pki only
  [[nodiscard]] const Index& index() const { return *index_; }

 private:
  std::unique_ptr<Index> index_;
};

}  // namespace handfast
