// The exchange: see the header. Its order is that of BoringSSL's shim, which the tests rely on.
#include "exchange.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <array>
#include <handfast/tcp.hpp>

#include "channel.hpp"
#include "expectations.hpp"
#include "settings.hpp"

namespace handfast::bogo {
namespace {

constexpr std::size_t kReadSize = 512;

Result<Socket> connect_to_runner(const Options& options) {
  const Endpoint endpoint{.address = options.ipv6 ? "::1" : "127.0.0.1",
                          .port = static_cast<std::uint16_t>(options.port),
                          .ipv6 = options.ipv6};
  HANDFAST_TRY_ASSIGN(Socket socket, connect_tcp({endpoint}, kNoDeadline));
  // The channel blocks; connect_tcp leaves a socket that does not.
  if (::fcntl(socket.descriptor(), F_SETFL, 0) != 0) return failure(ErrorCode::io_failed);
  std::array<std::uint8_t, 8> id{};
  for (std::size_t i = 0; i < id.size(); ++i) id[i] = static_cast<std::uint8_t>(options.shim_id >> (8 * i));
  if (::send(socket.descriptor(), id.data(), id.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(id.size())) {
    return failure(ErrorCode::io_failed);
  }
  return socket;
}

Result<Connection> make_connection(const Options& options, Later& later, Seen& seen, Recorder& recorder) {
  ConnectionOptions how;
  how.observer = &recorder;
  how.keep_peer_certificates = true;
  if (options.is_server) {
    HANDFAST_TRY_ASSIGN(auto config, make_server_config(options, later, seen));
    return Connection::server(std::move(config), std::move(how));
  }
  HANDFAST_TRY_ASSIGN(auto config, make_client_config(options, later, seen));
  HANDFAST_TRY_ASSIGN(auto name, ServerName::parse(options.host_name.empty() ? "runner" : options.host_name));
  return Connection::client(std::move(config), std::move(name), std::move(how));
}

Result<void> write_keying_material(const Options& options, Channel& channel) {
  ByteString material(options.export_keying_material);
  std::optional<Bytes> context;
  if (options.use_export_context) context = as_bytes(options.export_context);
  HANDFAST_TRY(channel.connection().export_keying_material(options.export_label, context, material));
  return channel.write(material);
}

// Around every length at which something could be cut.
Result<void> write_record_sizes(Channel& channel) {
  const ByteString data(32769, 0x42);
  for (const std::size_t size : {0U, 1U, 255U, 256U, 257U, 16383U, 16384U, 16385U, 32767U, 32768U, 32769U}) {
    HANDFAST_TRY(channel.write(Bytes(data).first(size)));
  }
  return {};
}

Result<void> write_first(const Options& options, Channel& channel) {
  const Bytes greeting = as_bytes(options.shim_initial_write);
  if (options.read_with_unfinished_write) return channel.write_one_byte_of(greeting);
  if (!options.shim_writes_first) return {};
  for (std::uint64_t i = 0; i < options.repeat_shim_initial_write; ++i) {
    HANDFAST_TRY(channel.write(greeting));
  }
  return {};
}

// Answers what comes with its complement, until the runner ends.
Result<void> echo(const Options& options, Channel& channel) {
  ByteString buffer(options.read_size != 0 ? options.read_size : kReadSize);
  bool is_unfinished = options.read_with_unfinished_write;
  for (;;) {
    if (options.key_update_before_read) HANDFAST_TRY(channel.update_keys());
    HANDFAST_TRY_ASSIGN(const std::size_t size, channel.read(buffer));
    if (size == 0) return {};
    if (is_unfinished) HANDFAST_TRY(channel.finish_write());
    is_unfinished = false;
    if (options.key_update) HANDFAST_TRY(channel.update_keys());
    for (std::size_t i = 0; i < size; ++i) buffer[i] = static_cast<std::uint8_t>(buffer[i] ^ 0xffU);
    HANDFAST_TRY(channel.write(Bytes(buffer).first(size)));
  }
}

Result<void> shut_down(const Options& options, Channel& channel) {
  if (!options.check_close_notify) return {};
  HANDFAST_TRY(channel.close());
  if (options.shim_shuts_down) {
    std::array<std::uint8_t, kReadSize> rest{};
    HANDFAST_TRY_ASSIGN(const std::size_t size, channel.read(rest));
    if (size != 0) return failure(mismatch("application data instead of close_notify"));
  }
  if (channel.ended_cleanly()) return {};
  return failure(mismatch("the runner ended without close_notify"));
}

Result<void> exchange(const Options& options, Channel& channel) {
  if (options.export_keying_material != 0) HANDFAST_TRY(write_keying_material(options, channel));
  if (options.write_different_record_sizes) {
    HANDFAST_TRY(write_record_sizes(channel));
  } else {
    HANDFAST_TRY(write_first(options, channel));
    if (!options.shim_shuts_down) HANDFAST_TRY(echo(options, channel));
  }
  return shut_down(options, channel);
}

}  // namespace

Result<void> run_connection(const Options& options) {
  Later later;
  Seen seen;
  Recorder recorder;
  HANDFAST_TRY_ASSIGN(Connection connection, make_connection(options, later, seen, recorder));
  HANDFAST_TRY_ASSIGN(Socket socket, connect_to_runner(options));
  Channel channel(std::move(socket), std::move(connection), later, options.async);
  HANDFAST_TRY(channel.handshake());
  HANDFAST_TRY(check_handshake(options, channel.connection(), recorder, seen));
  HANDFAST_TRY(exchange(options, channel));
  return check_recording(options, recorder);
}

}  // namespace handfast::bogo
