// Two ends of TLS 1.2 that keep sessions, whose settings a test may change between two handshakes.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "handshake/session_state.hpp"
#include "support/sessions.hpp"
#include "support/tls12.hpp"

namespace handfast::test {

class Sessions12 {
 public:
  Sessions12() {
    server.policy = tls12_policy();
    client.policy = tls12_policy();
    server.clock = &authority.clock;
    client.clock = &authority.clock;
    client.sessions = kept;
  }

  // A handshake under the settings as they are now, however it ends.
  Loopback& run(const Loopback::Hook& hook = {}) {
    witness = {};
    ConnectionOptions options;
    options.observer = &witness;
    options.keep_peer_certificates = true;
    ConnectionOptions server_options;
    server_options.keep_peer_certificates = true;
    loopback.emplace(client_config(client), server_config(server), name, options, server_options);
    loopback->run(hook);
    return *loopback;
  }
  // One that succeeds.
  ConnectionInfo connect(const Loopback::Hook& hook = {}) {
    run(hook);
    expect_established(*loopback);
    if (!loopback->established()) return {};
    EXPECT_EQ(loopback->client.connection.info()->resumed, loopback->server.connection.info()->resumed);
    return *loopback->client.connection.info();
  }
  bool resumes() { return connect().resumed; }

  // What the client keeps, changed by somebody; the newest session alone is left.
  void change(const std::function<void(handshake::SessionState&)>& edit) {
    const ByteString exported = kept->export_sessions().back();
    handshake::SessionState session = must(handshake::decode_session(Bytes(exported).subspan(kKeySize)));
    edit(session);
    ByteString bytes(exported.begin(), exported.begin() + kKeySize);
    const ByteString encoded = must(handshake::encode_session(session));
    bytes.insert(bytes.end(), encoded.begin(), encoded.end());
    kept->clear();
    EXPECT_TRUE(kept->import_session(bytes));
  }
  [[nodiscard]] handshake::SessionState newest() const {
    return must(handshake::decode_session(Bytes(kept->export_sessions().back()).subspan(kKeySize)));
  }

  static constexpr int kKeySize = 32;
  Authority authority;
  std::shared_ptr<ClientSessions> kept = std::make_shared<ClientSessions>();
  ServerSettings server = authority.server_settings();
  ClientSettings client = authority.client_settings();
  std::string name = "server.test";
  MessageWitness witness;
  std::optional<Loopback> loopback;
};

class KeepingSessions12 : public testing::TestWithParam<Keeping>, protected Sessions12 {
 protected:
  KeepingSessions12() {
    if (GetParam() == Keeping::tickets) {
      server.ticket_keys = must(TicketKeys::rotating(authority.clock));
    } else {
      server.session_store = make_session_store(authority.clock);
    }
  }
  [[nodiscard]] bool by_ticket() const { return GetParam() == Keeping::tickets; }
};

}  // namespace handfast::test
