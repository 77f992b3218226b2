// The exchange: see the header. Its order is that of BoringSSL's shim, which the tests rely on.
#include "exchange.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <array>
#include <handfast/tcp.hpp>
#include <utility>

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

Result<Connection> make_connection(const Options& options, Sessions& sessions, Seen& seen,
                                   Recorder& recorder) {
  ConnectionOptions how;
  how.observer = &recorder;
  how.keep_peer_certificates = true;
  if (options.is_server) {
    HANDFAST_TRY_ASSIGN(auto config, make_server_config(options, sessions, seen));
    return Connection::server(std::move(config), std::move(how));
  }
  HANDFAST_TRY_ASSIGN(auto config, make_client_config(options, sessions, seen));
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

// Their length, that of reading, that of writing.
Result<void> write_traffic_secrets(const Options& options, const Seen& seen, Channel& channel) {
  const auto size = static_cast<std::uint16_t>(seen.secrets.of_client.size());
  ByteString out = {static_cast<std::uint8_t>(size), static_cast<std::uint8_t>(size >> 8U)};
  const ByteString& reading = options.is_server ? seen.secrets.of_client : seen.secrets.of_server;
  const ByteString& writing = options.is_server ? seen.secrets.of_server : seen.secrets.of_client;
  out.insert(out.end(), reading.begin(), reading.end());
  out.insert(out.end(), writing.begin(), writing.end());
  return channel.write(out);
}

// Around every length at which something could be cut.
Result<void> write_record_sizes(Channel& channel) {
  const ByteString data(32769, 0x42);
  for (const std::size_t size : {0U, 1U, 255U, 256U, 257U, 16383U, 16384U, 16385U, 32767U, 32768U, 32769U}) {
    HANDFAST_TRY(channel.write(Bytes(data).first(size)));
  }
  return {};
}

// How much of what the shim says first is said already, as early data.
struct Greeted {
  std::uint64_t times = 0;
  std::size_t bytes = 0;  // of the next time
};

Result<Greeted> write_early(const Options& options, const Recorder& recorder, Channel& channel) {
  const Bytes greeting = as_bytes(options.shim_initial_write);
  Greeted greeted;
  if (options.export_keying_material != 0) HANDFAST_TRY(write_keying_material(options, channel));
  if (options.early_write_after_message != 0) {
    const auto awaited = static_cast<HandshakeType>(options.early_write_after_message);
    HANDFAST_TRY(channel.handshake_until([&] { return recorder.last_received() == awaited; }));
  }
  if (options.read_with_unfinished_write) {
    HANDFAST_TRY(channel.write_one_byte_of(greeting));
    return Greeted{options.repeat_shim_initial_write, 0};
  }
  if (!options.shim_writes_first) return greeted;
  while (greeted.times < options.repeat_shim_initial_write) {
    HANDFAST_TRY_ASSIGN(greeted.bytes, channel.write_early(greeting));
    if (greeted.bytes < greeting.size()) break;
    greeted = {greeted.times + 1, 0};
  }
  return greeted;
}

Result<void> write_first(const Options& options, Greeted greeted, Channel& channel) {
  const Bytes greeting = as_bytes(options.shim_initial_write);
  if (options.read_with_unfinished_write) {
    return greeted.times == 0 ? channel.write_one_byte_of(greeting) : Result<void>();
  }
  if (!options.shim_writes_first) return {};
  for (; greeted.times < options.repeat_shim_initial_write; ++greeted.times) {
    HANDFAST_TRY(channel.write(greeting.subspan(std::exchange(greeted.bytes, 0))));
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

Result<void> exchange(const Options& options, const Seen& seen, Greeted greeted, Channel& channel) {
  if (options.export_keying_material != 0) HANDFAST_TRY(write_keying_material(options, channel));
  if (options.export_traffic_secrets) HANDFAST_TRY(write_traffic_secrets(options, seen, channel));
  // What no TLS 1.3 implementation sends by itself: decompression_failure.
  if (options.send_alert) return channel.abort(static_cast<AlertDescription>(30));
  if (options.write_different_record_sizes) {
    HANDFAST_TRY(write_record_sizes(channel));
  } else {
    HANDFAST_TRY(write_first(options, greeted, channel));
    if (!options.shim_shuts_down) HANDFAST_TRY(echo(options, channel));
  }
  return shut_down(options, channel);
}

// A client whose early data was refused goes on under other flags, with nothing said so far.
Result<const Options*> settle_early_data(const Options& options, const Seen& seen, Greeted& greeted,
                                         Channel& channel) {
  const ConnectionInfo* const info = channel.connection().info();
  if (options.is_server || !options.is_resume || info == nullptr) return &options;
  const bool refused = seen.offers_early_data && info->early_data == EarlyDataStatus::refused;
  if (refused != options.expect_reject_early_data) {
    return failure(mismatch(refused ? "early data was refused" : "early data was not refused"));
  }
  if (!refused) return &options;
  const std::size_t sent = greeted.times * options.shim_initial_write.size() + greeted.bytes;
  if (channel.take_refused_early_data().size() != (options.shim_writes_first ? sent : 0)) {
    return failure(mismatch("the refused early data was not handed back"));
  }
  greeted = {};
  return options.retry;
}

}  // namespace

Result<void> run_connection(const Options& first, Sessions& sessions) {
  Seen seen;
  Recorder recorder(seen);
  const std::size_t stored = sessions.store->size() + sessions.store_without_tickets->size();
  HANDFAST_TRY_ASSIGN(Connection connection, make_connection(first, sessions, seen, recorder));
  HANDFAST_TRY_ASSIGN(Socket socket, connect_to_runner(first));
  seen.sessions_before = first.is_server ? stored : sessions.of_client->size();
  Channel channel(std::move(socket), std::move(connection), sessions.later, first.async);
  HANDFAST_TRY(channel.begin());
  seen.offers_early_data = channel.connection().early_data_limit() > 0;
  if (seen.offers_early_data && first.expect_no_offer_early_data) {
    return failure(mismatch("early data was offered"));
  }
  Greeted greeted;
  if (seen.offers_early_data) {
    HANDFAST_TRY_ASSIGN(greeted, write_early(first, recorder, channel));
  }
  HANDFAST_TRY(channel.handshake());
  HANDFAST_TRY_ASSIGN(const Options* const options, settle_early_data(first, seen, greeted, channel));
  const bool answers_early_data = !channel.connection().is_established();
  if (!answers_early_data) HANDFAST_TRY(check_handshake(*options, channel.connection(), recorder, seen));
  HANDFAST_TRY(exchange(*options, seen, greeted, channel));
  if (answers_early_data) HANDFAST_TRY(check_handshake(*options, channel.connection(), recorder, seen));
  HANDFAST_TRY(check_sessions(*options, channel.connection(), recorder, seen, sessions));
  return check_recording(*options, recorder);
}

}  // namespace handfast::bogo
