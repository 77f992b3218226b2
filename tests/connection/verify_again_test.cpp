// Sessions whose certificates are verified again when they go on. RFC 9846 §2.2, §4.7.1.
#include <gtest/gtest.h>

#include "support/loopback.hpp"
#include "support/tls12.hpp"

namespace handfast {
namespace {

using test::Authority;
using test::client_config;
using test::Loopback;
using test::must;
using test::server_config;

// Answers as it is told, always under the same identity.
class FickleVerifier final : public CertificateVerifier {
 public:
  void verify(const VerificationRequest& request, Completion<Verdict> done) const override {
    ++asked;
    last = request;
    if (refuses_from != 0 && asked >= refuses_from) {
      done.complete(failure(ErrorCode::certificate_revoked));
    } else if (later) {
      pending.emplace(std::move(done));
    } else {
      done.complete(Verdict{});
    }
  }
  [[nodiscard]] ByteString identity() const override { return {'f'}; }

  mutable int asked = 0;
  mutable std::optional<VerificationRequest> last;
  mutable std::optional<Completion<Verdict>> pending;
  int refuses_from = 0;  // this question and those after it; 0: never
  bool later = false;
};

class VerifyAgain : public testing::Test {
 protected:
  VerifyAgain() {
    server_settings.clock = client_settings.clock = &authority.clock;
    server_settings.ticket_keys = must(TicketKeys::rotating(authority.clock));
    server_settings.max_early_data_size = 1000;
    server_settings.replay_guard = make_replay_guard(authority.clock);
    client_settings.verifier = verifier;
    client_settings.sessions = std::make_shared<ClientSessions>();
    client_settings.verify_resumed_sessions = true;
    authority.clock.time += std::chrono::minutes(1);
    connect();
    verifier->asked = 0;
    verifier->last.reset();
  }

  void connect() {
    loopback.emplace(client_config(client_settings), server_config(server_settings));
    loopback->run();
  }

  Authority authority;
  std::shared_ptr<FickleVerifier> verifier = std::make_shared<FickleVerifier>();
  ServerSettings server_settings = authority.server_settings();
  ClientSettings client_settings = authority.client_settings();
  std::optional<Loopback> loopback;
};

TEST_F(VerifyAgain, OffByDefault) {
  EXPECT_FALSE(ClientSettings().verify_resumed_sessions);
  client_settings.verify_resumed_sessions = false;
  connect();
  ASSERT_TRUE(loopback->established());
  EXPECT_TRUE(loopback->client.connection.info()->resumed);
  EXPECT_EQ(verifier->asked, 0);
}

TEST_F(VerifyAgain, TheSameQuestionAsTheFirstTime) {
  connect();
  ASSERT_TRUE(loopback->established());
  EXPECT_TRUE(loopback->client.connection.info()->resumed);
  EXPECT_EQ(verifier->asked, 1);
  EXPECT_EQ(verifier->last->certificates->chain, server_settings.credentials.front().chain);
  EXPECT_EQ(verifier->last->peer, Side::server);
  EXPECT_EQ(verifier->last->name->to_string(), "server.test");
}

TEST_F(VerifyAgain, NoEndsTheHandshake) {
  verifier->refuses_from = 1;
  connect();
  ASSERT_TRUE(loopback->client.error.has_value());
  EXPECT_EQ(loopback->client.error->code(), ErrorCode::certificate_revoked);
  ASSERT_TRUE(loopback->server.error.has_value());
  EXPECT_EQ(loopback->server.error->alert(), AlertDescription::certificate_revoked);
}

TEST_F(VerifyAgain, InTls12Too) {
  client_settings.policy = server_settings.policy = test::tls12_policy();
  client_settings.sessions->clear();
  connect();
  EXPECT_EQ(verifier->asked, 1);
  connect();
  ASSERT_TRUE(loopback->established());
  EXPECT_TRUE(loopback->client.connection.info()->resumed);
  EXPECT_EQ(verifier->asked, 2);
  EXPECT_EQ(verifier->last->certificates->chain, server_settings.credentials.front().chain);
  verifier->refuses_from = 3;
  connect();
  ASSERT_TRUE(loopback->client.error.has_value());
  EXPECT_EQ(loopback->client.error->code(), ErrorCode::certificate_revoked);
}

TEST_F(VerifyAgain, BeforeEarlyDataAndThenNotAgain) {
  client_settings.early_data = true;
  connect();
  ASSERT_TRUE(loopback->established());
  EXPECT_EQ(loopback->client.connection.info()->early_data, EarlyDataStatus::accepted);
  EXPECT_EQ(verifier->asked, 1);
}

TEST_F(VerifyAgain, NoEarlyDataForWhomNobodyBelievesAnyMore) {
  client_settings.early_data = true;
  verifier->refuses_from = 1;
  const auto refused =
      Connection::client(client_config(client_settings), must(ServerName::parse("server.test")));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code(), ErrorCode::certificate_revoked);
}

TEST_F(VerifyAgain, NoEarlyDataBeforeTheAnswer) {
  client_settings.early_data = true;
  verifier->later = true;
  loopback.emplace(client_config(client_settings), server_config(server_settings));
  EXPECT_EQ(loopback->client.connection.early_data_limit(), 0U);
  ASSERT_TRUE(verifier->pending.has_value());
  EXPECT_TRUE(verifier->pending->complete(Verdict{}));
  loopback->client.digest();
  EXPECT_EQ(loopback->client.connection.early_data_limit(), 1000U);
  loopback->run();
  ASSERT_TRUE(loopback->established());
  EXPECT_EQ(loopback->client.connection.info()->early_data, EarlyDataStatus::accepted);
}

// --- what an application finds out itself: Connection::abort ---

TEST_F(VerifyAgain, AnApplicationThatKnowsBetterAborts) {
  connect();
  ASSERT_TRUE(loopback->established());
  loopback->client.connection.abort(AlertDescription::access_denied);
  loopback->client.connection.abort(AlertDescription::internal_error);
  loopback->client.connection.close();
  ByteString out(100);
  EXPECT_FALSE(loopback->client.connection.send(as_bytes("more"), out).has_value());
  loopback->run();
  ASSERT_TRUE(loopback->server.error.has_value());
  EXPECT_EQ(loopback->server.error->code(), ErrorCode::alert_received);
  EXPECT_EQ(loopback->server.error->alert(), AlertDescription::access_denied);
}

TEST_F(VerifyAgain, AbortEndsAHandshake) {
  loopback.emplace(client_config(client_settings), server_config(server_settings));
  loopback->server.inbox = loopback->client.drain();
  loopback->server.digest();
  loopback->server.connection.abort(AlertDescription::access_denied);
  loopback->run();
  EXPECT_FALSE(loopback->established());
  ASSERT_TRUE(loopback->client.error.has_value());
  EXPECT_EQ(loopback->client.error->alert(), AlertDescription::access_denied);
  ASSERT_TRUE(loopback->server.error.has_value());
  EXPECT_EQ(loopback->server.error->code(), ErrorCode::connection_closed);
}

// --- early data ---

// Early data that was refused was sent long ago, as far as the verifier knows.
TEST_F(VerifyAgain, AgainAfterRefusedEarlyData) {
  client_settings.early_data = true;
  server_settings.max_early_data_size = 0;
  verifier->refuses_from = 2;
  connect();
  EXPECT_EQ(verifier->asked, 2);
  ASSERT_TRUE(loopback->client.error.has_value());
  EXPECT_EQ(loopback->client.error->code(), ErrorCode::certificate_revoked);
}

}  // namespace
}  // namespace handfast
