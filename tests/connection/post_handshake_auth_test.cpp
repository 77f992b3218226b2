// Client authentication after the handshake: who may ask whom, what comes of it, and what a client could get
// wrong on purpose. RFC 9846 §4.7.2.
#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "base/limits.hpp"
#include "message/certificate_request.hpp"
#include "support/hostile.hpp"

namespace handfast {
namespace {

using test::Item;
using test::Middleman;
using enum Direction;
using E = ErrorCode;
using M = HandshakeType;

class HeldVerifier final : public CertificateVerifier {
 public:
  explicit HeldVerifier(std::shared_ptr<const CertificateVerifier> real) : real_(std::move(real)) {}
  void verify(const VerificationRequest& request, Completion<Verdict> done) const override {
    if (!holds) return real_->verify(request, std::move(done));
    questions.push_back(std::move(done));
  }
  bool holds = true;
  mutable std::vector<Completion<Verdict>> questions;

 private:
  std::shared_ptr<const CertificateVerifier> real_;
};

class HeldSigner final : public Signer {
 public:
  explicit HeldSigner(std::shared_ptr<const Signer> real) : real_(std::move(real)) {}
  [[nodiscard]] std::span<const SignatureScheme> schemes() const override { return real_->schemes(); }
  [[nodiscard]] Bytes public_key() const override { return real_->public_key(); }
  void sign(SignatureScheme scheme, Bytes content, Completion<ByteString> done) const override {
    questions.push_back([this, scheme, content = copy_of(content),
                         done = std::make_shared<Completion<ByteString>>(std::move(done))] {
      real_->sign(scheme, content, std::move(*done));
    });
  }
  mutable std::vector<std::function<void()>> questions;

 private:
  std::shared_ptr<const Signer> real_;
};

class PostHandshakeAuth : public test::Hostile {
 protected:
  PostHandshakeAuth() {
    client = client_settings();
    client.post_handshake_authentication = true;
    client.credentials = {client_};
    server = server_settings();
    server.post_handshake_authentication = true;
    server.client_verifier = verifier;
    verifier->holds = false;
  }
  Middleman connect() {
    ConnectionOptions options;
    options.wake = [this] { ++wakes; };
    return {client, server, options, options};
  }
  static void ask(Middleman& middleman, ClientCertificate wanted = ClientCertificate::required) {
    const Result<void> asked = middleman.server.connection.request_client_certificate(wanted);
    ASSERT_TRUE(asked) << asked.error().to_string();
  }
  // What the client answers to one request, as it went over the wire.
  std::vector<Item> answer_of(Middleman& middleman) {
    middleman.run();
    ask(middleman);
    for (const Item& item : middleman.take(received)) middleman.deliver(received, item);
    return middleman.take(sent);
  }
  static void deliver(Middleman& middleman, const std::vector<Item>& items) {
    for (const Item& item : items) middleman.deliver(sent, item);
  }

