// CertificateVerifier: decides whether a peer's certificates are believed, now or later.
// RFC 9846 §4.5.1, RFC 5280 §6, RFC 9525.
#pragma once

#include <handfast/bytes.hpp>
#include <handfast/clock.hpp>
#include <handfast/codepoints.hpp>
#include <handfast/completion.hpp>
#include <handfast/error.hpp>
#include <handfast/revocation.hpp>
#include <handfast/server_name.hpp>
#include <handfast/trust.hpp>
#include <memory>
#include <vector>

namespace handfast {

// What the peer presented, owned.
struct PeerCertificates {
  // DER, the peer's own first, as it was sent. Of type RawPublicKey: one SubjectPublicKeyInfo and nothing
  // else.
  std::vector<ByteString> chain;
  CertificateType type = CertificateType::X509;
  ByteString ocsp_response;                  // stapled to the first certificate (RFC 6066 §8); empty if none
  ByteString signed_certificate_timestamps;  // SignedCertificateTimestampList (RFC 6962 §3.3); empty if none
};

// The question to a verifier. A verifier that answers later keeps a copy.
struct VerificationRequest {
  std::shared_ptr<const PeerCertificates> certificates;
  Side peer;                               // who presented them
  std::shared_ptr<const ServerName> name;  // peer is server: must match; peer is client: null
  // Whether the peer was asked for an OCSP response: only then a certificate that demands one (RFC 7633) is
  // refused without.
  bool staple_requested = false;
};

// The answer "yes". `path` is the chain that convinced, DER, leaf first, anchor last; may be empty for
// verifiers that build none.
struct Verdict {
  std::vector<ByteString> path;
};

// Thread-safety: verify() may be called from several threads at once.
class CertificateVerifier {
 public:
  virtual ~CertificateVerifier() = default;
  // "No" is an Error of category certificate; its alert goes to the peer.
  virtual void verify(const VerificationRequest& request, Completion<Verdict> done) const = 0;
  // Names of acceptable CAs for a CertificateRequest (DER), possibly none.
  [[nodiscard]] virtual std::vector<ByteString> authorities() const { return {}; }
  // What tells this verifier from others that trust differently, in any process; a resumed session is not
  // verified again, so it must not pass from one to the other. Empty: from all others, so that sessions do
  // not leave the configuration they were made with.
  [[nodiscard]] virtual ByteString identity() const { return {}; }
};

// RFC 5280 validation against `anchors` at the time `clock` tells. It answers inside verify(). A stapled OCSP
// response must be good, in date and signed by who may; lists of revoked certificates are asked as
// `revocation` says. At most `remembered_chains` chains that were found good are remembered for some minutes,
// so that the same question costs a hash (not while lists are asked; 0: none). `clock` must outlive the
// verifier. Errors: configuration_invalid if there is no anchor, or if lists are needed and there is none.
Result<std::shared_ptr<const CertificateVerifier>> verify_with(std::shared_ptr<const TrustAnchors> anchors,
                                                               const Clock& clock,
                                                               RevocationSettings revocation = {},
                                                               std::size_t remembered_chains = 0);

// Believes whoever shows one of these raw public keys (RFC 7250): each a SubjectPublicKeyInfo in DER. That is
// all there is to check: a raw key has no name, no date and no issuer, so the name that was asked for is not
// compared with anything. Errors: configuration_invalid if there is no key, or one that cannot be used.
Result<std::shared_ptr<const CertificateVerifier>> trust_raw_public_keys(std::vector<ByteString> keys);
// The keys of a file for it: PEM ("PUBLIC KEY", any number) or DER. Errors: pem_malformed, key_unsupported.
Result<std::vector<ByteString>> raw_public_keys_from_bytes(Bytes file);

namespace danger {

// Believes everybody: whoever is in between reads and changes everything.
std::shared_ptr<const CertificateVerifier> accept_any_certificate();

}  // namespace danger

}  // namespace handfast
