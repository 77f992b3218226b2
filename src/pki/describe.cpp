// Descriptions. RFC 5280 §4.2.2.1 (AuthorityInfoAccessSyntax), RFC 6962 §3.3 (SCT lists).
#include "pki/describe.hpp"

#include <fmt/format.h>

#include "crypto/der.hpp"
#include "pki/distinguished_name.hpp"
#include "pki/general_name.hpp"
#include "pki/key_info.hpp"
#include "pki/name_match.hpp"
#include "pki/oid.hpp"
#include "pki/signature_algorithm.hpp"
#include "wire/reader.hpp"

namespace handfast::pki {
namespace {

std::vector<std::string> access_urls(const Certificate& certificate, Bytes method) {
  std::vector<std::string> urls;
  crypto::DerReader reader(certificate.authority_info_access.content);
  crypto::DerReader descriptions = reader.sequence("authorityInfoAccess");
  while (!descriptions.empty()) {
    crypto::DerReader description = descriptions.sequence("accessDescription");
    const Bytes type = description.object_identifier("accessMethod");
    const GeneralName location = read_general_name(description, "accessLocation");
    description.expect_end("accessDescription");
    if (descriptions.failed() || !oid::equal(type, method)) continue;
    if (location.type == GeneralNameType::uniform_resource_identifier) {
      urls.emplace_back(as_text(location.value));
    }
  }
  return urls;
}

}  // namespace

std::vector<std::string> ca_issuer_urls(const Certificate& certificate) {
  return access_urls(certificate, oid::kAccessCaIssuers);
}

std::vector<SignedCertificateTimestamp> parse_sct_list(Bytes list) {
  std::vector<SignedCertificateTimestamp> entries;
  wire::Reader reader(list);
  // opaque SerializedSCT<1..2^16-1>; struct { SerializedSCT sct_list <1..2^16-1>; }
  wire::Reader scts = reader.nested16("sct_list", 1, 0xffff);
  while (!scts.empty()) {
    wire::Reader sct(scts.vector16("SerializedSCT", 1, 0xffff));
    constexpr std::uint8_t kV1 = 0;
    if (sct.u8("sct_version") != kV1) continue;
    SignedCertificateTimestamp entry;
    entry.log_id = sct.bytes("id", 32);
    entry.timestamp = sct.u64("timestamp");
    if (!sct.failed()) entries.push_back(entry);
  }
  if (!reader.finish()) entries.clear();
  return entries;
}

CertificateDescription describe(const Certificate& certificate) {
  CertificateDescription out;
  out.subject = name_to_text(certificate.subject);
  out.issuer = name_to_text(certificate.issuer);
  for (const std::uint8_t byte : certificate.serial) out.serial += fmt::format("{:02x}", byte);
  out.not_before = certificate.not_before;
  out.not_after = certificate.not_after;
  const KeyInfo key = key_info_of(certificate.spki);
  out.key = key.to_string();
  out.key_bits = key.bits;
  out.signature_algorithm = signature_algorithm_to_text(certificate.signature_algorithm);
  out.subject_alt_names = subject_alt_names(certificate);
  out.ca_issuers = ca_issuer_urls(certificate);
  out.ocsp = access_urls(certificate, oid::kAccessOcsp);
  out.signed_certificate_timestamps =
      parse_sct_list(certificate.signed_certificate_timestamps.content).size();
  out.is_ca = certificate.basic_constraints.ca;
  out.self_issued = certificate.self_issued;
  out.must_staple = certificate.must_staple;
  return out;
}

}  // namespace handfast::pki
