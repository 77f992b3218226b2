// Stapled responses as facts.
#include "trace/staple.hpp"

#include <fmt/core.h>

#include "common/escape.hpp"
#include "common/numbers.hpp"
#include "pki/certificate.hpp"
#include "pki/distinguished_name.hpp"
#include "pki/ocsp.hpp"
#include "pki/oid.hpp"

namespace handfast::apps {
namespace {

void take_answer(StapleFact& fact, const pki::OcspSingleResponse& answer) {
  fact.status = name_of(answer.status);
  fact.this_update = time_text(answer.this_update);
  fact.next_update = answer.next_update ? time_text(*answer.next_update) : "";
  if (answer.status == pki::OcspCertificateStatus::revoked)
    fact.revoked_since = time_text(answer.revocation_time);
}

}  // namespace

std::string_view name_of(StapleTrust verdict) {
  switch (verdict) {
    case StapleTrust::good:
      return "good";
    case StapleTrust::refused:
      return "refused";
    case StapleTrust::not_checked:
      break;
  }
  return "not_checked";
}

StapleFact describe_staple(Bytes response, Bytes certificate) {
  StapleFact fact;
  const auto parsed = pki::OcspResponse::parse(response);
  if (!parsed) {
    fact.status = "unreadable";
    fact.problem = escape_untrusted(parsed.error().to_string());
    return fact;
  }
  fact.status = "absent";
  if (parsed->status != pki::OcspResponseStatus::successful) {
    fact.status = name_of(parsed->status);
    return fact;
  }
  fact.produced_at = time_text(parsed->produced_at);
  fact.responder = parsed->responder_name.empty()
                       ? to_hex(parsed->responder_key_hash)
                       : escape_untrusted(pki::name_to_text(parsed->responder_name));
  const auto leaf = pki::Certificate::parse(certificate);
  if (!leaf) return fact;
  pki::OcspSingleResponseWalker walker(*parsed);
  pki::OcspSingleResponse answer;
  while (walker.next(answer)) {
    if (!pki::oid::equal(answer.serial, leaf->serial)) continue;
    take_answer(fact, answer);
    if (answer.status == pki::OcspCertificateStatus::revoked) break;
  }
  return fact;
}

StapleTrust staple_verdict(const Error* refused) {
  if (refused == nullptr) return StapleTrust::good;
  switch (refused->code()) {
    case ErrorCode::certificate_revoked:
    case ErrorCode::certificate_staple_invalid:
    case ErrorCode::certificate_staple_missing:
      return StapleTrust::refused;
    default:
      return StapleTrust::not_checked;
  }
}

Say say_staple(const StapleFact& staple) {
  std::string text = "OCSP staple: " + staple.status;
  if (!staple.revoked_since.empty()) text += " since " + staple.revoked_since;
  if (!staple.this_update.empty()) text += ", said on " + staple.this_update;
  if (!staple.next_update.empty()) text += ", holds until " + staple.next_update;
  switch (staple.verdict) {
    case StapleTrust::good:
      // A responder's regret passes as no answer at all.
      return {text, staple.status == "good" ? Mark::good : Mark::warning};
    case StapleTrust::refused:
      return {text, Mark::bad};
    case StapleTrust::not_checked:
      break;
  }
  return {text + " (not checked)", Mark::none};
}

}  // namespace handfast::apps
