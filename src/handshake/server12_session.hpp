// What a server does with sessions of TLS 1.2: finds the one that a client offers by ticket or session id,
// and gives new ones. RFC 5246 §7.3, §7.4.1.2, §F.1.4; RFC 5077 §3; RFC 7627 §5.3. A session that is of no
// use is no error: the handshake is a full one.
#pragma once

#include <handfast/bytes.hpp>
#include <handfast/error.hpp>
#include <memory>
#include <optional>

#include "handshake/context.hpp"
#include "handshake/lookup.hpp"
#include "handshake/negotiation12.hpp"
#include "handshake/secrets12.hpp"
#include "handshake/server12_steps.hpp"

namespace handfast::handshake {

// Asks the store, if there is one, for the client's session id, unless it sent a ticket that this server
// could read: "If a ticket is presented by the client, the server MUST NOT attempt to use the Session ID in
// the ClientHello for stateful session resumption." (RFC 5077 §3.4)
Lookup<ByteString> look_up_session12(Context& hs, const message::ClientHello& hello);
// The client's session, if it is one of this server's and fits this connection: same server name, application
// protocol, rules for clients, fragment length, and its suite among those of both. Null: none.
Result<std::shared_ptr<const SessionState>> find_session12(Context& hs, const message::ClientHello& hello,
                                                           std::optional<ByteString> stored);

// NewSessionTicket, if the ServerHello promised one. `outcome`: without what only the client's Finished
// proves.
Result<void> send_ticket12(Context& hs, Transcript12& transcript, const Negotiated12& choice,
                           const Established& outcome, const keys::MainSecret12& secret);
// Puts the session of a complete handshake into the store, if it got a session id.
Result<void> store_session12(Context& hs, const Negotiated12& choice, const ServerHellos& hellos,
                             const Established& outcome, const keys::MainSecret12& secret);

}  // namespace handfast::handshake
