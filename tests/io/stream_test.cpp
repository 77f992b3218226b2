// The blocking stream over socket pairs: talking, ends of all kinds, peers that are no TLS, timeouts, two
// threads.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <future>
#include <handfast/stream.hpp>
#include <string>
#include <thread>

#include "support/authority.hpp"

namespace handfast::test {
namespace {

using namespace std::chrono_literals;

std::pair<Socket, Socket> socket_pair() {
  int descriptors[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, descriptors) != 0)
    throw std::runtime_error("socketpair");
  return {Socket(descriptors[0]), Socket(descriptors[1])};
}

class StreamTest : public ::testing::Test {
 protected:
  Stream client(Socket socket, StreamOptions options = {}) {
    return must(Stream::client(std::move(socket), must(ClientConfig::create(authority_.client_settings())),
                               must(ServerName::parse("server.test")), options));
  }
  Stream server(Socket socket, StreamOptions options = {}) {
    return must(
        Stream::server(std::move(socket), must(ServerConfig::create(authority_.server_settings())), options));
  }
  // Both ends after the handshake.
  std::pair<Stream, Stream> joined(StreamOptions options = {}) {
    auto [a, b] = socket_pair();
    auto c = client(std::move(a), options);
    auto s = server(std::move(b), options);
    auto shaken = std::async(std::launch::async, [&] { return s.handshake(); });
    const auto client_shaken = c.handshake();
    EXPECT_TRUE(client_shaken) << client_shaken.error().to_string();
    const auto server_shaken = shaken.get();
    EXPECT_TRUE(server_shaken) << server_shaken.error().to_string();
    return {std::move(c), std::move(s)};
  }
  static std::string read_all(Stream& stream) {
    std::string text;
    for (;;) {
      const auto data = stream.read_view();
      if (!data) return text + " [" + std::string(data.error().info().name) + "]";
      if (data->empty()) return text;
      text += as_text(*data);
    }
  }

