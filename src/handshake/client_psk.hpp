// What a client does with pre-shared keys: offers them, binds them to its hello, sees which one the server
// took, and makes sessions of the tickets it gets. RFC 9846 §4.3.11, §4.7.1.
#pragma once

#include <handfast/error.hpp>
#include <memory>
#include <optional>

#include "handshake/client_hello.hpp"
#include "handshake/context.hpp"
#include "handshake/psk.hpp"
#include "handshake/secrets.hpp"
#include "handshake/server_answer.hpp"
#include "keys/transcript.hpp"
#include "message/post_handshake.hpp"

namespace handfast::handshake {

// Puts the session for this server, if there is one, into `hello`.
Result<void> offer_session(Context& hs, SentHello& hello);
// The same with the external keys of the configuration.
void offer_external_psks(Context& hs, SentHello& hello);
// Whether the verifier is asked again about the certificates of the session: before early data is sent, or
// when the server goes on with it.
bool verifies_again(Context& hs, const std::shared_ptr<const SessionState>& session);
bool verifies_before_early_data(Context& hs, const SentHello& hello);
Decision<Verdict> verify_again(Context& hs, const SentHello& hello);
Decision<Verdict> verify_again(Context& hs, const std::optional<SelectedPsk>& psk);
Decision<Verdict> verify_again(Context& hs, const std::shared_ptr<const SessionState>& session);
// After the hello that announces it (§4.3.10, §E.4): early data may be sent.
Result<void> begin_early_data(Context& hs, const SentHello& hello);
// The server does not take it, or not any more: a second hello must not announce it.
void give_up_early_data(Context& hs, SentHello& hello);
// Adds pre_shared_key, or makes it anew, with binders that are still zero; removes it if no key is left. It
// "MUST be the last extension in the ClientHello" (§4.3.11).
void plan_pre_shared_keys(Context& hs, SentHello& hello);
// Fills in the binders of the encoded hello. `before`: the transcript in front of it, null for a first hello.
Result<void> bind_pre_shared_keys(SentHello& hello, const keys::Transcript* before);

// The key that the server selected, if any. Errors: psk_not_offered, psk_suite_mismatch; psk_required if
// there is no verifier, so that no certificate could do instead.
Result<std::optional<SelectedPsk>> accept_psk(const ClientSettings& settings, SentHello& hello,
                                              const message::ServerHello& answer,
                                              const keys::SuiteParameters* suite);

// Makes sessions of NewSessionTickets.
class ClientTickets {
 public:
  ClientTickets(std::shared_ptr<ClientSessions> sessions, ClientSessions::Key key, const Clock& clock,
                const keys::SuiteParameters& suite, HashSecret resumption_secret, SessionState session)
      : sessions_(std::move(sessions)),
        key_(key),
        clock_(clock),
        suite_(suite),
        resumption_secret_(std::move(resumption_secret)),
        session_(std::move(session)) {}

  // Keeps the session, unless it would live too short or too long to be of use. Errors: crypto_failed.
  Result<void> accept(const message::NewSessionTicket& ticket);

 private:
  std::shared_ptr<ClientSessions> sessions_;
  ClientSessions::Key key_;
  const Clock& clock_;
  const keys::SuiteParameters& suite_;
  HashSecret resumption_secret_;
  SessionState session_;  // without what the ticket brings
};

// Where the sessions of this connection are kept.
Result<ClientSessions::Key> session_key(Context& hs);

}  // namespace handfast::handshake
