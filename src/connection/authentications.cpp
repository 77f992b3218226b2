// Authentications: see the header.
#include "connection/authentications.hpp"

#include <algorithm>
#include <array>
#include <handfast/connection.hpp>
#include <utility>

#include "base/limits.hpp"

namespace handfast::connection {

using handshake::Handshake;
using handshake::Progress;

static_assert(Connection::kMaxClientRequests == limits::kMaxLateAuthentications);

Result<ByteString> Authentications::ask(bool required) {
  HANDFAST_TRY_ASSIGN(handshake::NewRequest request, handshake::make_late_request(start_, required));
  const std::lock_guard lock(mutex_);
  if (under_way_ == limits::kMaxLateAuthentications) {
    return failure(Error(ErrorCode::limit_exceeded).at("client authentications", 0));
  }
  asked_.push_back(std::move(request.asked));
  ++under_way_;
  return std::move(request.message);
}

bool Authentications::has_answer() const {
  const std::lock_guard lock(mutex_);
  return !answers_.empty();
}

std::optional<handshake::PreparedAnswer> Authentications::next_answer() {
  const std::lock_guard lock(mutex_);
  if (answers_.empty()) return std::nullopt;
  handshake::PreparedAnswer answer = std::move(answers_.front());
  answers_.pop_front();
  --under_way_;
  return answer;
}

bool Authentications::expects(HandshakeType type) const {
  if (incoming_) return true;  // or says what is wrong
  if (!is_server()) return type == HandshakeType::certificate_request;
  const std::lock_guard lock(mutex_);
  return type == HandshakeType::certificate && !asked_.empty();
}

Result<bool> Authentications::take(handshake::MessageBuffer message, const HashSecret& read_secret) {
  if (!incoming_) {
    HANDFAST_TRY_ASSIGN(incoming_, begin(message.view(), read_secret));
  }
  const Progress progress = incoming_->deliver(std::move(message));
  return place(std::move(incoming_), progress);
}

Result<bool> Authentications::advance() {
  bool prepared = false;
  if (deciding_.empty()) return prepared;
  std::vector<Running> waiting = std::exchange(deciding_, {});
  for (Running& running : waiting) {
    const Progress progress = running->advance();
    HANDFAST_TRY_ASSIGN(const bool is_prepared, place(std::move(running), progress));
    prepared = prepared || is_prepared;
  }
  return prepared;
}

std::optional<ClientAnswer> Authentications::next_settled() {
  if (settled_.empty()) return std::nullopt;
  ClientAnswer answer = std::move(settled_.front());
  settled_.pop_front();
  const std::lock_guard lock(mutex_);
  --under_way_;
  return answer;
}

Result<Authentications::Running> Authentications::begin(Bytes message, const HashSecret& read_secret) {
  Running running;
  if (is_server()) {
    HANDFAST_TRY_ASSIGN(handshake::AskedClient asked, find_asked(message));
    running = std::make_unique<Handshake>(start_.server, link_, wake_, [&](handshake::Context& hs) {
      return handshake::server_authentication_flow(hs, std::move(asked), read_secret.clone());
    });
  } else {
    {
      const std::lock_guard lock(mutex_);
      if (under_way_ == limits::kMaxLateAuthentications) {
        return failure(Error(ErrorCode::limit_exceeded)
                           .in(HandshakeType::certificate_request)
                           .at("client authentications", 0));
      }
      ++under_way_;
    }
    running = std::make_unique<Handshake>(start_.client, link_, wake_, [&](handshake::Context& hs) {
      return handshake::client_authentication_flow(hs, start_.transcript);
    });
  }
  if (running->advance() != Progress::needs_message) return failure(running->error());
  return running;
}

// Each context is good for one answer.
Result<handshake::AskedClient> Authentications::find_asked(Bytes certificate) {
  HANDFAST_TRY_ASSIGN(const auto answer, message::decode<message::Certificate>(certificate));
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find_if(asked_, [&](const handshake::AskedClient& asked) {
    return std::ranges::equal(asked.context, answer.certificate_request_context);
  });
  if (found == asked_.end()) {
    return failure(Error(ErrorCode::message_illegal_value)
                       .in(HandshakeType::certificate)
                       .at("certificate_request_context", 4));
  }
  handshake::AskedClient asked = std::move(*found);
  asked_.erase(found);
  return asked;
}

Result<bool> Authentications::place(Running running, Progress progress) {
  switch (progress) {
    case Progress::needs_message:
      incoming_ = std::move(running);
      return false;
    case Progress::needs_decision:
      deciding_.push_back(std::move(running));
      return false;
    case Progress::failed:
      return failure(running->error());
    case Progress::established:
      break;
  }
  if (is_server()) {
    settled_.push_back(running->take_outcome<ClientAnswer>());
    return false;
  }
  const std::lock_guard lock(mutex_);
  answers_.push_back(running->take_outcome<handshake::PreparedAnswer>());
  return true;
}

}  // namespace handfast::connection
