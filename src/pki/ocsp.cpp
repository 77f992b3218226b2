// OCSPResponse, BasicOCSPResponse, ResponseData, SingleResponse. RFC 6960 §4.2.1; extensions: §4.4, RFC 6962
// §3.3.
#include "pki/ocsp.hpp"

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

// A nonce, SCTs, an archive cut-off: RFC 6960 §4.4 has seven.
constexpr std::size_t kMaxOcspExtensions = 16;

// "The format for GeneralizedTime is as specified in Section 4.1.2.5.2 of [RFC5280]."
Time read_generalized_time(DerReader& reader, const char* field) {
  if (!reader.next_is(der::kGeneralizedTime)) reader.fail(field, reader.offset());
  return read_time(reader, field);
}

std::optional<crypto::HashAlgorithm> hash_of(Bytes type) {
  using crypto::HashAlgorithm;
  if (oid::equal(type, oid::kSha1)) return HashAlgorithm::sha1;
  if (oid::equal(type, oid::kSha256)) return HashAlgorithm::sha256;
  if (oid::equal(type, oid::kSha384)) return HashAlgorithm::sha384;
  if (oid::equal(type, oid::kSha512)) return HashAlgorithm::sha512;
  return std::nullopt;
}

// CertID ::= SEQUENCE { hashAlgorithm, issuerNameHash OCTET STRING, issuerKeyHash OCTET STRING, serialNumber
// }
void read_certificate_id(DerReader& fields, OcspSingleResponse& out) {
  DerReader id = fields.sequence("certID");
  {
    DerReader algorithm = id.sequence("certID.hashAlgorithm");
    out.hash_algorithm = algorithm.object_identifier("certID.hashAlgorithm");
    if (!algorithm.empty()) algorithm.null("certID.hashAlgorithm");
    algorithm.expect_end("certID.hashAlgorithm");
  }
  out.hash = hash_of(out.hash_algorithm);
  out.issuer_name_hash = id.octet_string("certID.issuerNameHash");
  out.issuer_key_hash = id.octet_string("certID.issuerKeyHash");
  out.serial = id.integer("certID.serialNumber");
  id.expect_end("certID");
}

// CertStatus ::= CHOICE { good [0] IMPLICIT NULL, revoked [1] IMPLICIT RevokedInfo, unknown [2] IMPLICIT NULL
// }
void read_certificate_status(DerReader& fields, OcspSingleResponse& out) {
  if (fields.next_is(der::context_constructed(1))) {
    out.status = OcspCertificateStatus::revoked;
    DerReader info = fields.nested("certStatus.revoked", der::context_constructed(1));
    out.revocation_time = read_generalized_time(info, "certStatus.revoked.revocationTime");
    if (info.next_is(der::context_constructed(0))) {
      DerReader tagged = info.tagged("certStatus.revoked.revocationReason", 0);
      out.revocation_reason = read_reason(tagged, "certStatus.revoked.revocationReason");
      tagged.expect_end("certStatus.revoked.revocationReason");
    }
    info.expect_end("certStatus.revoked");
    return;
  }
  const bool good = fields.next_is(der::context(0));
  out.status = good ? OcspCertificateStatus::good : OcspCertificateStatus::unknown;
  const crypto::DerElement null = fields.element("certStatus", der::context(good ? 0 : 2));
  if (!null.content.empty()) fields.fail("certStatus", null.offset);
}

template <class Visit>
void read_tagged_extensions(DerReader& fields, const char* field, Bytes& content, Bytes& unknown_critical,
                            Visit visit) {
  if (!fields.next_is(der::context_constructed(1))) return;
  DerReader tagged = fields.tagged(field, 1);
  read_extensions<kMaxOcspExtensions>(tagged, field, content,
                                      [&](const Extension& extension, DerReader& value) {
                                        if (visit(extension, value)) return true;
                                        if (extension.critical && unknown_critical.empty())
                                          unknown_critical = extension.oid;
                                        return false;
                                      });
  tagged.expect_end(field);
}

