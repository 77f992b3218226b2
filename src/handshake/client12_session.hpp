// What a client does with sessions of TLS 1.2: offers one, and keeps what a full handshake or a new ticket
// gave. RFC 5246 §7.3, §F.1.4; RFC 5077 §3; RFC 7627 §5.3.
#pragma once

#include <handfast/client_sessions.hpp>
#include <handfast/error.hpp>
#include <memory>
#include <utility>

#include "handshake/client_hello.hpp"
#include "handshake/context.hpp"
#include "handshake/secrets12.hpp"
#include "handshake/server_answer12.hpp"
#include "message/messages12.hpp"

namespace handfast::handshake {

// A session in a hello. Other connections may use it at the same time; but if this handshake does not go on
// with it to the end, for whatever reason, it is forgotten: the next one is a full one.
class OfferedSession12 {
 public:
  OfferedSession12(std::shared_ptr<ClientSessions> sessions, const ClientSessions::Key& key,
                   std::shared_ptr<const SessionState> session)
      : sessions_(std::move(sessions)), key_(key), session_(std::move(session)) {}
  ~OfferedSession12() {
    if (!proved_good_) sessions_->forget(key_, *session_);
  }
  OfferedSession12(const OfferedSession12&) = delete;
  OfferedSession12& operator=(const OfferedSession12&) = delete;

  [[nodiscard]] const std::shared_ptr<const SessionState>& session() const { return session_; }
  void prove_good() { proved_good_ = true; }

 private:
  std::shared_ptr<ClientSessions> sessions_;
  ClientSessions::Key key_;
  std::shared_ptr<const SessionState> session_;
  bool proved_good_ = false;
};

// Puts `session`, kept under `key`, into `hello`, if it goes with the configuration.
Result<void> offer_session12(Context& hs, const ClientSessions::Key& key,
                             std::shared_ptr<const SessionState> session, SentHello& hello);

// What the server gives to remember the session by.
struct NewTicket12 {
  ByteString ticket;
  std::uint32_t lifetime_hint = 0;
};
Result<NewTicket12> read_ticket12(const message::NewSessionTicket12& message);

// Keeps the session of a handshake that is complete, if the server resumes it and nothing is missing: after a
// full handshake by ticket or session id, after a resumed one by the new ticket, if there is one.
Result<void> keep_session12(Context& hs, const ServerAnswer12& choice, const Established& outcome,
                            const keys::MainSecret12& secret, NewTicket12 ticket);

}  // namespace handfast::handshake
