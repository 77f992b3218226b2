// A server on a free port and visitors over real sockets: our own stream, curl, and those who misbehave.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <handfast/stream.hpp>
#include <handfast/system.hpp>
#include <nlohmann/json.hpp>
#include <thread>

#include "common/server.hpp"
#include "serve/options.hpp"

namespace handfast::apps::serve {
namespace {

using namespace std::chrono_literals;

// A running server; the reports of its visits.
class Running {
 public:
  explicit Running(ServeOptions options = {}, SessionLimits limits = {}) {
    auto prepared = prepare(options, system_clock());
    EXPECT_TRUE(prepared) << (prepared ? "" : prepared.error().to_string());
    if (!prepared) return;
    prepared_.emplace(std::move(*prepared));
    auto listener = TcpListener::bind("127.0.0.1", 0);
    EXPECT_TRUE(listener);
    if (!listener) return;
    prepared_->site.address = address_of(listener->endpoint());
    prepared_->site.limits = limits;
    server_.emplace(
        std::move(*listener),
        host_of(prepared_->site, [this](const SessionReport& report) { reports_.push_back(report); }), 0);
    thread_ = std::thread([this] { EXPECT_TRUE(server_->run()); });
  }
  ~Running() { stop(); }

  void stop() {
    if (!thread_.joinable()) return;
    server_->stop();
    thread_.join();
  }
  std::vector<SessionReport> finished() {
    stop();
    return reports_;
  }
  [[nodiscard]] std::uint16_t port() const { return server_->endpoint().port; }
  [[nodiscard]] const Identity& identity() const { return prepared_->identity; }

  Result<Stream> connect(ClientSettings settings = {}) const {
    auto anchors = std::make_shared<TrustAnchors>();
    HANDFAST_TRY(anchors->add_pem(identity().root_pem));
    HANDFAST_TRY_ASSIGN(settings.verifier, verify_with(std::move(anchors), system_clock()));
    if (settings.application_protocols.empty()) settings.application_protocols = {"h2", "http/1.1"};
    HANDFAST_TRY_ASSIGN(auto config, ClientConfig::create(std::move(settings)));
    HANDFAST_TRY_ASSIGN(const auto endpoints, resolve("127.0.0.1", port(), kNoDeadline));
    HANDFAST_TRY_ASSIGN(Socket socket, connect_tcp(endpoints, kNoDeadline));
    HANDFAST_TRY_ASSIGN(ServerName name, ServerName::parse("localhost"));
    HANDFAST_TRY_ASSIGN(Stream stream, Stream::client(std::move(socket), std::move(config), std::move(name)));
    HANDFAST_TRY(stream.handshake());
    return stream;
  }

  // The whole answer; an error if the end was not orderly.
  Result<std::string> ask(std::string_view request, ClientSettings settings = {}) const {
    HANDFAST_TRY_ASSIGN(Stream stream, connect(std::move(settings)));
    HANDFAST_TRY(stream.write(as_bytes(request)));
    std::string answer;
    for (;;) {
      HANDFAST_TRY_ASSIGN(const Bytes bytes, stream.read_view());
      if (bytes.empty()) break;
      answer += as_text(bytes);
    }
    HANDFAST_TRY(stream.close());
    return answer;
  }

  [[nodiscard]] Socket plain_socket() const {
    auto endpoints = resolve("127.0.0.1", port(), kNoDeadline);
    auto socket = connect_tcp(*endpoints, kNoDeadline);
    return std::move(*socket);
  }

