// The named policies. TLSRef 6.0; SHA-1, CBC, RC4 and anything anonymous exist in none of them.
#include <handfast/policy.hpp>

#include "crypto/public_key.hpp"

namespace handfast {

Policy Policy::modern() {
  using enum NamedGroup;
  using enum SignatureScheme;
  Policy policy{
      .versions = {ProtocolVersion::tls1_3},
      .suites = {CipherSuite::TLS_AES_128_GCM_SHA256, CipherSuite::TLS_AES_256_GCM_SHA384,
                 CipherSuite::TLS_CHACHA20_POLY1305_SHA256},
      .groups = {X25519MLKEM768, SecP256r1MLKEM768, SecP384r1MLKEM1024, x25519, secp256r1, secp384r1,
                 secp521r1},
      .key_shares = {X25519MLKEM768, x25519},
      .signature_schemes = {ecdsa_secp256r1_sha256, ed25519, rsa_pss_rsae_sha256, rsa_pss_pss_sha256,
                            ecdsa_secp384r1_sha384, ecdsa_secp521r1_sha512, rsa_pss_rsae_sha384,
                            rsa_pss_pss_sha384, rsa_pss_rsae_sha512, rsa_pss_pss_sha512},
      // RSASSA-PKCS1-v1_5 is for certificates only (RFC 9846 §4.3.3).
      .certificate_signature_schemes = {ecdsa_secp256r1_sha256, ed25519, rsa_pss_rsae_sha256,
                                        rsa_pss_pss_sha256, rsa_pkcs1_sha256, ecdsa_secp384r1_sha384,
                                        ecdsa_secp521r1_sha512, rsa_pss_rsae_sha384, rsa_pss_pss_sha384,
                                        rsa_pkcs1_sha384, rsa_pss_rsae_sha512, rsa_pss_pss_sha512,
                                        rsa_pkcs1_sha512},
  };
  if (crypto::has_ml_dsa()) {
    for (auto* const list : {&policy.signature_schemes, &policy.certificate_signature_schemes}) {
      list->insert(list->end(), {mldsa65, mldsa44, mldsa87});
    }
  }
  return policy;
}

namespace {

// TLS 1.2 with forward secrecy, and the signatures that its handshakes have beside TLS 1.3's.
void add_tls12(Policy& policy) {
  using enum CipherSuite;
  using enum SignatureScheme;
  policy.versions.push_back(ProtocolVersion::tls1_2);
  policy.suites.insert(
      policy.suites.end(),
      {TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
       TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
       TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256});
  policy.signature_schemes.insert(policy.signature_schemes.end(),
                                  {rsa_pkcs1_sha256, rsa_pkcs1_sha384, rsa_pkcs1_sha512});
}

}  // namespace

Policy Policy::intermediate() {
  Policy policy = modern();
  add_tls12(policy);
  return policy;
}

Policy Policy::legacy() {
  using enum CipherSuite;
  Policy policy = intermediate();
  policy.suites.insert(policy.suites.end(),
                       {TLS_DHE_RSA_WITH_AES_128_GCM_SHA256, TLS_DHE_RSA_WITH_AES_256_GCM_SHA384,
                        TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256, TLS_RSA_WITH_AES_128_GCM_SHA256,
                        TLS_RSA_WITH_AES_256_GCM_SHA384});
  policy.groups.insert(policy.groups.end(),
                       {NamedGroup::ffdhe2048, NamedGroup::ffdhe3072, NamedGroup::ffdhe4096});
  return policy;
}

}  // namespace handfast
