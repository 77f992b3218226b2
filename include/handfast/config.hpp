// ClientConfig and ServerConfig: everything a connection needs to know before it starts. Built from plain
// settings, checked when built, immutable and shared afterwards. A configuration that cannot work is refused
// here, not on the wire. RFC 9846 §4, §9.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <handfast/bytes.hpp>
#include <handfast/client_sessions.hpp>
#include <handfast/clock.hpp>
#include <handfast/error.hpp>
#include <handfast/external_psk.hpp>
#include <handfast/observer.hpp>
#include <handfast/policy.hpp>
#include <handfast/random.hpp>
#include <handfast/replay_guard.hpp>
#include <handfast/session_store.hpp>
#include <handfast/signer.hpp>
#include <handfast/ticket_keys.hpp>
#include <handfast/verifier.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace handfast {

namespace danger {

// Whether a pre-shared key may do without a key exchange beside it (psk_ke, RFC 9846 §4.3.9): whoever learns
// the key one day can then decrypt all that was ever said under it. For ends that have no power for more.
enum class PskKe : std::uint8_t { refused, allowed };

}  // namespace danger

// A certificate chain with the holder of its key.
struct Credential {
  std::vector<ByteString> chain;  // DER, leaf first
  std::shared_ptr<const Signer> signer;
  ByteString ocsp_response;                  // DER, stapled when the peer asks (RFC 6066 §8); may be empty
  ByteString signed_certificate_timestamps;  // SignedCertificateTimestampList (RFC 6962 §3.3); may be empty
  // RawPublicKey (RFC 7250, TLS 1.3): the key alone is shown. Then `chain`, staple and timestamps are empty,
  // and the signer knows its public_key().
  CertificateType type = CertificateType::X509;

  // Reads files, PEM or DER; `chain` holds the leaf first, `key` what signer_from_bytes() reads. Errors:
  // pem_malformed (the detail says which certificate and where), those of signer_from_bytes(),
  // configuration_key_mismatch if the key is not the leaf's.
  static Result<Credential> from_bytes(Bytes chain, Bytes key,
                                       std::optional<std::string_view> passphrase = std::nullopt);
  static Result<Credential> from_pem(std::string_view chain_pem, std::string_view key_pem,
                                     std::optional<std::string_view> passphrase = std::nullopt) {
    return from_bytes(as_bytes(chain_pem), as_bytes(key_pem), passphrase);
  }
};

// How much longer records become, so that their length says less (RFC 9846 §5.4).
struct RecordPadding {
  std::size_t block = 1;  // plaintexts are padded to a multiple of it; 1: no padding; at most 16384
};

// What both sides have in common.
struct CommonSettings {
  Policy policy = Policy::intermediate();
  // ALPN names (RFC 7301), best first. Empty: ALPN is not negotiated.
  std::vector<std::string> application_protocols;
  // The longest plaintext record this end wants to receive, content type included (RFC 8449): 64 … 16385.
  // Empty: the extension is not sent.
  std::optional<std::uint16_t> record_size_limit;
  RecordPadding padding;
  // TLS 1.2: whether a peer that does not bind its keys to the handshake (RFC 7627) is refused. It is always
  // offered; without it nothing is resumed and nothing exported.
  bool require_extended_main_secret = false;
  // Records that one sending key protects before the connection changes it by itself (RFC 9846 §5.5): at
  // least 16. Empty or more than the suite allows: the suite's limit.
  std::optional<std::uint64_t> key_lifetime;
  // Null: no key log. Must outlive the connections.
  danger::KeyLog* key_log = nullptr;
  // Null: system_random(). Must outlive the connections.
  const RandomSource* random = nullptr;
  // How sessions know their age; needed where sessions are kept. Must outlive the connections.
  const Clock* clock = nullptr;
  // TLS 1.3: secrets that the two ends were given beforehand. Whoever proves one needs no certificate: a
  // client with them needs no verifier, a server no credentials (then the other end must have one of them).
  std::vector<ExternalPsk> external_psks;
  // A server still prefers the exchange if the client knows both.
  danger::PskKe psk_ke = danger::PskKe::refused;
  // TLS 1.3: how own certificates are compressed for a peer that takes it (RFC 8879), best first. It is done
  // once, when the configuration is built. Empty: never.
  std::vector<CertificateCompressionAlgorithm> compress_certificates = {
      CertificateCompressionAlgorithm::brotli, CertificateCompressionAlgorithm::zstd,
      CertificateCompressionAlgorithm::zlib};
  // TLS 1.3: how the peer may compress its certificates. Nothing by default: what would be unpacked (never
  // more than a Certificate message may hold) comes from somebody who has not yet proved who it is.
  std::vector<CertificateCompressionAlgorithm> accept_compressed_certificates;
  // TLS 1.3: believes raw public keys of the peer (RFC 7250), usually trust_raw_public_keys(). Beside X.509,
  // or instead of it if there is no other verifier. No name is checked then. Null: none is believed. With raw
  // keys on either side, policy.versions must not have TLS 1.2 and post_handshake_authentication not be on:
  // they are not known there.
  std::shared_ptr<const CertificateVerifier> raw_key_verifier;
  // Sessions are resumed only under the same words: lets applications that share keys, a store or a cache
  // keep their sessions apart.
  std::string session_context;
};

