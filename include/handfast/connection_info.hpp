// What can be asked of a connection: what the two sides agreed on, and what it waits for. RFC 9846 §2, §4.
#pragma once

#include <cstddef>
#include <cstdint>
#include <handfast/bytes.hpp>
#include <handfast/codepoints.hpp>
#include <handfast/verifier.hpp>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace handfast {

// What became of early (0-RTT) data.
enum class EarlyDataStatus : std::uint8_t { none, refused, accepted };

// What early data is meant for: that of the session. There is no other connection to send it on.
struct EarlyDataInfo {
  std::string application_protocol;  // ALPN; empty if none
  std::string server_name;           // SNI; empty if none
};

// What the two sides agreed on.
struct ConnectionInfo {
  ProtocolVersion version{};
  CipherSuite suite{};
  NamedGroup group{};
  SignatureScheme server_signature_scheme{};
  std::optional<SignatureScheme> client_signature_scheme;  // if the client presented a certificate
  std::string application_protocol;                        // ALPN; empty if none
  std::string server_name;                                 // SNI as sent; empty if none
  bool hello_retry = false;
  // Whether an earlier session went on: then the certificates, and the signature schemes here, are those of
  // the handshake that began it.
  bool resumed = false;
  ByteString
      external_psk;  // identity of the external pre-shared key that proved who is who; empty if none did
  EarlyDataStatus early_data = EarlyDataStatus::none;  // what the client offered and the server said to it
  // TLS 1.2: what its suite says, whether the keys are bound to the handshake (RFC 7627; always so in
  // TLS 1.3), and the size of a Diffie-Hellman group that has no name.
  KeyExchange key_exchange = KeyExchange::by_extension;
  bool extended_main_secret = true;
  std::size_t finite_field_bits = 0;
  std::size_t peer_record_size_limit = 16384;  // longest plaintext the peer takes
  // TLS 1.3: whether the client can still be asked for a certificate. It offered that, and this end's
  // settings know what to do then.
  bool post_handshake_authentication = false;
};

// What a client answered to Connection::request_client_certificate().
struct ClientAnswer {
  std::shared_ptr<const PeerCertificates> certificates;  // null: it shows none
  std::vector<ByteString> verified_path;                 // leaf first, anchor last
  std::optional<SignatureScheme> signature_scheme;
};

// What a connection waits for, for logs and for a person.
struct Waiting {
  enum class For : std::uint8_t { nothing, peer, signature, certificate_verdict, session, application };
  For what = For::nothing;
  std::span<const HandshakeType> messages;  // For::peer: the messages that may come now; until then
};

}  // namespace handfast
