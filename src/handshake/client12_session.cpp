// The client's sessions of TLS 1.2: see the header.
#include "handshake/client12_session.hpp"

#include <algorithm>
#include <chrono>

#include "handshake/client_psk.hpp"

namespace handfast::handshake {
namespace {

constexpr std::size_t kMadeUpSessionId = 32;
// "An upper limit of 24 hours is suggested for session ID lifetimes" (RFC 5246 §F.1.4); and for tickets of
// which the server does not say how long they are good.
constexpr std::chrono::seconds kDefaultLifetime = std::chrono::hours(24);

bool goes_with(const ClientSettings& settings, const SessionState& session) {
  const auto& suites = settings.policy.suites;
  const bool offers_suite = std::find(suites.begin(), suites.end(), session.suite) != suites.end();
  const bool same_length = session.max_fragment_length == 0 ||
                           session.max_fragment_length == settings.max_fragment_length.value_or(0);
  // "The client SHOULD NOT offer an abbreviated handshake to resume a session that does not use an extended
  // master secret." (RFC 7627 §5.3)
  return offers_suite && same_length && session.extended_main_secret &&
         session.secret.size() == keys::kMainSecretSize12 &&
         (!session.ticket.empty() || !session.session_id.empty());
}

}  // namespace

Result<void> offer_session12(Context& hs, const ClientSessions::Key& key,
                             std::shared_ptr<const SessionState> session, SentHello& hello) {
  const ClientSettings& settings = hs.client().settings;
  if (!goes_with(settings, *session)) return {};
  if (!session->ticket.empty()) {
    for (message::PlannedExtension& extension : hello.extensions) {
      if (extension.type == ExtensionType::session_ticket) extension.body = session->ticket;
    }
  }
  if (!session->session_id.empty()) {
    hello.session_id = session->session_id;
  } else if (hello.session_id.empty()) {
    // "When presenting a ticket, the client MAY generate and include a Session ID in the TLS ClientHello": a
    // server that takes the ticket repeats it (RFC 5077 §3.4).
    hello.session_id.resize(kMadeUpSessionId);
    HANDFAST_TRY(hs.random().fill(hello.session_id));
  }
  hello.session12 = std::make_shared<OfferedSession12>(settings.sessions, key, std::move(session));
  return {};
}

Result<NewTicket12> read_ticket12(const message::NewSessionTicket12& message) {
  return NewTicket12{.ticket = copy_of(message.ticket), .lifetime_hint = message.ticket_lifetime_hint};
}

Result<void> keep_session12(Context& hs, const ServerAnswer12& choice, const Established& outcome,
                            const keys::MainSecret12& secret, NewTicket12 ticket) {
  const ClientSettings& settings = hs.client().settings;
  // RFC 7627 §5.4: a secret that is not bound to its handshake is not used in another.
  if (!settings.sessions || !secret.is_extended()) return {};
  const bool is_new = !choice.resumed || !ticket.ticket.empty();
  if (ticket.ticket.size() > limits::kMaxTicketSize) return {};
  if (!is_new || (ticket.ticket.empty() && choice.session_id.empty())) return {};
  const Time now = settings.clock->now();
  SessionState session = session_of(outcome, secret);
  session.binding = hs.client().binding;
  session.issued = now;
  session.authenticated = choice.resumed ? choice.resumed->authenticated : now;
  const std::chrono::seconds lifetime =
      ticket.lifetime_hint == 0 ? kDefaultLifetime : std::chrono::seconds(ticket.lifetime_hint);
  // Certificates are not checked again until then, whatever the tickets say.
  session.expires = std::min(now + lifetime, session.authenticated + settings.session_lifetime);
  if (session.peer_certificates) {
    session.expires = std::min(session.expires, end_of(*session.peer_certificates, now));
  }
  if (session.expires <= now) return {};
  session.max_fragment_length = static_cast<std::uint16_t>(choice.max_fragment_length.value_or(0));
  // "If the client receives a session ticket from the server, then it discards any Session ID that was sent
  // in the ServerHello." (RFC 5077 §3.4)
  if (ticket.ticket.empty()) session.session_id = choice.session_id;
  session.ticket = std::move(ticket.ticket);
  HANDFAST_TRY_ASSIGN(const ClientSessions::Key key, session_key(hs));
  settings.sessions->put(key, std::make_shared<const SessionState>(std::move(session)));
  return {};
}

}  // namespace handfast::handshake
