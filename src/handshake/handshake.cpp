// Handshake: the driver of flows. See the header.
#include "handshake/handshake.hpp"

namespace handfast::handshake {

Handshake::Handshake(std::shared_ptr<const ClientConfig> config, ServerName name, Link& link,
                     std::function<void()> wake, const FirstFlow& first)
    : context_(std::move(config), std::move(name), link, std::move(wake)), flow_(first(context_)) {
  if (!flow_) context_.fail(ErrorCode::out_of_memory);
}

Handshake::Handshake(std::shared_ptr<const ServerConfig> config, Link& link, std::function<void()> wake,
                     const FirstFlow& first)
    : context_(std::move(config), link, std::move(wake)), flow_(first(context_)) {
  if (!flow_) context_.fail(ErrorCode::out_of_memory);
}

Handshake::Handshake(std::shared_ptr<const ClientConfig> config, Link& link, std::function<void()> wake,
                     const FirstFlow& first)
    : context_(std::move(config), link, std::move(wake)), flow_(first(context_)) {
  if (!flow_) context_.fail(ErrorCode::out_of_memory);
}

Progress Handshake::advance() {
  if (context_.failed()) return run();
  if (context_.message_waiter() != nullptr) return Progress::needs_message;
  if (DecisionWaiter* const waiter = context_.decision_waiter(); waiter != nullptr) {
    const Result<bool> answered = waiter->poll();
    if (answered && !*answered) return Progress::needs_decision;
    context_.wait_for(static_cast<DecisionWaiter*>(nullptr));
    if (!answered) context_.fail(answered.error());
  }
  return run();
}

Progress Handshake::deliver(MessageBuffer message) {
  MessageWaiter* const waiter = context_.message_waiter();
  if (waiter == nullptr) {
    context_.fail(ErrorCode::internal_error);
    return run();
  }
  if (auto accepted = waiter->accept(std::move(message)); !accepted) {
    context_.fail(accepted.error());
  } else {
    context_.wait_for(static_cast<MessageWaiter*>(nullptr));
  }
  return run();
}

Progress Handshake::deliver_change_cipher_spec() {
  MessageWaiter* const waiter = context_.message_waiter();
  if (waiter == nullptr) {
    context_.fail(ErrorCode::internal_error);
    return run();
  }
  if (auto accepted = waiter->accept_change_cipher_spec(); !accepted) {
    context_.fail(accepted.error());
  } else {
    context_.wait_for(static_cast<MessageWaiter*>(nullptr));
  }
  return run();
}

Progress Handshake::run() {
  while (!context_.failed()) {
    flow_.resume();
    if (context_.failed()) break;
    if (context_.message_waiter() != nullptr) return Progress::needs_message;
    if (context_.decision_waiter() != nullptr) return Progress::needs_decision;
    if (!flow_.done()) {
      context_.fail(ErrorCode::internal_error);
      break;
    }
    std::optional<Flow> next = flow_.take_next();
    if (!next) {
      flow_.destroy();
      return Progress::established;
    }
    flow_ = std::move(*next);
  }
  flow_.destroy();
  return Progress::failed;
}

}  // namespace handfast::handshake
