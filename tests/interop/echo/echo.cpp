// A client and a server that echo, for what `handfast connect` and `handfast serve` have no words for: key
// shares of one's own choice, key updates, padding, record limits, many bytes both ways. Through the public
// API only. One line of JSON for each connection; must not judge what it reports.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <handfast/stream.hpp>
#include <handfast/system.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "connect/options.hpp"

namespace {

using namespace handfast;
using Json = nlohmann::ordered_json;

struct Options {
  std::string name = "localhost";
  std::uint16_t port = 0;
  std::string certificate, key, ca, groups, suites, shares, authentication = "none";
  std::vector<std::string> protocols;
  std::uint16_t record_limit = 0;
  std::size_t padding = 1;
  std::uint64_t key_lifetime = 0;
  bool cookie = false, no_compatibility = false;
  std::size_t bytes = 0;         // client: how much to send
  std::size_t update_every = 0;  // new sending keys after so many bytes; 0: never
  bool ask = false;              // and ask the peer for its own
  std::size_t connections = 1;   // server
  bool http = false;             // the echo is the body of an HTTP answer; client: fetches a page
  bool cut = false;              // server: leave without close_notify
  bool tls12 = false;            // TLS 1.2 only, under policy legacy
  std::string sessions;          // server: keeps them in tickets or in a store
  bool later = false;            // server: asks for a certificate after the handshake
  std::size_t visits = 1;        // client: connections, which resume the session of the one before
};

// One line that reads the same backwards, so that peers that echo and those that reverse lines answer alike.
std::string palindrome(std::size_t number) {
  std::string half = fmt::format("{:08}-the-quick-brown-fox-jumps-over-the-lazy-dog-", number);
  return half + std::string(half.rbegin(), half.rend()) + "\n";
}

std::string lines_of(std::size_t size) {
  std::string out;
  for (std::size_t i = 0; out.size() < size; ++i) out += palindrome(i);
  return out;
}

// Writes in pieces and changes keys as it was told to.
class Sender {
 public:
  Sender(Stream& stream, const Options& options) : stream_(stream), options_(options) {}

  Result<void> send(Bytes data) {
    constexpr std::size_t kPiece = 40'000;  // more than one record, not a multiple of one
    while (!data.empty()) {
      const Bytes piece = data.first(std::min(data.size(), kPiece));
      HANDFAST_TRY(stream_.write(piece));
      data = data.subspan(piece.size());
      since_update_ += piece.size();
      if (options_.update_every > 0 && since_update_ >= options_.update_every) {
        HANDFAST_TRY(stream_.update_keys(options_.ask));
        since_update_ = 0;
        ++updates_;
      }
    }
    return {};
  }
  [[nodiscard]] std::size_t updates() const { return updates_; }

 private:
  Stream& stream_;
  const Options& options_;
  std::size_t since_update_ = 0;
  std::size_t updates_ = 0;
};

Json describe(const Connection& connection) {
  const auto* info = connection.info();
  if (info == nullptr) return nullptr;
  return {{"version", name_of(info->version)},
          {"resumed", info->resumed},
          {"cipher_suite", name_of(info->suite)},
          {"group", name_of(info->group)},
          {"hello_retry", info->hello_retry},
          {"client_certificate", info->client_signature_scheme.has_value()},
          {"application_protocol", info->application_protocol},
          {"peer_record_size_limit", info->peer_record_size_limit}};
}

void print(Json line, const Result<void>& outcome, const Stream* stream) {
  line["ok"] = outcome.has_value();
  if (stream != nullptr) line["connection"] = describe(stream->connection());
  if (!outcome)
    line["error"] = {{"code", outcome.error().info().name}, {"text", outcome.error().to_string()}};
  fmt::print("{}\n", line.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace));
  std::fflush(stdout);
}

Result<void> fill(CommonSettings& settings, const Options& options) {
  settings.clock = &system_clock();
  if (options.tls12) {
    settings.policy = Policy::legacy();
    settings.policy.versions = {ProtocolVersion::tls1_2};
  }
  if (!options.suites.empty()) {
    HANDFAST_TRY_ASSIGN(settings.policy.suites, apps::parse_suites(options.suites));
  }
  if (!options.groups.empty()) {
    HANDFAST_TRY_ASSIGN(settings.policy.groups, apps::parse_groups(options.groups));
    settings.policy.key_shares = {settings.policy.groups.front()};
  }
  if (!options.shares.empty()) {
    HANDFAST_TRY_ASSIGN(settings.policy.key_shares, apps::parse_groups(options.shares));
  }
  settings.application_protocols = options.protocols;
  if (options.record_limit > 0) settings.record_size_limit = options.record_limit;
  settings.padding.block = options.padding;
  if (options.key_lifetime > 0) settings.key_lifetime = options.key_lifetime;
  return {};
}

