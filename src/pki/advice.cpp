// Advice on single certificates. What concerns the list as a whole is in checker.cpp.
#include "pki/advice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "crypto/der.hpp"
#include "pki/der_time.hpp"
#include "pki/describe.hpp"
#include "pki/distinguished_name.hpp"
#include "pki/dns_name.hpp"
#include "pki/general_name.hpp"
#include "pki/key_info.hpp"
#include "pki/name_match.hpp"
#include "pki/oid.hpp"

namespace handfast::pki {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year;
using List = std::vector<Advice>;

// Renewal usually happens when a third of the time is left; at these it was forgotten.
constexpr days kLeafSoon{14};
constexpr int kLeafSoonPart = 6;
constexpr days kIssuerSoon{60};
// Apple refuses longer ones even from private roots (for certificates from July 2019 on).
constexpr days kPrivateLimit{825};
// More bits than these cost time and bring nothing that counts.
constexpr std::size_t kSlowRsaBits = 4096;
constexpr std::uint64_t kUsualExponent = 65537;

struct Limit {
  sys_days from;
  days most;
};
constexpr std::array kLimits = {
    Limit{year(2029) / 3 / 15, days(47)},  Limit{year(2027) / 3 / 15, days(100)},
    Limit{year(2026) / 3 / 15, days(200)}, Limit{year(2020) / 9 / 1, days(398)},
    Limit{year(2018) / 3 / 1, days(825)},
};
constexpr days kLimitBefore{1187};  // 39 months

// "from notBefore through notAfter, inclusive".
std::chrono::seconds lifetime(const Certificate& c) {
  return c.not_after - c.not_before + std::chrono::seconds(1);
}

// Whole days, a begun one counts.
days days_of(std::chrono::seconds time) { return std::chrono::ceil<days>(time); }

void advise_validity(const Certificate& leaf, const VerifyInput& input, List& out) {
  const days length = days_of(lifetime(leaf));
  const days most = max_validity(leaf.not_before);
  if (input.policy.profile == Profile::webpki && length > most) {
    out.push_back({Severity::warning, "C-26",
                   fmt::format("valid for {} days; at its date {} are allowed", length.count(), most.count()),
                   fmt::format("have it issued for at most {} days", max_validity(input.now).count())});
  } else if (input.policy.profile != Profile::webpki && length > kPrivateLimit) {
    out.push_back(
        {Severity::warning, "C-26",
         fmt::format("valid for {} days; Apple's systems refuse more than {}, from private CAs, too",
                     length.count(), kPrivateLimit.count()),
         "have it issued for 90 days or less, and renew it automatically"});
  }
}

void advise_expiry(const Certificate& leaf, Time now, List& out) {
  if (now > leaf.not_after || now < leaf.not_before) return;
  const auto left = leaf.not_after - now;
  if (left > std::min<std::chrono::seconds>(kLeafSoon, lifetime(leaf) / kLeafSoonPart)) return;
  out.push_back({Severity::warning, "C-07",
                 fmt::format("ends soon: at {}, in {} days", time_to_text(leaf.not_after),
                             std::chrono::floor<days>(left).count()),
                 "renew it now, and look why the renewal did not"});
}

// Chrome's and Apple's policies: two timestamps, three for more than 180 days.
void advise_timestamps(const Certificate& leaf, const VerifyInput& input, List& out) {
  if (input.policy.profile != Profile::webpki) return;
  constexpr days kLong{180};
  const std::size_t wanted = lifetime(leaf) > kLong ? 3 : 2;
  const std::size_t have = parse_sct_list(leaf.signed_certificate_timestamps.content).size();
  if (have >= wanted) return;
  out.push_back(
      {Severity::warning, "C-27",
       fmt::format("{} signed certificate timestamps in it, browsers ask for {} (unless the server sends "
                   "them in the handshake)",
                   have == 0 ? "no" : std::to_string(have), wanted),
       "have the CA log the certificate and embed the timestamps"});
}

void advise_staple(const Certificate& leaf, List& out) {
  if (!leaf.must_staple) return;
  out.push_back({Severity::advice, "C-24",
                 "it demands a stapled OCSP response (must-staple): Firefox and GnuTLS refuse "
                 "the server without one",
                 "switch stapling on at the server, or have it issued without the TLS feature extension"});
}

void advise_common_name(const Certificate& leaf, List& out) {
  const auto common_name = attribute_text(leaf.subject, oid::kCommonName);
  const bool is_host = common_name && common_name->find('.') != std::string::npos &&
                       (is_dns_name_or_wildcard(*common_name) || looks_like_address(*common_name));
  if (!is_host) return;
  GeneralNameWalker walker(leaf.subject_alt_name.content);
  for (GeneralName name; walker.next(name);) {
    const bool host = name.type == GeneralNameType::dns_name || name.type == GeneralNameType::ip_address;
    if (host && ascii_equal(general_name_to_text(name), *common_name)) return;
  }
  out.push_back(
      {Severity::warning, "H-08",
       fmt::format("the common name '{}' is not among the subject alternative names, and counts nowhere",
                   *common_name),
       fmt::format("have it issued again with subjectAltName = DNS:{} as well", *common_name)});
}

// Second labels under which country registries sell names. No list of public suffixes: only what is common.
bool is_registry_label(std::string_view label) {
  constexpr std::array<std::string_view, 11> kLabels = {"co",  "com", "org", "net", "ac", "gov",
                                                        "edu", "ne",  "or",  "go",  "gob"};
  return std::ranges::find(kLabels, label) != kLabels.end();
}

// "*.org", "*.co.uk": a registry below which names belong to anybody.
bool is_broad_wildcard(std::string_view pattern) {
  if (!pattern.starts_with("*.")) return false;
  pattern.remove_prefix(2);
  const std::size_t dot = pattern.find('.');
  if (dot == std::string_view::npos) return pattern != "localhost";
  const std::string_view top = pattern.substr(dot + 1);
  return top.size() == 2 && is_registry_label(pattern.substr(0, dot));
}

void advise_wildcards(const Certificate& leaf, List& out) {
  GeneralNameWalker walker(leaf.subject_alt_name.content);
  for (GeneralName name; walker.next(name);) {
    const std::string_view text = as_text(name.value);
    if (name.type != GeneralNameType::dns_name || !is_broad_wildcard(text)) continue;
    out.push_back(
        {Severity::warning, "H-02",
         fmt::format("the wildcard '{}' stands for everybody below a registry; browsers ignore it", text),
         "have it issued with the names that are meant"});
    return;  // one is enough to say it
  }
}

// The public exponent; nothing for other keys.
std::optional<std::uint64_t> rsa_exponent(Bytes spki) {
  crypto::DerReader reader(spki);
  crypto::DerReader fields = reader.sequence("subjectPublicKeyInfo");
  fields.any("algorithm");
  crypto::DerReader inside(fields.bit_string_bytes("subjectPublicKey"));
  crypto::DerReader key = inside.sequence("RSAPublicKey");
  key.unsigned_integer("modulus");
  const std::uint64_t exponent = key.small_integer("publicExponent", UINT64_MAX);
  if (key.failed()) return std::nullopt;
  return exponent;
}

}  // namespace

