// Certificates, signatures and Finished in TLS 1.2, for both sides. RFC 5246 §7.4.2, §7.4.3, §7.4.6, §7.4.8,
// §7.4.9. The proofs that a handshake needs before it may be established are made here (Proofs12) and nowhere
// else.
#pragma once

#include <handfast/error.hpp>
#include <handfast/verifier.hpp>
#include <memory>
#include <optional>
#include <vector>

#include "handshake/authentication.hpp"
#include "handshake/config_data.hpp"
#include "handshake/context.hpp"
#include "handshake/transcript12.hpp"
#include "keys/key_schedule12.hpp"
#include "message/key_exchange12.hpp"
#include "message/messages12.hpp"

namespace handfast::handshake {

// --- receiving ---------------------------------------------------------------------------------

// What the peer presented, owned. Errors: certificate_list_empty if a server sent none,
// certificate_chain_too_long.
Result<PeerCertificates> read_certificates12(Side peer, const message::Certificate12& message);

// The server's key is of the suite's kind, on one of the client's `groups` if it has a curve, and may be used
// so, before it is used. Errors: certificate_key_unsuitable, group_not_offered, certificate_bad_key_usage,
// those of reading the certificate.
Result<void> check_key_of_suite(const PeerCertificates& certificates, const keys::SuiteParameters& suite,
                                const std::vector<NamedGroup>& groups);

class Proofs12 {
 public:
  // Checks the signature of a ServerKeyExchange over both randoms and the parameters. Errors:
  // signature_scheme_not_offered, certificate_key_unsuitable, certificate_verify_mismatch.
  static Result<PeerProof> by_key_exchange(VerifiedChain chain, const message::SignedParameters& signature,
                                           const std::vector<SignatureScheme>& accepted,
                                           const keys::Randoms& randoms);
  // RSA key exchange: who could make the Finished message could decrypt the premaster secret.
  static PeerProof by_decryption(VerifiedChain chain, const FinishedProof& finished);
  // Checks a client's CertificateVerify over `messages`. Errors: as above.
  static Result<PeerProof> by_verify(VerifiedChain chain, const message::CertificateVerify& verify,
                                     const std::vector<SignatureScheme>& accepted, Bytes messages);
  // Errors: message_malformed for a wrong length, finished_mismatch.
  static Result<FinishedProof> finished(Side sender, const keys::MainSecret12& secret,
                                        const message::Finished& finished, const Transcript12& transcript);
};

// --- sending -----------------------------------------------------------------------------------

// Chooses among the client's credentials.
CertificateDemand read_certificate_request12(const ClientConfigData& config,
                                             const message::CertificateRequest12& request);
// What a ServerKeyExchange signs.
ByteString signed_params(const keys::Randoms& randoms, Bytes params);
Result<ByteString> make_finished12(Side sender, const keys::MainSecret12& secret,
                                   const Transcript12& transcript);

// Sends `message` and adds it to the transcript.
Result<void> send(Context& hs, Transcript12& transcript, const ByteString& message);

}  // namespace handfast::handshake
