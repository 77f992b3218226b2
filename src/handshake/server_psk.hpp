// What a server does with pre-shared keys: finds those that a client offers, makes sure that the client holds
// the one it takes, and hands out tickets. RFC 9846 §4.3.11, §4.7.1. A ticket that is of no use is no error:
// the handshake is a full one.
#pragma once

#include <handfast/bytes.hpp>
#include <handfast/error.hpp>
#include <optional>

#include "handshake/context.hpp"
#include "handshake/lookup.hpp"
#include "handshake/negotiation.hpp"
#include "handshake/psk.hpp"
#include "handshake/server_steps.hpp"
#include "keys/transcript.hpp"

namespace handfast::handshake {

// The size of the name of a session in a SessionStore: what a ticket is then, or a session id of TLS 1.2.
inline constexpr std::size_t kStoredSessionId = 32;

// Whether a session of any version is still good, and this connection would agree on what it was bound to:
// rules for clients, server name, application protocol.
bool fits_connection(const ServerConfigData& config, const message::ClientHello& hello,
                     const SessionState& session);

// Asks the store, if there is one, for the first identity that could be a name in it.
Lookup<ByteString> look_up_session(Context& hs, const message::ClientHello& hello);
// The first of the client's keys that this server knows and that fits this connection: same server name,
// application protocol, rules for clients, and a common suite with its hash. `stored` is wiped.
Result<std::optional<SelectedPsk>> choose_psk(Context& hs, const message::ClientHello& hello,
                                              std::optional<ByteString>& stored);
// "Prior to accepting PSK key establishment, the server MUST validate the corresponding binder value"
// (§4.3.11). `before`: the transcript in front of `hello`. Nothing to do without a key. Errors:
// psk_binder_mismatch.
Result<void> check_binder(const std::optional<SelectedPsk>& psk, const message::ClientHello& hello,
                          const keys::Transcript& before);
// The same key in the second hello. Errors: second_hello_changed if it is not there any more,
// extension_missing if no key is.
Result<std::optional<SelectedPsk>> find_again(Context& hs, std::optional<SelectedPsk> psk,
                                              const message::ClientHello& second);

// --- early data (§4.3.10, §8) ---
// Whether early data that is announced may be taken: it goes under the first key, whose session allows it,
// with the session's suite; the ticket is as old as the client says; and the guard has not seen it before.
// Nothing means no.
Lookup<bool, bool> judge_early_data(Context& hs, const message::ClientHello& hello, const Negotiated& choice,
                                    const std::optional<SelectedPsk>& psk);
// Takes the early data or sees to it that it is skipped. `transcript` reaches to the ClientHello.
Result<void> settle_early_data(Context& hs, const message::ClientHello& hello, const Negotiated& choice,
                               std::optional<SelectedPsk>& psk, const std::optional<bool>& verdict,
                               const keys::Transcript& transcript);
bool takes_early_data(const std::optional<SelectedPsk>& psk);

// How many tickets a client gets: as many as it asks for (RFC 9149), none if it could not use them.
std::uint8_t tickets_for(const ServerConfigData& config, const message::ClientHello& hello, bool resumed);
// NewSessionTicket messages. `transcript` reaches to the client's Finished.
Result<void> send_tickets(Context& hs, const Negotiated& choice, const HelloSummary& client,
                          const Established& outcome, const ApplicationSecrets& secrets,
                          const keys::Transcript& transcript);

}  // namespace handfast::handshake
