// The certificate's frame: RFC 5280 §4.1. Its extensions are in extensions.cpp, its times in der_time.cpp.
#include "pki/certificate.hpp"

#include <algorithm>

#include "crypto/der.hpp"
#include "pki/der_time.hpp"
#include "pki/distinguished_name.hpp"
#include "pki/extensions.hpp"
#include "pki/oid.hpp"
#include "pki/signature_algorithm.hpp"

namespace handfast::pki {
namespace {

using crypto::DerReader;
namespace der = crypto::der;

void parse_version(DerReader& tbs, Certificate& certificate) {
  if (!tbs.next_is(der::context_constructed(0))) return;
  const std::size_t offset = tbs.offset();
  DerReader tagged = tbs.tagged("version", 0);
  const std::uint64_t number = tagged.small_integer("version", 0xff);
  tagged.expect_end("version");
  certificate.version = static_cast<unsigned>(number) + 1;
  // DER leaves out a DEFAULT value: v1 is never written.
  if (number == 0) tbs.fail("version", offset);
  if (number > 2) tbs.fail("version", offset, ErrorCode::certificate_unsupported_version);
}

void parse_validity(DerReader& tbs, Certificate& certificate) {
  DerReader validity = tbs.sequence("validity");
  certificate.not_before = read_time(validity, "validity.notBefore");
  certificate.not_after = read_time(validity, "validity.notAfter");
  validity.expect_end("validity");
}

void parse_spki(DerReader& tbs, Certificate& certificate) {
  const crypto::DerElement spki = tbs.element("subjectPublicKeyInfo", der::kSequence);
  certificate.spki = spki.whole;
  DerReader fields(spki.content, spki.content_offset);
  fields.element("subjectPublicKeyInfo.algorithm", der::kSequence);
  fields.bit_string_bytes("subjectPublicKeyInfo.subjectPublicKey");
  if (const Result<void> verdict = fields.finish(); !verdict) {
    tbs.fail("subjectPublicKeyInfo", verdict.error().offset());
  }
}

void parse_unique_ids_and_extensions(DerReader& tbs, Certificate& certificate) {
  for (const unsigned number : {1U, 2U}) {
    if (!tbs.next_is(der::context(number))) continue;
    // RFC 5280 §4.1.2.8: "These fields MUST only appear if the version is 2 or 3".
    if (certificate.version < 2) tbs.fail("uniqueID", tbs.offset());
    tbs.bit_string("uniqueID", der::context(number));
  }
  if (!tbs.next_is(der::context_constructed(3))) return;
  // RFC 5280 §4.1.2.9: "This field MUST only appear if the version is 3".
  if (certificate.version != 3) tbs.fail("extensions", tbs.offset());
  DerReader tagged = tbs.tagged("extensions", 3);
  parse_extensions(tagged, certificate);
  tagged.expect_end("extensions");
}

void parse_tbs(DerReader& tbs, Certificate& certificate, Bytes& inner_algorithm) {
  parse_version(tbs, certificate);
  certificate.serial = tbs.integer("serialNumber");
  inner_algorithm = tbs.element("signature", der::kSequence).whole;
  check_name(tbs, "issuer", certificate.issuer);
  parse_validity(tbs, certificate);
  check_name(tbs, "subject", certificate.subject);
  parse_spki(tbs, certificate);
  parse_unique_ids_and_extensions(tbs, certificate);
  tbs.expect_end("tbsCertificate");
}

}  // namespace

Result<Certificate> Certificate::parse(Bytes bytes) {
  if (bytes.empty() || bytes.size() > kMaxCertificateSize) {
    return failure(Error(ErrorCode::certificate_malformed).at("certificate", 0));
  }
  Certificate certificate;
  certificate.der = bytes;
  DerReader reader(bytes);
  DerReader outer = reader.sequence("certificate");
  const Bytes before = outer.remaining();
  Bytes inner_algorithm;
  {
    DerReader tbs = outer.sequence("tbsCertificate");
    parse_tbs(tbs, certificate, inner_algorithm);
  }
  certificate.tbs = before.first(before.size() - std::min(before.size(), outer.remaining().size()));
  const std::size_t algorithm_offset = outer.offset();
  certificate.signature_algorithm = outer.element("signatureAlgorithm", der::kSequence).whole;
  certificate.signature = outer.bit_string_bytes("signatureValue");
  outer.expect_end("certificate");
  // RFC 5280 §4.1.1.2: "This field MUST contain the same algorithm identifier as the signature field in the
  // sequence tbsCertificate".
  if (!oid::equal(inner_algorithm, certificate.signature_algorithm)) {
    outer.fail("signatureAlgorithm", algorithm_offset);
  }
  HANDFAST_TRY(reader.finish());
  certificate.signature_method = signature_method_of(certificate.signature_algorithm);
  certificate.issuer_hash = name_hash(certificate.issuer);
  certificate.subject_hash = name_hash(certificate.subject);
  certificate.self_issued = certificate.issuer_hash == certificate.subject_hash &&
                            names_equal(certificate.issuer, certificate.subject);
  return certificate;
}

}  // namespace handfast::pki
