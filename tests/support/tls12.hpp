// Settings for handshakes of TLS 1.2: one suite, one group, one kind of certificate.
#pragma once

#include "support/loopback.hpp"

namespace handfast::test {

// Policy::legacy() without TLS 1.3.
inline Policy tls12_policy() {
  Policy policy = Policy::legacy();
  policy.versions = {ProtocolVersion::tls1_2};
  return policy;
}

// Both ends say something and hear it.
inline void expect_conversation(Loopback& loopback) {
  const ByteString to_server = loopback.client.say("ping");
  loopback.server.inbox.insert(loopback.server.inbox.end(), to_server.begin(), to_server.end());
  loopback.server.digest();
  const ByteString to_client = loopback.server.say("pong");
  loopback.client.inbox.insert(loopback.client.inbox.end(), to_client.begin(), to_client.end());
  loopback.client.digest();
  EXPECT_EQ(as_text(loopback.server.received), "ping");
  EXPECT_EQ(as_text(loopback.client.received), "pong");
}

inline void expect_established(Loopback& loopback) {
  ASSERT_FALSE(loopback.client.error) << loopback.client.error->to_string();
  ASSERT_FALSE(loopback.server.error) << loopback.server.error->to_string();
  ASSERT_TRUE(loopback.established());
  expect_conversation(loopback);
}

}  // namespace handfast::test
