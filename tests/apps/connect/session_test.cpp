// Whole sessions against a server in this process, with real files, as the command runs them.
#include "connect/session.hpp"

#include <gtest/gtest.h>

#include <future>
#include <handfast/stream.hpp>
#include <handfast/system.hpp>

#include "connect/json.hpp"
#include "connect/revisit.hpp"
#include "crypto/pem.hpp"
#include "io/temporary_folder.hpp"
#include "support/authority.hpp"

namespace handfast::apps {
namespace {

using test::must;

class SessionTest : public ::testing::Test {
 protected:
  SessionTest() {
    authority_.emplace(crypto::KeyType::ec_p256, system_clock().now());
    roots_ = folder_.write("root.pem", crypto::to_pem("CERTIFICATE", authority_->root()));
  }

  // Serves one connection that echoes until the client's end.
  SessionResult run(ServerSettings settings, const std::function<void(ConnectCommand&)>& change = {}) {
    auto listener = must(TcpListener::bind());
    const auto config = must(ServerConfig::create(std::move(settings)));
    auto serving = std::async(std::launch::async, [&] { serve_one(listener, config); });
    ConnectCommand command;
    command.input = "127.0.0.1:" + std::to_string(listener.port());
    command.server_name = "server.test";
    command.authorities = {roots_};
    command.idle = std::chrono::milliseconds(300);
    command.probes = false;  // the server is there for one visitor
    if (change) change(command);
    auto result = run_session(command, view_);
    listener.stop();
    json_ = session_json(result, command, view_.answer);
    return result;
  }
  static void serve_one(TcpListener& listener, const std::shared_ptr<const ServerConfig>& config) {
    auto socket = listener.accept();
    if (!socket) return;
    auto stream = must(Stream::server(std::move(*socket), config));
    if (!stream.handshake()) return;
    for (;;) {
      const auto data = stream.read_view();
      if (!data || data->empty()) break;
      if (!stream.write(*data)) break;
    }
    (void)stream.close();
  }
  // The system's clock decides here, so certificates are valid now.
  ServerSettings settings(const std::function<void(pki::IssueSpec&)>& change = {}) {
    auto spec = authority_->leaf_spec("server.test");
    spec.not_before = system_clock().now() - std::chrono::hours(1);
    spec.not_after = system_clock().now() + std::chrono::hours(1000);
    if (change) change(spec);
    ServerSettings out;
    out.credentials.push_back(authority_->credential(spec, crypto::KeyType::ec_p256));
    return out;
  }

  class View : public SessionView {
   public:
    void on_answer(Bytes data) override { answer += as_text(data); }
    void on_step(const TraceStep& step) override { steps.emplace_back(id_of(step.kind)); }
    std::string answer;
    std::vector<std::string> steps;
  };

