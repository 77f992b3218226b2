// Authentications: those of the client after the handshake, from the request to the answer. RFC 9846 §4.7.2.
// The reading half drives the flows; the writing half asks (server) and sends what was prepared (client).
// What the two share is behind a lock of this connection. Must not send: that is the writing half's.
#pragma once

#include <deque>
#include <functional>
#include <handfast/connection_info.hpp>
#include <handfast/error.hpp>
#include <handfast/secret.hpp>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "handshake/handshake.hpp"
#include "handshake/message_buffer.hpp"
#include "handshake/post_handshake_auth.hpp"

namespace handfast::connection {

class Authentications {
 public:
  // The flows never use `link`.
  Authentications(handshake::PostHandshake start, handshake::Link& link, std::function<void()> wake)
      : start_(std::move(start)), link_(link), wake_(std::move(wake)) {}

  // --- writing half ---
  // Server: a CertificateRequest to be sent, which is remembered. Errors: limit_exceeded, crypto_failed.
  Result<ByteString> ask(bool required);
  // Client: the next answer that is ready.
  [[nodiscard]] bool has_answer() const;
  std::optional<handshake::PreparedAnswer> next_answer();

  // --- reading half ---
  // Whether an answer of the client has begun and not ended: nothing may come between.
  [[nodiscard]] bool amid_answer() const { return incoming_ != nullptr; }
  // Whether such a message belongs here.
  [[nodiscard]] bool expects(HandshakeType type) const;
  // `read_secret`: under which it came. True if there is something new to send. Errors: what is wrong with
  // it; limit_exceeded.
  Result<bool> take(handshake::MessageBuffer message, const HashSecret& read_secret);
  // Goes on where an outside decision was made. True if there is something new to send. Errors: the
  // decision's.
  Result<bool> advance();
  // Server: what a client answered, and nobody was told yet.
  std::optional<ClientAnswer> next_settled();

 private:
  using Running = std::unique_ptr<handshake::Handshake>;

  [[nodiscard]] bool is_server() const { return start_.server != nullptr; }
  Result<Running> begin(Bytes message, const HashSecret& read_secret);
  Result<handshake::AskedClient> find_asked(Bytes certificate);
  // Keeps it, or its outcome. True if there is something new to send.
  Result<bool> place(Running running, handshake::Progress progress);

  const handshake::PostHandshake start_;
  handshake::Link& link_;
  const std::function<void()> wake_;

  // Both halves.
  mutable std::mutex mutex_;
  std::vector<handshake::AskedClient> asked_;
  std::deque<handshake::PreparedAnswer> answers_;
  std::size_t under_way_ = 0;  // asked for and not settled (server), not sent (client)

  // Reading half.
  Running incoming_;               // the one that waits for messages
  std::vector<Running> deciding_;  // those that wait for decisions
  std::deque<ClientAnswer> settled_;
};

}  // namespace handfast::connection
