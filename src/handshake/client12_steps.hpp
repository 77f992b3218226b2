// Steps of the client's TLS 1.2 flow that touch the Context: thin joints between the pure checks and the
// link. RFC 5246 §7.3, §7.4.
#pragma once

#include <optional>

#include "handshake/authentication12.hpp"
#include "handshake/client_hello.hpp"
#include "handshake/context.hpp"
#include "handshake/secrets12.hpp"
#include "handshake/server_answer12.hpp"

namespace handfast::handshake {

// The ServerHello's checks; from here on the connection is one of TLS 1.2, and the key shares of TLS 1.3 are
// gone.
Result<ServerAnswer12> accept_server_hello12(Context& hs, SentHello& hello,
                                             const message::ServerHello& answer);
Result<void> add_hellos(Transcript12& transcript, const SentHello& hello,
                        const Message<message::ServerHello>& answer);
// Certificate, with what the ServerHello brought for it.
Result<PeerCertificates> read_server_certificates12(const ServerAnswer12& choice,
                                                    const message::Certificate12& certificate);
Result<void> add_staple(PeerCertificates& certificates, const message::CertificateStatus& status);
Result<CertificateDemand> read_certificate_request12(Context& hs,
                                                     const message::CertificateRequest12& request);
// Which chain a verifier is asked about. Errors: those of check_key_of_suite.
Result<std::shared_ptr<const PeerCertificates>> present(Context& hs, const ServerAnswer12& choice,
                                                        PeerCertificates certificates);

// The client's half of the key exchange.
struct ClientExchange12 {
  ByteString message;  // ClientKeyExchange
  PremasterSecret premaster;
  NamedGroup group{};
  std::size_t finite_field_bits = 0;
  // Who the server is: proved by its signature; with RSA key exchange only when its Finished comes.
  std::optional<PeerProof> proof;
  std::optional<VerifiedChain> chain;
};
// (EC)DHE: checks the signature of `exchange` before anything is done with its parameters. Errors: those of
// Proofs12::by_key_exchange, group_not_offered, key_share_invalid, dh_group_too_small, dh_group_invalid.
Result<ClientExchange12> exchange_keys(Context& hs, const ServerAnswer12& choice, VerifiedChain chain,
                                       const Message<message::ServerKeyExchange>& exchange);

// Nothing without a demand; an empty list if nothing fits.
Result<void> send_client_certificate12(Context& hs, Transcript12& transcript,
                                       const std::optional<CertificateDemand>& demand);
Result<keys::MainSecret12> derive_main_secret(Context& hs, const ServerAnswer12& choice,
                                              ClientExchange12& exchange, const Transcript12& transcript);
Result<keys::KeyBlock> derive_keys12(Context& hs, const ServerAnswer12& choice,
                                     const keys::MainSecret12& secret);
Result<void> change_write_keys(Context& hs, const ServerAnswer12& choice, const keys::KeyBlock& keys);
Result<void> change_read_keys(Context& hs, const ServerAnswer12& choice, const keys::KeyBlock& keys);

Established client_outcome12(Context& hs, const ServerAnswer12& choice, ClientExchange12 exchange,
                             const FinishedProof& finished, const std::optional<CertificateDemand>& demand,
                             const keys::MainSecret12& secret);
// Who the server is comes from the session.
Established client_resumed_outcome12(Context& hs, const ServerAnswer12& choice,
                                     const keys::MainSecret12& secret);

}  // namespace handfast::handshake
