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

struct ClientSessions::State {
  struct Server {
    Key key;
    std::deque<SharedSession> sessions;  // the newest first
  };
  std::size_t capacity;
  mutable std::mutex mutex;
  std::list<Server> by_use;  // the last used first
  std::map<Key, std::list<Server>::iterator> by_key;

  void forget(const Key& key) {
    const auto at = by_key.find(key);
    by_use.erase(at->second);
    by_key.erase(at);
  }
};

ClientSessions::ClientSessions(std::size_t servers) : state_(std::make_unique<State>()) {
  state_->capacity = std::max<std::size_t>(1, servers);
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
}

void ClientSessions::put(const Key& key, SharedSession session) {
  const std::lock_guard lock(state_->mutex);
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
  // TLS 1.2 has one session, which lasts.
  if (session->version == ProtocolVersion::tls1_2) {
    std::erase_if(sessions, [](const SharedSession& old) { return old->version == ProtocolVersion::tls1_2; });
  }
  sessions.push_front(std::move(session));
  if (sessions.size() > kMaxPerServer) sessions.pop_back();
}

SharedSession ClientSessions::take(const Key& key, Time now) {
  const std::lock_guard lock(state_->mutex);
  const auto at = state_->by_key.find(key);
  if (at == state_->by_key.end()) return nullptr;
  auto& sessions = at->second->sessions;
  std::erase_if(sessions, [&](const SharedSession& session) { return !session->is_valid_at(now); });
  SharedSession found;
  if (!sessions.empty()) {
    found = sessions.front();
    if (found->version == ProtocolVersion::tls1_3) sessions.pop_front();
  }
  if (sessions.empty()) {
    state_->forget(key);
  } else {
    state_->by_use.splice(state_->by_use.begin(), state_->by_use, at->second);
  }
  return found;
}

void ClientSessions::forget(const Key& key, const SessionState& session) {
  const std::lock_guard lock(state_->mutex);
  const auto at = state_->by_key.find(key);
  if (at == state_->by_key.end()) return;
  auto& sessions = at->second->sessions;
  std::erase_if(sessions, [&](const SharedSession& kept) { return kept.get() == &session; });
  if (sessions.empty()) state_->forget(key);
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