Result<Credential> credential_of(const Options& options) {
  HANDFAST_TRY_ASSIGN(const std::string chain, read_file(options.certificate));
  HANDFAST_TRY_ASSIGN(const std::string key, read_file(options.key));
  return Credential::from_pem(chain, key);
}

// Echoes until the peer's end; true then. With --http: one request, whose body goes back.
Result<std::size_t> echo_all(Stream& stream, Sender& sender) {
  std::size_t total = 0;
  for (;;) {
    HANDFAST_TRY_ASSIGN(const Bytes bytes, stream.read_view());
    if (bytes.empty()) return total;
    total += bytes.size();
    HANDFAST_TRY(sender.send(bytes));
  }
}

Result<std::size_t> echo_http(Stream& stream, Sender& sender) {
  std::string request;
  std::size_t wanted = std::string::npos;
  while (request.size() < wanted) {
    HANDFAST_TRY_ASSIGN(const Bytes bytes, stream.read_view());
    if (bytes.empty()) return failure(ErrorCode::truncated);
    request += as_text(bytes);
    const std::size_t head = request.find("\r\n\r\n");
    if (head == std::string::npos || wanted != std::string::npos) continue;
    const std::size_t field = request.find("Content-Length: ");
    wanted = head + 4 + (field < head ? std::stoul(request.substr(field + 16)) : 0);
  }
  const std::string body = request.substr(request.find("\r\n\r\n") + 4);
  const std::string answer =
      fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}", body.size(), body);
  HANDFAST_TRY(sender.send(as_bytes(answer)));
  return body.size();
}

Result<void> serve_one(Stream& stream, const Options& options, Json& line) {
  HANDFAST_TRY(stream.handshake());
  if (options.later) HANDFAST_TRY(stream.request_client_certificate(ClientCertificate::optional));
  Sender sender(stream, options);
  HANDFAST_TRY_ASSIGN(const std::size_t total,
                      options.http ? echo_http(stream, sender) : echo_all(stream, sender));
  line["bytes"] = total;
  line["key_updates_sent"] = sender.updates();
  if (options.later) {
    HANDFAST_TRY_ASSIGN(const std::optional<ClientAnswer> answer, stream.read_client_answer());
    line["certificates_later"] = answer && answer->certificates ? answer->certificates->chain.size() : 0;
    line["answered_later"] = answer.has_value();
  }
  if (options.cut) return {};
  HANDFAST_TRY(stream.close_write());
  if (options.http) HANDFAST_TRY(stream.read_view());
  return stream.close();
}

Result<void> run_server(const Options& options) {
  ServerSettings settings;
  HANDFAST_TRY(fill(settings, options));
  settings.hello_retry_cookie = options.cookie;
  HANDFAST_TRY_ASSIGN(auto credential, credential_of(options));
  settings.credentials.push_back(std::move(credential));
  if (options.authentication != "none") {
    settings.client_authentication = options.authentication == "required" ? ClientAuthentication::required
                                                                          : ClientAuthentication::optional;
  }
  settings.post_handshake_authentication = options.later;
  if (options.authentication != "none" || options.later) {
    HANDFAST_TRY_ASSIGN(auto anchors, trust_from_file(options.ca));
    HANDFAST_TRY_ASSIGN(settings.client_verifier, verify_with(std::move(anchors), system_clock()));
  }
  if (options.sessions == "tickets") {
    HANDFAST_TRY_ASSIGN(settings.ticket_keys, TicketKeys::rotating(system_clock()));
  } else if (options.sessions == "store") {
    settings.session_store = make_session_store(system_clock());
  }
  HANDFAST_TRY_ASSIGN(const auto config, ServerConfig::create(std::move(settings)));
  HANDFAST_TRY_ASSIGN(auto listener, TcpListener::bind("127.0.0.1", options.port));
  fmt::print("port {}\n", listener.port());
  std::fflush(stdout);
  StreamOptions stream_options;
  stream_options.io_timeout = std::chrono::seconds(10);
  for (std::size_t i = 0; i < options.connections; ++i) {
    HANDFAST_TRY_ASSIGN(auto socket, listener.accept());
    HANDFAST_TRY_ASSIGN(auto stream, Stream::server(std::move(socket), config, stream_options));
    Json line = Json::object();
    const auto outcome = serve_one(stream, options, line);
    print(std::move(line), outcome, &stream);
  }
  return {};
}