  test::TemporaryFolder folder_;
  std::optional<test::Authority> authority_;
  std::string roots_;
  View view_;
  nlohmann::ordered_json json_;
};

TEST_F(SessionTest, ConnectsAndTellsAll) {
  const auto result = run(settings());
  EXPECT_EQ(result.exit, ExitCode::success);
  EXPECT_TRUE(result.identity_checked);
  ASSERT_TRUE(result.info);
  EXPECT_EQ(json_["schema"], "handfast.connect/1");
  EXPECT_EQ(json_["connection"]["version"], "TLS 1.3");
  EXPECT_EQ(json_["exit_code"], 0);
  EXPECT_TRUE(json_["findings"].empty());
  // What was shown live is what is in the end in the trace, in the same order.
  std::vector<std::string> ids;
  for (const auto& step : result.trace.steps) ids.emplace_back(id_of(step.kind));
  EXPECT_EQ(view_.steps, ids);
}

TEST_F(SessionTest, TalksThroughTheConnection) {
  const auto result = run(settings(), [](ConnectCommand& command) { command.send = "hello\\n"; });
  EXPECT_EQ(result.exit, ExitCode::success);
  EXPECT_EQ(view_.answer, "hello\n");
  EXPECT_EQ(json_["answer"]["text"], "hello\n");
}

// Two visits, the second with the first one's session.
TEST_F(SessionTest, ComesBackWithEarlyData) {
  for (const bool guarded : {true, false}) {
    auto server = settings();
    server.clock = &system_clock();
    server.ticket_keys = must(TicketKeys::rotating(system_clock()));
    server.max_early_data_size = 100;
    server.replay_guard =
        make_replay_guard(system_clock(), 100, guarded ? GuardStart::at_once : GuardStart::waits);
    auto listener = must(TcpListener::bind());
    const auto config = must(ServerConfig::create(std::move(server)));
    auto serving = std::async(std::launch::async, [&] {
      serve_one(listener, config);
      serve_one(listener, config);
    });
    ConnectCommand command;
    command.input = "127.0.0.1:" + std::to_string(listener.port());
    command.server_name = "server.test";
    command.authorities = {roots_};
    command.idle = std::chrono::milliseconds(300);
    Revisit revisit{std::make_shared<ClientSessions>(), {}};
    View view;
    const auto first = run_session(command, view, revisit);
    ASSERT_EQ(first.exit, ExitCode::success);
    const std::string text(150, 'x');
    revisit.early_data = as_bytes(text);
    const auto second = run_session(command, view, revisit);
    listener.stop();
    ASSERT_EQ(second.exit, ExitCode::success);
    EXPECT_TRUE(second.info->resumed);
    EXPECT_TRUE(second.identity_checked);
    EXPECT_EQ(second.early_data_sent, 100U);
    EXPECT_EQ(second.info->early_data, guarded ? EarlyDataStatus::accepted : EarlyDataStatus::refused);
    // Refused or too long: what did not go early went later, and all of it came back.
    EXPECT_EQ(view.answer, text);
    EXPECT_LT(cost_of(second).messages, cost_of(first).messages);
    EXPECT_EQ(revisit_json(first, second, text.size())["early_data"]["status"],
              guarded ? "accepted" : "refused");
  }
}

// What the lanes say about the step with that id.
std::string said(const SessionResult& result, std::string_view id) {
  std::string text;
  for (const auto& step : result.trace.steps) {
    if (id_of(step.kind) != id) continue;
    for (const auto& line : step.say) text += line.text + "\n";
  }
  return text;
}

TEST_F(SessionTest, CompressedCertificates) {
  using enum CertificateCompressionAlgorithm;
  for (const auto algorithm : {brotli, zstd, zlib}) {
    const auto result = run(settings(), [&](ConnectCommand& command) { command.compression = {algorithm}; });
    EXPECT_EQ(result.exit, ExitCode::success);
    const std::string text = said(result, "certificate");
    EXPECT_NE(text.find("compressed with " + std::string(name_of(algorithm)) + ": "), std::string::npos)
        << text;
    EXPECT_NE(text.find("server.test"), std::string::npos) << text;
    EXPECT_NE(text.find("name matches"), std::string::npos) << text;
  }
}

TEST_F(SessionTest, RawPublicKeys) {
  auto server = settings();
  server.policy = Policy::modern();
  Credential raw;
  raw.type = CertificateType::RawPublicKey;
  raw.signer = server.credentials.front().signer;
  server.credentials = {raw};
  const auto wanted = folder_.write("key.pem", crypto::to_pem("PUBLIC KEY", raw.signer->public_key()));
  const auto other = authority_->credential("other.test");
  const auto unknown = folder_.write("other.pem", crypto::to_pem("PUBLIC KEY", other.signer->public_key()));
  const auto believing = [](const std::string& key) {
    return [key](ConnectCommand& command) {
      command.authorities.clear();
      command.raw_keys = {key};
    };
  };
  const auto result = run(server, believing(wanted));
  EXPECT_EQ(result.exit, ExitCode::success);
  EXPECT_TRUE(result.identity_checked);
  const std::string text = said(result, "certificate");
  EXPECT_NE(text.find("raw public key: ECDSA P-256, SHA-256 "), std::string::npos) << text;
  EXPECT_NE(text.find("a raw key has no name"), std::string::npos) << text;
  EXPECT_NE(said(result, "encrypted_extensions").find("the server shows a raw public key"),
            std::string::npos);
  const auto refused = run(server, believing(unknown));
  ASSERT_TRUE(refused.trace.error);
  EXPECT_EQ(refused.trace.error->code(), ErrorCode::raw_public_key_unknown);
  EXPECT_NE(refused.exit, ExitCode::success);
  // A certificate is no raw key, however good.
  const auto certificate = run(settings(), believing(wanted));
  ASSERT_TRUE(certificate.trace.error);
  EXPECT_FALSE(certificate.identity_checked);
}

TEST_F(SessionTest, Expired) {
  const auto result = run(settings([](pki::IssueSpec& spec) {
    spec.not_before = system_clock().now() - std::chrono::hours(48);
    spec.not_after = system_clock().now() - std::chrono::hours(24);
  }));
  ASSERT_TRUE(result.finding);
  EXPECT_EQ(result.finding->id, "C-07");
  EXPECT_EQ(result.exit, ExitCode::validity);
  EXPECT_FALSE(result.identity_checked);
}

TEST_F(SessionTest, NotYetValid) {
  const auto result = run(settings([](pki::IssueSpec& spec) {
    spec.not_before = system_clock().now() + std::chrono::hours(24);
    spec.not_after = system_clock().now() + std::chrono::hours(48);
  }));
  ASSERT_TRUE(result.finding);
  EXPECT_EQ(result.finding->id, "C-09");
}

TEST_F(SessionTest, AnExpiredRootIsNotTheServersFault) {
  const Time now = system_clock().now();
  authority_.emplace(crypto::KeyType::ec_p256, now - std::chrono::hours(24 * 400));
  roots_ = folder_.write("old-root.pem", crypto::to_pem("CERTIFICATE", authority_->root()));
  const auto result = run(settings());
  ASSERT_TRUE(result.finding);
  EXPECT_EQ(result.finding->id, "C-08");
  EXPECT_EQ(result.exit, ExitCode::validity);
  EXPECT_TRUE(result.finding->fix.starts_with("replace 'CN=Test Root'")) << result.finding->fix;
}

TEST_F(SessionTest, ACommonNameAloneIsNoName) {
  const auto result = run(settings([](pki::IssueSpec& spec) { spec.dns_names.clear(); }));
  ASSERT_TRUE(result.finding);
  EXPECT_EQ(result.finding->id, "H-08");
  EXPECT_EQ(result.exit, ExitCode::name_mismatch);
  EXPECT_TRUE(result.finding->fix.starts_with("have it issued again with subjectAltName = DNS:server.test"))
      << result.finding->fix;
}

TEST_F(SessionTest, WrongName) {
  const auto result = run(settings(), [](ConnectCommand& command) { command.server_name = "other.test"; });
  ASSERT_TRUE(result.finding);
  EXPECT_EQ(result.finding->id, "H-01");
  EXPECT_EQ(result.exit, ExitCode::name_mismatch);
}

TEST_F(SessionTest, WildcardOneLabelOnly) {
  const auto result = run(settings([](pki::IssueSpec& spec) { spec.dns_names = {"*.example.test"}; }),
                          [](ConnectCommand& command) { command.server_name = "a.b.example.test"; });
  ASSERT_TRUE(result.finding);
  EXPECT_EQ(result.finding->id, "H-02");
}

TEST_F(SessionTest, AddressThatIsNotNamed) {
  const auto result = run(settings(), [](ConnectCommand& command) { command.server_name.clear(); });
  ASSERT_TRUE(result.finding);
  EXPECT_EQ(result.finding->id, "H-07");
}

TEST_F(SessionTest, UnknownIssuer) {
  const test::Authority stranger(crypto::KeyType::ec_p256, system_clock().now());
  const auto path = folder_.write("stranger.pem", crypto::to_pem("CERTIFICATE", stranger.root()));
  const auto result = run(settings(), [&](ConnectCommand& command) { command.authorities = {path}; });
  ASSERT_TRUE(result.finding);
  EXPECT_EQ(result.exit, ExitCode::certificate);
}

TEST_F(SessionTest, InsecureGoesOnButSaysWhatItPassedOver) {
  const auto result = run(settings(), [](ConnectCommand& command) {
    command.server_name = "other.test";
    command.insecure = true;
  });
  EXPECT_EQ(result.exit, ExitCode::success);
  EXPECT_FALSE(result.identity_checked);
  ASSERT_TRUE(result.overruled);
  EXPECT_EQ(result.overruled->id, "H-01");
  EXPECT_EQ(json_["findings"][0]["ignored_by"], "--insecure");
}

TEST_F(SessionTest, NoCommonGroup) {
  auto server = settings();
  server.policy.groups = server.policy.key_shares = {NamedGroup::secp384r1};
  const auto result =
      run(std::move(server), [](ConnectCommand& command) { command.groups = {NamedGroup::x25519}; });
  ASSERT_TRUE(result.finding);
  EXPECT_EQ(result.finding->id, "P-05");
  EXPECT_EQ(result.finding->confidence, Confidence::possible);
  EXPECT_EQ(result.exit, ExitCode::negotiation);
}

TEST_F(SessionTest, MissingClientCertificateIsNotCalledSuccess) {
  auto server = settings();
  server.client_authentication = ClientAuthentication::required;
  server.client_verifier = authority_->verifier();
  const auto result = run(std::move(server));
  ASSERT_TRUE(result.finding);
  EXPECT_EQ(result.finding->id, "M-02");
  EXPECT_EQ(result.exit, ExitCode::client_certificate);
}

TEST_F(SessionTest, MaxTimeEndsIt) {
  auto listener = must(TcpListener::bind());  // accepts, says nothing
  ConnectCommand command;
  command.input = "127.0.0.1:" + std::to_string(listener.port());
  command.authorities = {roots_};
  command.max_time = std::chrono::milliseconds(100);
  const auto result = run_session(command, view_);
  EXPECT_TRUE(result.out_of_time);
  EXPECT_EQ(result.exit, ExitCode::interrupted);
  EXPECT_EQ(session_json(result, command, "")["complete"], false);
}

TEST_F(SessionTest, FilesThatAreNotThere) {
  ConnectCommand command;
  command.input = "127.0.0.1:1";
  command.authorities = {"/nowhere/root.pem"};
  EXPECT_EQ(run_session(command, view_).exit, ExitCode::usage);
}

}  // namespace
}  // namespace handfast::apps
