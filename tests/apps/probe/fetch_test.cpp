// Fetching what a certificate names: the address is a stranger's, and so is the answer.
#include "probe/fetch.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <thread>

#include "probe/look.hpp"

namespace handfast::apps::probe {
namespace {

// Answers one visitor with `text`.
class WebServer {
 public:
  explicit WebServer(std::string text) : listener_(std::move(*TcpListener::bind())) {
    thread_ = std::thread([this, text = std::move(text)] {
      const auto visitor = listener_.accept();
      if (!visitor) return;
      std::size_t sent = 0;
      while (sent < text.size()) {
        const auto count =
            ::send(visitor->descriptor(), text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
        if (count > 0)
          sent += static_cast<std::size_t>(count);
        else if (errno != EAGAIN)
          return;
      }
      // What the visitor said is read before the end, or it would see a RST.
      ::shutdown(visitor->descriptor(), SHUT_WR);
      std::array<char, 512> request{};
      pollfd waiting{visitor->descriptor(), POLLIN, 0};
      while (::poll(&waiting, 1, 2'000) > 0 &&
             ::recv(visitor->descriptor(), request.data(), request.size(), 0) > 0) {
      }
    });
  }
  ~WebServer() {
    listener_.stop();
    thread_.join();
  }
  [[nodiscard]] std::string url() const {
    return "http://127.0.0.1:" + std::to_string(listener_.port()) + "/ca.der";
  }

 private:
  TcpListener listener_;
  std::thread thread_;
};

Deadline soon() { return std::chrono::steady_clock::now() + std::chrono::seconds(5); }

TEST(Fetch, BringsTheBody) {
  const WebServer server("HTTP/1.0 200 OK\r\nContent-Type: x\r\n\r\nbody");
  const auto body = fetch(server.url(), soon());
  ASSERT_TRUE(body) << body.error().to_string();
  EXPECT_EQ(as_text(*body), "body");
}

TEST(Fetch, TakesNothingButA200) {
  for (const char* answer :
       {"HTTP/1.0 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n", "HTTP/1.0 404 No\r\n\r\nbody",
        "220 mail ready\r\n", "HTTP/1.0 200 OK\r\n", ""}) {
    const WebServer server(answer);
    EXPECT_FALSE(fetch(server.url(), soon())) << answer;
  }
}

TEST(Fetch, TakesNothingThatIsTooLong) {
  const WebServer server("HTTP/1.0 200 OK\r\n\r\n" + std::string(kLongestFetched, 'x'));
  const auto body = fetch(server.url(), soon());
  ASSERT_FALSE(body);
  EXPECT_EQ(body.error().code(), ErrorCode::limit_exceeded);
}

TEST(Fetch, TakesNoOtherAddresses) {
  for (const char* url :
       {"ldap://example.org/ca", "https://example.org/ca", "file:///etc/passwd", "http://",
        "http://127.0.0.1:1/a b", "http://127.0.0.1:1/\r\nHost: x", "http://127.0.0.1:99999/"}) {
    EXPECT_FALSE(fetch(url, soon())) << url;
  }
}

TEST(Fetch, EndsInTime) {
  const auto listener = TcpListener::bind();  // nobody accepts
  ASSERT_TRUE(listener);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_FALSE(fetch("http://127.0.0.1:" + std::to_string(listener->port()) + "/",
                     start + std::chrono::milliseconds(200)));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(3));
}

TEST(HttpHeaders, AreFoundInTheHeadOnly) {
  const std::string answer = "HTTP/1.1 200 OK\r\nSERVER:  nginx/1.22.1\r\nEmpty:\r\n\r\nDate: no\r\n";
  EXPECT_EQ(header_of(answer, "server"), "nginx/1.22.1");
  EXPECT_EQ(header_of(answer, "empty"), "");
  EXPECT_EQ(header_of(answer, "date"), "");
}

TEST(HttpDate, IsReadOrNot) {
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), Time(std::chrono::seconds(784111777)));
  EXPECT_EQ(parse_http_date("yesterday"), std::nullopt);
  EXPECT_EQ(parse_http_date(""), std::nullopt);
}

}  // namespace
}  // namespace handfast::apps::probe
