// Certificates as facts, by pki's parser.
#include "trace/certificates.hpp"

#include <fmt/core.h>

#include "common/escape.hpp"
#include "common/numbers.hpp"
#include "crypto/hash.hpp"
#include "crypto/public_key.hpp"
#include "pki/certificate.hpp"
#include "pki/distinguished_name.hpp"
#include "pki/general_name.hpp"
#include "pki/oid.hpp"
#include "pki/signature_algorithm.hpp"

namespace handfast::apps {
namespace {

std::string key_text(Bytes spki) {
  const auto key = crypto::PublicKey::from_spki(spki);
  if (!key) return "unknown kind of key";
  switch (key->type()) {
    case crypto::KeyType::rsa:
      return fmt::format("RSA {}", key->bits());
    case crypto::KeyType::rsa_pss:
      return fmt::format("RSA-PSS {}", key->bits());
    case crypto::KeyType::ec_p256:
      return "ECDSA P-256";
    case crypto::KeyType::ec_p384:
      return "ECDSA P-384";
    case crypto::KeyType::ec_p521:
      return "ECDSA P-521";
    case crypto::KeyType::ed25519:
      return "Ed25519";
    case crypto::KeyType::ml_dsa_44:
      return "ML-DSA-44";
    case crypto::KeyType::ml_dsa_65:
      return "ML-DSA-65";
    case crypto::KeyType::ml_dsa_87:
      return "ML-DSA-87";
  }
  return "unknown kind of key";
}

std::vector<std::string> names_of(const pki::Certificate& certificate) {
  std::vector<std::string> names;
  if (!certificate.subject_alt_name.present) return names;
  pki::GeneralNameWalker walker(certificate.subject_alt_name.content);
  for (pki::GeneralName name; walker.next(name);)
    names.push_back(escape_untrusted(pki::general_name_to_text(name)));
  return names;
}

}  // namespace

std::string short_subject(Bytes name) {
  if (const auto common = pki::attribute_text(name, pki::oid::kCommonName)) return escape_untrusted(*common);
  if (const auto organization = pki::attribute_text(name, pki::oid::kOrganizationName)) {
    return escape_untrusted(*organization);
  }
  return escape_untrusted(pki::name_to_text(name));
}

std::string describe_raw_public_key(Bytes spki) {
  const auto digest = crypto::hash(crypto::HashAlgorithm::sha256, {spki});
  return fmt::format("{}, SHA-256 {}", key_text(spki), digest ? to_hex(digest->view()) : "unknown");
}

CertificateFact describe_certificate(Bytes der, const Clock* clock) {
  CertificateFact fact;
  fact.der = copy_of(der);
  if (const auto digest = crypto::hash(crypto::HashAlgorithm::sha256, {der}))
    fact.sha256 = to_hex(digest->view());
  const auto certificate = pki::Certificate::parse(der);
  if (!certificate) {
    fact.problem = escape_untrusted(certificate.error().to_string());
    fact.subject = "(unreadable certificate)";
    return fact;
  }
  fact.names = names_of(*certificate);
  fact.subject_name = escape_untrusted(pki::name_to_text(certificate->subject));
  fact.issuer_name = escape_untrusted(pki::name_to_text(certificate->issuer));
  // Many leaf certificates have names in the extension only.
  fact.subject = pki::name_is_empty(certificate->subject) && !fact.names.empty()
                     ? fact.names.front()
                     : short_subject(certificate->subject);
  fact.issuer = short_subject(certificate->issuer);
  fact.key = key_text(certificate->spki);
  fact.signature = escape_untrusted(pki::signature_algorithm_to_text(certificate->signature_algorithm));
  fact.serial = to_hex(certificate->serial);
  fact.not_before = time_text(certificate->not_before);
  fact.not_after = time_text(certificate->not_after);
  fact.self_issued = certificate->self_issued;
  if (clock != nullptr) {
    const auto left = certificate->not_after - clock->now();
    fact.days_left = std::chrono::floor<std::chrono::days>(left).count();
  }
  return fact;
}

}  // namespace handfast::apps