void read_single_response(DerReader& responses, OcspSingleResponse& out) {
  DerReader fields = responses.sequence("singleResponse");
  read_certificate_id(fields, out);
  read_certificate_status(fields, out);
  out.this_update = read_generalized_time(fields, "thisUpdate");
  if (fields.next_is(der::context_constructed(0))) {
    DerReader tagged = fields.tagged("nextUpdate", 0);
    out.next_update = read_generalized_time(tagged, "nextUpdate");
    tagged.expect_end("nextUpdate");
  }
  read_tagged_extensions(fields, "singleExtensions", out.extensions, out.unknown_critical_extension,
                         [&](const Extension& extension, DerReader& value) {
                           if (!oid::equal(extension.oid, oid::kOcspSctList)) return false;
                           out.signed_certificate_timestamps =
                               value.octet_string("signedCertificateTimestampList");
                           return true;
                         });
  fields.expect_end("singleResponse");
}

// ResponderID ::= CHOICE { byName [1] Name, byKey [2] KeyHash }
void read_responder_id(DerReader& data, OcspResponse& out) {
  if (data.next_is(der::context_constructed(1))) {
    DerReader tagged = data.tagged("responderID.byName", 1);
    check_name(tagged, "responderID.byName", out.responder_name);
    tagged.expect_end("responderID.byName");
    return;
  }
  DerReader tagged = data.tagged("responderID.byKey", 2);
  const std::size_t offset = tagged.offset();
  out.responder_key_hash = tagged.octet_string("responderID.byKey");
  // "SHA-1 hash of responder's public key"
  if (out.responder_key_hash.size() != 20) tagged.fail("responderID.byKey", offset);
  tagged.expect_end("responderID.byKey");
}

void read_responses(DerReader& data, OcspResponse& out) {
  const crypto::DerElement element = data.element("responses", der::kSequence);
  if (data.failed()) return;
  out.responses = element.content;
  DerReader responses(element.content, element.content_offset);
  do {
    OcspSingleResponse single;
    read_single_response(responses, single);
  } while (!responses.empty());
  if (const Result<void> verdict = responses.finish(); !verdict) {
    data.fail(verdict.error().field(), verdict.error().offset());
  }
}

// ResponseData ::= SEQUENCE { version [0] DEFAULT v1, responderID, producedAt, responses,
//                             responseExtensions [1] OPTIONAL }
void read_response_data(DerReader& data, OcspResponse& out) {
  // DER leaves out a DEFAULT value, and there is no other version.
  if (data.next_is(der::context_constructed(0))) data.fail("version", data.offset());
  read_responder_id(data, out);
  out.produced_at = read_generalized_time(data, "producedAt");
  read_responses(data, out);
  read_tagged_extensions(data, "responseExtensions", out.extensions, out.unknown_critical_extension,
                         // The nonce of a question that somebody else asked.
                         [](const Extension& extension, DerReader& value) {
                           if (!oid::equal(extension.oid, oid::kOcspNonce)) return false;
                           value.octet_string("nonce");
                           return true;
                         });
  data.expect_end("tbsResponseData");
}

// BasicOCSPResponse ::= SEQUENCE { tbsResponseData, signatureAlgorithm, signature BIT STRING,
//                                  certs [0] SEQUENCE OF Certificate OPTIONAL }
void read_basic_response(DerReader& basic, OcspResponse& out) {
  const Bytes before = basic.remaining();
  {
    DerReader data = basic.sequence("tbsResponseData");
    read_response_data(data, out);
  }
  out.tbs = before.first(before.size() - std::min(before.size(), basic.remaining().size()));
  out.signature_algorithm = basic.element("signatureAlgorithm", der::kSequence).whole;
  out.signature = basic.bit_string_bytes("signature");
  if (basic.next_is(der::context_constructed(0))) {
    DerReader tagged = basic.tagged("certs", 0);
    const crypto::DerElement element = tagged.element("certs", der::kSequence);
    out.certificates = element.content;
    DerReader certificates(element.content, element.content_offset);
    while (!certificates.empty()) certificates.element("certs", der::kSequence);
    if (!certificates.finish()) tagged.fail("certs", element.offset);
    tagged.expect_end("certs");
  }
  basic.expect_end("basicOCSPResponse");
}