struct ClientSettings : CommonSettings {
  // Mandatory, unless there are external_psks or a raw_key_verifier.
  std::shared_ptr<const CertificateVerifier> verifier;
  // Presented when the server asks; the first whose signer can make a scheme the server accepts and, if the
  // server names authorities, whose chain leads to one of them.
  std::vector<Credential> credentials;
  bool send_server_name = true;
  bool request_ocsp_staple = true;
  bool request_signed_certificate_timestamps = true;
  bool middlebox_compatibility = true;  // RFC 9846 §E.4
  // TLS 1.2: whether a server that does not know RFC 5746 is refused. Neither end of this library
  // renegotiates; but somebody in between could begin a connection to such a server and let this client's go
  // on in it.
  bool require_secure_renegotiation = true;
  // TLS 1.2, for peers with little memory (RFC 6066 §4): 512, 1024, 2048 or 4096. record_size_limit is
  // better.
  std::optional<std::uint16_t> max_fragment_length;
  // Where this client keeps its sessions. Null: none is kept, no ticket is asked for, nothing is resumed.
  std::shared_ptr<ClientSessions> sessions;
  // How long after certificates were checked a session of theirs can go on, whatever the server says: at most
  // 7 days (RFC 9846 §4.7.1).
  std::chrono::seconds session_lifetime = std::chrono::days(7);
  // Whether early (0-RTT) data is offered to a server whose session takes it: see
  // Connection::send_early_data(). It may be replayed and has no forward secrecy (RFC 9846 §2.3).
  bool early_data = false;
  bool grease = true;              // RFC 8701
  bool permute_extensions = true;  // a new order of extensions for each ClientHello
  // Whether the verifier is asked again about the certificates of a session that goes on; before early data
  // is sent, or else before the server's Finished is believed. Its "no" ends the handshake.
  bool verify_resumed_sessions = false;
  // TLS 1.3: whether the server may ask for a certificate after the handshake, too (RFC 9846 §4.7.2). It is
  // answered from `credentials`, with none if none fits. Costs some hundred bytes for each connection.
  bool post_handshake_authentication = false;
};

enum class ClientAuthentication : std::uint8_t { none, optional, required };

struct ServerSettings : CommonSettings {
  // At least one, unless there are external_psks. By SNI: the first whose certificate names what the client
  // asked for and whose signer can make a scheme the client accepts; without a match the first usable one,
  // unless reject_unknown_name.
  std::vector<Credential> credentials;
  bool reject_unknown_name = false;
  ClientAuthentication client_authentication = ClientAuthentication::none;
  // Whether clients that offer it can be asked later: Connection::request_client_certificate().
  bool post_handshake_authentication = false;
  // Mandatory if client_authentication is not none, unless there is a raw_key_verifier; and with
  // post_handshake_authentication.
  std::shared_ptr<const CertificateVerifier> client_verifier;
  // Adds a cookie to each HelloRetryRequest and checks its echo (RFC 9846 §4.3.2).
  bool hello_retry_cookie = false;
  // A common group is preferred by this server's order even if it costs a HelloRetryRequest, when the
  // preferred one is post-quantum and the shares that came are not.
  bool prefer_post_quantum = true;

  // Sessions. A client comes back to what it left: the same server name, application protocol, cipher suite
  // hash, rules for client certificates and context; otherwise the handshake is a full one. Seals sessions
  // into tickets that the clients keep. Null: no such tickets.
  std::shared_ptr<TicketKeys> ticket_keys;
  // Keeps sessions here. With TLS 1.3 a ticket is then a name in the store, and is good for one connection;
  // with TLS 1.2 clients resume by session id, those that take tickets get them if there are ticket_keys.
  // Null: none.
  std::shared_ptr<SessionStore> session_store;
  // How long a session can be resumed: at most 7 days (RFC 9846 §4.7.1), counted from the last full
  // handshake.
  std::chrono::seconds session_lifetime = std::chrono::hours(24);
  // TLS 1.3: tickets after a full handshake; after a resumed one, one. A client that says how many it wants
  // (RFC 9149) gets as many, up to kMaxTickets. 0: none unless asked.
  std::uint8_t tickets = 2;
  static constexpr std::uint8_t kMaxTickets = 8;
  // Early (0-RTT) data that a client may send with a resumed handshake, in bytes: at most kMaxEarlyData. 0:
  // none is taken.
  std::uint32_t max_early_data_size = 0;
  static constexpr std::uint32_t kMaxEarlyData = 65'536;
  // Mandatory with early data: nothing is accepted twice.
  std::shared_ptr<ReplayGuard> replay_guard;
};

namespace handshake {
struct ClientConfigData;
struct ServerConfigData;
}  // namespace handshake

// Immutable; shared by any number of connections on any threads.
class ClientConfig {
 public:
  // Errors: configuration_invalid, configuration_key_mismatch; the detail says which setting and why.
  static Result<std::shared_ptr<const ClientConfig>> create(ClientSettings settings);
  ~ClientConfig();
  [[nodiscard]] const handshake::ClientConfigData& data() const { return *data_; }

 private:
  explicit ClientConfig(std::unique_ptr<handshake::ClientConfigData> data);
  std::unique_ptr<handshake::ClientConfigData> data_;
};

class ServerConfig {
 public:
  static Result<std::shared_ptr<const ServerConfig>> create(ServerSettings settings);
  ~ServerConfig();
  [[nodiscard]] const handshake::ServerConfigData& data() const { return *data_; }

 private:
  explicit ServerConfig(std::unique_ptr<handshake::ServerConfigData> data);
  std::unique_ptr<handshake::ServerConfigData> data_;
};

}  // namespace handfast
