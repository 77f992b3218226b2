// Certificates, CertificateVerify and Finished, for both sides. RFC 9846 §4.4.2, §4.5.
// The proofs that a handshake needs before it may be established are made here and nowhere else.
#pragma once

#include <handfast/error.hpp>
#include <handfast/verifier.hpp>
#include <memory>
#include <optional>
#include <vector>

#include "handshake/config_data.hpp"
#include "handshake/context.hpp"
#include "keys/transcript.hpp"
#include "message/authentication.hpp"
#include "message/certificate.hpp"
#include "message/certificate_request.hpp"

namespace handfast::handshake {

// Proof that a verifier believed a certificate list. `certificates` is never null.
class VerifiedChain {
 public:
  [[nodiscard]] const std::shared_ptr<const PeerCertificates>& certificates() const { return certificates_; }
  std::vector<ByteString> take_path() { return std::move(path_); }

 private:
  friend Result<VerifiedChain> accept_verdict(std::shared_ptr<const PeerCertificates> certificates,
                                              Verdict verdict);
  VerifiedChain() = default;
  std::shared_ptr<const PeerCertificates> certificates_;
  std::vector<ByteString> path_;
};

// Proof that the peer holds the private key of a verified chain (§4.5.2).
class PeerProof {
 public:
  VerifiedChain chain;
  SignatureScheme scheme{};

 private:
  friend Result<PeerProof> check_certificate_verify(Side peer, VerifiedChain chain,
                                                    const message::CertificateVerify& verify,
                                                    const std::vector<SignatureScheme>& accepted,
                                                    const keys::Transcript& transcript);
  friend class Proofs12;  // authentication12.hpp
  PeerProof(VerifiedChain verified, SignatureScheme used) : chain(std::move(verified)), scheme(used) {}
};

// Proof that the peer saw the same handshake (§4.5.3).
class FinishedProof {
 private:
  friend Result<FinishedProof> check_finished(const HashSecret& base_key, const message::Finished& finished,
                                              const keys::Transcript& transcript);
  friend class Proofs12;
  FinishedProof() = default;
};

// --- receiving ---------------------------------------------------------------------------------

// What this end asked for.
struct Asked {
  CertificateType type = CertificateType::X509;
  bool staple = false;
  bool timestamps = false;
  Bytes context = {};  // certificate_request_context
};
// What the peer presented, owned. Errors: certificate_list_empty (decode_error) if a server sent none,
// certificate_chain_too_long, extension_not_offered, message_illegal_value for another context or a second
// raw public key.
Result<std::shared_ptr<const PeerCertificates>> read_certificates(Side peer,
                                                                  const message::Certificate& message,
                                                                  const Asked& asked);

// A Certificate in the form in which it came.
struct CertificateMessage {
  const message::Certificate* plain = nullptr;
  const message::CompressedCertificate* compressed = nullptr;  // if not plain
};
// What hs.receive_among<…>() gave; it must hold one of the two.
template <class Received>
CertificateMessage certificate_in(const Received& received) {
  CertificateMessage out;
  if (const auto* plain = std::get_if<Message<message::Certificate>>(&received)) out.plain = &plain->value;
  if (const auto* compressed = std::get_if<Message<message::CompressedCertificate>>(&received)) {
    out.compressed = &compressed->value;
  }
  return out;
}
// The messages that can bring the peer's certificates: compressed ones only if that was offered (RFC 8879
// §4).
ExpectedMessages certificate_messages(Context& hs);
// As above, after unpacking. Errors: those of unpack_certificate() and of the decoder, too.
Result<std::shared_ptr<const PeerCertificates>> read_certificates(Context& hs, Side peer,
                                                                  const CertificateMessage& message,
                                                                  const Asked& asked);

// The verifier said yes.
Result<VerifiedChain> accept_verdict(std::shared_ptr<const PeerCertificates> certificates, Verdict verdict);

// Checks the signature over the transcript up to Certificate. Errors: signature_scheme_not_offered,
// certificate_key_unsuitable, certificate_verify_mismatch.
Result<PeerProof> check_certificate_verify(Side peer, VerifiedChain chain,
                                           const message::CertificateVerify& verify,
                                           const std::vector<SignatureScheme>& accepted,
                                           const keys::Transcript& transcript);

// Errors: message_malformed for a wrong length, finished_mismatch.
Result<FinishedProof> check_finished(const HashSecret& base_key, const message::Finished& finished,
                                     const keys::Transcript& transcript);

// --- sending -----------------------------------------------------------------------------------

// What a server asks of the client's certificate, owned.
struct CertificateDemand {
  // What the client presents; null: nothing fits, an empty list is sent.
  const PreparedCredential* credential = nullptr;
  SignatureScheme scheme{};
  bool staple = false;
  bool timestamps = false;
  ByteString context;  // certificate_request_context; empty in the handshake
  std::optional<CertificateCompressionAlgorithm> compression;
};
// "This field SHALL be zero length unless used for the post-handshake authentication exchanges" (§4.4.2).
// Errors: message_illegal_value.
Result<void> check_no_context(const message::CertificateRequest& request);
// Chooses among the client's credentials of that type. Errors: extension_missing.
Result<CertificateDemand> read_certificate_request(const ClientConfigData& config,
                                                   const message::CertificateRequest& request,
                                                   CertificateType type);

// The whole Certificate message, or CompressedCertificate if there is a `compression` and no context;
// `credential` may be null for an empty list, which is never compressed.
Result<ByteString> make_certificate(
    const PreparedCredential* credential, bool staple, bool timestamps, Bytes context = {},
    std::optional<CertificateCompressionAlgorithm> compression = std::nullopt);
// What CertificateVerify signs: 64 spaces, a context string, a zero byte, the transcript hash (§4.5.2).
Result<ByteString> signed_content(Side signer, const keys::Transcript& transcript);
Result<ByteString> make_certificate_verify(SignatureScheme scheme, const ByteString& signature);
Result<ByteString> make_finished(const HashSecret& base_key, const keys::Transcript& transcript);

// Sends `message` and adds it to the transcript.
Result<void> send(Context& hs, keys::Transcript& transcript, const ByteString& message);

}  // namespace handfast::handshake