// ResponseBytes ::= SEQUENCE { responseType OBJECT IDENTIFIER, response OCTET STRING }
void read_response_bytes(DerReader& tagged, OcspResponse& out) {
  DerReader fields = tagged.sequence("responseBytes");
  const std::size_t offset = fields.offset();
  const Bytes type = fields.object_identifier("responseType");
  // "OCSP clients SHALL be capable of receiving and processing responses of the id-pkix-ocsp-basic response
  // type"; there is no other.
  if (!fields.failed() && !oid::equal(type, oid::kOcspBasic)) fields.fail("responseType", offset);
  DerReader response = fields.nested("response", der::kOctetString);
  {
    DerReader basic = response.sequence("basicOCSPResponse");
    read_basic_response(basic, out);
  }
  response.expect_end("response");
  fields.expect_end("responseBytes");
}

}  // namespace

const char* name_of(OcspResponseStatus status) {
  switch (status) {
    case OcspResponseStatus::successful:
      return "successful";
    case OcspResponseStatus::malformed_request:
      return "malformedRequest";
    case OcspResponseStatus::internal_error:
      return "internalError";
    case OcspResponseStatus::try_later:
      return "tryLater";
    case OcspResponseStatus::sig_required:
      return "sigRequired";
    case OcspResponseStatus::unauthorized:
      return "unauthorized";
  }
  return "unknown";
}

const char* name_of(OcspCertificateStatus status) {
  switch (status) {
    case OcspCertificateStatus::good:
      return "good";
    case OcspCertificateStatus::revoked:
      return "revoked";
    case OcspCertificateStatus::unknown:
      return "unknown";
  }
  return "unknown";
}

Result<OcspResponse> OcspResponse::parse(Bytes bytes) {
  OcspResponse out;
  out.der = bytes;
  DerReader reader(bytes, 0, ErrorCode::certificate_staple_invalid);
  {
    DerReader fields = reader.sequence("ocspResponse");
    const std::size_t offset = fields.offset();
    constexpr std::uint64_t kUnused = 4;
    const std::uint64_t status = fields.small_integer("responseStatus", 6, der::kEnumerated);
    if (status == kUnused) {
      fields.fail("responseStatus", offset);
    } else {
      out.status = static_cast<OcspResponseStatus>(status);
    }
    // "If the value of responseStatus is one of the error conditions, the responseBytes field is not set."
    if (out.status == OcspResponseStatus::successful) {
      DerReader tagged = fields.tagged("responseBytes", 0);
      read_response_bytes(tagged, out);
      tagged.expect_end("responseBytes");
    }
    fields.expect_end("ocspResponse");
  }
  HANDFAST_TRY(reader.finish());
  if (!out.signature_algorithm.empty()) out.signature_method = signature_method_of(out.signature_algorithm);
  return out;
}

bool OcspSingleResponseWalker::next(OcspSingleResponse& single) {
  if (rest_.empty()) return false;
  single = {};
  DerReader reader(rest_);
  read_single_response(reader, single);
  rest_ = reader.remaining();
  return !reader.failed();
}

bool OcspCertificateWalker::next(Bytes& certificate) {
  if (rest_.empty()) return false;
  DerReader reader(rest_);
  certificate = reader.element("certs", der::kSequence).whole;
  rest_ = reader.remaining();
  return !reader.failed();
}

}  // namespace handfast::pki
