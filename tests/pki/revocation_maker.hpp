// Revocation lists and OCSP responses for tests, with everything that can be wrong with them.
#pragma once

#include <gtest/gtest.h>

#include <handfast/revocation.hpp>
#include <string>
#include <vector>

#include "crypto/der.hpp"
#include "crypto/der_writer.hpp"
#include "crypto/hash.hpp"
#include "pki/certificate.hpp"
#include "pki/crl.hpp"
#include "pki/der_time.hpp"
#include "pki/maker.hpp"
#include "pki/ocsp.hpp"
#include "pki/oid.hpp"
#include "pki/signature_algorithm.hpp"

namespace handfast::test {

using crypto::der_encode;
namespace der = crypto::der;

inline ByteString joined(const std::vector<ByteString>& parts) {
  ByteString out;
  for (const ByteString& part : parts) out.insert(out.end(), part.begin(), part.end());
  return out;
}

inline pki::Certificate parsed(const ByteString& certificate) {
  auto result = pki::Certificate::parse(certificate);
  EXPECT_TRUE(result.has_value());
  return *result;
}
inline ByteString serial_of(const Entity& entity) { return copy_of(parsed(entity.certificate).serial); }
inline ByteString subject_of(const Entity& entity) { return copy_of(parsed(entity.certificate).subject); }

// Another certificate for the key of `subject`.
inline ByteString certify(const pki::IssueSpec& spec, const Entity& subject, const Entity& issuer) {
  auto certificate = pki::issue(spec, subject.key.public_key(), issuer.key, issuer.certificate);
  EXPECT_TRUE(certificate.has_value());
  return *certificate;
}

inline ByteString encode_number(unsigned number) {
  const std::uint8_t octets[] = {static_cast<std::uint8_t>(number >> 8U), static_cast<std::uint8_t>(number)};
  return crypto::der_unsigned(octets);
}

// --- names and scopes --------------------------------------------------------------------------

inline ByteString directory_name(const ByteString& name) {
  return der_encode(der::context_constructed(4), {name});
}
inline ByteString uri(const std::string& text) { return der_encode(der::context(6), {as_bytes(text)}); }

// DistributionPointName, with its own tag [0].
inline ByteString full_name(const ByteString& general_name) {
  return der_encode(der::context_constructed(0), {der_encode(der::context_constructed(0), {general_name})});
}
// CN=`text` below the issuer's name.
inline ByteString relative_name(const std::string& text) {
  const ByteString attribute =
      der_encode(der::kSequence, {der_encode(der::kObjectIdentifier, {pki::oid::kCommonName}),
                                  der_encode(der::kUtf8String, {as_bytes(text)})});
  return der_encode(der::context_constructed(0), {der_encode(der::context_constructed(1), {attribute})});
}
// `issuer` and below it CN=`text`: the same, spelled out.
inline ByteString absolute_name(const ByteString& issuer, const std::string& text) {
  const ByteString attribute =
      der_encode(der::kSequence, {der_encode(der::kObjectIdentifier, {pki::oid::kCommonName}),
                                  der_encode(der::kUtf8String, {as_bytes(text)})});
  crypto::DerReader reader(issuer);
  const Bytes rdns = reader.element("name", der::kSequence).content;
  return der_encode(der::kSequence, {rdns, der_encode(der::kSet, {attribute})});
}
// ReasonFlags with tag [number]; `bits` are numbers of the RFC.
inline ByteString reasons(unsigned number, const std::vector<unsigned>& bits) {
  unsigned mask = 0;
  for (const unsigned bit : bits) mask |= 0x8000U >> bit;
  std::uint8_t octets[] = {0, static_cast<std::uint8_t>(mask >> 8U), static_cast<std::uint8_t>(mask)};
  const std::size_t size = octets[2] != 0 ? 3 : 2;
  while (octets[0] < 7 && (octets[size - 1] & (1U << octets[0])) == 0) ++octets[0];
  return der_encode(der::context(number), {Bytes(octets).first(size)});
}
inline const std::vector<unsigned> kSomeReasons = {1, 2};
inline const std::vector<unsigned> kOtherReasons = {3, 4, 5, 6, 7, 8};
inline ByteString flag(unsigned number) {
  const std::uint8_t yes = 0xff;
  return der_encode(der::context(number), {Bytes(&yes, 1)});
}
// cRLIssuer of a DistributionPoint.
inline ByteString crl_issuer(const ByteString& name) {
  return der_encode(der::context_constructed(2), {directory_name(name)});
}
// The certificate's extension; each point is the content of a DistributionPoint.
inline ByteString distribution_points(const std::vector<ByteString>& points) {
  ByteString content;
  for (const ByteString& point : points) {
    const ByteString whole = der_encode(der::kSequence, {point});
    content.insert(content.end(), whole.begin(), whole.end());
  }
  return pki::encode_extension(pki::oid::kCrlDistributionPoints, false,
                               der_encode(der::kSequence, {content}));
}
// The list's extension from the content of IssuingDistributionPoint.
inline ByteString issuing_point(const std::vector<ByteString>& fields) {
  return pki::encode_extension(pki::oid::kIssuingDistributionPoint, true,
                               der_encode(der::kSequence, {joined(fields)}));
}

// --- lists -------------------------------------------------------------------------------------

struct EntrySpec {
  ByteString serial;
  std::optional<pki::RevocationReason> reason = std::nullopt;
  ByteString issuer = {};  // Name, for certificateIssuer
  Time date = kNow - std::chrono::days(2);
  std::vector<ByteString> more_extensions = {};
};

struct ListSpec {
  std::vector<EntrySpec> entries = {};
  Time this_update = kNow - std::chrono::days(1);
  std::optional<Time> next_update = kNow + std::chrono::days(7);
  std::optional<unsigned> number = 1;
  bool critical_number = false;
  std::optional<unsigned> delta_base = std::nullopt;
  ByteString issuer = {};  // Name; empty: the signer's
  std::vector<ByteString> more_extensions = {};
  bool first_version = false;   // without its extensions
  bool empty_sequence = false;  // of entries, where none should be
};

inline ByteString encode_entry(const EntrySpec& spec) {
  ByteString extensions;
  const auto add = [&](const ByteString& extension) {
    extensions.insert(extensions.end(), extension.begin(), extension.end());
  };
  if (spec.reason) {
    const auto value = static_cast<std::uint8_t>(*spec.reason);
    add(pki::encode_extension(pki::oid::kCrlReason, false, der_encode(der::kEnumerated, {Bytes(&value, 1)})));
  }
  if (!spec.issuer.empty()) {
    add(pki::encode_extension(pki::oid::kCertificateIssuer, true,
                              der_encode(der::kSequence, {directory_name(spec.issuer)})));
  }
  for (const ByteString& extension : spec.more_extensions) add(extension);
  const ByteString all = extensions.empty() ? ByteString() : der_encode(der::kSequence, {extensions});
  return der_encode(der::kSequence,
                    {der_encode(der::kInteger, {spec.serial}), pki::write_time(spec.date), all});
}

inline ByteString make_list(const ListSpec& spec, const Entity& signer) {
  const crypto::SignatureMethod method{crypto::SignatureAlgorithm::ecdsa, crypto::HashAlgorithm::sha256};
  const ByteString algorithm = pki::algorithm_identifier_of(method);
  ByteString entries;
  for (const EntrySpec& entry : spec.entries) {
    const ByteString encoded = encode_entry(entry);
    entries.insert(entries.end(), encoded.begin(), encoded.end());
  }
  const pki::Certificate certificate = parsed(signer.certificate);
  std::vector<ByteString> extensions = {pki::encode_extension(
      pki::oid::kAuthorityKeyIdentifier, false,
      der_encode(der::kSequence,
                 {der_encode(der::context(0), {certificate.subject_key_identifier.key_identifier})}))};
  if (spec.number) {
    extensions.push_back(
        pki::encode_extension(pki::oid::kCrlNumber, spec.critical_number, encode_number(*spec.number)));
  }
  if (spec.delta_base) {
    extensions.push_back(
        pki::encode_extension(pki::oid::kDeltaCrlIndicator, true, encode_number(*spec.delta_base)));
  }
  for (const ByteString& extension : spec.more_extensions) extensions.push_back(extension);
  const ByteString tbs = der_encode(
      der::kSequence,
      {spec.first_version ? ByteString() : encode_number(1), algorithm,
       spec.issuer.empty() ? certificate.subject : Bytes(spec.issuer), pki::write_time(spec.this_update),
       spec.next_update ? pki::write_time(*spec.next_update) : ByteString(),
       entries.empty() && !spec.empty_sequence ? ByteString() : der_encode(der::kSequence, {entries}),
       spec.first_version
           ? ByteString()
           : der_encode(der::context_constructed(0), {der_encode(der::kSequence, {joined(extensions)})})});
  auto signature = signer.key.sign(method, tbs);
  EXPECT_TRUE(signature.has_value());
  return der_encode(der::kSequence, {tbs, algorithm, crypto::der_bit_string(*signature)});
}

inline RevocationLists lists_of(const std::vector<ByteString>& lists) {
  RevocationLists out;
  for (const ByteString& list : lists) {
    const auto added = out.add_list(list);
    EXPECT_TRUE(added.has_value()) << added.error().to_string();
  }
  return out;
}

// --- responses ---------------------------------------------------------------------------------

struct AnswerSpec {
  ByteString serial;
  pki::OcspCertificateStatus status = pki::OcspCertificateStatus::good;
  std::optional<pki::RevocationReason> reason = std::nullopt;
  Time this_update = kNow - std::chrono::hours(2);
  std::optional<Time> next_update = kNow + std::chrono::hours(70);
  crypto::HashAlgorithm hash = crypto::HashAlgorithm::sha1;
  std::vector<ByteString> extensions = {};
};

struct ResponseSpec {
  std::vector<AnswerSpec> answers = {};
  bool by_key = false;
  std::vector<ByteString> certificates = {};
  std::vector<ByteString> extensions = {};
};

// GeneralizedTime, which OCSP uses for every year.
inline ByteString generalized_time(Time time) {
  std::string text = pki::time_to_text(time);  // "2026-11-20T23:41:59Z"
  std::erase_if(text, [](char c) { return c == '-' || c == ':' || c == 'T'; });
  return der_encode(der::kGeneralizedTime, {as_bytes(text)});
}

inline ByteString hash_of(crypto::HashAlgorithm algorithm, Bytes bytes) {
  auto digest = crypto::hash(algorithm, {bytes});
  EXPECT_TRUE(digest.has_value());
  return copy_of(digest->view());
}

inline ByteString key_bits_of(const pki::Certificate& certificate) {
  crypto::DerReader reader(certificate.spki);
  crypto::DerReader fields = reader.sequence("spki");
  fields.element("algorithm", der::kSequence);
  return copy_of(fields.bit_string_bytes("key"));
}

inline ByteString encode_answer(const AnswerSpec& spec, const Entity& issuer) {
  const pki::Certificate ca = parsed(issuer.certificate);
  const bool sha1 = spec.hash == crypto::HashAlgorithm::sha1;
  const ByteString algorithm =
      der_encode(der::kSequence,
                 {der_encode(der::kObjectIdentifier, {sha1 ? Bytes(pki::oid::kSha1) : pki::oid::kSha256}),
                  der_encode(der::kNull, {})});
  const ByteString id =
      der_encode(der::kSequence, {algorithm, der_encode(der::kOctetString, {hash_of(spec.hash, ca.subject)}),
                                  der_encode(der::kOctetString, {hash_of(spec.hash, key_bits_of(ca))}),
                                  der_encode(der::kInteger, {spec.serial})});
  ByteString status =
      der_encode(der::context(spec.status == pki::OcspCertificateStatus::good ? 0 : 2), {Bytes()});
  if (spec.status == pki::OcspCertificateStatus::revoked) {
    ByteString reason;
    if (spec.reason) {
      const auto value = static_cast<std::uint8_t>(*spec.reason);
      reason = der_encode(der::context_constructed(0), {der_encode(der::kEnumerated, {Bytes(&value, 1)})});
    }
    status = der_encode(der::context_constructed(1),
                        {generalized_time(spec.this_update - std::chrono::days(1)), reason});
  }
  const ByteString next = spec.next_update
                              ? der_encode(der::context_constructed(0), {generalized_time(*spec.next_update)})
                              : ByteString();
  const ByteString extensions =
      spec.extensions.empty()
          ? ByteString()
          : der_encode(der::context_constructed(1), {der_encode(der::kSequence, {joined(spec.extensions)})});
  return der_encode(der::kSequence, {id, status, generalized_time(spec.this_update), next, extensions});
}

// About certificates of `issuer`.
inline ByteString make_response(const ResponseSpec& spec, const Entity& issuer, const Entity& signer) {
  const crypto::SignatureMethod method{crypto::SignatureAlgorithm::ecdsa, crypto::HashAlgorithm::sha256};
  const pki::Certificate responder = parsed(signer.certificate);
  const ByteString responder_id =
      spec.by_key ? der_encode(der::context_constructed(2),
                               {der_encode(der::kOctetString,
                                           {hash_of(crypto::HashAlgorithm::sha1, key_bits_of(responder))})})
                  : der_encode(der::context_constructed(1), {responder.subject});
  ByteString answers;
  for (const AnswerSpec& answer : spec.answers) {
    const ByteString encoded = encode_answer(answer, issuer);
    answers.insert(answers.end(), encoded.begin(), encoded.end());
  }
  const ByteString extensions =
      spec.extensions.empty()
          ? ByteString()
          : der_encode(der::context_constructed(1), {der_encode(der::kSequence, {joined(spec.extensions)})});
  const ByteString tbs =
      der_encode(der::kSequence, {responder_id, generalized_time(kNow - std::chrono::hours(1)),
                                  der_encode(der::kSequence, {answers}), extensions});
  auto signature = signer.key.sign(method, tbs);
  EXPECT_TRUE(signature.has_value());
  const ByteString certificates = spec.certificates.empty()
                                      ? ByteString()
                                      : der_encode(der::context_constructed(0),
                                                   {der_encode(der::kSequence, {joined(spec.certificates)})});
  const ByteString basic = der_encode(der::kSequence, {tbs, pki::algorithm_identifier_of(method),
                                                       crypto::der_bit_string(*signature), certificates});
  const ByteString bytes = der_encode(
      der::kSequence,
      {der_encode(der::kObjectIdentifier, {pki::oid::kOcspBasic}), der_encode(der::kOctetString, {basic})});
  const std::uint8_t successful = 0;
  return der_encode(der::kSequence, {der_encode(der::kEnumerated, {Bytes(&successful, 1)}),
                                     der_encode(der::context_constructed(0), {bytes})});
}

// A responder's regret: tryLater and the like.
inline ByteString make_regret(pki::OcspResponseStatus status) {
  const auto value = static_cast<std::uint8_t>(status);
  return der_encode(der::kSequence, {der_encode(der::kEnumerated, {Bytes(&value, 1)})});
}

}  // namespace handfast::test