  Authority authority_;
};

TEST_F(StreamTest, CarriesDataBothWays) {
  auto [c, s] = joined();
  ASSERT_TRUE(c.write(as_bytes("ping")));
  ByteString buffer(100);
  EXPECT_EQ(must(s.read(buffer)), 4U);
  EXPECT_EQ(as_text(Bytes(buffer).first(4)), "ping");
  ASSERT_TRUE(s.write(as_bytes("pong")));
  EXPECT_EQ(must(c.read(MutableBytes(buffer).first(2))), 2U);  // a part; the rest stays
  EXPECT_EQ(must(c.read(buffer)), 2U);
  EXPECT_EQ(as_text(Bytes(buffer).first(2)), "ng");
}

TEST_F(StreamTest, HalfCloseLetsTheAnswerThrough) {
  auto [c, s] = joined();
  ASSERT_TRUE(c.write(as_bytes("question")));
  ASSERT_TRUE(c.close_write());
  EXPECT_EQ(c.write(as_bytes("more")).error().code(), ErrorCode::connection_closed);
  EXPECT_EQ(read_all(s), "question");
  EXPECT_EQ(must(s.read_view()).size(), 0U);  // the end stays the end
  ASSERT_TRUE(s.write(as_bytes("answer")));
  ASSERT_TRUE(s.close());
  EXPECT_EQ(read_all(c), "answer");
  EXPECT_TRUE(c.close());
  EXPECT_TRUE(c.close());
}

TEST_F(StreamTest, TellsACutConnectionFromAnEnd) {
  auto [c, s] = joined();
  ASSERT_TRUE(s.write(as_bytes("half a sen")));
  {
    const Stream gone = std::move(s);  // destroyed without close()
  }
  EXPECT_EQ(read_all(c), "half a sen [truncated]");
  EXPECT_EQ(c.read_view().error().code(), ErrorCode::truncated);  // sticky
}

TEST_F(StreamTest, LargeDataInBothDirectionsAtOnce) {
  auto [c, s] = joined();
  const std::string text(3'000'000, 'a');
  const auto talk = [&](Stream& stream) {
    auto writing = std::async(std::launch::async, [&] {
      if (!stream.write(as_bytes(text))) return false;
      return stream.close_write().has_value();
    });
    const std::string got = read_all(stream);
    return writing.get() && got == text;
  };
  auto other = std::async(std::launch::async, [&, &server_end = s] { return talk(server_end); });
  EXPECT_TRUE(talk(c));
  EXPECT_TRUE(other.get());
}

class KeyUpdateCounter : public Observer {
 public:
  void on_message(const MessageEvent& event) override {
    if (event.type == HandshakeType::key_update && event.direction == Direction::received) ++received;
  }
  int received = 0;
};

TEST_F(StreamTest, KeyUpdateIsAnsweredByAReaderAlone) {
  KeyUpdateCounter counter;
  StreamOptions options;
  options.observer = &counter;
  options.io_timeout = 200ms;
  auto [a, b] = socket_pair();
  auto c = client(std::move(a));
  auto s = server(std::move(b), options);
  auto shaken = std::async(std::launch::async, [&] { return s.handshake().has_value(); });
  ASSERT_TRUE(c.handshake());
  ASSERT_TRUE(shaken.get());
  ASSERT_TRUE(s.update_keys(true));
  ASSERT_TRUE(s.write(as_bytes("x")));
  EXPECT_EQ(must(c.read_view()).size(), 1U);
  // The client has only read; its answer went out by itself.
  EXPECT_EQ(s.read_view().error().code(), ErrorCode::io_failed);
  EXPECT_EQ(counter.received, 1);
}

TEST_F(StreamTest, PlainHttpIsRecognised) {
  auto [a, b] = socket_pair();
  auto c = client(std::move(a));
  const std::string answer = "HTTP/1.1 400 Bad Request\r\n\r\n";
  ASSERT_EQ(::send(b.descriptor(), answer.data(), answer.size(), 0), static_cast<ssize_t>(answer.size()));
  EXPECT_EQ(c.handshake().error().code(), ErrorCode::record_plain_http);
}

TEST_F(StreamTest, SilentEndIsNoTlsAnswer) {
  auto [a, b] = socket_pair();
  auto c = client(std::move(a));
  ::shutdown(b.descriptor(), SHUT_WR);
  EXPECT_EQ(c.handshake().error().code(), ErrorCode::no_tls_answer);
}

// Attack row 32: commands that came before the handshake, in the same packet or not, are never handed out.
TEST_F(StreamTest, PlaintextBeforeTlsNeverReachesTheApplication) {
  for (const bool to_server : {false, true}) {
    auto [near, far] = socket_pair();
    Stream end = to_server ? server(std::move(near)) : client(std::move(near));
    constexpr std::string_view kInjected = "RCPT TO:<somebody@example.com>\r\n";
    ASSERT_EQ(::write(far.descriptor(), kInjected.data(), kInjected.size()),
              static_cast<ssize_t>(kInjected.size()));
    const auto shaken = end.handshake();
    ASSERT_FALSE(shaken);
    EXPECT_EQ(shaken.error().code(), ErrorCode::record_other_protocol) << shaken.error().to_string();
    const auto data = end.read_view();
    ASSERT_FALSE(data);
    EXPECT_EQ(data.error().code(), ErrorCode::record_other_protocol);
  }
}

TEST_F(StreamTest, HandshakeHasADeadline) {
  auto [a, b] = socket_pair();
  StreamOptions options;
  options.handshake_timeout = 50ms;
  auto c = client(std::move(a), options);
  const auto shaken = c.handshake();
  ASSERT_FALSE(shaken);
  EXPECT_EQ(shaken.error().code(), ErrorCode::io_failed);
  EXPECT_EQ(c.network_failure(), NetworkFailure::timed_out);
}

// A peer that sends a byte now and then does not move the deadline.
TEST_F(StreamTest, TricklingDoesNotMoveTheDeadline) {
  auto [a, b] = socket_pair();
  StreamOptions options;
  options.handshake_timeout = 100ms;
  auto s = server(std::move(a), options);
  std::atomic<bool> ended = false;
  auto peer = std::async(std::launch::async, [&, &far = b] {
    // The header of a record that promises a whole ClientHello, and its bytes, one every 5 ms.
    const ByteString record = {22, 3, 1, 0x40, 0, 1, 0, 0x3f, 0xfc};
    for (std::size_t i = 0; !ended && i < 1000; ++i) {
      const std::uint8_t byte = i < record.size() ? record[i] : std::uint8_t{0};
      if (::send(far.descriptor(), &byte, 1, MSG_NOSIGNAL) != 1) return;
      std::this_thread::sleep_for(5ms);
    }
  });
  const auto start = std::chrono::steady_clock::now();
  const auto shaken = s.handshake();
  const auto taken = std::chrono::steady_clock::now() - start;
  ended = true;
  peer.get();
  ASSERT_FALSE(shaken);
  EXPECT_EQ(s.network_failure(), NetworkFailure::timed_out);
  EXPECT_GE(taken, 100ms);
  EXPECT_LT(taken, 3s);  // the deadline, half a second for a peer that reads why, and a busy machine
}

TEST_F(StreamTest, ReadHasADeadlineAndGoesOnAfterwards) {
  StreamOptions options;
  options.io_timeout = 30ms;
  auto [c, s] = joined(options);
  EXPECT_EQ(c.read_view().error().code(), ErrorCode::io_failed);
  EXPECT_EQ(c.network_failure(), NetworkFailure::timed_out);
  ASSERT_TRUE(s.write(as_bytes("late")));
  EXPECT_EQ(as_text(must(c.read_view())), "late");
}

TEST_F(StreamTest, WriteHasADeadline) {
  StreamOptions options;
  options.io_timeout = 50ms;
  auto [c, s] = joined(options);
  const std::string text(8'000'000, 'a');
  EXPECT_EQ(c.write(as_bytes(text)).error().code(), ErrorCode::io_failed);  // nobody reads
}

TEST_F(StreamTest, BothSidesKnowWhyAHandshakeFailed) {
  auto [a, b] = socket_pair();
  auto c = must(Stream::client(std::move(a), must(ClientConfig::create(authority_.client_settings())),
                               must(ServerName::parse("other.test"))));
  auto s = server(std::move(b));
  auto shaken = std::async(std::launch::async, [&] { return s.handshake(); });
  EXPECT_EQ(c.handshake().error().code(), ErrorCode::certificate_name_mismatch);
  const auto served = shaken.get();
  // A server may be done with its own part before the alert comes; then reading tells.
  const Error error = served ? s.read_view().error() : served.error();
  EXPECT_EQ(error.code(), ErrorCode::alert_received);
  EXPECT_EQ(error.alert(), AlertDescription::bad_certificate);
}

// A signer that answers from another thread, late.
class LateSigner : public Signer {
 public:
  explicit LateSigner(std::shared_ptr<const Signer> key) : key_(std::move(key)) {}
  ~LateSigner() override {
    if (thread_.joinable()) thread_.join();
  }
  [[nodiscard]] std::span<const SignatureScheme> schemes() const override { return key_->schemes(); }
  [[nodiscard]] Bytes public_key() const override { return key_->public_key(); }
  void sign(SignatureScheme scheme, Bytes content, Completion<ByteString> done) const override {
    thread_ = std::thread([this, scheme, copy = copy_of(content), answer = std::move(done)]() mutable {
      std::this_thread::sleep_for(20ms);
      key_->sign(scheme, copy, std::move(answer));
    });
  }

