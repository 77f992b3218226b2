// Steps of the server's TLS 1.2 flow that touch the Context: thin joints between the pure choices and the
// link. RFC 5246 §7.3, §7.4.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "crypto/finite_field.hpp"
#include "crypto/key_exchange.hpp"
#include "handshake/authentication12.hpp"
#include "handshake/context.hpp"
#include "handshake/negotiation12.hpp"
#include "handshake/secrets12.hpp"

namespace handfast::handshake {

Result<Negotiated12> negotiate12(Context& hs, const message::ClientHello& hello,
                                 std::shared_ptr<const SessionState> session);

// What the rest of the handshake still needs of the hellos, so that their bytes can go.
struct ServerHellos {
  keys::Randoms randoms;
  std::string server_name;
  ByteString session_id;  // the server's; empty: the session has none
  ByteString message;     // ServerHello
};
// Draws the random, with the sentinel where this server could do TLS 1.3; from here on the connection is one
// of TLS 1.2, with its limits.
Result<ServerHellos> make_server_hello12(Context& hs, const Negotiated12& choice,
                                         const message::ClientHello& hello);
Transcript12 make_transcript12(Context& hs, const Negotiated12& choice);

Result<void> send_server_certificate12(Context& hs, Transcript12& transcript, const Negotiated12& choice);

// The server's half of a key exchange; nothing with RSA.
struct ServerExchange12 {
  std::variant<std::monostate, crypto::ClientKeyShare, crypto::FiniteFieldKey> key;
  ByteString params;
  std::size_t finite_field_bits = 0;
};
bool needs_key_exchange(const Negotiated12& choice);
Result<ServerExchange12> make_key_exchange(Context& hs, const Negotiated12& choice);
Result<ByteString> key_exchange_content(const ServerHellos& hellos, const ServerExchange12& exchange);
Decision<ByteString> sign(Context& hs, const Negotiated12& choice, const ByteString& content);
Result<ByteString> make_server_key_exchange(const Negotiated12& choice, const ServerExchange12& exchange,
                                            const ByteString& signature);
// CertificateRequest, if clients are asked, and ServerHelloDone.
Result<void> send_hello_done(Context& hs, Transcript12& transcript);

Result<std::shared_ptr<const PeerCertificates>> read_client_certificates12(
    Context& hs, const message::Certificate12& certificate);
// Ends the key exchange. Errors: key_share_invalid for (EC)DHE; with RSA nothing that depends on the
// ciphertext.
Result<PremasterSecret> finish_key_exchange(Context& hs, const Negotiated12& choice,
                                            ServerExchange12& exchange,
                                            const message::ClientKeyExchange& keys);
Result<keys::MainSecret12> derive_main_secret(Context& hs, const Negotiated12& choice,
                                              const ServerHellos& hellos, PremasterSecret premaster,
                                              const Transcript12& transcript);
Result<PeerProof> check_client_signature12(Context& hs, VerifiedChain chain,
                                           const message::CertificateVerify& verify,
                                           const ByteString& messages);
Result<keys::KeyBlock> derive_keys12(Context& hs, const Negotiated12& choice, const ServerHellos& hellos,
                                     const keys::MainSecret12& secret);
Result<void> change_write_keys(Context& hs, const Negotiated12& choice, const keys::KeyBlock& keys);
Result<void> change_read_keys(Context& hs, const Negotiated12& choice, const keys::KeyBlock& keys);

Established server_outcome12(const Negotiated12& choice, const ServerHellos& hellos,
                             std::size_t finite_field_bits, std::optional<PeerProof> proof,
                             const keys::MainSecret12& secret);
// Who the client is comes from the session.
Established server_resumed_outcome12(const Negotiated12& choice, const ServerHellos& hellos,
                                     const keys::MainSecret12& secret);

}  // namespace handfast::handshake
