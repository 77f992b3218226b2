// What tools show of a certificate, as text and numbers. Nothing is escaped: a peer wrote it.
#pragma once

#include <cstddef>
#include <handfast/bytes.hpp>
#include <handfast/clock.hpp>
#include <string>
#include <vector>

#include "pki/certificate.hpp"

namespace handfast::pki {

struct CertificateDescription {
  std::string subject;  // "CN=example.org,O=Example"
  std::string issuer;
  std::string serial;  // hexadecimal
  Time not_before;
  Time not_after;
  std::string key;  // "P-256", "RSA 2048"
  std::size_t key_bits = 0;
  std::string signature_algorithm;  // "ecdsa-with-SHA256"
  std::vector<std::string> subject_alt_names;
  std::vector<std::string> ca_issuers;  // URLs of authorityInfoAccess
  std::vector<std::string> ocsp;
  std::size_t signed_certificate_timestamps = 0;
  bool is_ca = false;
  bool self_issued = false;
  bool must_staple = false;
};

CertificateDescription describe(const Certificate& certificate);

// The URLs under which authorityInfoAccess offers the issuer's certificate. RFC 5280 §4.2.2.1. A malformed
// extension has none.
std::vector<std::string> ca_issuer_urls(const Certificate& certificate);

// One entry of a SignedCertificateTimestampList. RFC 6962 §3.2, §3.3.
struct SignedCertificateTimestamp {
  Bytes log_id;
  std::uint64_t timestamp = 0;  // milliseconds since 1970
};
// The entries of version 1; empty for a malformed list.
std::vector<SignedCertificateTimestamp> parse_sct_list(Bytes list);

}  // namespace handfast::pki
