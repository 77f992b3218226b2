// Stream: the public face of Stream::Body.
#include <algorithm>
#include <handfast/stream.hpp>

#include "io/stream_body.hpp"
#include "io/system_call.hpp"

namespace handfast {

Result<Stream> Stream::connect(std::string_view host, std::uint16_t port,
                               std::shared_ptr<const ClientConfig> config, StreamOptions options) {
  HANDFAST_TRY_ASSIGN(auto name, ServerName::parse(host));
  const Deadline deadline = io::deadline_after(options.connect_timeout);
  HANDFAST_TRY_ASSIGN(const auto endpoints, resolve(host, port, deadline));
  HANDFAST_TRY_ASSIGN(auto socket, connect_tcp(endpoints, deadline));
  HANDFAST_TRY_ASSIGN(auto stream, client(std::move(socket), std::move(config), std::move(name), options));
  HANDFAST_TRY(stream.handshake());
  return stream;
}

namespace {

// The descriptor becomes non-blocking: waiting is poll()'s, with a deadline.
Result<Socket> prepare(const Socket& socket) {
  if (!io::set_nonblocking(socket.descriptor())) return failure(io::system_failure("socket", errno));
  return io::make_wakeup();
}

}  // namespace

Result<Stream> Stream::client(Socket socket, std::shared_ptr<const ClientConfig> config, ServerName name,
                              StreamOptions options) {
  HANDFAST_TRY_ASSIGN(auto wakeup, prepare(socket));
  auto body = std::make_unique<Body>(std::move(socket), std::move(wakeup), options);
  HANDFAST_TRY_ASSIGN(auto connection,
                      Connection::client(std::move(config), std::move(name), body->connection_options()));
  body->adopt(std::move(connection));
  return Stream(std::move(body));
}

Result<Stream> Stream::server(Socket socket, std::shared_ptr<const ServerConfig> config,
                              StreamOptions options) {
  HANDFAST_TRY_ASSIGN(auto wakeup, prepare(socket));
  auto body = std::make_unique<Body>(std::move(socket), std::move(wakeup), options);
  HANDFAST_TRY_ASSIGN(auto connection, Connection::server(std::move(config), body->connection_options()));
  body->adopt(std::move(connection));
  return Stream(std::move(body));
}

Stream::Stream(std::unique_ptr<Body> body) : body_(std::move(body)) {}
Stream::Stream(Stream&&) noexcept = default;
Stream& Stream::operator=(Stream&&) noexcept = default;
Stream::~Stream() = default;

Result<void> Stream::handshake() { return body_->handshake(); }

Result<std::size_t> Stream::write_early(Bytes data) { return body_->write_early(data); }
ByteString Stream::take_refused_early_data() { return body_->take_refused_early_data(); }
std::size_t Stream::early_bytes() const { return body_->early_bytes(); }

Result<std::size_t> Stream::read(MutableBytes out) {
  // Copied once: who wants to spare that uses read_view().
  HANDFAST_TRY_ASSIGN(const Bytes view, body_->read_view(out.size()));
  std::ranges::copy(view, out.begin());
  return view.size();
}

Result<Bytes> Stream::read_view() { return body_->read_view(kMaxRecordSize); }
Result<void> Stream::write(Bytes data) { return body_->write(data); }
Result<void> Stream::close_write() { return body_->close_write(); }
Result<void> Stream::close() { return body_->close(); }
Result<void> Stream::update_keys(bool request_peer) { return body_->update_keys(request_peer); }
Result<void> Stream::request_client_certificate(ClientCertificate wanted) {
  return body_->request_client_certificate(wanted);
}
Result<std::optional<ClientAnswer>> Stream::read_client_answer() { return body_->read_client_answer(); }
void Stream::set_io_timeout(std::chrono::milliseconds timeout) { body_->set_io_timeout(timeout); }
const Connection& Stream::connection() const { return body_->connection(); }
int Stream::descriptor() const { return body_->descriptor(); }
NetworkFailure Stream::network_failure() const { return body_->network_failure(); }

}  // namespace handfast
