// The list's frame, its entries and both their extensions. RFC 5280 §5.1, §5.2, §5.3.
#include "pki/crl.hpp"

#include <algorithm>
#include <array>

#include "crypto/der.hpp"
#include "pki/der_time.hpp"
#include "pki/distinguished_name.hpp"
#include "pki/extensions.hpp"
#include "pki/general_name.hpp"
#include "pki/oid.hpp"
#include "pki/signature_algorithm.hpp"

namespace handfast::pki {
namespace {

using crypto::DerReader;
namespace der = crypto::der;

// Three are defined, RFC 5280 §5.3.
constexpr std::size_t kMaxEntryExtensions = 8;

void read_number(DerReader& value, const char* field, CrlNumber& out) {
  const std::size_t offset = value.offset();
  out.number = value.unsigned_integer(field);
  // "CRL verifiers MUST be able to handle CRLNumber values up to 20 octets."
  if (out.number.size() > 20) value.fail(field, offset);
}

bool read_extension_value(const Extension& extension, DerReader& value, Crl& crl) {
  const auto take = [&](ExtensionFlags& flags) {
    flags.present = true;
    flags.critical = extension.critical;
  };
  if (oid::equal(extension.oid, oid::kAuthorityKeyIdentifier)) {
    take(crl.authority_key_identifier);
    read_authority_key_identifier(value, crl.authority_key_identifier);
  } else if (oid::equal(extension.oid, oid::kCrlNumber)) {
    take(crl.number);
    read_number(value, "cRLNumber", crl.number);
  } else if (oid::equal(extension.oid, oid::kDeltaCrlIndicator)) {
    take(crl.delta_base);
    read_number(value, "deltaCRLIndicator", crl.delta_base);
  } else if (oid::equal(extension.oid, oid::kIssuingDistributionPoint)) {
    take(crl.issuing_distribution_point);
    read_issuing_distribution_point(value, crl.issuing_distribution_point);
  } else if (oid::equal(extension.oid, oid::kFreshestCrl)) {
    // Where delta CRLs are: nothing is fetched, whoever has them gives them.
    take(crl.freshest_crl);
    crl.freshest_crl.content = value.remaining();
    value.any("freshestCRL");
  } else {
    if (extension.critical && crl.unknown_critical_extension.empty()) {
      crl.unknown_critical_extension = extension.oid;
    }
    return false;
  }
  return true;
}

// CertificateIssuer ::= GeneralNames, of which the directory name counts.
Bytes read_certificate_issuer(DerReader& value) {
  const std::size_t offset = value.offset();
  GeneralNameWalker walker(read_general_names(value, "crlEntry.certificateIssuer", der::kSequence));
  GeneralName name;
  while (walker.next(name)) {
    if (name.type == GeneralNameType::directory_name) return name.value;
  }
  value.fail("crlEntry.certificateIssuer", offset);
  return {};
}

Time read_generalized_time(DerReader& reader, const char* field) {
  if (!reader.next_is(der::kGeneralizedTime)) reader.fail(field, reader.offset());
  return read_time(reader, field);
}

bool read_entry_extension(const Extension& extension, DerReader& value, CrlEntry& entry) {
  if (oid::equal(extension.oid, oid::kCrlReason)) {
    entry.reason = read_reason(value, "crlEntry.reasonCode");
  } else if (oid::equal(extension.oid, oid::kInvalidityDate)) {
    entry.invalidity_date = read_generalized_time(value, "crlEntry.invalidityDate");
  } else if (oid::equal(extension.oid, oid::kCertificateIssuer)) {
    entry.certificate_issuer = read_certificate_issuer(value);
  } else {
    if (extension.critical && entry.unknown_critical_extension.empty()) {
      entry.unknown_critical_extension = extension.oid;
    }
    return false;
  }
  return true;
}

void read_version(DerReader& tbs, Crl& crl) {
  if (!tbs.next_is(der::kInteger)) return;
  const std::size_t offset = tbs.offset();
  // "When extensions are used […] this field MUST be present and MUST specify version 2 (the integer value is
  // 1)."
  if (tbs.small_integer("version", 0xff) != 1) tbs.fail("version", offset);
  crl.version = 2;
}

// Sets `named_issuer` to the offset of the first entry with a certificateIssuer.
void read_entries(DerReader& tbs, Crl& crl, std::optional<std::size_t>& named_issuer) {
  if (!tbs.next_is(der::kSequence)) return;
  const crypto::DerElement element = tbs.element("revokedCertificates", der::kSequence);
  crl.entries = element.content;
  crl.entries_offset = element.content_offset;
  // §5.1.2.6: "When there are no revoked certificates, the revoked certificates list MUST be absent."
  if (element.content.empty()) tbs.fail("revokedCertificates", element.offset);
  CrlEntryReader entries(element.content, element.content_offset);
  CrlEntry entry;
  std::size_t offset = entries.offset();
  while (entries.next(entry)) {
    if (crl.version == 1 && entry.has_extensions) tbs.fail("crlEntryExtensions", offset);
    if (!entry.certificate_issuer.empty() && !named_issuer) named_issuer = offset;
    if (crl.unknown_critical_extension.empty()) {
      crl.unknown_critical_extension = entry.unknown_critical_extension;
    }
    offset = entries.offset();
  }
  if (const Result<void> verdict = entries.status(); !verdict) {
    tbs.fail(verdict.error().field(), verdict.error().offset());
  }
}

void read_tbs(DerReader& tbs, Crl& crl, Bytes& inner_algorithm) {
  read_version(tbs, crl);
  inner_algorithm = tbs.element("signature", der::kSequence).whole;
  check_name(tbs, "issuer", crl.issuer);
  crl.this_update = read_time(tbs, "thisUpdate");
  if (tbs.next_is(der::kUtcTime) || tbs.next_is(der::kGeneralizedTime)) {
    crl.next_update = read_time(tbs, "nextUpdate");
  }
  std::optional<std::size_t> named_issuer;
  read_entries(tbs, crl, named_issuer);
  if (tbs.next_is(der::context_constructed(0))) {
    if (crl.version == 1) tbs.fail("crlExtensions", tbs.offset());
    DerReader tagged = tbs.tagged("crlExtensions", 0);
    read_extensions<kMaxExtensions>(tagged, "crlExtensions", crl.extensions,
                                    [&](const Extension& extension, DerReader& value) {
                                      return read_extension_value(extension, value, crl);
                                    });
    tagged.expect_end("crlExtensions");
  }
  // §5.3.3: it belongs to "an entry in an indirect CRL, that is, a CRL that has the indirectCRL indicator set
  // in its issuing distribution point extension".
  if (named_issuer && !crl.issuing_distribution_point.indirect_crl) {
    tbs.fail("crlEntry.certificateIssuer", *named_issuer);
  }
  tbs.expect_end("tbsCertList");
}

}  // namespace

const char* name_of(RevocationReason reason) {
  switch (reason) {
    case RevocationReason::unspecified:
      return "unspecified";
    case RevocationReason::key_compromise:
      return "keyCompromise";
    case RevocationReason::ca_compromise:
      return "cACompromise";
    case RevocationReason::affiliation_changed:
      return "affiliationChanged";
    case RevocationReason::superseded:
      return "superseded";
    case RevocationReason::cessation_of_operation:
      return "cessationOfOperation";
    case RevocationReason::certificate_hold:
      return "certificateHold";
    case RevocationReason::remove_from_crl:
      return "removeFromCRL";
    case RevocationReason::privilege_withdrawn:
      return "privilegeWithdrawn";
    case RevocationReason::aa_compromise:
      return "aACompromise";
  }
  return "unknown";
}

RevocationReason read_reason(DerReader& reader, const char* field) {
  const std::size_t offset = reader.offset();
  constexpr std::uint64_t kUnused = 7;
  const std::uint64_t value = reader.small_integer(field, 10, der::kEnumerated);
  if (value == kUnused) {
    reader.fail(field, offset);
    return RevocationReason{};
  }
  return static_cast<RevocationReason>(value);
}

bool less_than(const CrlNumber& a, const CrlNumber& b) {
  if (a.number.size() != b.number.size()) return a.number.size() < b.number.size();
  return std::lexicographical_compare(a.number.begin(), a.number.end(), b.number.begin(), b.number.end());
}

bool CrlEntryReader::next(CrlEntry& entry) {
  if (reader_.empty()) return false;
  entry = {};
  {
    DerReader fields = reader_.sequence("revokedCertificates");
    entry.serial = fields.integer("crlEntry.userCertificate");
    entry.revocation_date = read_time(fields, "crlEntry.revocationDate");
    if (!fields.empty()) {
      entry.has_extensions = true;
      Bytes content;
      read_extensions<kMaxEntryExtensions>(fields, "crlEntryExtensions", content,
                                           [&](const Extension& extension, DerReader& value) {
                                             return read_entry_extension(extension, value, entry);
                                           });
    }
    fields.expect_end("revokedCertificates");
  }
  return !reader_.failed();
}

Result<Crl> Crl::parse(Bytes bytes) {
  if (bytes.empty() || bytes.size() > kMaxCrlSize) {
    return failure(Error(ErrorCode::crl_malformed).at("certificateList", 0));
  }
  Crl crl;
  crl.der = bytes;
  DerReader reader(bytes, 0, ErrorCode::crl_malformed);
  DerReader outer = reader.sequence("certificateList");
  const Bytes before = outer.remaining();
  Bytes inner_algorithm;
  {
    DerReader tbs = outer.sequence("tbsCertList");
    read_tbs(tbs, crl, inner_algorithm);
  }
  crl.tbs = before.first(before.size() - std::min(before.size(), outer.remaining().size()));
  const std::size_t algorithm_offset = outer.offset();
  crl.signature_algorithm = outer.element("signatureAlgorithm", der::kSequence).whole;
  crl.signature = outer.bit_string_bytes("signatureValue");
  outer.expect_end("certificateList");
  // RFC 5280 §5.1.1.2: "This field MUST contain the same algorithm identifier as the signature field in the
  // sequence tbsCertList".
  if (!oid::equal(inner_algorithm, crl.signature_algorithm)) {
    outer.fail("signatureAlgorithm", algorithm_offset);
  }
  HANDFAST_TRY(reader.finish());
  crl.signature_method = signature_method_of(crl.signature_algorithm);
  crl.issuer_hash = name_hash(crl.issuer);
  return crl;
}

}  // namespace handfast::pki