days max_validity(Time not_before) {
  for (const Limit& limit : kLimits) {
    if (not_before >= limit.from) return limit.most;
  }
  return kLimitBefore;
}

List advise_leaf(const Certificate& leaf, const VerifyInput& input) {
  List out;
  advise_expiry(leaf, input.now, out);
  if (input.peer == Side::server) {
    advise_validity(leaf, input, out);
    advise_timestamps(leaf, input, out);
    advise_common_name(leaf, out);
    advise_wildcards(leaf, out);
  }
  advise_staple(leaf, out);
  if (leaf.basic_constraints.ca) {
    out.push_back({Severity::warning, "C-28",
                   "it is a CA's certificate, and Firefox refuses those from servers",
                   "make a key and a certificate of its own for the server"});
  }
  if (input.peer == Side::server && !leaf.extended_key_usage.present) {
    out.push_back({Severity::advice, "C-12", "it has no extendedKeyUsage: it is good for any purpose",
                   "have it issued with extendedKeyUsage = serverAuth"});
  }
  return out;
}

List advise_issuer(const Certificate& issuer, const VerifyInput& input) {
  List out;
  const auto left = issuer.not_after - input.now;
  if (left >= std::chrono::seconds(0) && left < kIssuerSoon) {
    out.push_back({Severity::warning, "C-08",
                   fmt::format("ends soon: at {}, in {} days", time_to_text(issuer.not_after),
                               std::chrono::floor<days>(left).count()),
                   "ask the CA for its successor before the next renewal"});
  }
  return out;
}

List advise_any(const Certificate& certificate) {
  List out;
  const KeyInfo key = key_info_of(certificate.spki);
  if (!key.is_rsa()) return out;
  if (key.bits > kSlowRsaBits) {
    out.push_back({Severity::advice, "C-15",
                   fmt::format("RSA with {} bits makes each handshake slow and the chain long", key.bits),
                   "use ECDSA P-256, or RSA with 2048 to 4096 bits"});
  }
  if (const auto exponent = rsa_exponent(certificate.spki); exponent && *exponent < kUsualExponent) {
    out.push_back(
        {Severity::advice, "C-15",
         fmt::format("its RSA exponent is {}, smaller than {} (CABF BR §6.1.6)", *exponent, kUsualExponent),
         "make a new key with the exponent 65537"});
  }
  return out;
}

}  // namespace handfast::pki
