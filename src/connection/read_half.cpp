// ReadHalf: see the header.
#include "connection/read_half.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "keys/key_schedule.hpp"

namespace handfast::connection {

Result<std::optional<InboundRecord>> ReadHalf::next(MutableBytes input) {
  heard_ = heard_ || !input.empty();
  const std::size_t longest =
      is_protected() || skips_early_data_ ? record::kMaxCiphertext : longest_plaintext_;
  HANDFAST_TRY_ASSIGN(const std::optional<record::RecordHeader> header,
                      record::peek_header(input, longest, records_ == 0));
  if (!header) {
    wanted_ = record::kHeaderSize - input.size();
    return std::nullopt;
  }
  const std::size_t whole = record::kHeaderSize + header->length;
  if (input.size() < whole) {
    wanted_ = whole - input.size();
    return std::nullopt;
  }
  HANDFAST_TRY_ASSIGN(InboundRecord inbound, open_or_skip(*header, input.first(whole)));
  inbound.wire_length = whole;
  inbound.index = records_++;
  if (!inbound.skipped) HANDFAST_TRY(count_empty(inbound));
  return inbound;
}

// "The server then ignores early data by attempting to deprotect received records using the handshake traffic
// key, discarding records which fail deprotection (up to the configured max_early_data_size)" or, after a
// HelloRetryRequest, "by skipping all records with an external content type of "application_data"". (§4.3.10)
Result<InboundRecord> ReadHalf::open_or_skip(const record::RecordHeader& header, MutableBytes bytes) {
  Result<InboundRecord> opened = open(header, bytes);
  if (!skips_early_data_) return opened;
  if (opened) {
    if (opened->type == ContentType::handshake) skips_early_data_ = false;
    return opened;
  }
  const ErrorCode expected = is_protected() ? ErrorCode::record_bad_mac : ErrorCode::record_unexpected_type;
  if (header.type != ContentType::application_data || opened.error().code() != expected) return opened;
  // Content counts, as the client counts it; but records without any are not for nothing.
  constexpr std::size_t kProtection = 1 + crypto::kAeadTagSize;
  skipped_ += std::max<std::size_t>(header.length, 2 * kProtection) - kProtection;
  if (skipped_ > skip_limit_) {
    return failure(Error(ErrorCode::limit_exceeded).at("early data", 0));
  }
  return InboundRecord{.type = header.type, .content = {}, .skipped = true};
}

// What may come without protection once there is a key: the compatibility change_cipher_spec, which is
// dropped (§5), and the alert of a client that could not make use of ServerHello, as long as nothing
// protected came yet.
bool ReadHalf::may_be_plaintext(ContentType type) const {
  if (!std::holds_alternative<record::Opener>(opener_)) return false;
  if (type == ContentType::change_cipher_spec) return true;
  return type == ContentType::alert && side_ == Side::server && epoch_ == Epoch::handshake &&
         std::get<record::Opener>(opener_).sequence_number() == 0;
}

Result<InboundRecord> ReadHalf::open(const record::RecordHeader& header, MutableBytes bytes) {
  RecordEvent event{.direction = Direction::received,
                    .epoch = Epoch::plaintext,
                    .type = header.type,
                    .index = records_,
                    .sequence_number = 0,
                    .wire_length = bytes.size(),
                    .payload_length = header.length,
                    .padding_length = 0};
  InboundRecord inbound{.type = header.type, .content = bytes.subspan(record::kHeaderSize)};
  if (!is_protected() || may_be_plaintext(header.type)) {
    // "Application Data records MUST NOT be written to the wire unprotected" (§5.1)
    if (header.type == ContentType::application_data) {
      return failure(Error(ErrorCode::record_unexpected_type).at("type", 0));
    }
    if (observer_ != nullptr) observer_->on_record(event);
    return inbound;
  }
  event.epoch = epoch_;
  HANDFAST_TRY_ASSIGN(const record::OpenedRecord opened, open_protected(header.type, bytes, event));
  inbound.type = opened.type;
  inbound.content = opened.content;
  event.type = opened.type;
  event.payload_length = opened.content.size();
  event.padding_length = opened.padding;
  if (observer_ != nullptr) observer_->on_record(event);
  // "An implementation … which receives a protected change_cipher_spec record MUST abort the handshake with
  // an "unexpected_message" alert." (§5)
  if (opened.type != ContentType::handshake && opened.type != ContentType::alert &&
      opened.type != ContentType::application_data) {
    return failure(Error(ErrorCode::record_unexpected_type).at("type", bytes.size()));
  }
  return inbound;
}

Result<record::OpenedRecord> ReadHalf::open_protected(ContentType outer_type, MutableBytes bytes,
                                                      RecordEvent& event) {
  const auto unexpected = failure(Error(ErrorCode::record_unexpected_type).at("type", 0));
  if (auto* const tls12 = std::get_if<record::Opener12>(&opener_)) {
    // There is one change_cipher_spec in a handshake, and it came before these keys (RFC 5246 §7.1).
    if (outer_type == ContentType::change_cipher_spec) return unexpected;
    event.sequence_number = tls12->sequence_number();
    return tls12->open(bytes, longest_inner_ - 1);
  }
  // "The outer opaque_type field of a TLSCiphertext record is always set to the value 23" (§5.2)
  if (outer_type != ContentType::application_data) return unexpected;
  auto& tls13 = std::get<record::Opener>(opener_);
  event.sequence_number = tls13.sequence_number();
  // Early data comes before the client has heard of a limit (RFC 8449 §4).
  return tls13.open(bytes, epoch_ == Epoch::early_data ? record::kMaxPlaintext + 1 : longest_inner_);
}

Result<void> ReadHalf::count_empty(const InboundRecord& inbound) {
  if (!inbound.content.empty()) {
    // An alert brings nothing that empty records between would be worth.
    if (inbound.type != ContentType::alert) empty_records_ = 0;
    return {};
  }
  // "Implementations MUST NOT send Handshake and Alert records that have a zero-length
  // TLSInnerPlaintext.content; if such a message is received, the receiving implementation MUST terminate the
  // connection with an "unexpected_message" alert."
  if (inbound.type != ContentType::application_data) {
    return failure(Error(ErrorCode::record_empty_handshake).at("length", 3));
  }
  if (++empty_records_ > limits::kMaxEmptyRecords) return failure(ErrorCode::record_empty_flood);
  return {};
}

Result<void> ReadHalf::set_keys(Epoch epoch, const keys::SuiteParameters& suite, const HashSecret& secret) {
  HANDFAST_TRY_ASSIGN(const keys::TrafficKeys traffic, keys::traffic_keys(suite, secret));
  HANDFAST_TRY_ASSIGN(record::Opener opener,
                      record::Opener::create(suite.aead, traffic.key.view(), traffic.iv.view()));
  opener_.emplace<record::Opener>(std::move(opener));
  suite_ = &suite;
  secret_ = secret.clone();
  epoch_ = epoch;
  if (observer_ != nullptr) observer_->on_key_change(Direction::received, epoch);
  return {};
}

Result<void> ReadHalf::set_keys12(const keys::SuiteParameters& suite, const keys::RecordKeys12& keys) {
  HANDFAST_TRY_ASSIGN(record::Opener12 opener,
                      record::Opener12::create(suite.aead, keys.key.view(), keys.iv.view()));
  opener_.emplace<record::Opener12>(std::move(opener));
  suite_ = &suite;
  epoch_ = Epoch::application;
  if (observer_ != nullptr) observer_->on_key_change(Direction::received, epoch_);
  return {};
}

Result<void> ReadHalf::update_keys() {
  HANDFAST_TRY_ASSIGN(const HashSecret next, keys::next_traffic_secret(suite_->hash, secret_));
  return set_keys(epoch_, *suite_, next);
}

}  // namespace handfast::connection