Result<void> talk(Stream& stream, const Options& options, Json& line) {
  const std::string text = lines_of(options.bytes);
  Sender sender(stream, options);
  Result<void> sent;
  std::thread writer([&] { sent = sender.send(as_bytes(text)); });
  std::string answer;
  Result<void> read;
  while (answer.size() < text.size()) {
    auto bytes = stream.read_view();
    if (!bytes) read = failure(std::move(bytes).error());
    if (!bytes || bytes->empty()) break;
    answer += as_text(*bytes);
  }
  writer.join();
  line["bytes"] = answer.size();
  line["same"] = answer == text;
  line["key_updates_sent"] = sender.updates();
  HANDFAST_TRY(sent);
  HANDFAST_TRY(read);
  HANDFAST_TRY(stream.close_write());
  // What the peer does with the end of our half is its own affair; some answer, some hang up.
  stream.set_io_timeout(std::chrono::seconds(2));
  const auto last = stream.read_view();
  line["peer_end"] = !last ? last.error().info().name : last->empty() ? "close_notify" : "more data";
  return stream.close();
}

// One page of a web server.
Result<void> fetch(Stream& stream, Json& line) {
  HANDFAST_TRY(stream.write(as_bytes("GET / HTTP/1.0\r\nHost: localhost\r\n\r\n")));
  std::string answer;
  for (;;) {
    HANDFAST_TRY_ASSIGN(const Bytes bytes, stream.read_view());
    if (bytes.empty()) break;
    answer += as_text(bytes);
  }
  line["same"] = answer.starts_with("HTTP/1.") && answer.find(" 200 ") < 12;
  return stream.close();
}

Result<void> visit(const std::shared_ptr<const ClientConfig>& config, const Options& options) {
  const Deadline deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  HANDFAST_TRY_ASSIGN(const auto endpoints, resolve("127.0.0.1", options.port, deadline));
  HANDFAST_TRY_ASSIGN(auto socket, connect_tcp(endpoints, deadline));
  HANDFAST_TRY_ASSIGN(auto name, ServerName::parse(options.name));
  StreamOptions stream_options;
  stream_options.io_timeout = std::chrono::seconds(10);
  HANDFAST_TRY_ASSIGN(auto stream,
                      Stream::client(std::move(socket), config, std::move(name), stream_options));
  Json line = Json::object();
  auto outcome = stream.handshake();
  if (outcome) outcome = options.http ? fetch(stream, line) : talk(stream, options, line);
  print(std::move(line), outcome, &stream);
  return outcome;
}

Result<void> run_client(const Options& options) {
  ClientSettings settings;
  HANDFAST_TRY(fill(settings, options));
  settings.middlebox_compatibility = !options.no_compatibility;
  if (!options.certificate.empty()) {
    HANDFAST_TRY_ASSIGN(auto credential, credential_of(options));
    settings.credentials.push_back(std::move(credential));
  }
  HANDFAST_TRY_ASSIGN(auto anchors, trust_from_file(options.ca));
  HANDFAST_TRY_ASSIGN(settings.verifier, verify_with(std::move(anchors), system_clock()));
  if (options.visits > 1) settings.sessions = std::make_shared<ClientSessions>();
  HANDFAST_TRY_ASSIGN(const auto config, ClientConfig::create(std::move(settings)));
  for (std::size_t i = 0; i < options.visits; ++i) HANDFAST_TRY(visit(config, options));
  return {};
}

void add_common(CLI::App& app, Options& options) {
  app.add_option("--port", options.port);
  app.add_option("--cert", options.certificate);
  app.add_option("--key", options.key);
  app.add_option("--ca", options.ca);
  app.add_option("--groups", options.groups);
  app.add_option("--shares", options.shares);
  app.add_option("--suites", options.suites);
  app.add_option("--alpn", options.protocols)->delimiter(',');
  app.add_option("--record-limit", options.record_limit);
  app.add_option("--padding", options.padding);
  app.add_option("--key-lifetime", options.key_lifetime);
  app.add_option("--update-every", options.update_every);
  app.add_flag("--ask", options.ask);
  app.add_flag("--tls1.2", options.tls12);
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  Options options;
  CLI::App app("Echoes over TLS, for the interoperability tests.", "interop_echo");
  app.require_subcommand(1);
  CLI::App* server = app.add_subcommand("server");
  add_common(*server, options);
  server->add_option("--client-auth", options.authentication);
  server->add_option("--connections", options.connections);
  server->add_option("--sessions", options.sessions);
  server->add_flag("--cookie", options.cookie);
  server->add_flag("--http", options.http);
  server->add_flag("--cut", options.cut);
  server->add_flag("--later", options.later);
  CLI::App* client = app.add_subcommand("client");
  add_common(*client, options);
  client->add_option("--name", options.name);
  client->add_option("--bytes", options.bytes);
  client->add_option("--visits", options.visits);
  client->add_flag("--http", options.http);
  client->add_flag("--no-compatibility", options.no_compatibility);
  CLI11_PARSE(app, argc, argv);
  const auto done = server->parsed() ? run_server(options) : run_client(options);
  if (!done) fmt::print(stderr, "{}\n", done.error().to_string());
  return done ? 0 : 1;
}
