// Steps of the client's flows that touch the Context: thin joints between the pure checks and the link.
// RFC 9846 §2, §A.1.
#pragma once

#include <variant>

#include "handshake/authentication.hpp"
#include "handshake/client_hello.hpp"
#include "handshake/context.hpp"
#include "handshake/psk.hpp"
#include "handshake/secrets.hpp"
#include "handshake/server_answer.hpp"

namespace handfast::handshake {

Result<void> send_client_hello(Context& hs, const SentHello& hello);
Result<ProtocolVersion> check_server_version(Context& hs, const message::ServerHello& answer);
// §4.1: after a HelloRetryRequest the transcript starts with a hash of the first hello.
Result<void> restart_transcript(keys::Transcript& transcript, const Message<message::ServerHello>& request);
Result<RetryRequest> check_hello_retry_request(Context& hs, const SentHello& hello,
                                               const message::ServerHello& request);
// "A client that attempts to send 0-RTT data MUST fail a connection if it receives a ServerHello with TLS 1.2
// or older." (§D.3) Then its sessions of TLS 1.3 are forgotten: the next try begins anew.
Result<void> check_version_of_early_data(Context& hs, const SentHello& hello, ProtocolVersion version);
// §E.4, if the configuration wants it; with early data it went before that.
Result<void> send_change_cipher_spec(Context& hs, const SentHello& hello);

Result<std::optional<SelectedPsk>> accept_psk(Context& hs, SentHello& hello,
                                              const message::ServerHello& answer,
                                              const keys::SuiteParameters* suite);
// Server's handshake keys for reading, own ones for writing; nothing may be left under the old keys (§5.1).
// With early data the write keys stay for now.
Result<void> install_handshake_keys(Context& hs, const SentHello& hello, const ServerAnswer& choice,
                                    const HandshakeSecrets& secrets);
Result<void> install_handshake_write_keys(Context& hs, const ServerAnswer& choice,
                                          const HandshakeSecrets& secrets);
// What became of early data is in the parameters. Errors: early_data_wrongly_accepted.
Result<ServerParameters> accept_encrypted_extensions(Context& hs, const SentHello& hello,
                                                     const message::EncryptedExtensions& extensions,
                                                     const ServerAnswer& choice,
                                                     const std::optional<SelectedPsk>& psk);
// The server does not take the early data that was announced, if any was.
Result<void> settle_early_data(Context& hs, SentHello& hello, const ServerParameters& parameters,
                               const ServerAnswer& choice, const HandshakeSecrets& secrets);
Result<ByteString> make_end_of_early_data();
Result<CertificateDemand> read_certificate_request(Context& hs, const ServerParameters& parameters,
                                                   const message::CertificateRequest& request);
Result<std::shared_ptr<const PeerCertificates>> read_server_certificates(
    Context& hs, const ServerParameters& parameters, const CertificateMessage& certificate);
Decision<Verdict> verify_server(Context& hs, const std::shared_ptr<const PeerCertificates>& presented);
Result<PeerProof> check_server_signature(Context& hs, VerifiedChain chain,
                                         const message::CertificateVerify& verify,
                                         const keys::Transcript& transcript);
// The server's Finished was the last message under the handshake keys.
Result<void> install_application_read_keys(Context& hs, const ServerAnswer& choice,
                                           const ApplicationSecrets& secrets);

Result<ByteString> make_client_certificate(const CertificateDemand& demand);
Result<ByteString> client_signed_content(const keys::Transcript& transcript);
Decision<ByteString> sign(Context& hs, const CertificateDemand& demand, const ByteString& content);
Result<ByteString> make_client_verify(const CertificateDemand& demand, const ByteString& signature);
Result<void> install_application_write_keys(Context& hs, const ServerAnswer& choice,
                                            const ApplicationSecrets& secrets);
// Who the server is comes from its proof or, without one, from the session that goes on.
Result<Established> client_outcome(Context& hs, const ServerAnswer& choice, ServerParameters parameters,
                                   std::optional<PeerProof> proof, const std::optional<SelectedPsk>& psk,
                                   const std::optional<CertificateDemand>& demand);
// Prepares for NewSessionTickets, if sessions are kept. `transcript` reaches to the own Finished.
Result<void> expect_tickets(Context& hs, Established& outcome, const std::optional<SelectedPsk>& psk,
                            const ApplicationSecrets& secrets, const keys::Transcript& transcript);

}  // namespace handfast::handshake
