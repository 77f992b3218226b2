// What HTTP answers say about TLS.
#include <gtest/gtest.h>

#include "connect/http_answer.hpp"

namespace handfast::apps {
namespace {

class HttpAnswer : public ::testing::Test {
 protected:
  HttpAnswer() { at_.trace = &trace_; }
  Trace trace_;
  Circumstances at_;
};

TEST_F(HttpAnswer, TellsFailuresThatComeAfterTheHandshake) {
  const auto misdirected = diagnose_answer("HTTP/1.1 421 Misdirected Request\r\nServer: Apache\r\n\r\n", at_);
  ASSERT_TRUE(misdirected);
  EXPECT_EQ(misdirected->id, "H-06");
  EXPECT_EQ(misdirected->exit, ExitCode::name_mismatch);
  EXPECT_EQ(misdirected->software, "Apache");
  const auto certificate = diagnose_answer(
      "HTTP/1.1 400 Bad Request\r\n\r\n<center>No required SSL certificate was sent</center>", at_);
  ASSERT_TRUE(certificate);
  EXPECT_EQ(certificate->id, "M-03");
  EXPECT_EQ(diagnose_answer("HTTP/1.1 525 \r\n\r\n", at_)->id, "X-04");
}

TEST_F(HttpAnswer, DoesNotClaimWhatMayBeSomethingElse) {
  const auto gateway = diagnose_answer("HTTP/1.1 502 Bad Gateway\r\n\r\n", at_);
  ASSERT_TRUE(gateway);
  EXPECT_EQ(gateway->confidence, Confidence::possible);
  EXPECT_EQ(gateway->exit, ExitCode::success);
  for (const char* answer :
       {"HTTP/1.1 200 OK\r\n\r\n421", "HTTP/1.1 400 Bad Request\r\n\r\n", "HTTP/1.1", "220 ready\r\n", ""}) {
    EXPECT_FALSE(diagnose_answer(answer, at_)) << answer;
  }
}

}  // namespace
}  // namespace handfast::apps
