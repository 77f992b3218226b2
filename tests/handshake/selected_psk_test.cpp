// The pre-shared key that a server says it chose: one of those offered, with a suite of its hash. RFC 9846
// §4.3.11.
#include <gtest/gtest.h>

#include "handshake/client_psk.hpp"
#include "keys/cipher_suite.hpp"

namespace handfast::handshake {
namespace {

TEST(SelectedPsk, IsOneThatWasOffered) {
  const auto accept = [](std::optional<std::uint16_t> index, CipherSuite suite) {
    SentHello hello;
    PreSharedKey key;
    key.hash = crypto::HashAlgorithm::sha256;
    key.secret = PskSecret(ByteString(32, 7));
    hello.psks.push_back(std::move(key));
    message::ServerHello answer;
    answer.selected_identity = index;
    const auto accepted = accept_psk(ClientSettings(), hello, answer, keys::find_suite(suite));
    return accepted ? ErrorCode::internal_error : accepted.error().code();
  };
  EXPECT_EQ(accept(0, CipherSuite::TLS_AES_128_GCM_SHA256), ErrorCode::internal_error) << "accepted";
  EXPECT_EQ(accept(1, CipherSuite::TLS_AES_128_GCM_SHA256), ErrorCode::psk_not_offered);
  EXPECT_EQ(accept(0xffff, CipherSuite::TLS_AES_128_GCM_SHA256), ErrorCode::psk_not_offered);
  EXPECT_EQ(accept(0, CipherSuite::TLS_AES_256_GCM_SHA384), ErrorCode::psk_suite_mismatch);
  // A client that has nobody to judge certificates needs one of its keys.
  EXPECT_EQ(accept({}, CipherSuite::TLS_AES_128_GCM_SHA256), ErrorCode::psk_required);
}

}  // namespace
}  // namespace handfast::handshake
