// Connection::Engine, messages after the handshake: KeyUpdate, NewSessionTicket, client authentication. RFC
// 9846 §4.7. In TLS 1.2: renegotiation, refused. RFC 5246 §7.4.1.1, RFC 5746.
#include "base/limits.hpp"
#include "connection/engine.hpp"
#include "handshake/client_psk.hpp"
#include "handshake/context.hpp"
#include "message/messages12.hpp"
#include "message/post_handshake.hpp"

namespace handfast {

Result<void> Connection::Engine::take_post_handshake(Bytes payload) {
  if (inbound_.empty()) message_first_record_ = current_record_;
  while (!payload.empty()) {
    HANDFAST_TRY_ASSIGN(std::optional<handshake::MessageBuffer> message, inbound_.take(payload));
    if (!message) return {};
    report_message(message->view());
    message_first_record_ = current_record_;
    const auto type = static_cast<HandshakeType>(message->view()[0]);
    // A KeyUpdate changes the key: "Handshake messages MUST NOT span key changes." (§5.1)
    if (type == HandshakeType::key_update && !payload.empty())
      return failure(ErrorCode::message_across_key_change);
    HANDFAST_TRY(take_post_handshake_message(std::move(*message)));
  }
  return {};
}

// Between the messages that one client's answer is made of, or amid one message.
bool Connection::Engine::amid_messages() const {
  return !inbound_.empty() || (authentications_ && authentications_->amid_answer());
}

Result<Connection::Engine::Outcome> Connection::Engine::next_client_answer() {
  if (!authentications_) return std::nullopt;
  std::optional<ClientAnswer> answer = authentications_->next_settled();
  if (!answer) return std::nullopt;
  client_answer_ = std::move(answer);
  return Event::client_answered;
}

Result<void> Connection::Engine::take_post_handshake_message(handshake::MessageBuffer buffer) {
  static constexpr std::array kOfServer = {HandshakeType::new_session_ticket, HandshakeType::key_update};
  static constexpr std::array kOfClient = {HandshakeType::key_update};
  const Bytes message = buffer.view();
  const auto type = static_cast<HandshakeType>(message[0]);
  if (version_ == ProtocolVersion::tls1_2) return take_post_handshake_message12(message);
  const bool of_answer = authentications_ && authentications_->amid_answer();
  if (type == HandshakeType::key_update && !of_answer) return take_key_update(message);
  if (++post_handshake_messages_ > limits::kMaxPostHandshakeMessages) {
    return failure(Error(ErrorCode::limit_exceeded).in(type).at("messages after the handshake", 0));
  }
  if (authentications_ && authentications_->expects(type)) {
    HANDFAST_TRY_ASSIGN(const bool has_answer, authentications_->take(std::move(buffer), read_.secret()));
    if (has_answer) wake();
    return {};
  }
  if (side_ == Side::client && type == HandshakeType::new_session_ticket) {
    // "Clients … that do not support resumption MUST ignore" it; but it must be well-formed (§4.7.1).
    HANDFAST_TRY_ASSIGN(const message::NewSessionTicket ticket, message::decode_new_session_ticket(message));
    handshake::ClientTickets* const tickets = std::get<Established>(state_).tickets.get();
    return tickets != nullptr ? tickets->accept(ticket) : Result<void>();
  }
  if (side_ == Side::client) return failure(handshake::unexpected_message(type, kOfServer));
  return failure(handshake::unexpected_message(type, kOfClient));
}

// A peer that wants to negotiate again hears "no_renegotiation" once (RFC 5246 §7.2.2: "the recipient SHOULD
// respond with this alert. At that point, the original requester can decide whether to proceed"). If it
// insists, that is the end.
Result<void> Connection::Engine::take_post_handshake_message12(Bytes message) {
  static constexpr std::array kOfServer = {HandshakeType::hello_request};
  static constexpr std::array kOfClient = {HandshakeType::client_hello};
  const auto type = static_cast<HandshakeType>(message[0]);
  if (side_ == Side::client && type != kOfServer[0])
    return failure(handshake::unexpected_message(type, kOfServer));
  if (side_ == Side::server && type != kOfClient[0])
    return failure(handshake::unexpected_message(type, kOfClient));
  if (side_ == Side::client) HANDFAST_TRY(message::decode_hello_request(message));
  if (++renegotiations_ > limits::kMaxRenegotiationRequests) {
    return failure(Error(ErrorCode::renegotiation_refused).in(type));
  }
  control_.order_refusal();
  wake();
  return {};
}

// "Upon receiving a KeyUpdate, the receiver MUST update its receiving keys." (§4.7.3)
Result<void> Connection::Engine::take_key_update(Bytes message) {
  HANDFAST_TRY_ASSIGN(const message::KeyUpdate update, message::decode_key_update(message));
  if (!control_.take_request() && ++key_updates_in_a_row_ > limits::kMaxKeyUpdatesInARow) {
    return failure(
        Error(ErrorCode::limit_exceeded).in(HandshakeType::key_update).at("key updates in a row", 0));
  }
  HANDFAST_TRY(read_.update_keys());
  control_.note_peer_update();
  // "If the request_update field is set to "update_requested", then the receiver MUST send a KeyUpdate of its
  // own"; several requests while this end is silent get one answer.
  if (update.request_update == message::KeyUpdateRequest::update_requested) {
    control_.order_key_update();
    wake();
  }
  return {};
}

}  // namespace handfast
