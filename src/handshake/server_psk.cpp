// The server's pre-shared keys: see the header.
#include "handshake/server_psk.hpp"

#include <algorithm>
#include <array>

#include "base/limits.hpp"
#include "handshake/selection.hpp"
#include "message/extension_encoders.hpp"
#include "message/post_handshake.hpp"

namespace handfast::handshake {
namespace {

constexpr auto kType = HandshakeType::client_hello;

bool can_use_keys(const ServerConfigData& config, const message::ClientHello& hello) {
  return hello.pre_shared_key && psk_mode(config, hello);
}

bool has_common_suite(const ServerConfigData& config, const message::ClientHello& hello,
                      crypto::HashAlgorithm hash) {
  return std::ranges::any_of(config.settings.policy.suites, [&](CipherSuite suite) {
    const keys::SuiteParameters* const row = keys::find_suite(suite, ProtocolVersion::tls1_3);
    return row != nullptr && row->hash == hash && hello.cipher_suites.contains(suite);
  });
}

// What the session was bound to is what this connection would agree on.
bool fits(const ServerConfigData& config, const message::ClientHello& hello, const SessionState& session) {
  const keys::SuiteParameters* const suite = keys::find_suite(session.suite, ProtocolVersion::tls1_3);
  if (suite == nullptr || session.version != ProtocolVersion::tls1_3 ||
      session.secret.size() != suite->hash_size() || !has_common_suite(config, hello, suite->hash)) {
    return false;
  }
  return fits_connection(config, hello, session);
}

std::optional<SessionState> read_session(Bytes bytes) {
  auto session = decode_session(bytes);
  if (!session) return std::nullopt;
  return std::move(*session);
}

// A session of our own making, out of a ticket or the store.
std::optional<SessionState> find_session(const ServerConfigData& config, const message::PskIdentity& identity,
                                         const std::optional<ByteString>& stored) {
  if (config.settings.session_store && identity.identity.size() == kStoredSessionId) {
    return stored ? read_session(*stored) : std::nullopt;
  }
  if (!config.settings.ticket_keys) return std::nullopt;
  std::optional<ByteString> opened = config.settings.ticket_keys->open(identity.identity);
  if (!opened) return std::nullopt;
  std::optional<SessionState> session = read_session(*opened);
  wipe(*opened);
  return session;
}

std::uint32_t claimed_age(const SessionState& session, const message::OfferedPsks& offered) {
  return (*offered.identities.begin()).obfuscated_ticket_age - session.ticket_age_add;
}

// After that no server takes this ClientHello for fresh: the same for the original and for every replay.
Time fresh_until(const SessionState& session, const message::OfferedPsks& offered) {
  const auto age = std::chrono::milliseconds(claimed_age(session, offered));
  return session.issued + std::chrono::ceil<std::chrono::seconds>(age) + kEarlyDataTolerance +
         kClocksOfOneFleet;
}

// "a server can determine the expected arrival time of the ClientHello … If [they] differ by more than a
// tolerance, the server SHOULD … reject 0-RTT" (§8.3). Ages count milliseconds, modulo 2^32.
bool is_fresh(const SessionState& session, const message::OfferedPsks& offered, Time now) {
  // It would have to be younger than nothing: another clock is ahead, or this one was set back.
  if (now < session.issued) return false;
  const auto age = std::chrono::milliseconds(now - session.issued);
  const std::chrono::milliseconds off = std::chrono::milliseconds(claimed_age(session, offered)) - age;
  return off <= kEarlyDataTolerance && off >= -std::chrono::milliseconds(kEarlyDataTolerance);
}

// The identities are public: whoever tries one learns whether it is known, which RFC 9257 §4.2 puts up with.
std::optional<PreSharedKey> find_external(const ServerConfigData& config, const message::ClientHello& hello,
                                          const message::PskIdentity& identity) {
  for (const ExternalPsk& psk : config.settings.external_psks) {
    for (const PreSharedKey& key : psk.keys()) {
      if (std::ranges::equal(key.identity, identity.identity) && has_common_suite(config, hello, key.hash)) {
        return key.clone();
      }
    }
  }
  return std::nullopt;
}

// The ticket of `session`; nothing if it is too large for one.
Result<ByteString> make_ticket(Context& hs, const SessionState& session) {
  const ServerSettings& settings = hs.server().settings;
  HANDFAST_TRY_ASSIGN(ByteString encoded, encode_session(session));
  if (settings.session_store) {
    ByteString id(kStoredSessionId);
    HANDFAST_TRY(hs.random().fill(id));
    settings.session_store->put(id, std::move(encoded), session.expires);
    return id;
  }
  Result<ByteString> ticket = settings.ticket_keys->seal(encoded, hs.random());
  wipe(encoded);
  if (ticket && ticket->size() > limits::kMaxTicketSize) ticket->clear();
  return ticket;
}

}  // namespace

bool fits_connection(const ServerConfigData& config, const message::ClientHello& hello,
                     const SessionState& session) {
  if (!session.is_valid_at(config.settings.clock->now(), kClocksOfOneFleet) ||
      session.binding != config.binding)
    return false;
  const std::string_view name = hello.server_name ? as_text(*hello.server_name) : std::string_view();
  if (name != session.server_name) return false;
  if (config.settings.reject_unknown_name && !name.empty()) {
    const auto requested = requested_name(hello);
    const bool known = requested && *requested &&
                       std::ranges::any_of(config.credentials, [&](const PreparedCredential& prepared) {
                         return is_for(prepared, **requested);
                       });
    if (!known) return false;
  }
  const auto protocol = choose_application_protocol(config, hello);
  return protocol && *protocol == session.application_protocol;
}

Lookup<ByteString> look_up_session(Context& hs, const message::ClientHello& hello) {
  const auto& store = hs.server().settings.session_store;
  if (!store || !can_use_keys(hs.server(), hello)) return {hs, nullptr};
  for (const message::PskIdentity& identity : hello.pre_shared_key->identities) {
    if (identity.identity.size() != kStoredSessionId) continue;
    return hs.look_up(*store, copy_of(identity.identity));
  }
  return {hs, nullptr};
}

namespace {

struct WipeAtEnd {
  std::optional<ByteString>& bytes;
  ~WipeAtEnd() {
    if (bytes) wipe(*bytes);
  }
};

std::optional<PreSharedKey> find_resumable(const ServerConfigData& config, const message::ClientHello& hello,
                                           const message::PskIdentity& identity,
                                           const std::optional<ByteString>& stored) {
  std::optional<SessionState> session = find_session(config, identity, stored);
  if (!session || !fits(config, hello, *session)) return std::nullopt;
  PreSharedKey key{.identity = copy_of(identity.identity),
                   .kind = keys::PskKind::resumption,
                   .hash = keys::find_suite(session->suite)->hash,
                   .secret = PskSecret(session->secret.view())};
  key.session = std::make_shared<const SessionState>(std::move(*session));
  return key;
}

}  // namespace

Result<std::optional<SelectedPsk>> choose_psk(Context& hs, const message::ClientHello& hello,
                                              std::optional<ByteString>& stored) {
  const ServerConfigData& config = hs.server();
  if (!can_use_keys(config, hello)) return std::nullopt;
  const WipeAtEnd guard{stored};
  std::uint16_t index = 0;
  bool store_was_asked = false;
  for (const message::PskIdentity& identity : hello.pre_shared_key->identities) {
    if (index == limits::kMaxTriedPsks) break;
    std::optional<PreSharedKey> key = find_external(config, hello, identity);
    const bool is_stored = config.settings.session_store && identity.identity.size() == kStoredSessionId;
    if (!key && config.keeps_sessions() && (!is_stored || !store_was_asked)) {
      store_was_asked = store_was_asked || is_stored;
      key = find_resumable(config, hello, identity, stored);
    }
    if (key) {
      HANDFAST_TRY_ASSIGN(keys::EarlySecret early,
                          keys::EarlySecret::with_psk(key->hash, key->secret.view()));
      return SelectedPsk{std::move(*key), index, std::move(early)};
    }
    ++index;
  }
  return std::nullopt;
}

Result<void> check_binder(const std::optional<SelectedPsk>& psk, const message::ClientHello& hello,
                          const keys::Transcript& before) {
  if (!psk) return {};
  std::uint16_t index = 0;
  for (const message::PskBinderEntry& entry : hello.pre_shared_key->binders) {
    if (index++ != psk->index) continue;
    HANDFAST_TRY_ASSIGN(const crypto::Digest hash,
                        before.with(hello.raw.first(hello.pre_shared_key->binders_offset)));
    HANDFAST_TRY_ASSIGN(const HashSecret expected, psk->early.binder(psk->key.kind, hash));
    // "If this value is not present or does not validate, the server MUST abort the handshake." (§4.3.11)
    if (constant_time_equal(expected.view(), entry.binder)) return {};
    return failure(Error(ErrorCode::psk_binder_mismatch).in(kType).at("binder", entry.offset));
  }
  return failure(Error(ErrorCode::psk_binder_mismatch).in(kType).at("binders", 0));
}

Result<std::optional<SelectedPsk>> find_again(Context& hs, std::optional<SelectedPsk> psk,
                                              const message::ClientHello& second) {
  if (!psk) return std::nullopt;
  // A client may leave out "any PSKs which are incompatible with the server's indicated cipher suite"
  // (§4.2.2): this one is not.
  if (!second.pre_shared_key)
    return failure(Error(ErrorCode::extension_missing).in(kType).at("pre_shared_key", 0));
  if (!can_use_keys(hs.server(), second)) return std::nullopt;
  std::uint16_t index = 0;
  for (const message::PskIdentity& identity : second.pre_shared_key->identities) {
    if (std::ranges::equal(identity.identity, psk->key.identity)) {
      psk->index = index;
      return psk;
    }
    ++index;
  }
  return failure(Error(ErrorCode::second_hello_changed).in(kType).at("pre_shared_key", 0));
}

bool takes_early_data(const std::optional<SelectedPsk>& psk) { return psk && psk->early_data; }

Lookup<bool, bool> judge_early_data(Context& hs, const message::ClientHello& hello, const Negotiated& choice,
                                    const std::optional<SelectedPsk>& psk) {
  const ServerSettings& settings = hs.server().settings;
  // "the server MUST verify … that they are using the same cipher suite … that the PSK is the first"
  // (§4.3.10)
  const bool possible = hello.early_data && !choice.needs_retry && settings.max_early_data_size > 0 && psk &&
                        psk->index == 0 && psk->key.session && psk->key.session->max_early_data_size > 0 &&
                        psk->key.session->suite == choice.suite->suite;
  if (!possible || !is_fresh(*psk->key.session, *hello.pre_shared_key, settings.clock->now())) {
    return {hs, nullptr};
  }
  // The binder is different for every ClientHello of honest clients.
  const message::PskBinderEntry binder = *hello.pre_shared_key->binders.begin();
  return hs.accept_once(*settings.replay_guard, copy_of(binder.binder),
                        fresh_until(*psk->key.session, *hello.pre_shared_key));
}

Result<void> settle_early_data(Context& hs, const message::ClientHello& hello, const Negotiated& choice,
                               std::optional<SelectedPsk>& psk, const std::optional<bool>& verdict,
                               const keys::Transcript& transcript) {
  if (!hello.early_data) return {};
  if (!verdict.value_or(false)) {
    hs.link().skip_early_data(
        std::max<std::size_t>(limits::kMaxSkippedEarlyData, hs.server().settings.max_early_data_size));
    return {};
  }
  HANDFAST_TRY_ASSIGN(EarlyDataSecrets secrets,
                      derive_early_data_secrets(hs, hello.random, psk->early, transcript));
  HANDFAST_TRY_ASSIGN(const RecordBoundary boundary, hs.link().record_boundary());
  psk->early_data = true;
  secrets.info = {psk->key.session->application_protocol, psk->key.session->server_name};
  return hs.link().accept_early_data(*choice.suite, std::move(secrets), psk->key.session->max_early_data_size,
                                     boundary);
}

std::uint8_t tickets_for(const ServerConfigData& config, const message::ClientHello& hello, bool resumed) {
  // "servers MUST NOT send any NewSessionTicket messages with" modes the client did not list (§4.3.9).
  if (!config.keeps_sessions() || !psk_mode(config, hello)) return 0;
  if (hello.ticket_request) {
    const std::uint8_t wanted =
        resumed ? hello.ticket_request->resumption_count : hello.ticket_request->new_session_count;
    return std::min(wanted, ServerSettings::kMaxTickets);
  }
  return resumed ? std::min<std::uint8_t>(1, config.settings.tickets) : config.settings.tickets;
}

Result<void> send_tickets(Context& hs, const Negotiated& choice, const HelloSummary& client,
                          const Established& outcome, const ApplicationSecrets& secrets,
                          const keys::Transcript& transcript) {
  if (client.tickets == 0) return {};
  const ServerSettings& settings = hs.server().settings;
  HANDFAST_TRY_ASSIGN(const crypto::Digest hash, transcript.current());
  HANDFAST_TRY_ASSIGN(const HashSecret resumption, secrets.main.resumption(hash));
  SessionState session;
  session.version = ProtocolVersion::tls1_3;
  session.suite = choice.suite->suite;
  session.issued = settings.clock->now();
  session.authenticated = client.authenticated.value_or(session.issued);
  session.expires = session.authenticated + settings.session_lifetime;
  session.server_name = client.server_name;
  session.application_protocol = choice.application_protocol;
  session.binding = hs.server().binding;
  session.group = choice.group;
  session.server_signature_scheme = outcome.info.server_signature_scheme;
  session.client_signature_scheme = outcome.info.client_signature_scheme;
  session.peer_certificates = outcome.peer_certificates;
  if (session.peer_certificates) {
    session.expires = std::min(session.expires, end_of(*session.peer_certificates, session.issued));
  }
  if (session.expires <= session.issued) return {};
  session.max_early_data_size = settings.max_early_data_size;
  const std::optional<std::uint32_t> early_data =
      settings.max_early_data_size > 0 ? std::optional(settings.max_early_data_size) : std::nullopt;
  const auto lifetime = static_cast<std::uint32_t>((session.expires - session.issued).count());

  for (std::uint8_t i = 0; i < client.tickets; ++i) {
    const std::array<std::uint8_t, 1> nonce = {i};
    HANDFAST_TRY_ASSIGN(session.secret, keys::resumption_psk(choice.suite->hash, resumption, nonce));
    // "ticket_age_add: A securely generated, random 32-bit value … The server MUST generate a fresh value for
    // each ticket it sends." (§4.7.1)
    std::array<std::uint8_t, 4> age_add{};
    HANDFAST_TRY(hs.random().fill(age_add));
    session.ticket_age_add = static_cast<std::uint32_t>(age_add[0]) << 24U |
                             static_cast<std::uint32_t>(age_add[1]) << 16U |
                             static_cast<std::uint32_t>(age_add[2]) << 8U | age_add[3];
    HANDFAST_TRY_ASSIGN(const ByteString ticket, make_ticket(hs, session));
    if (ticket.empty()) return {};
    ByteString message;
    HANDFAST_TRY(message::encode_new_session_ticket({.ticket_lifetime = lifetime,
                                                     .ticket_age_add = session.ticket_age_add,
                                                     .ticket_nonce = nonce,
                                                     .ticket = ticket,
                                                     .max_early_data_size = early_data,
                                                     .extra = {}},
                                                    message));
    HANDFAST_TRY(hs.link().send(HandshakeType::new_session_ticket, message));
  }
  return {};
}

}  // namespace handfast::handshake
