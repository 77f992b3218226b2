// Connection::Engine, the reading half during the handshake: records, alerts, handshake messages. RFC 9846
// §5, §6.
#include <algorithm>
#include <array>
#include <new>

#include "base/limits.hpp"
#include "connection/engine.hpp"
#include "connection/field_collector.hpp"
#include "message/describe.hpp"
#include "message/server_hello.hpp"

namespace handfast {
Result<Received> Connection::Engine::receive(MutableBytes input) {
  if (read_error_) return failure(*read_error_);
  try {
    Result<Received> received = receive_records(input);
    if (!received) return failure(fail(received.error()));
    return received;
  } catch (const std::bad_alloc&) {
    return failure(fail(ErrorCode::out_of_memory));
  }
}

Result<Received> Connection::Engine::receive_records(MutableBytes input) {
  Received received;
  const auto with = [&](Event event) {
    received.event = event;
    return received;
  };
  if (std::holds_alternative<Handshaking>(state_)) {
    HANDFAST_TRY_ASSIGN(const Outcome outcome, resume_handshake());
    if (outcome) return with(*outcome);
  }
  if (authentications_) {
    HANDFAST_TRY_ASSIGN(const bool has_answer, authentications_->advance());
    if (has_answer) wake();
    HANDFAST_TRY_ASSIGN(const Outcome outcome, next_client_answer());
    if (outcome) return with(*outcome);
  }
  for (;;) {
    // "Any data received after a closure alert has been received MUST be ignored." (§6.1)
    if (close_received_) {
      received.consumed = input.size();
      return with(Event::closed);
    }
    HANDFAST_TRY_ASSIGN(const std::optional<connection::InboundRecord> record,
                        read_.next(input.subspan(received.consumed)));
    if (!record) {
      received.wanted = read_.wanted();
      return with(Event::need_input);
    }
    received.consumed += record->wire_length;
    HANDFAST_TRY_ASSIGN(const Outcome outcome, take_record(*record));
    if (!outcome) continue;
    if (*outcome == Event::data || *outcome == Event::early_data) received.data = record->content;
    return with(*outcome);
  }
}

Result<Connection::Engine::Outcome> Connection::Engine::take_record(const connection::InboundRecord& record) {
  current_record_ = record.index;
  if (record.skipped) return std::nullopt;
  const bool established = std::holds_alternative<Established>(state_);
  // "if a handshake message is split over two or more records, there MUST NOT be any other records between
  // them." (§5.1) A compatibility change_cipher_spec is dropped all the same, and an alert that ends the
  // connection ends it anyway.
  const bool interrupts = record.type == ContentType::application_data ||
                          (record.type == ContentType::alert && is_ignored_alert(record.content));
  if (interrupts && amid_messages()) {
    return failure(Error(ErrorCode::record_unexpected_type).at("type", 0));
  }
  switch (record.type) {
    case ContentType::change_cipher_spec:
      return take_change_cipher_spec(record.content);
    case ContentType::alert:
      return take_alert(record.content);
    case ContentType::handshake:
      if (!established) return take_handshake_bytes(record.content);
      HANDFAST_TRY(take_post_handshake(record.content));
      return next_client_answer();
    default:
      break;
  }
  if (!established) return take_early_data(record.content);
  if (record.content.empty()) return std::nullopt;
  key_updates_in_a_row_ = 0;
  post_handshake_messages_ = 0;
  warning_alerts_ = 0;
  return Event::data;
}

Result<Connection::Engine::Outcome> Connection::Engine::take_early_data(Bytes content) {
  if (read_.epoch() != Epoch::early_data) {
    return failure(Error(ErrorCode::record_unexpected_type).at("type", 0));
  }
  // "If this limit is exceeded, the server SHOULD terminate the connection with an "unexpected_message"
  // alert." (§4.3.10)
  auto& handshaking = std::get<Handshaking>(state_);
  if (content.size() > handshaking.early_data_left) return failure(ErrorCode::early_data_too_long);
  handshaking.early_data_left -= content.size();
  if (content.empty()) return std::nullopt;
  return Event::early_data;
}

// "consisting of the single byte value 0x01 at any time after the first ClientHello message has been sent or
// received and before the peer's Finished message has been received and MUST simply drop it without further
// processing" (§5)
Result<Connection::Engine::Outcome> Connection::Engine::take_change_cipher_spec(Bytes content) {
  auto* const handshaking = std::get_if<Handshaking>(&state_);
  const bool well_formed = content.size() == 1 && content[0] == 1;
  if (handshaking != nullptr && version_ == ProtocolVersion::tls1_2 && well_formed && inbound_.empty()) {
    return progress(handshaking->handshake->deliver_change_cipher_spec());
  }
  const bool allowed = handshaking != nullptr && handshaking->allows_change_cipher_spec &&
                       handshaking->change_cipher_specs < limits::kMaxChangeCipherSpec;
  if (!allowed || !well_formed) {
    return failure(Error(ErrorCode::record_bad_change_cipher_spec).at("type", 0));
  }
  ++handshaking->change_cipher_specs;
  return std::nullopt;
}

bool Connection::Engine::is_ignored_alert(Bytes content) const {
  if (content.size() != 2) return false;
  const auto description = static_cast<AlertDescription>(content[1]);
  // "Receiving implementations SHOULD continue to read data from the peer until a "close_notify" is received"
  // (§6.1)
  if (description == AlertDescription::user_canceled) return true;
  // TLS 1.2: "If an alert with a level of warning is sent and received, generally the connection can continue
  // normally." (RFC 5246 §7.2.2)
  return may_be_tls12_ && static_cast<AlertLevel>(content[0]) == AlertLevel::warning &&
         description != AlertDescription::close_notify;
}

// struct {
//     AlertLevel level;
//     AlertDescription description;
// } Alert;
Result<Connection::Engine::Outcome> Connection::Engine::take_alert(Bytes content) {
  // "a record with an Alert type MUST contain exactly one message." (§5.1)
  if (content.size() != 2) return failure(Error(ErrorCode::alert_malformed).at("length", 3));
  const auto description = static_cast<AlertDescription>(content[1]);
  report_alert(static_cast<AlertLevel>(content[0]), description);
  if (description == AlertDescription::close_notify && std::holds_alternative<Established>(state_)) {
    if (amid_messages()) return failure(ErrorCode::truncated);
    close_received_ = true;
    return Event::closed;
  }
  if (is_ignored_alert(content)) {
    if (++warning_alerts_ > limits::kMaxWarningAlerts) return failure(ErrorCode::alert_flood);
    return std::nullopt;
  }
  return failure(Error(ErrorCode::alert_received).with_alert(description));
}

Result<Connection::Engine::Outcome> Connection::Engine::take_handshake_bytes(Bytes payload) {
  auto& handshaking = std::get<Handshaking>(state_);
  // Where TLS 1.2 wants a change_cipher_spec, no part of a message may come: it could be sealed already.
  const Waiting waiting = handshaking.handshake->waiting_for();
  if (!waiting.messages.empty() && waiting.messages.front() == HandshakeType::change_cipher_spec) {
    const auto type = payload.empty() ? HandshakeType::finished : static_cast<HandshakeType>(payload.front());
    return failure(handshake::unexpected_message(type, waiting.messages));
  }
  if (inbound_.empty()) message_first_record_ = current_record_;
  handshaking.payload = payload;
  return feed_handshake();
}

// Goes on after an outside decision, with the handshake bytes that had to wait for it.
Result<Connection::Engine::Outcome> Connection::Engine::resume_handshake() {
  auto& handshaking = std::get<Handshaking>(state_);
  ByteString held = std::move(handshaking.held);
  handshaking.held.clear();
  handshaking.payload = held;
  HANDFAST_TRY_ASSIGN(Outcome outcome, progress(handshaking.handshake->advance()));
  if (outcome && *outcome == Event::waiting) {
    handshaking.payload = {};
    handshaking.held = std::move(held);
  }
  if (outcome) return outcome;
  return feed_handshake();
}

Result<Connection::Engine::Outcome> Connection::Engine::feed_handshake() {
  for (;;) {
    auto& handshaking = std::get<Handshaking>(state_);
    if (handshaking.payload.empty()) return std::nullopt;
    HANDFAST_TRY_ASSIGN(std::optional<handshake::MessageBuffer> message, inbound_.take(handshaking.payload));
    if (!message) return std::nullopt;
    report_message(message->view());
    message_first_record_ = current_record_;
    HANDFAST_TRY_ASSIGN(const Outcome outcome, progress(handshaking.handshake->deliver(std::move(*message))));
    if (!outcome) continue;
    if (*outcome == Event::waiting) {
      // The caller's input does not outlive the call.
      auto& waiting = std::get<Handshaking>(state_);
      waiting.held = copy_of(waiting.payload);
      waiting.payload = {};
    }
    return outcome;
  }
}

Result<Connection::Engine::Outcome> Connection::Engine::progress(handshake::Progress progress) {
  auto& handshaking = std::get<Handshaking>(state_);
  switch (progress) {
    case handshake::Progress::needs_message:
      return std::nullopt;
    case handshake::Progress::needs_decision:
      return Event::waiting;
    case handshake::Progress::failed:
      return failure(handshaking.handshake->error());
    case handshake::Progress::established:
      break;
  }
  // What follows the last message in its record belongs to no handshake (TLS 1.3 has looked already: its keys
  // changed).
  HANDFAST_TRY(record_boundary());
  Established outcome = handshaking.handshake->take_outcome<Established>();
  if (handshaking.early_data_refused) {
    outcome.info.early_data = EarlyDataStatus::refused;
    refused_early_data_ = std::move(handshaking.early_data_sent);
  }
  if (!options_.keep_peer_certificates) {
    outcome.peer_certificates.reset();
    outcome.verified_path = {};
  }
  if (outcome.post_handshake) {
    authentications_ = std::make_unique<connection::Authentications>(
        std::move(*outcome.post_handshake), static_cast<Link&>(*this), options_.wake);
    outcome.post_handshake.reset();
  }
  state_.emplace<Established>(std::move(outcome));
  established_.store(true, std::memory_order_release);
  return Event::established;
}

Result<void> Connection::Engine::receive_end() {
  if (read_error_) return failure(*read_error_);
  if (close_received_) return {};
  const ErrorCode code = read_.heard_anything() ? ErrorCode::truncated : ErrorCode::no_tls_answer;
  try {
    return failure(fail(code));
  } catch (const std::bad_alloc&) {
    return failure(fail(ErrorCode::out_of_memory));
  }
}

// The one place where a failure of this end becomes an alert. "Upon transmission or receipt of a fatal alert
// message, both parties MUST immediately close the connection." (§6.2)
Error Connection::Engine::fail(Error error) {
  if (read_error_) return *read_error_;  // memory ran out while the first failure was told
  if (!error.side()) error.seen_by(side_);
  read_error_.emplace(error);
  const bool peer_is_gone = error.code() == ErrorCode::alert_received ||
                            error.code() == ErrorCode::truncated || error.code() == ErrorCode::no_tls_answer;
  if (std::holds_alternative<Established>(state_)) {
    if (peer_is_gone) {
      control_.order_stop();
    } else {
      control_.order_alert(error.alert());
    }
    wake();
  } else {
    if (!peer_is_gone) control_.order_alert(error.alert());
    if (peer_is_gone) control_.order_stop();
    state_.emplace<Closed>();
  }
  if (options_.observer != nullptr) options_.observer->on_error(error);
  return error;
}

void Connection::Engine::report_message(Bytes message) {
  if (options_.observer == nullptr) return;
  connection::FieldCollector collector;
  // What is malformed is reported up to the failure; the flow's own decoder then says what is wrong.
  (void)message::describe_fields(message, version_, collector, exchange_);
  const HandshakeType type = message::is_hello_retry_request(message)
                                 ? HandshakeType::hello_retry_request
                                 : static_cast<HandshakeType>(message[0]);
  options_.observer->on_message({.direction = Direction::received,
                                 .epoch = read_.epoch(),
                                 .type = type,
                                 .bytes = message,
                                 .fields = collector.fields,
                                 .first_record = message_first_record_,
                                 .last_record = current_record_});
}

void Connection::Engine::report_alert(AlertLevel level, AlertDescription description) {
  if (options_.observer == nullptr) return;
  options_.observer->on_alert({Direction::received, read_.epoch(), level, description});
}

void Connection::Engine::wake() const {
  if (options_.wake) options_.wake();
}

}  // namespace handfast