  std::shared_ptr<HeldVerifier> verifier = std::make_shared<HeldVerifier>(authority_.verifier());
  ClientSettings client;
  ServerSettings server;
  int wakes = 0;
};

TEST_F(PostHandshakeAuth, TheServerLearnsWhoTheClientIs) {
  Middleman middleman = connect();
  middleman.run();
  ASSERT_TRUE(middleman.established());
  EXPECT_TRUE(middleman.client.connection.info()->post_handshake_authentication);
  EXPECT_TRUE(middleman.server.connection.info()->post_handshake_authentication);
  EXPECT_FALSE(middleman.server.connection.info()->client_signature_scheme);
  ask(middleman);
  middleman.run();
  ASSERT_FALSE(middleman.server.error) << middleman.server.error->to_string();
  ASSERT_FALSE(middleman.client.error) << middleman.client.error->to_string();
  ASSERT_EQ(middleman.server.answers.size(), 1U);
  const ClientAnswer& answer = middleman.server.answers.front();
  ASSERT_NE(answer.certificates, nullptr);
  EXPECT_EQ(answer.certificates->chain, client_.chain);
  EXPECT_EQ(answer.verified_path.size(), 2U);
  EXPECT_EQ(answer.signature_scheme, SignatureScheme::ed25519);
  EXPECT_FALSE(middleman.server.connection.take_client_answer()) << "it is told once";
  EXPECT_GT(wakes, 0);
}

TEST_F(PostHandshakeAuth, AClientMayHaveNothingToShow) {
  client.credentials.clear();
  Middleman optional = connect();
  optional.run();
  ask(optional, ClientCertificate::optional);
  optional.run();
  ASSERT_EQ(optional.server.answers.size(), 1U);
  EXPECT_EQ(optional.server.answers.front().certificates, nullptr);
  EXPECT_FALSE(optional.server.answers.front().signature_scheme);

  Middleman required = connect();
  required.run();
  ask(required);
  required.run();
  ASSERT_TRUE(required.server.error);
  EXPECT_EQ(required.server.error->code(), E::certificate_required);
  ASSERT_TRUE(required.client.error);
  EXPECT_EQ(required.client.error->alert(), AlertDescription::certificate_required);
}

TEST_F(PostHandshakeAuth, AnUnknownClientIsRefused) {
  const test::Authority stranger;
  client.credentials = {stranger.credential("client.test")};
  Middleman middleman = connect();
  middleman.run();
  ask(middleman);
  middleman.run();
  ASSERT_TRUE(middleman.server.error);
  EXPECT_EQ(middleman.server.error->category(), ErrorCategory::certificate);
  ASSERT_TRUE(middleman.client.error);
  EXPECT_EQ(middleman.client.error->alert(), middleman.server.error->alert());
  EXPECT_TRUE(middleman.server.answers.empty());
}

TEST_F(PostHandshakeAuth, NobodyIsAskedWhoDidNotOffer) {
  const auto refused = [](Middleman middleman) {
    middleman.run();
    EXPECT_TRUE(middleman.established());
    EXPECT_FALSE(middleman.server.connection.info()->post_handshake_authentication);
    const auto asked = middleman.server.connection.request_client_certificate();
    ASSERT_FALSE(asked);
    EXPECT_EQ(asked.error().code(), E::post_handshake_auth_not_offered);
    EXPECT_FALSE(middleman.server.connection.has_output());
  };
  client.post_handshake_authentication = false;
  refused(connect());
  client.post_handshake_authentication = true;
  server.post_handshake_authentication = false;
  server.client_verifier = nullptr;
  refused(connect());
}

TEST_F(PostHandshakeAuth, ClientsAndEarlyServersCannotAsk) {
  Middleman middleman = connect();
  EXPECT_EQ(middleman.server.connection.request_client_certificate().error().code(),
            E::connection_not_established);
  middleman.run();
  EXPECT_EQ(middleman.client.connection.request_client_certificate().error().code(),
            E::post_handshake_auth_not_offered);
  middleman.server.connection.close();
  EXPECT_EQ(middleman.server.connection.request_client_certificate().error().code(), E::connection_closed);
}

// "servers which are authenticating with an external PSK MUST NOT … request post-handshake authentication"
TEST_F(PostHandshakeAuth, NotWithAnExternalKey) {
  const ByteString secret(32, 7);
  client.external_psks = {test::must(ExternalPsk::imported(as_bytes("id"), secret, "a", "b"))};
  server.external_psks = client.external_psks;
  test::Loopback loopback(test::client_config(client), test::server_config(server));
  loopback.run();
  ASSERT_TRUE(loopback.established());
  EXPECT_FALSE(loopback.server.connection.info()->external_psk.empty());
  EXPECT_EQ(loopback.server.connection.request_client_certificate().error().code(),
            E::post_handshake_auth_not_offered);
}

// "they MAY send it in post-handshake authentication" (§4.4.2), but nobody is who he was before.
TEST_F(PostHandshakeAuth, OfASessionThatGoesOn) {
  client.sessions = std::make_shared<ClientSessions>();
  client.clock = server.clock = &authority_.clock;
  server.ticket_keys = test::must(TicketKeys::rotating(authority_.clock));
  const auto client_side = test::client_config(client);
  const auto server_side = test::server_config(server);
  for (const bool resumed : {false, true}) {
    test::Loopback loopback(client_side, server_side);
    loopback.run();
    ASSERT_TRUE(loopback.established());
    EXPECT_EQ(loopback.server.connection.info()->resumed, resumed);
    EXPECT_EQ(loopback.server.connection.peer_certificates(), nullptr);
    ASSERT_TRUE(loopback.server.connection.request_client_certificate());
    loopback.run();
    ASSERT_EQ(loopback.server.answers.size(), 1U);
    EXPECT_NE(loopback.server.answers.front().certificates, nullptr);
  }
}

TEST_F(PostHandshakeAuth, SeveralRequestsAreBounded) {
  Middleman middleman = connect();
  middleman.run();
  for (std::size_t i = 0; i < Connection::kMaxClientRequests; ++i) ask(middleman);
  EXPECT_EQ(middleman.server.connection.request_client_certificate().error().code(), E::limit_exceeded);
  middleman.run();
  EXPECT_EQ(middleman.server.answers.size(), Connection::kMaxClientRequests);
  ask(middleman);
  middleman.run();
  EXPECT_EQ(middleman.server.answers.size(), Connection::kMaxClientRequests + 1);
}

// A server that asks for more at once than a client answers at once.
TEST_F(PostHandshakeAuth, AClientAnswersSoManyAtOnce) {
  auto signer = std::make_shared<HeldSigner>(client_.signer);
  client.credentials.front().signer = signer;
  Middleman middleman = connect();
  middleman.run();
  ask(middleman);
  const Item request = middleman.take(received).front();
  for (std::size_t i = 0; i < limits::kMaxLateAuthentications; ++i) {
    middleman.deliver(received, request);
    EXPECT_FALSE(middleman.client.error);
  }
  middleman.deliver(received, request);
  expect_refused(middleman, received, E::limit_exceeded);
}

TEST_F(PostHandshakeAuth, DataAndKeyUpdatesGoOnMeanwhile) {
  auto signer = std::make_shared<HeldSigner>(client_.signer);
  client.credentials.front().signer = signer;
  verifier->holds = true;
  Middleman middleman = connect();
  middleman.run();
  ask(middleman);
  ask(middleman);
  middleman.run();
  ASSERT_EQ(signer->questions.size(), 2U);
  const auto exchange = [&](const std::string& text) {
    ASSERT_TRUE(middleman.client.connection.update_keys(true));
    middleman.run();
    middleman.server.received.clear();
    middleman.client.received.clear();
    const Item to_server{ContentType::application_data, copy_of(as_bytes(text)), Epoch::application};
    middleman.deliver(sent, to_server);
    middleman.deliver(received, to_server);
    EXPECT_EQ(as_text(middleman.server.received), text);
    EXPECT_EQ(as_text(middleman.client.received), text);
  };
  exchange("while the client signs");
  // In the other order than they were asked for.
  signer->questions[1]();
  middleman.client.digest();
  exchange("one is signed");
  signer->questions[0]();
  middleman.client.digest();
  exchange("both are signed");
  ASSERT_EQ(verifier->questions.size(), 2U);
  EXPECT_TRUE(middleman.server.answers.empty());
  verifier->questions[1].complete(Verdict{});
  middleman.server.digest();
  ASSERT_EQ(middleman.server.answers.size(), 1U);
  exchange("one is believed");
  verifier->questions[0].complete(failure(E::certificate_refused_by_application));
  middleman.server.digest();
  middleman.server.received.clear();
  expect_refused(middleman, sent, E::certificate_refused_by_application);
}

TEST_F(PostHandshakeAuth, AQuestionThatIsDroppedEndsIt) {
  verifier->holds = true;
  Middleman middleman = connect();
  middleman.run();
  ask(middleman);
  middleman.run();
  ASSERT_EQ(verifier->questions.size(), 1U);
  verifier->questions.clear();
  middleman.server.digest();
  expect_refused(middleman, sent, E::decision_abandoned);
}

TEST_F(PostHandshakeAuth, EachRequestHasAContextOfItsOwn) {
  Middleman middleman = connect();
  middleman.run();
  std::set<ByteString> contexts;
  for (std::size_t i = 0; i < Connection::kMaxClientRequests; ++i) ask(middleman);
  for (const Item& item : middleman.take(received)) {
    ASSERT_TRUE(item.is(M::certificate_request));
    const auto request = test::must(message::decode_certificate_request(item.content));
    EXPECT_EQ(request.certificate_request_context.size(), 32U);
    contexts.insert(copy_of(request.certificate_request_context));
  }
  EXPECT_EQ(contexts.size(), Connection::kMaxClientRequests);
}

// --- hostile servers ---

TEST_F(PostHandshakeAuth, ARequestWithoutTheOffer) {
  Middleman asking = connect();
  asking.run();
  ask(asking);
  const Item request = asking.take(received).front();
  client.post_handshake_authentication = false;
  Middleman middleman = connect();
  middleman.run();
  middleman.deliver(received, request);
  expect_refused(middleman, received, E::message_unexpected, AlertDescription::unexpected_message);
}

TEST_F(PostHandshakeAuth, ARequestThatSaysNothingOfSignatures) {
  Middleman middleman = connect();
  middleman.run();
  const ByteString request = test::handshake_message(M::certificate_request, ByteString{1, 9, 0, 0});
  middleman.deliver(received, {ContentType::handshake, request, Epoch::application});
  expect_refused(middleman, received, E::extension_missing, AlertDescription::missing_extension);
}

// --- hostile clients ---

TEST_F(PostHandshakeAuth, ACertificateNobodyAskedFor) {
  Middleman asked = connect();
  const std::vector<Item> answer = answer_of(asked);
  ASSERT_EQ(answer.size(), 3U);
  Middleman middleman = connect();
  middleman.run();
  middleman.deliver(sent, answer.front());
  expect_refused(middleman, sent, E::message_unexpected);
}

TEST_F(PostHandshakeAuth, AnAnswerIsGoodOnce) {
  Middleman middleman = connect();
  const std::vector<Item> answer = answer_of(middleman);
  ask(middleman);  // so that some Certificate may come
  deliver(middleman, answer);
  EXPECT_EQ(middleman.server.answers.size(), 1U);
  middleman.deliver(sent, answer.front());
  expect_refused(middleman, sent, E::message_illegal_value, AlertDescription::illegal_parameter);
}

TEST_F(PostHandshakeAuth, AnotherContext) {
  Middleman middleman = connect();
  std::vector<Item> answer = answer_of(middleman);
  answer[0].content[5] ^= 1;
  middleman.deliver(sent, answer[0]);
  expect_refused(middleman, sent, E::message_illegal_value, AlertDescription::illegal_parameter);
}

// Each message of an answer: left out, changed, or with something in between.
TEST_F(PostHandshakeAuth, MessagesThatDoNotBelong) {
  const auto with = [&](const std::function<void(std::vector<Item>&)>& edit, E code) {
    Middleman middleman = connect();
    std::vector<Item> answer = answer_of(middleman);
    ASSERT_EQ(answer.size(), 3U);
    edit(answer);
    for (const Item& item : answer) {
      if (!middleman.server.error) middleman.deliver(sent, item);
    }
    expect_refused(middleman, sent, code);
    EXPECT_TRUE(middleman.server.answers.empty());
  };
  const Item data{ContentType::application_data, ByteString{1}, Epoch::application};
  const Item update{ContentType::handshake, test::handshake_message(M::key_update, ByteString{0}),
                    Epoch::application};
  using Items = std::vector<Item>&;
  with([](Items items) { items.erase(items.begin()); }, E::message_unexpected);
  with([](Items items) { items.erase(items.begin() + 1); }, E::message_unexpected);
  with([](Items items) { items[1].content.swap(items[2].content); }, E::message_unexpected);
  with([](Items items) { items[1] = items[0]; }, E::message_unexpected);
  for (const int at : {1, 2}) {
    with([&](Items items) { items.insert(items.begin() + at, update); }, E::message_unexpected);
    with([&](Items items) { items.insert(items.begin() + at, data); }, E::record_unexpected_type);
  }
  with([](Items items) { items[2].content.back() ^= 1; }, E::finished_mismatch);
  with([](Items items) { items[2].content = test::handshake_message(M::finished, ByteString(31)); },
       E::message_malformed);
  // Finished covers the others, and is looked at first.
  with([](Items items) { items[1].content.back() ^= 1; }, E::finished_mismatch);
  with([](Items items) { items[0].content[100] ^= 1; }, E::finished_mismatch);
}

// Between answers anything may come.
TEST_F(PostHandshakeAuth, KeyUpdatesBetweenRequestAndAnswer) {
  Middleman middleman = connect();
  middleman.run();
  ask(middleman);
  const std::vector<Item> request = middleman.take(received);
  ASSERT_TRUE(middleman.client.connection.update_keys(true));
  middleman.run();
  for (const Item& item : request) middleman.deliver(received, item);
  middleman.run();
  ASSERT_FALSE(middleman.server.error) << middleman.server.error->to_string();
  EXPECT_EQ(middleman.server.answers.size(), 1U);
}

// The last records under a key are not used up by an answer.
TEST_F(PostHandshakeAuth, AnAnswerRenewsAWornKey) {
  client.key_lifetime = 16;
  Middleman middleman = connect();
  middleman.run();
  for (int i = 0; i < 40; ++i) {
    ask(middleman);
    middleman.run();
  }
  ASSERT_FALSE(middleman.server.error) << middleman.server.error->to_string();
  EXPECT_EQ(middleman.server.answers.size(), 40U);
}

TEST_F(PostHandshakeAuth, AClientThatHasClosedAnswersNothing) {
  Middleman middleman = connect();
  middleman.run();
  middleman.client.connection.close();
  middleman.run();
  for (std::size_t i = 0; i < 3; ++i) ask(middleman);
  middleman.run();
  EXPECT_FALSE(middleman.client.connection.has_output());
  EXPECT_FALSE(middleman.client.error);
}

TEST_F(PostHandshakeAuth, WhatCannotWorkIsRefused) {
  const auto refused = [](const auto& config) {
    return !config && config.error().code() == E::configuration_invalid;
  };
  server.client_verifier = nullptr;
  EXPECT_TRUE(refused(ServerConfig::create(server)));
  server.client_verifier = verifier;
  server.policy.versions = {ProtocolVersion::tls1_2};
  server.policy.suites = {CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256};
  EXPECT_TRUE(refused(ServerConfig::create(server)));
  client.policy = server.policy;
  EXPECT_TRUE(refused(ClientConfig::create(client)));
}

}  // namespace
}  // namespace handfast
