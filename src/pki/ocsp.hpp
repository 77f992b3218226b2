// OcspResponse: what an OCSP responder says of certificates, as views into its DER. RFC 6960 §4.2.
// Parsing checks the syntax strictly and nothing else: whether it is believed is judged by check_staple().
// Must not outlive the bytes it was parsed from.
#pragma once

#include <cstdint>
#include <handfast/bytes.hpp>
#include <handfast/clock.hpp>
#include <handfast/error.hpp>
#include <optional>

#include "crypto/public_key.hpp"
#include "pki/certificate.hpp"
#include "pki/crl.hpp"

namespace handfast::pki {

enum class OcspResponseStatus : std::uint8_t {
  successful = 0,
  malformed_request = 1,
  internal_error = 2,
  try_later = 3,
  sig_required = 5,
  unauthorized = 6,
};
enum class OcspCertificateStatus : std::uint8_t { good, revoked, unknown };
// "tryLater", "good": the RFC's names.
const char* name_of(OcspResponseStatus status);
const char* name_of(OcspCertificateStatus status);

// CertID and what is said of it.
struct OcspSingleResponse {
  Bytes hash_algorithm;                       // OID
  std::optional<crypto::HashAlgorithm> hash;  // of the OID; empty for unknown ones
  Bytes issuer_name_hash;
  Bytes issuer_key_hash;
  Bytes serial;  // content octets, two's complement
  OcspCertificateStatus status = OcspCertificateStatus::unknown;
  Time revocation_time;  // revoked only
  std::optional<RevocationReason> revocation_reason;
  Time this_update;
  std::optional<Time> next_update;
  Bytes signed_certificate_timestamps;  // SignedCertificateTimestampList, RFC 6962 §3.3
  Bytes extensions;                     // content of Extensions
  Bytes unknown_critical_extension;
};

struct OcspResponse {
  // Errors: certificate_staple_invalid (field and offset say where).
  static Result<OcspResponse> parse(Bytes der);

  Bytes der;
  OcspResponseStatus status = OcspResponseStatus::successful;
  // All below are empty unless the status is successful.
  Bytes tbs;                 // what the signature covers: ResponseData
  Bytes responder_name;      // whole Name; or
  Bytes responder_key_hash;  // SHA-1 of the responder's key
  Time produced_at;
  Bytes responses;     // content of the SEQUENCE OF SingleResponse, at least one
  Bytes certificates;  // content of the SEQUENCE OF Certificate
  Bytes extensions;    // content of Extensions
  Bytes unknown_critical_extension;
  Bytes signature_algorithm;  // whole AlgorithmIdentifier
  Bytes signature;
  // Empty for algorithms that Handfast cannot check.
  std::optional<crypto::SignatureMethod> signature_method;
};

// Walks through the answers of a parsed response.
class OcspSingleResponseWalker {
 public:
  explicit OcspSingleResponseWalker(const OcspResponse& response) : rest_(response.responses) {}
  // False at the end.
  bool next(OcspSingleResponse& single);

 private:
  Bytes rest_;
};

// Walks through the certificates that came with a response: whole elements, not parsed.
class OcspCertificateWalker {
 public:
  explicit OcspCertificateWalker(const OcspResponse& response) : rest_(response.certificates) {}
  // False at the end.
  bool next(Bytes& certificate);

 private:
  Bytes rest_;
};

}  // namespace handfast::pki
