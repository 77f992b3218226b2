// The server's sessions of TLS 1.2: see the header.
#include "handshake/server12_session.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "handshake/server_psk.hpp"
#include "message/messages12.hpp"

namespace handfast::handshake {
namespace {

// A ticket that this server could have sealed came.
bool presents_ticket(const ServerSettings& settings, const message::ClientHello& hello) {
  return settings.ticket_keys && hello.session_ticket && !hello.session_ticket->empty();
}

// The name of a session in the store: its id, and the version. Ids go over the wire in the clear; nobody
// shall reach a session of TLS 1.3 with one, nor take this one away by offering it as a ticket of TLS 1.3.
ByteString name_in_store(Bytes session_id) {
  ByteString name = copy_of(session_id);
  name.insert(name.end(), {3, 3});
  return name;
}

bool fits(const ServerConfigData& config, const message::ClientHello& hello, const SessionState& session) {
  const ServerSettings& settings = config.settings;
  const auto& suites = settings.policy.suites;
  // "the cipher_suites list … MUST include at least the cipher_suite from that session" (RFC 5246 §7.4.1.2)
  if (session.version != ProtocolVersion::tls1_2 ||
      keys::find_suite(session.suite, ProtocolVersion::tls1_2) == nullptr ||
      std::find(suites.begin(), suites.end(), session.suite) == suites.end() ||
      !hello.cipher_suites.contains(session.suite)) {
    return false;
  }
  if (!session.extended_main_secret || session.secret.size() != keys::kMainSecretSize12) return false;
  const std::size_t length = fragment_length_of(fragment_length_asked_for(config, hello).value_or(0));
  return session.max_fragment_length == length && fits_connection(config, hello, session);
}

// What is remembered of a handshake. Nothing if it could not be resumed any more.
std::optional<SessionState> session_to_keep(Context& hs, const Negotiated12& choice,
                                            const Established& outcome, const keys::MainSecret12& secret) {
  const ServerSettings& settings = hs.server().settings;
  SessionState session = session_of(outcome, secret);
  session.binding = hs.server().binding;
  session.issued = settings.clock->now();
  session.authenticated = choice.resumed ? choice.resumed->authenticated : session.issued;
  session.expires = session.authenticated + settings.session_lifetime;
  if (session.peer_certificates) {
    session.expires = std::min(session.expires, end_of(*session.peer_certificates, session.issued));
  }
  session.max_fragment_length =
      static_cast<std::uint16_t>(fragment_length_of(choice.max_fragment_length.value_or(0)));
  if (session.expires <= session.issued) return std::nullopt;
  return session;
}

}  // namespace

Lookup<ByteString> look_up_session12(Context& hs, const message::ClientHello& hello) {
  const ServerSettings& settings = hs.server().settings;
  if (!settings.session_store || hello.legacy_session_id.size() != kStoredSessionId ||
      presents_ticket(settings, hello)) {
    return {hs, nullptr};
  }
  return hs.look_up(*settings.session_store, name_in_store(hello.legacy_session_id));
}

Result<std::shared_ptr<const SessionState>> find_session12(Context& hs, const message::ClientHello& hello,
                                                           std::optional<ByteString> stored) {
  const ServerConfigData& config = hs.server();
  const ServerSettings& settings = config.settings;
  std::optional<ByteString> encoded =
      presents_ticket(settings, hello) ? settings.ticket_keys->open(*hello.session_ticket) : std::nullopt;
  if (!stored && !encoded) return nullptr;
  auto session = decode_session(stored ? *stored : *encoded);
  if (encoded) wipe(*encoded);
  // A session of TLS 1.2 is good for many connections: it goes back to where it was.
  if (stored && session && session->is_valid_at(settings.clock->now())) {
    settings.session_store->put(name_in_store(hello.legacy_session_id), std::move(*stored), session->expires);
  } else if (stored) {
    wipe(*stored);
  }
  if (!session || !fits(config, hello, *session)) return nullptr;
  return std::make_shared<const SessionState>(std::move(*session));
}

Result<void> send_ticket12(Context& hs, Transcript12& transcript, const Negotiated12& choice,
                           const Established& outcome, const keys::MainSecret12& secret) {
  if (!choice.sends_ticket) return {};
  // "If the server determines that it does not want to include a ticket after it has included the
  // SessionTicket extension in the ServerHello, then it sends a zero-length ticket in the NewSessionTicket
  // handshake message." (RFC 5077 §3.3)
  ByteString ticket;
  std::uint32_t lifetime = 0;
  if (const auto session = session_to_keep(hs, choice, outcome, secret)) {
    HANDFAST_TRY_ASSIGN(ByteString encoded, encode_session(*session));
    auto sealed = hs.server().settings.ticket_keys->seal(encoded, hs.random());
    wipe(encoded);
    if (!sealed) return failure(sealed.error());
    if (sealed->size() <= limits::kMaxTicketSize) {
      ticket = std::move(*sealed);
      lifetime = static_cast<std::uint32_t>((session->expires - session->issued).count());
    }
  }
  ByteString message;
  HANDFAST_TRY(message::encode_new_session_ticket12(lifetime, ticket, message));
  return send(hs, transcript, message);
}

Result<void> store_session12(Context& hs, const Negotiated12& choice, const ServerHellos& hellos,
                             const Established& outcome, const keys::MainSecret12& secret) {
  if (!choice.keeps_session) return {};
  const auto session = session_to_keep(hs, choice, outcome, secret);
  if (!session) return {};
  HANDFAST_TRY_ASSIGN(ByteString encoded, encode_session(*session));
  hs.server().settings.session_store->put(name_in_store(hellos.session_id), std::move(encoded),
                                          session->expires);
  return {};
}

}  // namespace handfast::handshake
