// OCSP responses and revocation lists of the lab. RFC 6960 §4.2.1, RFC 5280 §5.1.
#include <algorithm>

#include "crypto/der.hpp"
#include "crypto/der_writer.hpp"
#include "crypto/hash.hpp"
#include "lab/workshop.hpp"
#include "pki/certificate.hpp"
#include "pki/der_time.hpp"
#include "pki/oid.hpp"
#include "pki/signature_algorithm.hpp"

namespace handfast::apps::lab {
namespace {

using crypto::der_encode;
namespace der = crypto::der;

constexpr crypto::SignatureMethod kMethod{crypto::SignatureAlgorithm::ecdsa, crypto::HashAlgorithm::sha256};

ByteString generalized_time(Time time) {
  std::string text = pki::time_to_text(time);  // "2026-11-20T23:41:59Z"
  std::erase_if(text, [](char c) { return c == '-' || c == ':' || c == 'T'; });
  return der_encode(der::kGeneralizedTime, {as_bytes(text)});
}

Result<ByteString> sha1_octets(Bytes bytes) {
  HANDFAST_TRY_ASSIGN(const auto digest, crypto::hash(crypto::HashAlgorithm::sha1, {bytes}));
  return der_encode(der::kOctetString, {digest.view()});
}

Result<ByteString> certificate_id(const pki::Certificate& certificate, const pki::Certificate& issuer) {
  crypto::DerReader reader(issuer.spki);
  crypto::DerReader fields = reader.sequence("subjectPublicKeyInfo");
  fields.element("algorithm", der::kSequence);
  HANDFAST_TRY_ASSIGN(const ByteString name_hash, sha1_octets(issuer.subject));
  HANDFAST_TRY_ASSIGN(const ByteString key_hash, sha1_octets(fields.bit_string_bytes("subjectPublicKey")));
  const ByteString algorithm = der_encode(
      der::kSequence, {der_encode(der::kObjectIdentifier, {pki::oid::kSha1}), der_encode(der::kNull, {})});
  return der_encode(der::kSequence,
                    {algorithm, name_hash, key_hash, der_encode(der::kInteger, {certificate.serial})});
}

Result<ByteString> signed_by(const Entity& issuer, Bytes tbs) {
  HANDFAST_TRY_ASSIGN(const ByteString signature, issuer.key->sign(kMethod, tbs));
  return der_encode(der::kSequence,
                    {tbs, pki::algorithm_identifier_of(kMethod), crypto::der_bit_string(signature)});
}

}  // namespace

Result<ByteString> make_ocsp_response(const RevocationSpec& spec, Bytes certificate, const Entity& issuer) {
  HANDFAST_TRY_ASSIGN(const auto subject, pki::Certificate::parse(certificate));
  HANDFAST_TRY_ASSIGN(const auto authority, pki::Certificate::parse(issuer.certificate));
  HANDFAST_TRY_ASSIGN(const ByteString id, certificate_id(subject, authority));
  const ByteString status =
      spec.revoked ? der_encode(der::context_constructed(1), {generalized_time(spec.this_update)})
                   : der_encode(der::context(0), {Bytes()});
  const ByteString single = der_encode(
      der::kSequence, {id, status, generalized_time(spec.this_update),
                       der_encode(der::context_constructed(0), {generalized_time(spec.next_update)})});
  const ByteString tbs =
      der_encode(der::kSequence, {der_encode(der::context_constructed(1), {authority.subject}),
                                  generalized_time(spec.this_update), der_encode(der::kSequence, {single})});
  HANDFAST_TRY_ASSIGN(const ByteString basic, signed_by(issuer, tbs));
  const ByteString bytes = der_encode(
      der::kSequence,
      {der_encode(der::kObjectIdentifier, {pki::oid::kOcspBasic}), der_encode(der::kOctetString, {basic})});
  constexpr std::uint8_t kSuccessful = 0;
  return der_encode(der::kSequence, {der_encode(der::kEnumerated, {Bytes(&kSuccessful, 1)}),
                                     der_encode(der::context_constructed(0), {bytes})});
}

Result<ByteString> make_empty_list(const RevocationSpec& spec, const Entity& issuer) {
  HANDFAST_TRY_ASSIGN(const auto authority, pki::Certificate::parse(issuer.certificate));
  constexpr std::uint8_t kVersion2[] = {1};
  const ByteString number =
      pki::encode_extension(pki::oid::kCrlNumber, false, der_encode(der::kInteger, {Bytes(kVersion2)}));
  const ByteString key_id = pki::encode_extension(
      pki::oid::kAuthorityKeyIdentifier, false,
      der_encode(der::kSequence,
                 {der_encode(der::context(0), {authority.subject_key_identifier.key_identifier})}));
  const ByteString tbs =
      der_encode(der::kSequence,
                 {der_encode(der::kInteger, {Bytes(kVersion2)}), pki::algorithm_identifier_of(kMethod),
                  authority.subject, pki::write_time(spec.this_update), pki::write_time(spec.next_update),
                  der_encode(der::context_constructed(0), {der_encode(der::kSequence, {key_id, number})})});
  return signed_by(issuer, tbs);
}

}  // namespace handfast::apps::lab
