// Connection: one TLS connection without a socket. Bytes in, bytes out, events out; the caller owns the
// buffers. RFC 9846. It never blocks, never reads a clock, never calls back into the caller except the
// Observer, the Signer, the CertificateVerifier and `wake` it was given.
//
//   loop: flush() into the socket; read from the socket; receive(); act on the event.
//
// Threads. Until `established`, one thread at a time. From then on the two halves are independent: one thread
// may use the reading functions [R] while another uses the writing functions [W]. What the reading half needs
// sent (an answer to KeyUpdate, an alert) reaches the writing half through one atomic word; the next [W] call
// emits it, and ConnectionOptions::wake tells the writer that there is something. Functions marked [E] are
// safe from any thread once established. Construction, destruction and moves need both halves at rest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <handfast/bytes.hpp>
#include <handfast/config.hpp>
#include <handfast/connection_info.hpp>
#include <handfast/error.hpp>
#include <handfast/observer.hpp>
#include <handfast/server_name.hpp>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace handfast {

// Longest record on the wire: 5 bytes of header and 2^14 + 256 of payload (RFC 9846 §5.2). An input buffer of
// this size always holds a whole record.
inline constexpr std::size_t kMaxRecordSize = 5 + 16384 + 256;
// What protection adds at most to a record of up to 16384 bytes of plaintext, without padding: header, tag,
// and TLS 1.3's content type or the nonce that TLS 1.2 sends with AES-GCM.
inline constexpr std::size_t kRecordOverhead = 5 + 8 + 16;

struct ConnectionOptions {
  // Null: nobody looks. Must outlive the connection.
  Observer* observer = nullptr;
  // Called when an outside decision was answered (on the thread that answered) or when the reading half has
  // left something to send (on the reading thread). Must not call the connection; wake its loop instead. An
  // answer that comes while the connection is being destroyed may call it once just afterwards: what it
  // captures must outlive the connection.
  std::function<void()> wake;
  // Keep the peer's certificates and the verified path after the handshake, for peer_certificates(). Costs
  // memory.
  bool keep_peer_certificates = false;
};

enum class Event : std::uint8_t {
  need_input,       // all complete records are consumed: receive() again with more bytes
  established,      // the handshake is done (once): application data may flow both ways
  early_data,       // server: Received::data holds early data; see send_early_data() for what that means
  data,             // Received::data holds application data
  waiting,          // an outside decision is pending: receive() again, with any input, after `wake`
  client_answered,  // server: see take_client_answer()
  closed,           // the peer's close_notify: nothing more will come; writing is still possible (half-close)
};

struct Received {
  std::size_t consumed = 0;  // bytes of the input that the caller drops from its front, after using `data`
  Event event = Event::need_input;
  MutableBytes data;  // inside the caller's input; empty unless event is data or early_data
  // need_input: at least this many more bytes are needed before anything can happen (1 if not known).
  std::size_t wanted = 0;
};

// Whether a client that is asked for a certificate may show none.
enum class ClientCertificate : std::uint8_t { optional, required };

struct Sent {
  std::size_t consumed = 0;  // bytes of the plaintext that are sealed
  std::size_t produced = 0;  // bytes of the output that are ready for the transport
};

class Connection {
 public:
  // A client that means to talk to `name`. The ClientHello is ready for flush() at once.
  // Errors: out_of_memory, crypto_failed; with ClientSettings::verify_resumed_sessions the verifier's.
  static Result<Connection> client(std::shared_ptr<const ClientConfig> config, ServerName name,
                                   ConnectionOptions options = {});
  static Result<Connection> server(std::shared_ptr<const ServerConfig> config,
                                   ConnectionOptions options = {});

  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;
  // Pending decisions are cancelled; secrets are wiped. Sends nothing: close() first.
  ~Connection();

  // [R] Takes bytes from the transport. Records are opened in place: the consumed part of `input` is
  // overwritten, the rest is untouched and must be presented again. Returns at the first event. Call again at
  // once after `established` and `data` if input is left. An incomplete record is not consumed. Errors are
  // sticky: the same one is returned by each later call, and the alert for it waits in flush().
  Result<Received> receive(MutableBytes input);

  // [R] The transport ended. Success after close_notify; otherwise truncated (RFC 9846 §6.1), or
  // no_tls_answer if not one byte came; sticky.
  Result<void> receive_end();

  // [W] Seals application data straight into `output`: as many records as fit, nothing is kept. What flush()
  // would emit comes first. Nothing consumed and nothing produced: `output` is too small for a record
  // (kRecordOverhead + 1 always suffices unless padding asks for more, kMaxRecordSize always does). A server
  // that takes early data may answer it before it is established, but nobody knows yet whether the client is
  // there now, or somebody repeats what it once said (RFC 9846 §4.5.3). Errors:
  // connection_not_established, connection_closed (after close() or an error), record_sequence_exhausted (TLS
  // 1.2 cannot change a key that has sealed all it may: close_notify waits in flush()).
  Result<Sent> send(Bytes plaintext, MutableBytes output);

