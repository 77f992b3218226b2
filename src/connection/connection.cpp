// Connection: the public face; everything is in the Engine.
#include <handfast/connection.hpp>
#include <new>

#include "connection/engine.hpp"

namespace handfast {

Connection::Connection(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;
Connection::~Connection() = default;

Result<Connection> Connection::client(std::shared_ptr<const ClientConfig> config, ServerName name,
                                      ConnectionOptions options) {
  try {
    auto engine = std::make_unique<Engine>(std::move(config), std::move(name), std::move(options));
    HANDFAST_TRY(engine->start());
    return Connection(std::move(engine));
  } catch (const std::bad_alloc&) {
    return failure(ErrorCode::out_of_memory);
  }
}

Result<Connection> Connection::server(std::shared_ptr<const ServerConfig> config, ConnectionOptions options) {
  try {
    auto engine = std::make_unique<Engine>(std::move(config), std::move(options));
    HANDFAST_TRY(engine->start());
    return Connection(std::move(engine));
  } catch (const std::bad_alloc&) {
    return failure(ErrorCode::out_of_memory);
  }
}

Result<Received> Connection::receive(MutableBytes input) { return engine_->receive(input); }

Result<void> Connection::receive_end() { return engine_->receive_end(); }

Result<Sent> Connection::send(Bytes plaintext, MutableBytes output) {
  try {
    return engine_->send(plaintext, output);
  } catch (const std::bad_alloc&) {
    engine_->abandon_writing();
    return failure(ErrorCode::out_of_memory);
  }
}

Result<Sent> Connection::send_early_data(Bytes plaintext, MutableBytes output) {
  try {
    return engine_->send_early_data(plaintext, output);
  } catch (const std::bad_alloc&) {
    engine_->abandon_writing();
    return failure(ErrorCode::out_of_memory);
  }
}

std::size_t Connection::early_data_limit() const { return engine_->early_data_limit(); }
const EarlyDataInfo* Connection::early_data_info() const { return engine_->early_data_info(); }
ByteString Connection::take_refused_early_data() { return engine_->take_refused_early_data(); }

Result<std::size_t> Connection::flush(MutableBytes output) {
  try {
    return engine_->flush(output);
  } catch (const std::bad_alloc&) {
    engine_->abandon_writing();
    return failure(ErrorCode::out_of_memory);
  }
}

bool Connection::has_output() const { return engine_->has_output(); }

void Connection::close() {
  try {
    engine_->close();
  } catch (const std::bad_alloc&) {
    // Without memory for the alert the peer learns of the end from its transport.
    engine_->abandon_writing();
  }
}

void Connection::abort(AlertDescription reason) {
  try {
    engine_->abort(reason);
  } catch (const std::bad_alloc&) {
    engine_->abandon_writing();
  }
}

Result<void> Connection::update_keys(bool request_peer) {
  try {
    return engine_->update_keys(request_peer);
  } catch (const std::bad_alloc&) {
    engine_->abandon_writing();
    return failure(ErrorCode::out_of_memory);
  }
}

Result<void> Connection::request_client_certificate(ClientCertificate wanted) {
  try {
    return engine_->request_client_certificate(wanted);
  } catch (const std::bad_alloc&) {
    engine_->abandon_writing();
    return failure(ErrorCode::out_of_memory);
  }
}

std::optional<ClientAnswer> Connection::take_client_answer() { return engine_->take_client_answer(); }

bool Connection::is_established() const { return engine_->is_established(); }
Waiting Connection::waiting_for() const { return engine_->waiting_for(); }
const ConnectionInfo* Connection::info() const { return engine_->info(); }
const PeerCertificates* Connection::peer_certificates() const { return engine_->peer_certificates(); }
std::span<const ByteString> Connection::verified_path() const { return engine_->verified_path(); }

Result<void> Connection::export_keying_material(std::string_view label, std::optional<Bytes> context,
                                                MutableBytes out) const {
  return engine_->export_keying_material(label, context, out);
}

Result<void> Connection::export_early_keying_material(std::string_view label, Bytes context,
                                                      MutableBytes out) const {
  return engine_->export_early_keying_material(label, context, out);
}

}  // namespace handfast
