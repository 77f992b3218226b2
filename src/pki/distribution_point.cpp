// Distribution points. RFC 5280 §4.2.1.13, §5.2.5, §6.3.3 (b).
#include "pki/distribution_point.hpp"

#include <algorithm>

#include "crypto/der_writer.hpp"
#include "pki/distinguished_name.hpp"
#include "pki/dns_name.hpp"
#include "pki/oid.hpp"

namespace handfast::pki {
namespace {

using crypto::DerReader;
namespace der = crypto::der;

DistributionPointName read_name(DerReader& fields, const char* field) {
  DistributionPointName name;
  if (!fields.next_is(der::context_constructed(0))) return name;
  name.present = true;
  // The CHOICE makes the outer tag EXPLICIT.
  DerReader choice = fields.tagged(field, 0);
  if (choice.next_is(der::context_constructed(1))) {
    const crypto::DerElement relative = choice.element(field, der::context_constructed(1));
    name.relative_name = relative.content;
    const ByteString rdn = crypto::der_encode(der::kSet, {relative.content});
    const ByteString whole = crypto::der_encode(der::kSequence, {rdn});
    DerReader check(whole);
    Bytes checked;
    check_name(check, field, checked);
    if (!check.finish()) fields.fail(field, relative.offset);
  } else {
    name.full_name = read_general_names(choice, field, der::context_constructed(0));
  }
  choice.expect_end(field);
  return name;
}

ReasonMask read_reasons(DerReader& fields, const char* field, std::uint8_t tag) {
  const std::size_t offset = fields.offset();
  const crypto::DerBitString bits = fields.bit_string(field, tag);
  if (bits.bytes.size() > 2) {
    fields.fail(field, offset);
    return 0;
  }
  unsigned mask = 0;
  for (std::size_t i = 0; i < bits.bytes.size(); ++i) mask |= unsigned{bits.bytes[i]} << (i == 0 ? 8U : 0U);
  return static_cast<ReasonMask>(mask & kAllReasons);
}

// BOOLEAN DEFAULT FALSE. X.690 §11.5: "The encoding of a set value or sequence value shall not include an
// encoding for any component value which is equal to its default value."
bool read_flag(DerReader& fields, const char* field, unsigned number) {
  if (!fields.next_is(der::context(number))) return false;
  const std::size_t offset = fields.offset();
  const bool value = fields.boolean(field, der::context(number));
  if (!value) fields.fail(field, offset);
  return value;
}

// The directory name that a relative name makes below `issuer`.
ByteString absolute_name(Bytes issuer, Bytes relative) {
  DerReader reader(issuer);
  const Bytes rdns = reader.element("issuer", der::kSequence).content;
  const ByteString rdn = crypto::der_encode(der::kSet, {relative});
  return crypto::der_encode(der::kSequence, {rdns, rdn});
}

// Copies of names cost about what reading them as text does.
bool pay_for_absolute_name(Bytes issuer, const DistributionPointName& name, Comparisons& comparisons) {
  constexpr std::size_t kBytesForOne = 64;
  return comparisons.spend(1 + (issuer.size() + name.relative_name.size()) / kBytesForOne);
}

bool same_name(const GeneralName& a, const GeneralName& b, Comparisons& comparisons) {
  if (!comparisons.spend() || a.type != b.type) return false;
  switch (a.type) {
    case GeneralNameType::directory_name:
      return comparisons.same_name(a.value, b.value);
    case GeneralNameType::dns_name:
      return ascii_equal(as_text(a.value), as_text(b.value));
    default:
      return comparisons.same_bytes(a.value, b.value);
  }
}

bool is_among(const GeneralName& name, Bytes names, Comparisons& comparisons) {
  GeneralNameWalker walker(names);
  GeneralName other;
  while (!comparisons.exhausted() && walker.next(other)) {
    if (same_name(name, other, comparisons)) return true;
  }
  return false;
}

}  // namespace

Bytes read_general_names(DerReader& reader, const char* field, std::uint8_t tag) {
  const crypto::DerElement element = reader.element(field, tag);
  if (reader.failed()) return {};
  DerReader names(element.content, element.content_offset);
  // GeneralNames ::= SEQUENCE SIZE (1..MAX) OF GeneralName
  do {
    read_general_name(names, field);
  } while (!names.empty());
  if (const Result<void> verdict = names.finish(); !verdict) reader.fail(field, verdict.error().offset());
  return element.content;
}

DistributionPointReader::DistributionPointReader(Bytes extension_value) {
  DerReader reader(extension_value);
  rest_ = reader.element("cRLDistributionPoints", der::kSequence).content;
  malformed_ = !reader.finish() || rest_.empty();
}

bool DistributionPointReader::next(DistributionPoint& point) {
  if (malformed_ || rest_.empty()) return false;
  point = {};
  constexpr const char* kField = "cRLDistributionPoints";
  DerReader reader(rest_);
  {
    DerReader fields = reader.sequence(kField);
    point.name = read_name(fields, kField);
    if (fields.next_is(der::context(1))) point.reasons = read_reasons(fields, kField, der::context(1));
    if (fields.next_is(der::context_constructed(2))) {
      point.crl_issuer = read_general_names(fields, kField, der::context_constructed(2));
    }
    fields.expect_end(kField);
  }
  malformed_ = reader.failed();
  rest_ = reader.remaining();
  return !malformed_;
}

void read_issuing_distribution_point(DerReader& value, IssuingDistributionPoint& out) {
  const std::size_t offset = value.offset();
  out.value = value.remaining();
  DerReader fields = value.sequence("issuingDistributionPoint");
  out.name = read_name(fields, "issuingDistributionPoint.distributionPoint");
  out.only_contains_user_certificates =
      read_flag(fields, "issuingDistributionPoint.onlyContainsUserCerts", 1);
  out.only_contains_ca_certificates = read_flag(fields, "issuingDistributionPoint.onlyContainsCACerts", 2);
  if (fields.next_is(der::context(3))) {
    constexpr const char* kField = "issuingDistributionPoint.onlySomeReasons";
    const std::size_t reasons_offset = fields.offset();
    out.only_some_reasons = read_reasons(fields, kField, der::context(3));
    // A list for no reason at all covers nothing.
    if (out.only_some_reasons == 0) fields.fail(kField, reasons_offset);
  }
  out.indirect_crl = read_flag(fields, "issuingDistributionPoint.indirectCRL", 4);
  out.only_contains_attribute_certificates =
      read_flag(fields, "issuingDistributionPoint.onlyContainsAttributeCerts", 5);
  fields.expect_end("issuingDistributionPoint");
  // "at most one of onlyContainsUserCerts, onlyContainsCACerts, and onlyContainsAttributeCerts may be set to
  // TRUE" (RFC 5280 §5.2.5).
  const int kinds = int{out.only_contains_user_certificates} + int{out.only_contains_ca_certificates} +
                    int{out.only_contains_attribute_certificates};
  if (kinds > 1) value.fail("issuingDistributionPoint", offset);
}

bool distribution_name_among(const DistributionPointName& name, Bytes issuer, Bytes names,
                             Comparisons& comparisons) {
  if (!name.relative_name.empty()) {
    if (!pay_for_absolute_name(issuer, name, comparisons)) return false;
    const ByteString absolute = absolute_name(issuer, name.relative_name);
    return is_among({GeneralNameType::directory_name, absolute}, names, comparisons);
  }
  GeneralNameWalker walker(name.full_name);
  GeneralName one;
  while (!comparisons.exhausted() && walker.next(one)) {
    if (is_among(one, names, comparisons)) return true;
  }
  return false;
}

bool distribution_names_meet(const DistributionPointName& first, Bytes first_issuer,
                             const DistributionPointName& second, Bytes second_issuer,
                             Comparisons& comparisons) {
  if (second.relative_name.empty())
    return distribution_name_among(first, first_issuer, second.full_name, comparisons);
  if (first.relative_name.empty())
    return distribution_name_among(second, second_issuer, first.full_name, comparisons);
  return pay_for_absolute_name(first_issuer, first, comparisons) &&
         pay_for_absolute_name(second_issuer, second, comparisons) &&
         comparisons.same_name(absolute_name(first_issuer, first.relative_name),
                               absolute_name(second_issuer, second.relative_name));
}

}  // namespace handfast::pki