  // Client, before it is established: seals early (0-RTT) data, as send() does, while early_data_limit() is
  // not 0. Nothing consumed: it may not be sent, or not any more. The server may act on it more than once if
  // others replay it, unless it keeps a ReplayGuard, and it has no forward secrecy: only what may be repeated
  // belongs here (RFC 9846 §2.3, §8). If ConnectionInfo::early_data says `refused` in the end, the server did
  // not take any of it. Errors: connection_closed, and connection_not_established on a server.
  Result<Sent> send_early_data(Bytes plaintext, MutableBytes output);
  // Bytes of early data that may still be sent now.
  [[nodiscard]] std::size_t early_data_limit() const;
  // What the early data is for: known before the handshake is done, as soon as some may be sent (client) or
  // comes (server). Null without, and once the server has refused it: then it must not simply be sent again
  // if the connection speaks another application protocol in the end (RFC 9846 §4.3.10).
  [[nodiscard]] const EarlyDataInfo* early_data_info() const;
  // [W] Once established: the early data that the server refused, to be sent again if it is still wanted;
  // empty otherwise, and the second time.
  ByteString take_refused_early_data();

  // [W] Emits handshake flights, alerts and KeyUpdates that wait. Returns the bytes produced; 0: nothing
  // waits, or `output` is smaller than the next piece. Works after an error too, to send the alert.
  Result<std::size_t> flush(MutableBytes output);

  // [W] True if flush() has something to emit.
  [[nodiscard]] bool has_output() const;

  // [W] Queues close_notify for flush(); later send() fails. The reading half goes on. During the handshake
  // user_canceled goes before it (RFC 9846 §6.1). Idempotent.
  void close();

  // [W] Ends the connection with a fatal alert for a reason that only the application knows: access_denied,
  // certificate_unknown, … (RFC 9846 §6.2). Later send() fails. Does nothing after an error, close() or
  // abort().
  void abort(AlertDescription reason);

  // [W] New keys for what is sent from now on; `request_peer` asks the peer to do the same (RFC 9846 §4.7.3).
  // Errors: connection_not_established, connection_closed, not_in_this_version (TLS 1.2).
  Result<void> update_keys(bool request_peer);

  // [W] Server, TLS 1.3, once established: asks a client that offered it (ConnectionInfo::
  // post_handshake_authentication) for a certificate (RFC 9846 §4.7.2). Data goes on in both directions; in
  // the end there is Event::client_answered, or an error: the verifier's, or certificate_required. While a
  // verdict is pending, receive() again after `wake`. What one connection was told about its client does not
  // go on with its sessions. Errors: connection_not_established, connection_closed,
  // post_handshake_auth_not_offered, limit_exceeded (kMaxClientRequests are under way), crypto_failed.
  Result<void> request_client_certificate(ClientCertificate wanted = ClientCertificate::required);
  static constexpr std::size_t kMaxClientRequests = 4;
  // [R] After Event::client_answered, once: who the client is. Nothing at other times.
  std::optional<ClientAnswer> take_client_answer();

  [[nodiscard]] bool is_established() const;
  // [R] While the handshake runs: what must come next.
  [[nodiscard]] Waiting waiting_for() const;

  // [E] Valid once established; null before.
  [[nodiscard]] const ConnectionInfo* info() const;
  // [E] The peer's certificates, if kept (ConnectionOptions) and presented; else null.
  [[nodiscard]] const PeerCertificates* peer_certificates() const;
  // [E] The path that the verifier found, leaf first, anchor last; empty if not kept, and
  // after a resumption, which verifies nothing anew.
  [[nodiscard]] std::span<const ByteString> verified_path() const;

  // [E] Keying material for another protocol, bound to this connection (RFC 9846 §7.5, RFC 5705). Fills all
  // of `out`, at most 255 × hash bytes. Without a context and with an empty one differ in TLS 1.2 only.
  // Errors: connection_not_established, limit_exceeded (label over 249 bytes, out too long),
  // not_in_this_version (TLS 1.2 without extended main secret, where two connections could export the same;
  // labels of the handshake itself).
  Result<void> export_keying_material(std::string_view label, std::optional<Bytes> context,
                                      MutableBytes out) const;
  // The same, bound to the early data (RFC 9846 §7.5): as soon as it may be sent or comes. Errors:
  // limit_exceeded, not_in_this_version (there is no early data).
  Result<void> export_early_keying_material(std::string_view label, Bytes context, MutableBytes out) const;

 private:
  class Engine;
  explicit Connection(std::unique_ptr<Engine> engine);
  std::unique_ptr<Engine> engine_;
};

}  // namespace handfast
