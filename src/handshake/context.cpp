// Context: see the header.
#include "handshake/context.hpp"

#include "handshake/client_psk.hpp"
#include "handshake/post_handshake_auth.hpp"

namespace handfast::handshake {

void fail(Context& context, Error error) { context.fail(std::move(error)); }

void wait_for_decision(Context& context, DecisionWaiter* waiter) { context.wait_for(waiter); }

Error unexpected_message(HandshakeType received, std::span<const HandshakeType> expected) {
  std::vector<std::uint16_t> accepted;
  for (const HandshakeType type : expected) accepted.push_back(static_cast<std::uint16_t>(type));
  return Error(ErrorCode::message_unexpected)
      .in(received)
      .with_sets({static_cast<std::uint16_t>(received)}, std::move(accepted));
}

Result<void> MessageWaiter::accept_change_cipher_spec() {
  return failure(Error(ErrorCode::record_bad_change_cipher_spec).at("type", 0));
}

void ReceiveChangeCipherSpec::await_suspend(std::coroutine_handle<>) {
  context_->wait_for(static_cast<MessageWaiter*>(this));
}

Context::Context(std::shared_ptr<const ClientConfig> config, ServerName name, Link& link,
                 std::function<void()> wake)
    : client_(std::move(config)),
      name_(std::make_shared<const ServerName>(std::move(name))),
      link_(link),
      wake_(std::move(wake)) {}

Context::Context(std::shared_ptr<const ServerConfig> config, Link& link, std::function<void()> wake)
    : server_(std::move(config)), link_(link), wake_(std::move(wake)) {}

Context::Context(std::shared_ptr<const ClientConfig> config, Link& link, std::function<void()> wake)
    : client_(std::move(config)), link_(link), wake_(std::move(wake)) {}

const CommonSettings& Context::settings() const {
  if (client_) return client_->data().settings;
  return server_->data().settings;
}

const RandomSource& Context::random() const {
  const RandomSource* const random = settings().random;
  return random != nullptr ? *random : drawn_random_;
}

Decision<ByteString> Context::sign(const Signer& signer, SignatureScheme scheme, const ByteString& content) {
  auto pending = std::make_shared<PendingDecision<ByteString>>(wake_);
  signer.sign(scheme, content, Completion<ByteString>(pending));
  return {*this, Waiting::For::signature, std::move(pending)};
}

Decision<Verdict> Context::verify(const CertificateVerifier& verifier, const VerificationRequest& request) {
  auto pending = std::make_shared<PendingDecision<Verdict>>(wake_);
  verifier.verify(request, Completion<Verdict>(pending));
  return {*this, Waiting::For::certificate_verdict, std::move(pending)};
}

Lookup<ByteString> Context::look_up(SessionStore& store, ByteString id) {
  auto pending = std::make_shared<Lookup<ByteString>::Pending>(wake_);
  store.take(std::move(id), Completion<std::optional<ByteString>>(pending));
  return {*this, std::move(pending)};
}

Lookup<bool, bool> Context::accept_once(ReplayGuard& guard, ByteString id, Time until) {
  auto pending = std::make_shared<PendingDecision<bool>>(wake_);
  guard.accept_once(std::move(id), until, Completion<bool>(pending));
  return {*this, std::move(pending)};
}

Established::Established() = default;
Established::Established(Established&&) noexcept = default;
Established& Established::operator=(Established&&) noexcept = default;
Established::~Established() = default;

Complete Context::establish(const FinishedProof&, Established outcome) {
  outcome_.emplace<Established>(std::move(outcome));
  return {};
}

Complete Context::believe(const FinishedProof&, ClientAnswer answer) {
  outcome_.emplace<ClientAnswer>(std::move(answer));
  return {};
}

Complete Context::answer(PreparedAnswer answer) {
  outcome_.emplace<PreparedAnswer>(std::move(answer));
  return {};
}

void Context::fail(Error error) {
  if (!error_) error_.emplace(std::move(error.seen_by(side())));
}

Waiting Context::waiting_for() const {
  if (message_waiter_ != nullptr) return {Waiting::For::peer, message_waiter_->expected()};
  if (decision_waiter_ != nullptr) return {decision_waiter_->kind(), {}};
  return {};
}

}  // namespace handfast::handshake
