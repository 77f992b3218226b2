// The client's pre-shared keys: see the header.
#include "handshake/client_psk.hpp"

#include <algorithm>
#include <array>

#include "base/limits.hpp"
#include "handshake/certificate_types.hpp"
#include "handshake/client12_session.hpp"
#include "message/extension_encoders.hpp"

namespace handfast::handshake {
namespace {

// "The client's notion of the age of a ticket is the time since the receipt of the NewSessionTicket message …
// the "obfuscated_ticket_age" field contains the age in milliseconds plus ticket_age_add, modulo 2^32"
// (§4.3.11). The clock counts seconds.
std::uint32_t obfuscated_age(const PreSharedKey& key, const Clock* clock) {
  if (!key.session || clock == nullptr) return 0;
  const auto age = std::max(clock->now() - key.session->issued, std::chrono::seconds(0));
  const auto milliseconds = static_cast<std::uint64_t>(age.count()) * 1000;
  return static_cast<std::uint32_t>(milliseconds + key.session->ticket_age_add);
}

bool offers_hash(const Policy& policy, crypto::HashAlgorithm hash) {
  return std::ranges::any_of(policy.suites, [&](CipherSuite suite) {
    const keys::SuiteParameters* const row = keys::find_suite(suite, ProtocolVersion::tls1_3);
    return row != nullptr && row->hash == hash;
  });
}

// The server goes on with the suite and the application protocol of the session, or refuses the data
// (§4.3.10).
bool may_send_early_data(const ClientSettings& settings, const SessionState& session) {
  const auto contains = [](const auto& list, const auto& value) {
    return std::ranges::find(list, value) != list.end();
  };
  return settings.early_data && session.max_early_data_size > 0 &&
         contains(settings.policy.suites, session.suite) &&
         (session.application_protocol.empty() ||
          contains(settings.application_protocols, session.application_protocol));
}

std::size_t size_of_binders(const std::vector<PreSharedKey>& keys) {
  std::size_t size = 2;
  for (const PreSharedKey& key : keys) size += 1 + crypto::hash_size(key.hash);
  return size;
}

}  // namespace

Result<keys::EarlySecret> take_early_secret(std::optional<SelectedPsk>& psk, crypto::HashAlgorithm hash) {
  if (psk) return std::move(psk->early);
  return keys::EarlySecret::without_psk(hash);
}

Result<ClientSessions::Key> session_key(Context& hs) {
  const std::string name = hs.name()->to_string();
  HANDFAST_TRY_ASSIGN(const crypto::Digest digest,
                      crypto::hash(crypto::HashAlgorithm::sha256, {hs.client().binding, as_bytes(name)}));
  ClientSessions::Key key{};
  std::copy_n(digest.view().begin(), key.size(), key.begin());
  return key;
}

Result<void> offer_session(Context& hs, SentHello& hello) {
  const ClientSettings& settings = hs.client().settings;
  if (!settings.sessions) return {};
  HANDFAST_TRY_ASSIGN(const ClientSessions::Key key, session_key(hs));
  std::shared_ptr<const SessionState> session = settings.sessions->take(key, settings.clock->now());
  if (!session || session->binding != hs.client().binding) return {};
  // An imported session may hold anything.
  if (session->ticket.size() > limits::kMaxTicketSize) return {};
  const keys::SuiteParameters* const suite = keys::find_suite(session->suite, session->version);
  if (suite == nullptr || !offers(settings.policy, session->version)) return {};
  if (session->version == ProtocolVersion::tls1_2) return offer_session12(hs, key, std::move(session), hello);
  if (session->ticket.empty()) return {};
  if (session->secret.size() != suite->hash_size() || !offers_hash(settings.policy, suite->hash)) return {};
  if (may_send_early_data(settings, *session)) {
    hello.early_data = suite;
    hello.extensions.push_back(message::plan_empty_extension(ExtensionType::early_data));
  }
  hello.psks.push_back({.identity = session->ticket,
                        .kind = keys::PskKind::resumption,
                        .hash = suite->hash,
                        .secret = PskSecret(session->secret.view()),
                        .session = std::move(session)});
  return {};
}

void offer_external_psks(Context& hs, SentHello& hello) {
  const ClientSettings& settings = hs.client().settings;
  if (!offers(settings.policy, ProtocolVersion::tls1_3)) return;
  for (const ExternalPsk& psk : settings.external_psks) {
    for (const PreSharedKey& key : psk.keys()) {
      if (offers_hash(settings.policy, key.hash)) hello.psks.push_back(key.clone());
    }
  }
}

bool verifies_again(Context& hs, const std::shared_ptr<const SessionState>& session) {
  return hs.client().settings.verify_resumed_sessions && session && session->peer_certificates;
}

bool verifies_before_early_data(Context& hs, const SentHello& hello) {
  return hello.early_data != nullptr && verifies_again(hs, hello.psks.front().session);
}

Decision<Verdict> verify_again(Context& hs, const SentHello& hello) {
  return verify_again(hs, hello.psks.front().session);
}

Decision<Verdict> verify_again(Context& hs, const std::optional<SelectedPsk>& psk) {
  return verify_again(hs, psk->key.session);
}

// An OCSP response was asked for with the certificates; whether it was kept with them is another question.
Decision<Verdict> verify_again(Context& hs, const std::shared_ptr<const SessionState>& session) {
  return hs.verify(*verifier_for(hs.client().settings, session->peer_certificates->type),
                   {.certificates = session->peer_certificates,
                    .peer = Side::server,
                    .name = hs.name(),
                    .staple_requested = false});
}

Result<void> begin_early_data(Context& hs, const SentHello& hello) {
  if (hello.early_data == nullptr) return {};
  const PreSharedKey& key = hello.psks.front();
  keys::Transcript transcript(key.hash);
  transcript.add(hello.message);
  HANDFAST_TRY_ASSIGN(const keys::EarlySecret early,
                      keys::EarlySecret::with_psk(key.hash, key.secret.view()));
  HANDFAST_TRY_ASSIGN(EarlyDataSecrets secrets,
                      derive_early_data_secrets(hs, hello.random, early, transcript));
  secrets.info = {key.session->application_protocol, key.session->server_name};
  if (hs.client().settings.middlebox_compatibility) HANDFAST_TRY(hs.link().send_change_cipher_spec());
  const std::size_t limit =
      std::min<std::size_t>(key.session->max_early_data_size, limits::kMaxEarlyDataSent);
  return hs.link().offer_early_data(*hello.early_data, std::move(secrets), limit);
}

void give_up_early_data(Context& hs, SentHello& hello) {
  if (hello.early_data == nullptr) return;
  hello.early_data = nullptr;
  std::erase_if(hello.extensions, [](const message::PlannedExtension& extension) {
    return extension.type == ExtensionType::early_data;
  });
  hs.link().give_up_early_data();
}

void plan_pre_shared_keys(Context& hs, SentHello& hello) {
  constexpr auto kType = ExtensionType::pre_shared_key;
  std::erase_if(hello.extensions,
                [](const message::PlannedExtension& extension) { return extension.type == kType; });
  if (hello.psks.empty()) return;
  std::vector<message::PskIdentity> identities;
  std::vector<std::size_t> binder_sizes;
  for (const PreSharedKey& key : hello.psks) {
    identities.push_back({.identity = key.identity,
                          .obfuscated_ticket_age = obfuscated_age(key, hs.client().settings.clock),
                          .offset = 0});
    binder_sizes.push_back(crypto::hash_size(key.hash));
  }
  hello.extensions.push_back(
      message::plan_extension(kType, message::encode_offered_psks, identities, binder_sizes));
}

Result<void> bind_pre_shared_keys(SentHello& hello, const keys::Transcript* before) {
  if (hello.psks.empty()) return {};
  const std::size_t binders = hello.message.size() - size_of_binders(hello.psks);
  std::size_t at = binders + 2;
  for (const PreSharedKey& key : hello.psks) {
    const Bytes truncated = Bytes(hello.message).first(binders);
    const keys::Transcript first(key.hash);
    HANDFAST_TRY_ASSIGN(const crypto::Digest hash,
                        before != nullptr ? before->with(truncated) : first.with(truncated));
    HANDFAST_TRY_ASSIGN(const keys::EarlySecret early,
                        keys::EarlySecret::with_psk(key.hash, key.secret.view()));
    HANDFAST_TRY_ASSIGN(const HashSecret binder, early.binder(key.kind, hash));
    ++at;  // the length, which stands there
    std::ranges::copy(binder.view(), hello.message.begin() + static_cast<std::ptrdiff_t>(at));
    at += binder.size();
  }
  return {};
}

Result<std::optional<SelectedPsk>> accept_psk(const ClientSettings& settings, SentHello& hello,
                                              const message::ServerHello& answer,
                                              const keys::SuiteParameters* suite) {
  std::vector<PreSharedKey> offered = std::exchange(hello.psks, {});
  if (!answer.selected_identity) {
    if (!settings.verifier && !settings.raw_key_verifier)
      return failure(Error(ErrorCode::psk_required).in(answer.type()));
    return std::nullopt;
  }
  // "Clients MUST verify that the server's selected_identity is within the range supplied by the client, that
  // the server selected a cipher suite indicating a Hash associated with the PSK … If these values are not
  // consistent, the client MUST abort the handshake with an "illegal_parameter" alert." (§4.3.11)
  const std::uint16_t index = *answer.selected_identity;
  if (index >= offered.size()) {
    return failure(Error(ErrorCode::psk_not_offered).in(answer.type()).at("selected_identity", 0));
  }
  if (offered[index].hash != suite->hash) {
    return failure(Error(ErrorCode::psk_suite_mismatch).in(answer.type()).at("selected_identity", 0));
  }
  HANDFAST_TRY_ASSIGN(keys::EarlySecret early,
                      keys::EarlySecret::with_psk(suite->hash, offered[index].secret.view()));
  return SelectedPsk{std::move(offered[index]), index, std::move(early)};
}

Result<void> ClientTickets::accept(const message::NewSessionTicket& ticket) {
  if (ticket.ticket.size() > limits::kMaxTicketSize) return {};
  // "A value of zero indicates that the ticket should be discarded immediately." Clients "MUST NOT cache
  // tickets for longer than 7 days, regardless of the ticket_lifetime" (§4.7.1).
  const auto lifetime =
      std::min<std::chrono::seconds>(std::chrono::seconds(ticket.ticket_lifetime), kMaxTicketLifetime);
  SessionState session = session_.clone();
  session.issued = clock_.now();
  session.expires = std::min(session.expires, session.issued + lifetime);
  if (session.expires <= session.issued) return {};
  HANDFAST_TRY_ASSIGN(session.secret,
                      keys::resumption_psk(suite_.hash, resumption_secret_, ticket.ticket_nonce));
  session.ticket_age_add = ticket.ticket_age_add;
  session.max_early_data_size = ticket.max_early_data_size.value_or(0);
  session.ticket = copy_of(ticket.ticket);
  sessions_->put(key_, std::make_shared<const SessionState>(std::move(session)));
  return {};
}

}  // namespace handfast::handshake