 private:
  std::optional<Prepared> prepared_;
  std::optional<Server> server_;
  std::vector<SessionReport> reports_;
  std::thread thread_;
};

std::string get(std::string_view path) {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
}

std::string body_of(const std::string& answer) {
  const std::size_t end = answer.find("\r\n\r\n");
  return end == std::string::npos ? "" : answer.substr(end + 4);
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

TEST(ServeEndToEnd, ShowsTheVisitorsOwnHandshake) {
  Running running;
  const auto answer = running.ask(get("/"));
  ASSERT_TRUE(answer) << answer.error().to_string();
  EXPECT_TRUE(answer->starts_with("HTTP/1.1 200 OK\r\n"));
  EXPECT_TRUE(contains(*answer, "Content-Security-Policy: default-src 'none'"));
  EXPECT_FALSE(contains(*answer, "Strict-Transport-Security"));
  EXPECT_TRUE(contains(*answer, "Post-quantum: yes"));
  EXPECT_TRUE(contains(*answer, "CertificateVerify"));
  EXPECT_TRUE(contains(*answer, "GREASE"));
  EXPECT_TRUE(contains(*answer, "</html>"));
  const auto reports = running.finished();
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_EQ(reports[0].status, 200);
  EXPECT_FALSE(reports[0].error) << reports[0].error->to_string();
  EXPECT_TRUE(contains(*answer, reports[0].ja4));
}

TEST(ServeEndToEnd, TellsTheSameAsJson) {
  Running running;
  const auto answer = running.ask(get("/json"));
  ASSERT_TRUE(answer) << answer.error().to_string();
  const auto json = nlohmann::json::parse(body_of(*answer));
  EXPECT_EQ(json.at("schema"), "handfast.visit/1");
  EXPECT_EQ(json.at("connection").at("application_protocol"), "http/1.1");
  EXPECT_EQ(json.at("client_hello").at("server_name"), "localhost");
  std::vector<std::string> ids;
  for (const auto& step : json.at("handshake").at("steps")) ids.push_back(step.at("id"));
  const std::vector<std::string> expected = {
      "client_hello", "server_hello", "keys",     "encrypted_extensions",
      "certificate",  "cert_verify",  "finished", "finished"};
  ASSERT_GE(ids.size(), expected.size());
  ids.resize(expected.size());
  EXPECT_EQ(ids, expected);
}

TEST(ServeEndToEnd, AnswersWhatElseIsAsked) {
  Running running;
  EXPECT_EQ(body_of(running.ask(get("/health")).value_or("")), "ok\n");
  EXPECT_TRUE(running.ask(get("/nothing")).value_or("").starts_with("HTTP/1.1 404 "));
  const std::string head = running.ask("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n").value_or("");
  EXPECT_TRUE(head.starts_with("HTTP/1.1 200 "));
  EXPECT_EQ(body_of(head), "");
  const std::string post =
      running.ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab").value_or("");
  EXPECT_TRUE(post.starts_with("HTTP/1.1 405 "));
  EXPECT_TRUE(contains(post, "Allow: GET, HEAD\r\n"));
  EXPECT_TRUE(running.ask("nonsense\r\n\r\n").value_or("").starts_with("HTTP/1.1 400 "));
  const std::string huge = "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n";
  EXPECT_TRUE(running.ask(huge).value_or("").starts_with("HTTP/1.1 431 "));
}

TEST(ServeEndToEnd, ExplainsAHelloRetryRequest) {
  ServeOptions options;
  options.groups = "secp384r1";
  Running running(options);
  ClientSettings settings;
  settings.policy.groups = {NamedGroup::x25519, NamedGroup::secp384r1};
  settings.policy.key_shares = {NamedGroup::x25519};
  const auto answer = running.ask(get("/"), std::move(settings));
  ASSERT_TRUE(answer) << answer.error().to_string();
  EXPECT_TRUE(contains(*answer, "HelloRetryRequest"));
  EXPECT_TRUE(contains(*answer, "Post-quantum: no"));
  EXPECT_TRUE(contains(*answer, "at the cost of one round trip"));
}

TEST(ServeEndToEnd, TellsPlainHttpWhereToGo) {
  Running running;
  const Socket socket = running.plain_socket();
  const std::string request = get("/");
  ASSERT_GT(::send(socket.descriptor(), request.data(), request.size(), MSG_NOSIGNAL), 0);
  std::string answer;
  char buffer[512];
  for (;;) {
    const auto count = ::recv(socket.descriptor(), buffer, sizeof buffer, 0);
    if (count < 0 && errno == EAGAIN) {
      std::this_thread::sleep_for(5ms);
      continue;
    }
    if (count <= 0) break;
    answer.append(buffer, static_cast<std::size_t>(count));
  }
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 400 "));
  EXPECT_TRUE(contains(answer, "https://localhost:"));
}

TEST(ServeEndToEnd, DoesNotWaitForTheSlow) {
  SessionLimits limits;
  limits.handshake = 3s;  // enough for a busy machine
  limits.request = 1s;
  Running running({}, limits);
  const Socket silent = running.plain_socket();
  auto dripping = running.connect();
  ASSERT_TRUE(dripping) << dripping.error().to_string();
  ASSERT_TRUE(dripping->write(as_bytes("GET / HT")));
  const auto answer = dripping->read_view();
  ASSERT_TRUE(answer) << answer.error().to_string();
  EXPECT_TRUE(as_text(*answer).starts_with("HTTP/1.1 408 "));
  const auto reports = running.finished();
  ASSERT_EQ(reports.size(), 2U);
  for (const SessionReport& report : reports) EXPECT_EQ(report.status, report.outcome ? 408 : 0);
}

TEST(ServeEndToEnd, StopsAtOnceWhileVisitorsLinger) {
  Running running;
  const Socket silent = running.plain_socket();
  auto idle = running.connect();
  ASSERT_TRUE(idle) << idle.error().to_string();
  const auto start = std::chrono::steady_clock::now();
  running.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
}

TEST(ServeEndToEnd, CurlTrustsTheThrowAwayAuthority) {
  if (std::system("command -v curl >/dev/null 2>&1") != 0) GTEST_SKIP() << "curl is not installed";
  Running running;
  char folder[] = "/tmp/handfast-serve-XXXXXX";
  ASSERT_NE(::mkdtemp(folder), nullptr);
  const std::string root = std::string(folder) + "/root.pem";
  std::ofstream(root) << running.identity().root_pem;
  for (const std::string host : {"localhost", "127.0.0.1"}) {
    const std::string command = "curl -sS --noproxy '*' --tlsv1.3 --max-time 20 --cacert " + root +
                                " https://" + host + ":" + std::to_string(running.port()) + "/json 2>&1";
    FILE* pipe = ::popen(command.c_str(), "r");
    ASSERT_NE(pipe, nullptr);
    std::string output;
    char buffer[4096];
    for (std::size_t count = 0; (count = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;)
      output.append(buffer, count);
    EXPECT_EQ(::pclose(pipe), 0) << output;
    EXPECT_TRUE(contains(output, "handfast.visit/1")) << output.substr(0, 300);
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace handfast::apps::serve
