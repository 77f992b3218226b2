// Certificate: an X.509 certificate as views into its DER. RFC 5280 §4.1, §4.2.
// Parsing checks the syntax strictly and nothing else: what the fields mean is judged by verify.
// Must not allocate, and must not outlive the bytes it was parsed from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <handfast/bytes.hpp>
#include <handfast/clock.hpp>
#include <handfast/error.hpp>
#include <optional>

#include "crypto/public_key.hpp"

namespace handfast::pki {

// No certificate in use has half as many; duplicates are searched in quadratic time.
inline constexpr std::size_t kMaxExtensions = 64;
// A certificate that is longer than a handshake message can be is refused before it is looked at.
inline constexpr std::size_t kMaxCertificateSize = 0xffffff;

// KeyUsage, with bit 0 of the RFC as the highest bit. RFC 5280 §4.2.1.3.
enum class KeyUsage : std::uint16_t {
  digital_signature = 0x8000,
  content_commitment = 0x4000,
  key_encipherment = 0x2000,
  data_encipherment = 0x1000,
  key_agreement = 0x0800,
  key_cert_sign = 0x0400,
  crl_sign = 0x0200,
  encipher_only = 0x0100,
  decipher_only = 0x0080,
};

// One Extension as it stands.
struct Extension {
  Bytes oid;
  Bytes value;  // content of extnValue
  bool critical = false;
};

// The extensions that validation or the tools read. `present` and `critical` say what they say.
struct ExtensionFlags {
  bool present = false;
  bool critical = false;
};

struct AuthorityKeyIdentifier : ExtensionFlags {
  std::optional<Bytes> key_identifier;
  bool has_issuer = false;
  bool has_serial = false;
};

struct SubjectKeyIdentifier : ExtensionFlags {
  Bytes key_identifier;
};

struct KeyUsageExtension : ExtensionFlags {
  std::uint16_t bits = 0;
  // True without the extension, too: then nothing is forbidden.
  [[nodiscard]] bool allows(KeyUsage usage) const {
    return !present || (bits & static_cast<std::uint16_t>(usage)) != 0;
  }
};

struct BasicConstraints : ExtensionFlags {
  bool ca = false;
  std::optional<std::uint64_t> path_len;
};

struct ExtendedKeyUsage : ExtensionFlags {
  bool any = false;
  bool server_auth = false;
  bool client_auth = false;
  bool ocsp_signing = false;
  bool others = false;
};

// `content` is that of the outer SEQUENCE.
struct SequenceExtension : ExtensionFlags {
  Bytes content;
};

struct NameConstraints : ExtensionFlags {
  // Content of GeneralSubtrees; empty if absent.
  Bytes permitted;
  Bytes excluded;
};

struct PolicyConstraints : ExtensionFlags {
  std::optional<std::uint64_t> require_explicit_policy;
  std::optional<std::uint64_t> inhibit_policy_mapping;
};

struct InhibitAnyPolicy : ExtensionFlags {
  std::uint64_t skip_certs = 0;
};

// TLS features are numbers of TLS extensions.
inline constexpr std::uint64_t kMaxTlsFeature = 0xffff;

struct Certificate {
  // Errors: certificate_malformed (field and offset say where), certificate_unsupported_version.
  static Result<Certificate> parse(Bytes der);

  Bytes der;
  Bytes tbs;  // what the signature covers
  unsigned version = 1;
  Bytes serial;  // content octets, two's complement
  Bytes issuer;  // whole Name
  Bytes subject;
  std::uint64_t issuer_hash = 0;
  std::uint64_t subject_hash = 0;
  bool self_issued = false;  // issuer and subject are the same name
  Time not_before;
  Time not_after;
  Bytes spki;                 // whole SubjectPublicKeyInfo
  Bytes signature_algorithm;  // whole AlgorithmIdentifier; the inner and the outer one are equal
  Bytes signature;
  // Empty for algorithms that Handfast cannot check.
  std::optional<crypto::SignatureMethod> signature_method;

  Bytes extensions;  // content of Extensions
  AuthorityKeyIdentifier authority_key_identifier;
  SubjectKeyIdentifier subject_key_identifier;
  KeyUsageExtension key_usage;
  BasicConstraints basic_constraints;
  ExtendedKeyUsage extended_key_usage;
  SequenceExtension subject_alt_name;  // GeneralNames
  NameConstraints name_constraints;
  SequenceExtension certificate_policies;
  SequenceExtension policy_mappings;
  PolicyConstraints policy_constraints;
  InhibitAnyPolicy inhibit_any_policy;
  SequenceExtension authority_info_access;
  SequenceExtension crl_distribution_points;        // the whole extnValue; DistributionPointReader reads it
  SequenceExtension signed_certificate_timestamps;  // SignedCertificateTimestampList
  SequenceExtension tls_feature;                    // Features ::= SEQUENCE OF INTEGER (RFC 7633)
  bool must_staple = false;                         // status_request is one of them
  bool ocsp_no_check = false;                       // id-pkix-ocsp-nocheck (RFC 6960 §4.2.2.2.1)
  Bytes unknown_critical_extension;                 // OID of the first one that nothing here processes
};

// Walks through the extensions of a parsed certificate in wire order.
class ExtensionWalker {
 public:
  explicit ExtensionWalker(Bytes extensions) : rest_(extensions) {}
  explicit ExtensionWalker(const Certificate& certificate) : rest_(certificate.extensions) {}
  // False at the end.
  bool next(Extension& extension);

 private:
  Bytes rest_;
};

}  // namespace handfast::pki
