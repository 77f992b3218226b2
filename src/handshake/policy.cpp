// The named policies. TLSRef 6.0; SHA-1, CBC, RC4, finite fields and anything anonymous exist in none of
// them.
#include <handfast/policy.hpp>

namespace handfast {

Policy Policy::modern() {
  using enum NamedGroup;
  using enum SignatureScheme;
  return {
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
}

Policy Policy::intermediate() { return modern(); }

}  // namespace handfast
