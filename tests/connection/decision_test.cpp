// Outside decisions: a signer and a verifier that answer at once, later, from another thread, twice, never,
// with an error, or after the connection has gone. handfast/completion.hpp, handfast/connection.hpp.
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "support/hostile.hpp"

namespace handfast {
namespace {

using test::Item;
using test::Middleman;
using enum Direction;
using E = ErrorCode;

// Keeps each question until the test answers it.
class HeldVerifier final : public CertificateVerifier {
 public:
  void verify(const VerificationRequest&, Completion<Verdict> done) const override {
    const std::lock_guard lock(mutex_);
    questions_.push_back(std::move(done));
  }
  [[nodiscard]] std::optional<Completion<Verdict>> take() const {
    const std::lock_guard lock(mutex_);
    if (questions_.empty()) return std::nullopt;
    Completion<Verdict> first = std::move(questions_.front());
    questions_.erase(questions_.begin());
    return first;
  }

 private:
  mutable std::mutex mutex_;
  mutable std::vector<Completion<Verdict>> questions_;
};

// A signer around a real one that holds its answers back.
class HeldSigner final : public Signer {
 public:
  explicit HeldSigner(std::shared_ptr<const Signer> real) : real_(std::move(real)) {}
  [[nodiscard]] std::span<const SignatureScheme> schemes() const override { return real_->schemes(); }
  [[nodiscard]] Bytes public_key() const override { return real_->public_key(); }
  void sign(SignatureScheme scheme, Bytes content, Completion<ByteString> done) const override {
    auto pending = std::make_shared<PendingDecision<ByteString>>(nullptr);
    real_->sign(scheme, content, Completion<ByteString>(pending));
    signature = test::must(std::move(*pending->take()));
    question.emplace(std::move(done));
  }
  mutable std::optional<Completion<ByteString>> question;
  mutable ByteString signature;

 private:
  std::shared_ptr<const Signer> real_;
};

class Decisions : public test::Hostile {
 protected:
  Decisions() {
    client_options_.wake = [this] { ++client_wakes_; };
    server_options_.wake = [this] { ++server_wakes_; };
  }
  Middleman with_held_verifier() {
    ClientSettings client = client_settings();
    client.verifier = verifier_;
    return {std::move(client), server_settings(), client_options_, server_options_};
  }
  // Of the server or, with client certificates, of the client.
  Middleman with_held_signer(Side side) {
    ClientSettings client = client_settings();
    client.credentials = {client_};
    ServerSettings server = server_settings();
    server.client_authentication = ClientAuthentication::required;
    server.client_verifier = authority_.verifier();
    Credential& credential = side == Side::client ? client.credentials.front() : server.credentials.front();
    signer_ = std::make_shared<HeldSigner>(credential.signer);
    credential.signer = signer_;
    return {std::move(client), std::move(server), client_options_, server_options_};
  }

