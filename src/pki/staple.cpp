// Judging a stapled response: responder, signature, subject, date, in this order. RFC 6960 §3.2.
#include "pki/staple.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "crypto/der.hpp"
#include "crypto/hash.hpp"
#include "pki/der_time.hpp"
#include "pki/distinguished_name.hpp"
#include "pki/key_info.hpp"
#include "pki/oid.hpp"
#include "pki/revocation.hpp"
#include "pki/trust_index.hpp"

namespace handfast::pki {
namespace {

using Kind = StapleVerdict::Kind;
using Signature = SignatureChecks::Verdict;

// The value of the BIT STRING subjectPublicKey.
Bytes key_bits(Bytes spki) {
  crypto::DerReader reader(spki);
  crypto::DerReader fields = reader.sequence("subjectPublicKeyInfo");
  fields.element("algorithm", crypto::der::kSequence);
  return fields.bit_string_bytes("subjectPublicKey");
}

bool is_hash_of(crypto::HashAlgorithm algorithm, Bytes bytes, Bytes expected) {
  const auto digest = crypto::hash(algorithm, {bytes});
  return digest && oid::equal(digest->view(), expected);
}

bool is_responder(const OcspResponse& response, const Certificate& certificate) {
  if (!response.responder_name.empty()) return names_equal(response.responder_name, certificate.subject);
  return is_hash_of(crypto::HashAlgorithm::sha1, key_bits(certificate.spki), response.responder_key_hash);
}

struct Judge {
  const VerifyInput& input;
  const OcspResponse& response;
  std::span<Presented> presented;
  const Path& path;
  Work& work;
  const Certificate& leaf = *path[0].certificate;
  const PathStep& issuer = path[1];
  std::string unconfirmed = {};  // why the signer's certificate may be a revoked one

  const Result<crypto::PublicKey>& issuer_key() const {
    return issuer.anchor != nullptr ? issuer.anchor->key() : issuer.presented->load_key();
  }

  bool is_acceptable(const std::optional<crypto::SignatureMethod>& method) const {
    return method && (method->hash != crypto::HashAlgorithm::sha1 || input.policy.allow_sha1);
  }

  Signature check_response(const void* signer, const Result<crypto::PublicKey>& key) {
    return work.signatures.check(response.der.data(), *response.signature_method, response.tbs,
                                 response.signature, signer, key);
  }

  // RFC 6960 §4.2.2.2: the signer is the CA itself or holds a certificate that "MUST be issued directly by
  // the CA that is identified in the request". Answers what is wrong, or nothing.
  StapleVerdict check_signer() {
    if (!is_acceptable(response.signature_method)) {
      return {Kind::invalid, "it is signed with an algorithm that is not acceptable"};
    }
    if (is_responder(response, *issuer.certificate)) {
      switch (check_response(issuer.certificate, issuer_key())) {
        case Signature::good:
          return {};
        case Signature::budget_exhausted:
          return exhausted();
        default:
          break;
      }
    }
    return check_delegates();
  }

  StapleVerdict check_delegates() {
    StapleVerdict worst{Kind::invalid,
                        fmt::format("it is not signed by '{}' nor by a responder that it named",
                                    name_to_text(issuer.certificate->subject))};
    OcspCertificateWalker walker(response);
    Bytes der;
    for (std::size_t i = 0; i < kMaxStapleCertificates && walker.next(der); ++i) {
      const Result<Certificate> certificate = Certificate::parse(der);
      if (!certificate || !is_responder(response, *certificate)) continue;
      const auto key = crypto::PublicKey::from_spki(certificate->spki);
      switch (check_response(der.data(), key)) {
        case Signature::good:
          break;
        case Signature::budget_exhausted:
          return exhausted();
        default:
          worst.detail = "its signature is wrong";
          continue;
      }
      StapleVerdict verdict = check_delegate(*certificate);
      if (verdict.kind != Kind::invalid) return verdict;
      worst = std::move(verdict);
    }
    return worst;
  }

  StapleVerdict check_delegate(const Certificate& delegate) {
    const auto wrong = [&](std::string_view what) {
      return StapleVerdict{Kind::invalid,
                           fmt::format("its signer '{}' {}", name_to_text(delegate.subject), what)};
    };
    // "a certificate that includes a value of id-kp-OCSPSigning in an extended key usage extension"
    if (!delegate.extended_key_usage.ocsp_signing) return wrong("is no OCSP responder (id-kp-OCSPSigning)");
    if (!names_equal(delegate.issuer, issuer.certificate->subject)) {
      return wrong("was not named by the certificate's issuer");
    }
    if (input.now < delegate.not_before || input.now > delegate.not_after) {
      return wrong(fmt::format("is valid from {} to {}", time_to_text(delegate.not_before),
                               time_to_text(delegate.not_after)));
    }
    if (!delegate.unknown_critical_extension.empty()) {
      return wrong("has a critical extension that is not understood");
    }
    if (!delegate.key_usage.allows(KeyUsage::digital_signature)) return wrong("may not sign (key usage)");
    const KeyInfo key = key_info_of(delegate.spki);
    if (!key.type || (key.is_rsa() && key.bits < input.policy.min_rsa_bits)) return wrong("has a weak key");
    if (!is_acceptable(delegate.signature_method)) return wrong("has a weak signature");
    switch (work.signatures.check(delegate.der.data(), *delegate.signature_method, delegate.tbs,
                                  delegate.signature, issuer.certificate, issuer_key())) {
      case Signature::good:
        break;
      case Signature::budget_exhausted:
        return exhausted();
      default:
        return wrong("was not named by the certificate's issuer");
    }
    return check_revocation(delegate);
  }

