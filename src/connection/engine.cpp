// Connection::Engine: life and the writing half. Receiving is in engine_receive.cpp, the Link in
// engine_link.cpp.
#include "connection/engine.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "keys/key_schedule.hpp"
#include "keys/key_schedule12.hpp"

namespace handfast {

using handshake::Handshake;

namespace {

bool allows_tls12(const Policy& policy) {
  return std::find(policy.versions.begin(), policy.versions.end(), ProtocolVersion::tls1_2) !=
         policy.versions.end();
}

}  // namespace

Connection::Engine::Engine(std::shared_ptr<const ClientConfig> config, ServerName name,
                           ConnectionOptions options)
    : side_(Side::client),
      options_(std::move(options)),
      budget_(limits::kMaxHandshakeMemory),
      inbound_(budget_),
      read_(Side::client, options_.observer),
      write_(ProtocolVersion::tls1_0, config->data().settings.padding, config->data().settings.key_lifetime,
             options_.observer),
      state_(Handshaking{}),
      may_be_tls12_(allows_tls12(config->data().settings.policy)) {
  std::get<Handshaking>(state_).handshake = std::make_unique<Handshake>(
      std::move(config), std::move(name), static_cast<Link&>(*this), options_.wake);
}

Connection::Engine::Engine(std::shared_ptr<const ServerConfig> config, ConnectionOptions options)
    : side_(Side::server),
      options_(std::move(options)),
      budget_(limits::kMaxHandshakeMemory),
      inbound_(budget_),
      read_(Side::server, options_.observer),
      write_(ProtocolVersion::tls1_2, config->data().settings.padding, config->data().settings.key_lifetime,
             options_.observer),
      state_(Handshaking{}),
      may_be_tls12_(allows_tls12(config->data().settings.policy)) {
  std::get<Handshaking>(state_).handshake =
      std::make_unique<Handshake>(std::move(config), static_cast<Link&>(*this), options_.wake);
}

Result<void> Connection::Engine::start() {
  HANDFAST_TRY_ASSIGN(const Outcome outcome, progress(std::get<Handshaking>(state_).handshake->advance()));
  (void)outcome;  // no handshake is done before anything was received
  return {};
}

Result<Sent> Connection::Engine::send(Bytes plaintext, MutableBytes output) {
  if (!is_established() && !answers_early_data()) return failure(ErrorCode::connection_not_established);
  HANDFAST_TRY(obey());
  return write_.send(plaintext, output);
}

bool Connection::Engine::answers_early_data() const {
  const auto* const handshaking = std::get_if<Handshaking>(&state_);
  return handshaking != nullptr && handshaking->answers_early_data;
}

std::size_t Connection::Engine::early_data_limit() const {
  const auto* const handshaking = std::get_if<Handshaking>(&state_);
  return side_ == Side::client && handshaking != nullptr ? handshaking->early_data_left : 0;
}

Result<Sent> Connection::Engine::send_early_data(Bytes plaintext, MutableBytes output) {
  if (side_ == Side::server) return failure(ErrorCode::connection_not_established);
  const std::size_t limit = early_data_limit();
  if (limit == 0) {
    HANDFAST_TRY_ASSIGN(const std::size_t flushed, flush(output));
    return Sent{0, flushed};
  }
  HANDFAST_TRY_ASSIGN(const Sent sent,
                      write_.send(plaintext.first(std::min(plaintext.size(), limit)), output));
  auto& handshaking = std::get<Handshaking>(state_);
  handshaking.early_data_left -= sent.consumed;
  const Bytes kept = plaintext.first(sent.consumed);
  handshaking.early_data_sent.insert(handshaking.early_data_sent.end(), kept.begin(), kept.end());
  return sent;
}

Result<void> Connection::Engine::export_early_keying_material(std::string_view label, Bytes context,
                                                              MutableBytes out) const {
  if (!early_exporter_) return failure(ErrorCode::not_in_this_version);
  return keys::export_keying_material(early_exporter_->hash, early_exporter_->secret, label, context, out);
}

Result<std::size_t> Connection::Engine::flush(MutableBytes output) {
  HANDFAST_TRY(obey());
  return write_.flush(output);
}

Result<void> Connection::Engine::obey() {
  HANDFAST_TRY(write_.obey(control_));
  // One answer at a time: what waits for the transport stays bounded.
  if (!authentications_ || write_.has_output()) return {};
  while (const std::optional<handshake::PreparedAnswer> answer = authentications_->next_answer()) {
    if (write_.stopped()) continue;  // nobody will hear it
    Result<void> queued = write_.queue_answer(*answer);
    if (!queued) write_.abandon();
    return queued;
  }
  return {};
}

bool Connection::Engine::has_output() const {
  return write_.has_output() || control_.has_output() || (authentications_ && authentications_->has_answer());
}

void Connection::Engine::close() {
  (void)obey();  // a failure of it stops the writing half, which is what is wanted
  if (write_.stopped()) return;
  if (!is_established()) {
    // "If a user cancels an operation [during the handshake] … This alert MUST be followed by a
    // "close_notify"." (§6.1)
    write_.queue_alert(AlertDescription::user_canceled);
    end_handshake();
  }
  write_.queue_alert(AlertDescription::close_notify);
}

void Connection::Engine::abort(AlertDescription reason) {
  (void)obey();
  if (write_.stopped()) return;
  if (!is_established()) end_handshake();
  write_.queue_alert(reason);
}

void Connection::Engine::end_handshake() {
  state_.emplace<Closed>();
  if (!read_error_) read_error_.emplace(Error(ErrorCode::connection_closed).seen_by(side_));
}

Result<void> Connection::Engine::update_keys(bool request_peer) {
  if (!is_established()) return failure(ErrorCode::connection_not_established);
  HANDFAST_TRY(obey());
  HANDFAST_TRY(write_.update_keys(request_peer));
  if (request_peer) control_.note_request();
  return {};
}

Result<void> Connection::Engine::request_client_certificate(ClientCertificate wanted) {
  if (!is_established()) return failure(ErrorCode::connection_not_established);
  if (side_ == Side::client || !authentications_) return failure(ErrorCode::post_handshake_auth_not_offered);
  HANDFAST_TRY(obey());
  if (write_.stopped()) return failure(ErrorCode::connection_closed);
  HANDFAST_TRY_ASSIGN(const ByteString request, authentications_->ask(wanted == ClientCertificate::required));
  return write_.queue_request(request);
}

Waiting Connection::Engine::waiting_for() const {
  if (read_error_ || close_received_) return {};
  if (const auto* handshaking = std::get_if<Handshaking>(&state_))
    return handshaking->handshake->waiting_for();
  return {Waiting::For::application, {}};
}

const ConnectionInfo* Connection::Engine::info() const {
  return is_established() ? &std::get<Established>(state_).info : nullptr;
}

const PeerCertificates* Connection::Engine::peer_certificates() const {
  return is_established() ? std::get<Established>(state_).peer_certificates.get() : nullptr;
}

std::span<const ByteString> Connection::Engine::verified_path() const {
  if (!is_established()) return {};
  return std::get<Established>(state_).verified_path;
}

Result<void> Connection::Engine::export_keying_material(std::string_view label, std::optional<Bytes> context,
                                                        MutableBytes out) const {
  if (!is_established()) return failure(ErrorCode::connection_not_established);
  const auto& established = std::get<Established>(state_);
  if (!established.randoms) {
    return keys::export_keying_material(established.suite->hash, established.exporter_secret, label,
                                        context.value_or(Bytes()), out);
  }
  // RFC 7627 §6.1: without it, two connections could share a main secret, and what they export.
  if (!established.info.extended_main_secret) return failure(ErrorCode::not_in_this_version);
  return keys::export_keying_material12(established.suite->hash, established.exporter_secret,
                                        *established.randoms, label, context ? &*context : nullptr, out);
}

}  // namespace handfast
