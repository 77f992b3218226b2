// Connection::Engine as the handshake's Link: keys and messages reach the two halves. RFC 9846 §5.1, §7.3.
#include "connection/engine.hpp"

namespace handfast {

Result<void> Connection::Engine::send(HandshakeType type, Bytes message) {
  // Flights alternate: what the peer may send only after this message it cannot have begun yet.
  HANDFAST_TRY(record_boundary());
  return write_.queue_message(type, message);
}

Result<void> Connection::Engine::send_change_cipher_spec() { return write_.queue_change_cipher_spec(); }

Result<handshake::RecordBoundary> Connection::Engine::record_boundary() {
  const auto& handshaking = std::get<Handshaking>(state_);
  // "Implementations MUST verify that all messages immediately preceding a key change align with a record
  // boundary; if not, then they MUST terminate the connection with an "unexpected_message" alert." (§5.1)
  if (!handshaking.payload.empty() || !inbound_.empty()) return failure(ErrorCode::message_across_key_change);
  return vouch();
}

Result<void> Connection::Engine::set_read_keys(Epoch epoch, const keys::SuiteParameters& suite,
                                               const HashSecret& secret, handshake::RecordBoundary) {
  may_be_tls12_ = false;
  return read_.set_keys(epoch, suite, secret);
}

Result<void> Connection::Engine::set_write_keys(Epoch epoch, const keys::SuiteParameters& suite,
                                                const HashSecret& secret) {
  auto& handshaking = std::get<Handshaking>(state_);
  if (side_ == Side::client) handshaking.early_data_left = 0;
  HANDFAST_TRY(write_.set_keys(epoch, suite, secret));
  handshaking.answers_early_data =
      side_ == Side::server && epoch == Epoch::application && read_.epoch() == Epoch::early_data;
  return {};
}

Result<void> Connection::Engine::offer_early_data(const keys::SuiteParameters& suite,
                                                  handshake::EarlyDataSecrets secrets, std::size_t limit) {
  HANDFAST_TRY(write_.set_keys(Epoch::early_data, suite, secrets.traffic));
  std::get<Handshaking>(state_).early_data_left = limit;
  early_exporter_ =
      std::make_unique<EarlyExporter>(suite.hash, std::move(secrets.exporter), std::move(secrets.info));
  return {};
}

void Connection::Engine::give_up_early_data() {
  auto& handshaking = std::get<Handshaking>(state_);
  handshaking.early_data_left = 0;
  handshaking.early_data_refused = true;
  early_exporter_.reset();
  if (!write_.drop_keys()) write_.abandon();
}

Result<void> Connection::Engine::accept_early_data(const keys::SuiteParameters& suite,
                                                   handshake::EarlyDataSecrets secrets, std::size_t limit,
                                                   handshake::RecordBoundary) {
  HANDFAST_TRY(read_.set_keys(Epoch::early_data, suite, secrets.traffic));
  std::get<Handshaking>(state_).early_data_left = limit;
  early_exporter_ =
      std::make_unique<EarlyExporter>(suite.hash, std::move(secrets.exporter), std::move(secrets.info));
  return {};
}

void Connection::Engine::skip_early_data(std::size_t limit) {
  std::get<Handshaking>(state_).early_data_refused = true;
  read_.skip_early_data(limit);
}

void Connection::Engine::allow_change_cipher_spec(bool allowed) {
  std::get<Handshaking>(state_).allows_change_cipher_spec = allowed;
}

void Connection::Engine::set_record_size_limits(std::size_t send, std::size_t receive) {
  constexpr std::size_t kLongest = record::kMaxPlaintext + 1;
  write_.set_record_size_limit(std::min(send, kLongest));
  read_.set_record_size_limit(std::min(receive, kLongest));
}

Result<void> Connection::Engine::begin_tls12(KeyExchange exchange) {
  auto& handshaking = std::get<Handshaking>(state_);
  // What was dropped in case this would be TLS 1.3 came too early.
  if (handshaking.change_cipher_specs != 0) {
    return failure(Error(ErrorCode::record_bad_change_cipher_spec).at("type", 0));
  }
  handshaking.allows_change_cipher_spec = false;
  version_ = ProtocolVersion::tls1_2;
  exchange_ = exchange;
  write_.begin_tls12(exchange);
  return {};
}

Result<void> Connection::Engine::set_read_keys12(const keys::SuiteParameters& suite,
                                                 const keys::RecordKeys12& keys, handshake::RecordBoundary) {
  return read_.set_keys12(suite, keys);
}

Result<void> Connection::Engine::set_write_keys12(const keys::SuiteParameters& suite,
                                                  const keys::RecordKeys12& keys) {
  return write_.set_keys12(suite, keys);
}

void Connection::Engine::set_max_fragment_length(std::size_t length) {
  write_.set_max_fragment_length(length);
  read_.set_max_fragment_length(length);
}

}  // namespace handfast