  // RFC 6960 §4.2.2.2.1: "a CA may specify that an OCSP client can trust a responder for the lifetime of the
  // responder's certificate. The CA does so by including the extension id-pkix-ocsp-nocheck." Without it the
  // certificate is one like any other, for which lists are asked.
  StapleVerdict check_revocation(const Certificate& delegate) {
    Path delegates;
    delegates.push({&delegate, nullptr, nullptr});
    for (std::size_t i = 1; i < path.size(); ++i) delegates.push(path[i]);
    const RevocationVerdict verdict = RevocationCheck(input, presented, work, nullptr).check(delegates, 0);
    switch (verdict.kind) {
      case RevocationVerdict::Kind::good:
        return {};
      case RevocationVerdict::Kind::revoked:
        return {Kind::invalid, fmt::format("its signer '{}' was revoked", name_to_text(delegate.subject))};
      case RevocationVerdict::Kind::budget_exhausted:
        return {Kind::budget_exhausted, {}};
      case RevocationVerdict::Kind::unknown:
        break;
    }
    if (input.revocation == RevocationMode::hard_fail && !delegate.ocsp_no_check) {
      unconfirmed = fmt::format("its signer '{}' may be revoked itself: {}", name_to_text(delegate.subject),
                                explain(verdict, delegate, input.now));
    }
    return {};
  }

  StapleVerdict exhausted() {
    work.exhausted = "signature checks";
    return {Kind::budget_exhausted, {}};
  }

  // What is wrong with the date of an answer; empty: nothing.
  std::string outdated(const OcspSingleResponse& single) const {
    if (single.this_update > input.now + kStapleClockSkew) {
      return fmt::format("it holds from {} on, now it is {}", time_to_text(single.this_update),
                         time_to_text(input.now));
    }
    const Time end = single.next_update ? *single.next_update + kStapleClockSkew
                                        : single.this_update + kMaxStapleAgeWithoutNextUpdate;
    if (input.now <= end) return {};
    return fmt::format("it is of {} and holds until {}, now it is {}", time_to_text(single.this_update),
                       time_to_text(single.next_update ? *single.next_update : end), time_to_text(input.now));
  }

  StapleVerdict check_answers() const {
    StapleVerdict verdict{Kind::invalid, "it is about another certificate"};
    OcspSingleResponseWalker walker(response);
    OcspSingleResponse single;
    while (walker.next(single)) {
      if (!is_about(single, leaf, *issuer.certificate)) continue;
      if (!single.unknown_critical_extension.empty()) {
        verdict.detail = "it has a critical extension that is not understood";
        continue;
      }
      const std::string wrong = outdated(single);
      const bool on_hold = single.revocation_reason == RevocationReason::certificate_hold;
      // What was revoked stays so, except for a hold.
      if (single.status == OcspCertificateStatus::revoked && (wrong.empty() || !on_hold)) {
        return {Kind::revoked,
                fmt::format(
                    "since {}{}, says the stapled OCSP response of {}", time_to_text(single.revocation_time),
                    single.revocation_reason ? fmt::format(" ({})", name_of(*single.revocation_reason)) : "",
                    time_to_text(single.this_update))};
      }
      if (!wrong.empty()) {
        if (verdict.kind == Kind::invalid) verdict.detail = wrong;
      } else if (single.status == OcspCertificateStatus::good) {
        verdict = {unconfirmed.empty() ? Kind::good : Kind::unconfirmed, unconfirmed};
      } else if (verdict.kind == Kind::invalid) {
        verdict.detail = "the responder does not know the certificate";
      }
    }
    return verdict;
  }
};

}  // namespace

bool is_about(const OcspSingleResponse& single, const Certificate& leaf, const Certificate& issuer) {
  return single.hash && oid::equal(single.serial, leaf.serial) &&
         is_hash_of(*single.hash, leaf.issuer, single.issuer_name_hash) &&
         is_hash_of(*single.hash, key_bits(issuer.spki), single.issuer_key_hash);
}

std::optional<Time> end_of_staple(Bytes response) {
  const Result<OcspResponse> parsed = OcspResponse::parse(response);
  if (!parsed || parsed->status != OcspResponseStatus::successful) return std::nullopt;
  Time end = Time::max();
  OcspSingleResponseWalker answers(*parsed);
  OcspSingleResponse single;
  while (answers.next(single)) {
    end = std::min(end, single.next_update.value_or(single.this_update + kMaxStapleAgeWithoutNextUpdate));
  }
  OcspCertificateWalker certificates(*parsed);
  Bytes der;
  for (std::size_t i = 0; i < kMaxStapleCertificates && certificates.next(der); ++i) {
    if (const auto certificate = Certificate::parse(der)) end = std::min(end, certificate->not_after);
  }
  return end;
}

StapleVerdict check_staple(const VerifyInput& input, std::span<Presented> presented, const Path& path,
                           Work& work) {
  if (input.stapled_response.empty()) return {Kind::none, "none came"};
  const Result<OcspResponse> response = OcspResponse::parse(input.stapled_response);
  if (!response) {
    return {Kind::invalid,
            fmt::format("{} at byte {} is malformed", response.error().field(), response.error().offset())};
  }
  if (response->status != OcspResponseStatus::successful) {
    return {Kind::none, fmt::format("the responder answered {}", name_of(response->status))};
  }
  if (!response->unknown_critical_extension.empty()) {
    return {Kind::invalid, "it has a critical extension that is not understood"};
  }
  Judge judge{input, *response, presented, path, work};
  StapleVerdict verdict = judge.check_signer();
  return verdict.kind == Kind::none ? judge.check_answers() : verdict;
}

}  // namespace handfast::pki