 private:
  std::shared_ptr<const Signer> key_;
  mutable std::thread thread_;
};

TEST_F(StreamTest, WaitsForASignatureThatComesLater) {
  auto settings = authority_.server_settings();
  settings.credentials[0].signer = std::make_shared<LateSigner>(settings.credentials[0].signer);
  auto [a, b] = socket_pair();
  auto c = client(std::move(a));
  auto s = must(Stream::server(std::move(b), must(ServerConfig::create(std::move(settings)))));
  auto shaken = std::async(std::launch::async, [&] { return s.handshake().has_value(); });
  EXPECT_TRUE(c.handshake());
  EXPECT_TRUE(shaken.get());
}

TEST_F(StreamTest, ConnectsByName) {
  auto listener = must(TcpListener::bind());
  auto settings = authority_.server_settings("localhost");
  const auto config = must(ServerConfig::create(std::move(settings)));
  auto serving = std::async(std::launch::async, [&] {
    auto s = must(Stream::server(
        must(listener.accept(std::chrono::steady_clock::now() + std::chrono::seconds(5))), config));
    return s.handshake() && s.write(as_bytes("hi")) && s.close();
  });
  const auto client_config = must(ClientConfig::create(authority_.client_settings()));
  auto c = Stream::connect("localhost", listener.port(), client_config);
  ASSERT_TRUE(c) << c.error().to_string();
  EXPECT_EQ(read_all(*c), "hi");
  EXPECT_TRUE(serving.get());
}

TEST_F(StreamTest, NamesThatAreNoneAreRefusedBeforeAnythingIsSent) {
  const auto config = must(ClientConfig::create(authority_.client_settings()));
  EXPECT_EQ(Stream::connect("no host", 443, config).error().code(), ErrorCode::name_invalid);
}

}  // namespace
}  // namespace handfast::test
