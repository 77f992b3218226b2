// Steps of the server's flows that touch the Context: thin joints between the pure choices and the link.
// RFC 9846 §2, §A.2.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "crypto/key_exchange.hpp"
#include "handshake/authentication.hpp"
#include "handshake/context.hpp"
#include "handshake/negotiation.hpp"
#include "handshake/psk.hpp"
#include "handshake/secrets.hpp"

namespace handfast::handshake {

Result<ProtocolVersion> choose_version(Context& hs, const message::ClientHello& hello);
// The first choice; from here on the compatibility change_cipher_spec of the client may come.
Result<Negotiated> negotiate(Context& hs, const message::ClientHello& hello,
                             const std::optional<SelectedPsk>& psk);

// A HelloRetryRequest as it was sent.
struct SentRetry {
  NamedGroup group{};
  ByteString cookie;
  ByteString message;
};
Result<SentRetry> make_hello_retry_request(Context& hs, const Negotiated& choice,
                                           const message::ClientHello& hello);
// The choice again, for the second hello, which must not differ where it may not. Errors:
// second_hello_changed, cookie_mismatch and those of the first.
Result<Negotiated> negotiate_again(Context& hs, const Negotiated& choice, const SentRetry& retry,
                                   const message::ClientHello& first, const message::ClientHello& second,
                                   const std::optional<SelectedPsk>& psk);

// §E.4: a client that sends a session id wants the compatibility change_cipher_spec.
Result<void> answer_change_cipher_spec(Context& hs, const message::ClientHello& hello);

Result<crypto::ServerKeyShare> answer_key_share(Context& hs, const Negotiated& choice,
                                                const message::ClientHello& hello);
Result<ByteString> make_server_hello(Context& hs, const Negotiated& choice, const message::ClientHello& hello,
                                     const crypto::ServerKeyShare& exchange,
                                     const std::optional<SelectedPsk>& psk);
// What the rest of the handshake still needs of the ClientHello, so that its bytes can go.
struct HelloSummary {
  std::array<std::uint8_t, 32> random{};
  bool wants_staple = false;
  bool wants_timestamps = false;
  std::optional<CertificateCompressionAlgorithm> compression;  // of the certificates
  std::string server_name;
  std::optional<std::uint16_t> record_size_limit;  // only if this server has one, too (RFC 8449 §4)
  std::uint8_t tickets = 0;                        // how many it gets
  bool asked_for_tickets = false;                  // how many, with RFC 9149
  bool takes_early_data = false;
  bool post_handshake_auth = false;   // it lets itself be asked for a certificate later
  std::optional<Time> authenticated;  // of the session that goes on
};
HelloSummary summarize(Context& hs, const message::ClientHello& hello, const std::optional<SelectedPsk>& psk);

// Own handshake keys for writing, the client's for reading; nothing may be left under the old keys (§5.1).
// While early data comes, the read keys stay.
Result<void> install_handshake_keys(Context& hs, const Negotiated& choice, const HandshakeSecrets& secrets,
                                    const std::optional<SelectedPsk>& psk);
Result<void> install_handshake_read_keys(Context& hs, const Negotiated& choice,
                                         const HandshakeSecrets& secrets);
Result<ByteString> make_encrypted_extensions(Context& hs, const Negotiated& choice,
                                             const HelloSummary& client);
// §4.4.2. Nothing if clients are not asked.
Result<void> send_certificate_request(Context& hs, keys::Transcript& transcript);
Result<ByteString> make_server_certificate(const Negotiated& choice, const HelloSummary& client);
Result<ByteString> server_signed_content(const keys::Transcript& transcript);
Decision<ByteString> sign(Context& hs, const Negotiated& choice, const ByteString& content);
Result<ByteString> make_server_verify(const Negotiated& choice, const ByteString& signature);
Result<void> install_application_write_keys(Context& hs, const Negotiated& choice,
                                            const ApplicationSecrets& secrets);

bool asks_for_certificate(Context& hs);
Result<std::shared_ptr<const PeerCertificates>> read_client_certificates(
    Context& hs, const Negotiated& choice, const CertificateMessage& certificate);
Decision<Verdict> verify_client(Context& hs, const std::shared_ptr<const PeerCertificates>& presented);
Result<PeerProof> check_client_signature(Context& hs, VerifiedChain chain,
                                         const message::CertificateVerify& verify,
                                         const keys::Transcript& transcript);
Result<void> install_application_read_keys(Context& hs, const Negotiated& choice,
                                           const ApplicationSecrets& secrets);
// Who the client is comes from its proof or from the session that goes on; it may be nobody.
Result<Established> server_outcome(const Negotiated& choice, const HelloSummary& client, bool hello_retry,
                                   std::optional<PeerProof> proof, const std::optional<SelectedPsk>& psk);

}  // namespace handfast::handshake
