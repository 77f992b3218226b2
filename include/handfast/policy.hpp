// Policy: which versions, suites, groups and signature schemes a configuration allows, best first.
// Named as the ecosystem knows them (TLSRef): modern, intermediate, legacy.
#pragma once

#include <handfast/codepoints.hpp>
#include <vector>

namespace handfast {

struct Policy {
  // A version without a suite of its own is not offered, nor is a suite without its version.
  std::vector<ProtocolVersion> versions;
  std::vector<CipherSuite> suites;
  std::vector<NamedGroup> groups;
  // The client sends a key share for each of these, in this order (RFC 9846 §4.3.8). A subset of `groups`.
  std::vector<NamedGroup> key_shares;
  // For CertificateVerify (signature_algorithms).
  std::vector<SignatureScheme> signature_schemes;
  // For signatures in certificates (signature_algorithms_cert); empty: the same as signature_schemes.
  std::vector<SignatureScheme> certificate_signature_schemes;

  // TLS 1.3 only.
  static Policy modern();
  // TLS 1.3, and TLS 1.2 with forward secrecy and AEAD only; the default.
  static Policy intermediate();
  // For peers that know nothing better: adds finite-field Diffie-Hellman and RSA key exchange, without which
  // whoever gets the server's key later reads everything.
  static Policy legacy();
};

}  // namespace handfast
