// Reading the head of a request: what is answered, what is refused, what is bounded.
#include "serve/request.hpp"

#include <gtest/gtest.h>

namespace handfast::apps::serve {
namespace {

Request read(const std::string& bytes) {
  RequestReader reader;
  if (!reader.take(bytes)) reader.finish(999);
  return reader.request();
}

int refusal(const std::string& bytes) { return read(bytes).refusal; }

TEST(Request, GetIsUnderstood) {
  const Request request = read("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(request.refusal, 0);
  EXPECT_EQ(request.path, "/");
  EXPECT_FALSE(request.head);
}

TEST(Request, HeadQueryAndAbsoluteForm) {
  EXPECT_TRUE(read("HEAD /json?x=1 HTTP/1.1\r\nHost: a\r\n\r\n").head);
  EXPECT_EQ(read("GET /json?x=1#f HTTP/1.1\r\nHost: a\r\n\r\n").path, "/json");
  EXPECT_EQ(read("GET https://localhost:8443/health HTTP/1.1\r\nHost: a\r\n\r\n").path, "/health");
  EXPECT_EQ(read("GET https://localhost HTTP/1.1\r\nHost: a\r\n\r\n").path, "/");
  EXPECT_EQ(read("GET / HTTP/1.0\r\n\r\n").refusal, 0);
}

TEST(Request, ArrivesByteByByte) {
  const std::string bytes = "\r\nGET /health HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n";
  RequestReader reader;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    ASSERT_EQ(reader.take(bytes.substr(i, 1)), i + 1 == bytes.size()) << i;
  }
  EXPECT_EQ(reader.request().path, "/health");
}

TEST(Request, OtherMethodsAreNotAllowed) {
  EXPECT_EQ(refusal("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"), 405);
  EXPECT_EQ(refusal("get / HTTP/1.1\r\nHost: a\r\n\r\n"), 405);
}

TEST(Request, MalformedIsRefused) {
  EXPECT_EQ(refusal("GET /\r\n\r\n"), 400);
  EXPECT_EQ(refusal("GET  HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(refusal("G(T / HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(refusal("GET / FTP/1.1\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(refusal("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(refusal("GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost : a\r\n\r\n"), 400);
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n"), 400);
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n"), 400);
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: a\r\nX: a\nb\r\n\r\n"), 400);
}

TEST(Request, HostMustBeThereOnce) {
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\n\r\n"), 400);
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: a\r\nhOST: b\r\n\r\n"), 400);
}

TEST(Request, OtherVersionsAreRefused) { EXPECT_EQ(refusal("GET / HTTP/2.0\r\nHost: a\r\n\r\n"), 505); }

TEST(Request, SizesAreBounded) {
  EXPECT_EQ(refusal("GET /" + std::string(kMaxTargetSize, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n"), 414);
  EXPECT_EQ(refusal("GET /" + std::string(3 * kMaxHeadSize, 'a')), 414);
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(kMaxHeadSize, 'a') + "\r\n\r\n"), 431);
  std::string lines = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (std::size_t i = 0; i < kMaxHeaderLines; ++i) lines += "X: y\r\n";
  EXPECT_EQ(refusal(lines + "\r\n"), 431);
}

TEST(Request, AHeadOfExactlyTheLimitIsTaken) {
  const std::string before = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
  const std::string after = "\r\n\r\n";
  const std::string fits = before + std::string(kMaxHeadSize - before.size() - after.size(), 'a') + after;
  ASSERT_EQ(fits.size(), kMaxHeadSize);
  EXPECT_EQ(refusal(fits), 0);
  EXPECT_EQ(refusal(before + "a" + fits.substr(before.size())), 431);
}

TEST(Request, AFloodIsNotKept) {
  RequestReader reader;
  EXPECT_TRUE(reader.take(std::string(std::size_t{8} << 20U, 'a')));
  EXPECT_NE(reader.request().refusal, 0);
}

}  // namespace
}  // namespace handfast::apps::serve
