// WriteHalf: see the header.
#include "connection/write_half.hpp"

#include <algorithm>
#include <array>

#include "base/limits.hpp"
#include "connection/field_collector.hpp"
#include "keys/key_schedule.hpp"
#include "message/authentication.hpp"
#include "message/describe.hpp"
#include "message/post_handshake.hpp"
#include "message/server_hello.hpp"

namespace handfast::connection {
namespace {

// EncryptedExtensions to Finished with one short certificate; larger flights grow from there.
constexpr std::size_t kTypicalFlight = 1024;

}  // namespace

Result<void> WriteHalf::queue_message(HandshakeType type, Bytes message) {
  if (stopped_) return failure(ErrorCode::connection_closed);
  if (pending_.empty() && epoch_ == Epoch::handshake) pending_.reserve(kTypicalFlight);
  pending_.insert(pending_.end(), message.begin(), message.end());
  if (observer_ != nullptr) pending_messages_.push_back({type, message.size()});
  return {};
}

Result<void> WriteHalf::queue_change_cipher_spec() {
  if (stopped_) return failure(ErrorCode::connection_closed);
  HANDFAST_TRY(seal_pending());
  static constexpr std::array<std::uint8_t, 1> kOne = {1};
  record::append_plaintext_record(ContentType::change_cipher_spec, ProtocolVersion::tls1_2, kOne, queue_);
  if (observer_ != nullptr) {
    observer_->on_record({.direction = Direction::sent,
                          .epoch = Epoch::plaintext,
                          .type = ContentType::change_cipher_spec,
                          .index = records_,
                          .sequence_number = 0,
                          .wire_length = record::kHeaderSize + 1,
                          .payload_length = 1,
                          .padding_length = 0});
  }
  ++records_;
  return {};
}

Result<void> WriteHalf::set_keys(Epoch epoch, const keys::SuiteParameters& suite, const HashSecret& secret) {
  Result<void> done = replace_keys(epoch, suite, secret);
  if (!done) abandon();
  return done;
}

Result<void> WriteHalf::replace_keys(Epoch epoch, const keys::SuiteParameters& suite,
                                     const HashSecret& secret) {
  HANDFAST_TRY(seal_pending());
  HANDFAST_TRY_ASSIGN(const keys::TrafficKeys traffic, keys::traffic_keys(suite, secret));
  HANDFAST_TRY_ASSIGN(record::Sealer sealer,
                      record::Sealer::create(suite.aead, traffic.key.view(), traffic.iv.view()));
  sealer_.emplace<record::Sealer>(std::move(sealer));
  suite_ = &suite;
  secret_ = secret.clone();
  epoch_ = epoch;
  if (observer_ != nullptr) observer_->on_key_change(Direction::sent, epoch);
  return {};
}

Result<void> WriteHalf::drop_keys() {
  HANDFAST_TRY(seal_pending());
  sealer_.emplace<std::monostate>();
  suite_ = nullptr;
  secret_.clear();
  epoch_ = Epoch::plaintext;
  if (observer_ != nullptr) observer_->on_key_change(Direction::sent, epoch_);
  return {};
}

Result<void> WriteHalf::set_keys12(const keys::SuiteParameters& suite, const keys::RecordKeys12& keys) {
  Result<void> sealed = seal_pending();
  auto sealer = record::Sealer12::create(suite.aead, keys.key.view(), keys.iv.view());
  if (sealed && sealer) {
    sealer_.emplace<record::Sealer12>(std::move(*sealer));
    suite_ = &suite;
    epoch_ = Epoch::application;
    if (observer_ != nullptr) observer_->on_key_change(Direction::sent, epoch_);
    return {};
  }
  abandon();
  return failure(sealed ? sealer.error() : sealed.error());
}

std::size_t WriteHalf::sealed_size(std::size_t content, std::size_t padding) const {
  if (const auto* const tls12 = std::get_if<record::Sealer12>(&sealer_))
    return tls12->sealed_size(content, padding);
  return record::Sealer::sealed_size(content, padding);
}

std::uint64_t WriteHalf::sequence_number() const {
  if (const auto* const tls12 = std::get_if<record::Sealer12>(&sealer_)) return tls12->sequence_number();
  return std::get<record::Sealer>(sealer_).sequence_number();
}

Result<std::size_t> WriteHalf::seal(ContentType type, Bytes content, std::size_t padding, MutableBytes out) {
  if (auto* const tls12 = std::get_if<record::Sealer12>(&sealer_))
    return tls12->seal(type, content, padding, out);
  return std::get<record::Sealer>(sealer_).seal(type, content, padding, out);
}

// "This alert MUST be sent with AlertLevel=warning" (close_notify); user_canceled "generally has
// AlertLevel=warning"; all others "MUST be sent with AlertLevel=fatal" (§6).
void WriteHalf::queue_alert(AlertDescription description, bool last_word) {
  if (stopped_) return;
  // RFC 5246 §7.2.2: no_renegotiation "should always be a warning"; the one that ends the connection is not.
  const bool is_notice = description == AlertDescription::user_canceled ||
                         (description == AlertDescription::no_renegotiation && !last_word);
  const bool is_warning = description == AlertDescription::close_notify || is_notice;
  const AlertLevel level = is_warning ? AlertLevel::warning : AlertLevel::fatal;
  const std::array<std::uint8_t, 2> content = {static_cast<std::uint8_t>(level),
                                               static_cast<std::uint8_t>(description)};
  // A failure here leaves nothing that could still be said.
  const bool queued =
      seal_pending() && append_record(ContentType::alert, content, padding_for(content.size()));
  if (queued && observer_ != nullptr) observer_->on_alert({Direction::sent, epoch_, level, description});
  if (!queued || !is_notice) stopped_ = true;
}

void WriteHalf::abandon() {
  stopped_ = true;
  pending_.clear();
  pending_messages_.clear();
}

Result<void> WriteHalf::obey(ControlWord& control) {
  if (control.empty()) return {};
  const ControlWord::Orders orders = control.take();
  if (orders.peer_updated) update_requested_ = false;
  if (orders.refuse_renegotiation) queue_alert(AlertDescription::no_renegotiation, false);
  if (orders.alert) {
    queue_alert(*orders.alert);
  } else if (orders.stop) {
    stopped_ = true;
  } else if (orders.update_keys && !stopped_ && key_updates_ < limits::kMaxKeyUpdatesSent) {
    return update_keys(false);
  }
  return {};
}

Result<std::size_t> WriteHalf::flush(MutableBytes output) {
  HANDFAST_TRY(seal_pending());
  const std::size_t size = std::min(output.size(), queue_.size() - taken_);
  std::copy_n(queue_.begin() + static_cast<std::ptrdiff_t>(taken_), size, output.begin());
  taken_ += size;
  if (taken_ == queue_.size() && !queue_.empty()) {
    queue_ = ByteString();  // an idle connection keeps no buffer
    taken_ = 0;
  }
  return size;
}

Result<Sent> WriteHalf::send(Bytes plaintext, MutableBytes output) {
  if (stopped_) return failure(ErrorCode::connection_closed);
  Result<Sent> sent = send_records(plaintext, output);
  // What was sealed before the failure is lost with it: the peer could not read what comes after.
  if (!sent) abandon();
  return sent;
}

Result<Sent> WriteHalf::send_records(Bytes plaintext, MutableBytes output) {
  HANDFAST_TRY_ASSIGN(const std::size_t flushed, flush(output));
  Sent sent{0, flushed};
  while (!has_output() && sent.consumed < plaintext.size()) {
    if (key_is_worn()) {
      // "If this limit is reached, the implementation SHOULD either rekey or terminate the connection":
      // TLS 1.2 could only renegotiate (RFC 9325 §4.4).
      if (version_ == ProtocolVersion::tls1_2) {
        if (sent.produced != 0) break;
        queue_alert(AlertDescription::close_notify);
        return failure(ErrorCode::record_sequence_exhausted);
      }
      HANDFAST_TRY(update_keys(false));
      HANDFAST_TRY_ASSIGN(const std::size_t update, flush(output.subspan(sent.produced)));
      sent.produced += update;
      continue;
    }
    const MutableBytes room = output.subspan(sent.produced);
    std::size_t size = std::min(plaintext.size() - sent.consumed, longest_content());
    if (room.size() < sealed_size(size, padding_for(size))) {
      // A short record is better than none, but only if nothing else went out.
      if (sent.produced != 0 || room.size() <= kRecordOverhead) break;
      size = std::min(size, room.size() - kRecordOverhead);
      if (room.size() < sealed_size(size, padding_for(size))) break;
    }
    const std::size_t padding = padding_for(size);
    const std::uint64_t sequence = sequence_number();
    HANDFAST_TRY_ASSIGN(const std::size_t wire, seal(ContentType::application_data,
                                                     plaintext.subspan(sent.consumed, size), padding, room));
    report_record(ContentType::application_data, sequence, wire, size, padding);
    sent.consumed += size;
    sent.produced += wire;
  }
  return sent;
}

// "Until receiving a subsequent KeyUpdate from the peer, the sender MUST NOT send another KeyUpdate with
// request_update set to "update_requested"." (§4.7.3)
Result<void> WriteHalf::update_keys(bool request_peer) {
  if (stopped_) return failure(ErrorCode::connection_closed);
  if (version_ == ProtocolVersion::tls1_2) return failure(ErrorCode::not_in_this_version);
  if (key_updates_ == limits::kMaxKeyUpdatesSent) {
    return failure(Error(ErrorCode::limit_exceeded).at("key updates", 0));
  }
  const bool request = request_peer && !update_requested_;
  HANDFAST_TRY_ASSIGN(const HashSecret next, keys::next_traffic_secret(suite_->hash, secret_));
  ByteString message;
  HANDFAST_TRY(message::encode_key_update(
      request ? message::KeyUpdateRequest::update_requested : message::KeyUpdateRequest::update_not_requested,
      message));
  HANDFAST_TRY(queue_message(HandshakeType::key_update, message));
  // "Both sender and receiver MUST encrypt their KeyUpdate messages with the old keys": set_keys seals first.
  HANDFAST_TRY(set_keys(Epoch::application, *suite_, next));
  update_requested_ = update_requested_ || request;
  ++key_updates_;
  return {};
}

Result<void> WriteHalf::make_room(std::size_t size) {
  if (stopped_) return failure(ErrorCode::connection_closed);
  if (!key_is_worn(size / longest_content() + 1)) return {};
  return update_keys(false);
}

Result<void> WriteHalf::queue_request(Bytes message) {
  HANDFAST_TRY(make_room(message.size()));
  return queue_message(HandshakeType::certificate_request, message);
}

// "All of the client's messages for a given response MUST appear consecutively on the wire with no
// intervening messages of other type or from other responses." (§4.7.2)
Result<void> WriteHalf::queue_answer(const handshake::PreparedAnswer& answer) {
  const std::size_t of_finished = answer.transcript.view().size() + 4;
  HANDFAST_TRY(make_room(answer.certificate.size() + answer.certificate_verify.size() + of_finished));
  HANDFAST_TRY_ASSIGN(const HashSecret verify_data,
                      keys::finished_verify_data(suite_->hash, secret_, answer.transcript));
  ByteString finished;
  HANDFAST_TRY(message::encode_finished(verify_data.view(), finished));
  HANDFAST_TRY(queue_message(HandshakeType::certificate, answer.certificate));
  if (!answer.certificate_verify.empty()) {
    HANDFAST_TRY(queue_message(HandshakeType::certificate_verify, answer.certificate_verify));
  }
  HANDFAST_TRY(queue_message(HandshakeType::finished, finished));
  return seal_pending();
}

std::size_t WriteHalf::padding_for(std::size_t content) const {
  // The server counts early data with its padding against what it skips.
  if (version_ == ProtocolVersion::tls1_2 || epoch_ == Epoch::early_data) return 0;
  const std::size_t rest = content % padding_.block;
  const std::size_t wanted = rest == 0 && content != 0 ? 0 : padding_.block - rest;
  return padding_.block == 1 ? 0 : std::min(wanted, longest_content() - content);
}

// "Implementations MUST either close the connection or do a key update prior to reaching these limits."
// (§5.5) The last record under a key is the KeyUpdate itself; one more is kept for an alert.
bool WriteHalf::key_is_worn(std::uint64_t records) const {
  // A key for early data cannot be updated, and never protects more than kMaxEarlyDataSent bytes.
  if (epoch_ == Epoch::early_data) return false;
  std::uint64_t lifetime = suite_->record_limit;
  if (key_lifetime_ && version_ != ProtocolVersion::tls1_2) lifetime = std::min(*key_lifetime_, lifetime);
  return sequence_number() + records + 1 >= lifetime;
}

// "Handshake messages MAY be coalesced into a single TLSPlaintext record or fragmented across several
// records" (§5.1).
Result<void> WriteHalf::seal_pending() {
  if (pending_.empty()) return {};
  Result<void> done = seal_messages();
  if (!done) abandon();
  return done;
}

Result<void> WriteHalf::seal_messages() {
  const std::uint64_t first_record = records_;
  const std::size_t longest = is_protected() ? longest_content() : longest_plaintext_;
  Bytes rest = pending_;
  while (!rest.empty()) {
    const Bytes content = rest.first(std::min(rest.size(), longest));
    rest = rest.subspan(content.size());
    HANDFAST_TRY(
        append_record(ContentType::handshake, content, is_protected() ? padding_for(content.size()) : 0));
  }
  if (observer_ != nullptr) report_messages(first_record, longest);
  pending_ = ByteString();
  pending_messages_.clear();
  return {};
}

Result<void> WriteHalf::append_record(ContentType type, Bytes content, std::size_t padding) {
  std::size_t wire = record::kHeaderSize + content.size();
  std::uint64_t sequence = 0;
  if (!is_protected()) {
    padding = 0;
    record::append_plaintext_record(type, records_ == 0 ? first_version_ : ProtocolVersion::tls1_2, content,
                                    queue_);
  } else {
    const std::size_t start = queue_.size();
    sequence = sequence_number();
    queue_.resize(start + sealed_size(content.size(), padding));
    auto sealed = seal(type, content, padding, MutableBytes(queue_).subspan(start));
    if (!sealed) {
      queue_.resize(start);
      return failure(sealed.error());
    }
    wire = *sealed;
  }
  report_record(type, sequence, wire, content.size(), padding);
  return {};
}

void WriteHalf::report_record(ContentType type, std::uint64_t sequence, std::size_t wire, std::size_t payload,
                              std::size_t padding) {
  if (observer_ != nullptr) {
    observer_->on_record({.direction = Direction::sent,
                          .epoch = epoch_,
                          .type = type,
                          .index = records_,
                          .sequence_number = sequence,
                          .wire_length = wire,
                          .payload_length = payload,
                          .padding_length = padding});
  }
  ++records_;
}

void WriteHalf::report_messages(std::uint64_t first_record, std::size_t record_payload) {
  std::size_t start = 0;
  for (const PendingMessage& pending : pending_messages_) {
    const Bytes bytes = Bytes(pending_).subspan(start, pending.size);
    FieldCollector collector;
    (void)message::describe_fields(bytes, version_, collector,
                                   exchange_);  // our own bytes: nothing to refuse
    observer_->on_message(
        {.direction = Direction::sent,
         .epoch = epoch_,
         .type = message::is_hello_retry_request(bytes) ? HandshakeType::hello_retry_request : pending.type,
         .bytes = bytes,
         .fields = collector.fields,
         .first_record = first_record + start / record_payload,
         .last_record = first_record + (start + pending.size - 1) / record_payload});
    start += pending.size;
  }
}

}  // namespace handfast::connection