  std::atomic<int> client_wakes_ = 0;
  std::atomic<int> server_wakes_ = 0;
  ConnectionOptions client_options_;
  ConnectionOptions server_options_;
  std::shared_ptr<HeldVerifier> verifier_ = std::make_shared<HeldVerifier>();
  std::shared_ptr<HeldSigner> signer_;
};

TEST_F(Decisions, LaterOnTheSameThread) {
  Middleman middleman = with_held_verifier();
  middleman.run();
  EXPECT_EQ(middleman.client.last_event, Event::waiting);
  EXPECT_EQ(middleman.client.connection.waiting_for().what, Waiting::For::certificate_verdict);
  EXPECT_FALSE(middleman.client.connection.has_output());
  EXPECT_EQ(client_wakes_, 0);
  auto question = verifier_->take();
  ASSERT_TRUE(question);
  EXPECT_TRUE(question->complete(Verdict{}));
  EXPECT_EQ(client_wakes_, 1);
  EXPECT_FALSE(question->complete(Verdict{})) << "a second answer changes nothing";
  EXPECT_FALSE(question->complete(failure(E::certificate_unknown_issuer)));
  EXPECT_EQ(client_wakes_, 1);
  middleman.client.digest();
  middleman.run();
  EXPECT_TRUE(middleman.established());
}

TEST_F(Decisions, LaterFromAnotherThread) {
  for (const Side side : {Side::client, Side::server}) {
    Middleman middleman = with_held_signer(side);
    middleman.run();
    ASSERT_TRUE(signer_->question);
    test::Endpoint& end = side == Side::client ? middleman.client : middleman.server;
    EXPECT_EQ(end.connection.waiting_for().what, Waiting::For::signature);
    std::thread([this] { EXPECT_TRUE(signer_->question->complete(signer_->signature)); }).join();
    EXPECT_EQ(side == Side::client ? client_wakes_ : server_wakes_, 1);
    end.digest();
    middleman.run();
    EXPECT_TRUE(middleman.established());
  }
}

// What came behind Certificate in its record waits inside, what came after it waits outside.
TEST_F(Decisions, InputWaitsForTheAnswer) {
  for (const bool one_record : {false, true}) {
    Middleman middleman = with_held_verifier();
    middleman.run([&](Direction direction, std::vector<Item>& items) {
      if (direction != received || !one_record) return;
      for (std::size_t i = 0; i + 1 < items.size(); ++i) {
        if (!items[i].is(HandshakeType::certificate)) continue;
        items[i].tail = items[i + 1].content;  // CertificateVerify
        items.erase(items.begin() + static_cast<std::ptrdiff_t>(i) + 1);
      }
    });
    EXPECT_EQ(middleman.client.last_event, Event::waiting);
    const std::size_t waiting = middleman.client.inbox.size();
    EXPECT_GT(waiting, 0U);
    for (int i = 0; i < 3; ++i) {
      auto got = middleman.client.connection.receive(middleman.client.inbox);
      ASSERT_TRUE(got);
      EXPECT_EQ(got->event, Event::waiting);
      EXPECT_EQ(got->consumed, 0U);
    }
    ASSERT_TRUE(verifier_->take()->complete(Verdict{}));
    middleman.client.digest();
    EXPECT_TRUE(middleman.client.connection.is_established());
    middleman.run();
    EXPECT_TRUE(middleman.established());
  }
}

// The held bytes are checked like any others.
TEST_F(Decisions, HeldBytesAreNoWayAroundTheChecks) {
  Middleman middleman = with_held_verifier();
  middleman.run([&](Direction direction, std::vector<Item>& items) {
    if (direction != received) return;
    for (Item& item : items) {
      if (item.is(HandshakeType::certificate))
        item.tail = test::handshake_message(HandshakeType::finished, ByteString(32));
    }
  });
  ASSERT_TRUE(verifier_->take()->complete(Verdict{}));
  middleman.client.digest();
  expect_refused(middleman, received, E::message_unexpected);
}

TEST_F(Decisions, NoIsFinal) {
  Middleman middleman = with_held_verifier();
  middleman.run();
  ASSERT_TRUE(verifier_->take()->complete(failure(E::certificate_revoked)));
  middleman.client.digest();
  expect_refused(middleman, received, E::certificate_revoked);
}

TEST_F(Decisions, NeverAnswered) {
  Middleman middleman = with_held_verifier();
  middleman.run();
  {
    const auto dropped = verifier_->take();
  }
  EXPECT_EQ(client_wakes_, 1);
  middleman.client.digest();
  expect_refused(middleman, received, E::decision_abandoned);
  for (const Side side : {Side::client, Side::server}) {
    Middleman signing = with_held_signer(side);
    signing.run();
    signer_->question.reset();
    test::Endpoint& end = side == Side::client ? signing.client : signing.server;
    end.digest();
    ASSERT_TRUE(end.error);
    EXPECT_EQ(end.error->code(), E::decision_abandoned);
    EXPECT_EQ(end.error->alert(), AlertDescription::internal_error);
  }
}

TEST_F(Decisions, WrongSignatureIsNotSentAsProof) {
  for (const Side side : {Side::client, Side::server}) {
    Middleman middleman = with_held_signer(side);
    middleman.run();
    ByteString wrong = signer_->signature;
    wrong[3] ^= 1U;
    EXPECT_TRUE(signer_->question->complete(wrong));
    test::Endpoint& end = side == Side::client ? middleman.client : middleman.server;
    end.digest();
    middleman.run([](Direction, std::vector<Item>& items) {
      for (Item& item : items) item.forge = false;
    });
    test::Endpoint& victim = side == Side::client ? middleman.server : middleman.client;
    ASSERT_TRUE(victim.error);
    EXPECT_EQ(victim.error->code(), E::certificate_verify_mismatch);
  }
}

TEST_F(Decisions, AfterTheConnection) {
  std::optional<Completion<Verdict>> question;
  {
    Middleman middleman = with_held_verifier();
    middleman.run();
    question = verifier_->take();
    ASSERT_TRUE(question);
    EXPECT_FALSE(question->cancelled());
  }
  EXPECT_TRUE(question->cancelled());
  EXPECT_FALSE(question->complete(Verdict{}));
  EXPECT_EQ(client_wakes_, 0);
}

TEST_F(Decisions, AfterTheConnectionEnded) {
  enum class How : std::uint8_t { transport, close };
  for (const How how : {How::transport, How::close}) {
    Middleman middleman = with_held_verifier();
    middleman.run();
    auto question = verifier_->take();
    if (how == How::transport) {
      EXPECT_FALSE(middleman.client.connection.receive_end());
    } else {
      middleman.client.connection.close();
    }
    EXPECT_TRUE(question->cancelled());
    EXPECT_FALSE(question->complete(Verdict{}));
    EXPECT_EQ(client_wakes_, 0);
    EXPECT_FALSE(middleman.client.connection.receive(middleman.client.inbox));
    EXPECT_FALSE(middleman.client.connection.is_established());
  }
}

// Answers while the connection goes: nothing but a clean yes or no may come of it.
TEST_F(Decisions, RaceWithDestruction) {
  for (int i = 0; i < 30; ++i) {
    std::unique_ptr<Middleman> middleman(new Middleman(with_held_verifier()));
    middleman->run();
    auto question = verifier_->take();
    ASSERT_TRUE(question);
    std::thread answering([&] { (void)question->complete(Verdict{}); });
    middleman.reset();
    answering.join();
  }
}

class Throwing final : public CertificateVerifier {
 public:
  void verify(const VerificationRequest&, Completion<Verdict>) const override {
    throw std::runtime_error("a verifier must not throw");
  }
};

TEST_F(Decisions, AThrowingVerifierIsNoYes) {
  ClientSettings client = client_settings();
  client.verifier = std::make_shared<Throwing>();
  Middleman middleman(std::move(client), server_settings());
  middleman.run();
  expect_refused(middleman, received, E::internal_error);
}

}  // namespace
}  // namespace handfast
