// ClientSessions: see the header. An exported session is its key and its SessionState.
#include <algorithm>
#include <deque>
#include <handfast/client_sessions.hpp>
#include <handfast/secret.hpp>
#include <list>
#include <map>
#include <mutex>

#include "handshake/session_state.hpp"

namespace handfast {

using handshake::SessionState;
using SharedSession = std::shared_ptr<const SessionState>;

namespace {

// What it takes, about. Sessions of one handshake share its certificates: counted for each, to be safe.
std::size_t size_of(const SessionState& session) {
  std::size_t size = sizeof session + session.ticket.size() + session.session_id.size() +
                     session.server_name.size() + session.application_protocol.size();
  if (!session.peer_certificates) return size;
  size += session.peer_certificates->ocsp_response.size() +
          session.peer_certificates->signed_certificate_timestamps.size();
  for (const ByteString& der : session.peer_certificates->chain) size += der.size();
  return size;
}

}  // namespace

struct ClientSessions::State {
  struct Server {
    Key key;
    std::deque<SharedSession> sessions;  // the newest first
  };
  std::size_t capacity;
  std::size_t most_bytes;
  std::size_t bytes = 0;
  mutable std::mutex mutex;
  std::list<Server> by_use;  // the last used first
  std::map<Key, std::list<Server>::iterator> by_key;

  void forget(const Key& key) {
    const auto at = by_key.find(key);
    for (const SharedSession& session : at->second->sessions) bytes -= size_of(*session);
    by_use.erase(at->second);
    by_key.erase(at);
  }
  // The sessions of `key` that are not wanted any more; the key with the last of them.
  template <class Unwanted>
  void forget_if(const Key& key, Unwanted unwanted) {
    const auto at = by_key.find(key);
    if (at == by_key.end()) return;
    std::erase_if(at->second->sessions, [&](const SharedSession& session) {
      if (!unwanted(session)) return false;
      bytes -= size_of(*session);
      return true;
    });
    if (at->second->sessions.empty()) forget(key);
  }
};

ClientSessions::ClientSessions(std::size_t servers, std::size_t bytes) : state_(std::make_unique<State>()) {
  state_->capacity = std::max<std::size_t>(1, servers);
  state_->most_bytes = bytes;
}
ClientSessions::~ClientSessions() = default;

std::size_t ClientSessions::size() const {
  const std::lock_guard lock(state_->mutex);
  std::size_t size = 0;
  for (const State::Server& server : state_->by_use) size += server.sessions.size();
  return size;
}

void ClientSessions::clear() {
  const std::lock_guard lock(state_->mutex);
  state_->by_key.clear();
  state_->by_use.clear();
  state_->bytes = 0;
}

void ClientSessions::put(const Key& key, SharedSession session) {
  const std::size_t size = size_of(*session);
  if (size > state_->most_bytes) return;
  const std::lock_guard lock(state_->mutex);
  // TLS 1.2 has one session, which lasts.
  state_->forget_if(key, [&](const SharedSession& old) {
    return session->version == ProtocolVersion::tls1_2 && old->version == ProtocolVersion::tls1_2;
  });
  auto at = state_->by_key.find(key);
  if (at == state_->by_key.end()) {
    if (state_->by_key.size() == state_->capacity) state_->forget(Key(state_->by_use.back().key));
    // Linked only when nothing can fail any more.
    std::list<State::Server> fresh;
    fresh.push_front({key, {}});
    at = state_->by_key.emplace(key, fresh.begin()).first;
    state_->by_use.splice(state_->by_use.begin(), fresh);
  } else {
    state_->by_use.splice(state_->by_use.begin(), state_->by_use, at->second);
  }
  auto& sessions = at->second->sessions;
  sessions.push_front(std::move(session));
  state_->bytes += size;
  const auto is_too_much = [&] {
    return sessions.size() > kMaxPerServer ||
           (state_->bytes > state_->most_bytes && state_->by_use.size() == 1);
  };
  while (state_->bytes > state_->most_bytes && state_->by_use.size() > 1) {
    state_->forget(Key(state_->by_use.back().key));
  }
  while (is_too_much()) {
    state_->bytes -= size_of(*sessions.back());
    sessions.pop_back();
  }
}

SharedSession ClientSessions::take(const Key& key, Time now) {
  const std::lock_guard lock(state_->mutex);
  const auto at = state_->by_key.find(key);
  if (at == state_->by_key.end()) return nullptr;
  state_->by_use.splice(state_->by_use.begin(), state_->by_use, at->second);
  SharedSession found;
  state_->forget_if(key, [&](const SharedSession& session) {
    if (!session->is_valid_at(now)) return true;
    if (found) return false;
    found = session;
    return found->version == ProtocolVersion::tls1_3;
  });
  return found;
}

void ClientSessions::forget(const Key& key, const SessionState& session) {
  const std::lock_guard lock(state_->mutex);
  state_->forget_if(key, [&](const SharedSession& kept) { return kept.get() == &session; });
}

void ClientSessions::forget(const Key& key, ProtocolVersion version) {
  const std::lock_guard lock(state_->mutex);
  state_->forget_if(key, [&](const SharedSession& kept) { return kept->version == version; });
}

std::vector<ByteString> ClientSessions::export_sessions() const {
  std::vector<ByteString> out;
  const std::lock_guard lock(state_->mutex);
  for (const State::Server& server : state_->by_use) {
    // The oldest first: importing them in this order gives the same list.
    for (auto session = server.sessions.rbegin(); session != server.sessions.rend(); ++session) {
      auto encoded = handshake::encode_session(**session);
      if (!encoded) continue;
      ByteString exported(server.key.begin(), server.key.end());
      exported.insert(exported.end(), encoded->begin(), encoded->end());
      wipe(*encoded);
      out.push_back(std::move(exported));
    }
  }
  return out;
}

Result<void> ClientSessions::import_session(Bytes exported) {
  Key key;
  if (exported.size() < key.size()) {
    return failure(Error(ErrorCode::message_malformed).at("key", exported.size()));
  }
  std::copy_n(exported.begin(), key.size(), key.begin());
  HANDFAST_TRY_ASSIGN(SessionState session, handshake::decode_session(exported.subspan(key.size())));
  put(key, std::make_shared<const SessionState>(std::move(session)));
  return {};
}

}  // namespace handfast
