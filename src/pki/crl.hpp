// Crl: a certificate revocation list as views into its DER. RFC 5280 §5.
// Parsing checks the syntax strictly and nothing else: what a list says about a certificate is judged by
// Revocation. Must not outlive the bytes it was parsed from.
#pragma once

#include <cstdint>
#include <handfast/bytes.hpp>
#include <handfast/clock.hpp>
#include <handfast/error.hpp>
#include <optional>

#include "crypto/public_key.hpp"
#include "pki/certificate.hpp"
#include "pki/distribution_point.hpp"

namespace handfast::pki {

// The longest list that is read: far above those of public CAs.
inline constexpr std::size_t kMaxCrlSize = std::size_t{64} << 20U;

// CRLReason, RFC 5280 §5.3.1.
enum class RevocationReason : std::uint8_t {
  unspecified = 0,
  key_compromise = 1,
  ca_compromise = 2,
  affiliation_changed = 3,
  superseded = 4,
  cessation_of_operation = 5,
  certificate_hold = 6,
  remove_from_crl = 8,
  privilege_withdrawn = 9,
  aa_compromise = 10,
};
// "keyCompromise", the RFC's name.
const char* name_of(RevocationReason reason);
// Takes an ENUMERATED; values that the RFC does not have are a failure.
RevocationReason read_reason(crypto::DerReader& reader, const char* field);

// CRLNumber and BaseCRLNumber.
struct CrlNumber : ExtensionFlags {
  Bytes number;  // unsigned, big-endian, no leading zeros
};
// Whether a < b.
bool less_than(const CrlNumber& a, const CrlNumber& b);

struct CrlEntry {
  Bytes serial;  // content octets, two's complement
  Time revocation_date;
  std::optional<RevocationReason> reason;
  std::optional<Time> invalidity_date;
  // A Name. Empty: the issuer of the entry before, and at the beginning that of the list. RFC 5280 §5.3.3.
  Bytes certificate_issuer;
  Bytes unknown_critical_extension;
  bool has_extensions = false;  // any, also such that nothing here knows
};

struct Crl {
  // Errors: crl_malformed (field and offset say where).
  static Result<Crl> parse(Bytes der);

  Bytes der;
  Bytes tbs;  // what the signature covers
  unsigned version = 1;
  Bytes issuer;  // whole Name
  std::uint64_t issuer_hash = 0;
  Time this_update;
  std::optional<Time> next_update;
  Bytes entries;                   // content of revokedCertificates
  std::size_t entries_offset = 0;  // in `der`
  Bytes signature_algorithm;       // whole AlgorithmIdentifier; the inner and the outer one are equal
  Bytes signature;
  // Empty for algorithms that Handfast cannot check.
  std::optional<crypto::SignatureMethod> signature_method;

  Bytes extensions;  // content of Extensions
  AuthorityKeyIdentifier authority_key_identifier;
  CrlNumber number;
  CrlNumber delta_base;  // present: a delta CRL
  IssuingDistributionPoint issuing_distribution_point;
  SequenceExtension freshest_crl;
  // OID of the first one, of the list or of an entry, that nothing here processes: the list must not be used.
  Bytes unknown_critical_extension;
};

// Walks through revokedCertificates.
class CrlEntryReader {
 public:
  // `content` is Crl::entries or what begins with one of its entries.
  explicit CrlEntryReader(Bytes content, std::size_t offset = 0)
      : reader_(content, offset, ErrorCode::crl_malformed) {}
  // False at the end and when something is malformed.
  bool next(CrlEntry& entry);
  // Of the entry that next() will take, counted from where `offset` counts.
  [[nodiscard]] std::size_t offset() const { return reader_.offset(); }
  [[nodiscard]] Result<void> status() const { return reader_.status(); }

 private:
  crypto::DerReader reader_;
};

}  // namespace handfast::pki
