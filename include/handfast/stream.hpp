// Stream: a connection over a connected socket, with calls that block. It owns the socket, the Connection and
// two buffers of one record each. RFC 9846 §6.1 (orderly close), §5.
// For many connections per thread, use Connection with an event loop instead.
//
// Threads. connect(), handshake() and the destructor need the stream for themselves. From then on one thread
// may read() while another one write()s; close_write() and update_keys() count as writing. close() and
// set_io_timeout() need both halves at rest. What the reading half needs sent (an answer to KeyUpdate, an
// alert) goes out from whichever half comes first.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <handfast/bytes.hpp>
#include <handfast/config.hpp>
#include <handfast/connection.hpp>
#include <handfast/error.hpp>
#include <handfast/server_name.hpp>
#include <handfast/tcp.hpp>
#include <memory>
#include <optional>
#include <string_view>

namespace handfast {

struct StreamOptions {
  // Resolving and connecting together. Zero: no limit (the same for the others).
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds handshake_timeout{10'000};
  // How long a single read() or write() may wait for the peer.
  std::chrono::milliseconds io_timeout{0};
  // Null: nobody looks. Must outlive the stream.
  Observer* observer = nullptr;
  bool keep_peer_certificates = false;
};

class Stream {
 public:
  // Resolves `host`, connects and completes the handshake as a client that means to talk to `host`.
  // Errors: name_invalid; io_failed; all that handshake() can answer.
  static Result<Stream> connect(std::string_view host, std::uint16_t port,
                                std::shared_ptr<const ClientConfig> config, StreamOptions options = {});
  // A stream over a connected socket (TCP, a socketpair, a tunnel); nothing is sent before handshake().
  static Result<Stream> client(Socket socket, std::shared_ptr<const ClientConfig> config, ServerName name,
                               StreamOptions options = {});
  static Result<Stream> server(Socket socket, std::shared_ptr<const ServerConfig> config,
                               StreamOptions options = {});
  Stream(Stream&&) noexcept;
  Stream& operator=(Stream&&) noexcept;
  // Closes the socket at once; the peer sees a truncated connection unless close() was called.
  ~Stream();

  // Completes the handshake, waits for outside decisions too. On failure the alert was sent, as far as the
  // transport still took it, and the peer was given half a second to read it and hang up. Idempotent once
  // established.
  Result<void> handshake();

  // Client, before handshake(): sends the beginning of `data` as early (0-RTT) data, as much as the session
  // for this server allows; the bytes that went. What that means, and who may do it:
  // Connection::send_early_data(). It counts as part of the handshake for its timeout. Errors: io_failed.
  Result<std::size_t> write_early(Bytes data);
  // Client, after handshake(): the early data that the server refused, to be written again if it is still
  // wanted.
  ByteString take_refused_early_data();
  // Server, after handshake(): so many of the first bytes that read() hands out came as early data. (They are
  // handed out only now that the client has proved to be there.)
  [[nodiscard]] std::size_t early_bytes() const;

  // Reads at least one byte of application data; 0 is the peer's orderly end. Errors: truncated when the
  // transport ended without it (what was read before may be incomplete); io_failed; the connection's errors.
  Result<std::size_t> read(MutableBytes out);

  // The same without a copy: a view of what arrived, valid until the next reading call; empty at the end.
  Result<Bytes> read_view();

  // Sends all of `data`. Errors: connection_closed after close_write(), io_failed.
  Result<void> write(Bytes data);

  // Half-close: tells the peer that nothing more will come (close_notify). Reading goes on.
  Result<void> close_write();

  // Orderly end: close_notify if it was not sent, then the socket is closed. With both halves at rest.
  // Idempotent.
  Result<void> close();

  // New keys for what is sent from now on (RFC 9846 §4.7.3). Counts as writing.
  Result<void> update_keys(bool request_peer);

  // Server: asks the client for a certificate (Connection::request_client_certificate()). Counts as writing.
  Result<void> request_client_certificate(ClientCertificate wanted = ClientCertificate::required);
  // Server: what the client answered to that. Counts as reading. Waits for the answer or for application
  // data, whichever comes first; nothing if it is data, for read() to hand out, or the end.
  Result<std::optional<ClientAnswer>> read_client_answer();

  // Replaces StreamOptions::io_timeout from the next call on. With both halves at rest.
  void set_io_timeout(std::chrono::milliseconds timeout);

  // For info(), peer_certificates(), exporters. Its receive, send and flush are the stream's own.
  [[nodiscard]] const Connection& connection() const;
  [[nodiscard]] int descriptor() const;
  // What the transport did when the last call failed with io_failed; none if it was not the transport.
  [[nodiscard]] NetworkFailure network_failure() const;

 private:
  class Body;
  explicit Stream(std::unique_ptr<Body> body);
  std::unique_ptr<Body> body_;
};

}  // namespace handfast
