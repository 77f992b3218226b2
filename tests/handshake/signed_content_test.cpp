// What is signed, to the byte: if both ends forgot whose signature it is, they would still agree. RFC 9846
// §4.5.2, RFC 5246 §7.4.3.
#include <gtest/gtest.h>

#include <string>

#include "crypto/hash.hpp"
#include "handshake/authentication.hpp"
#include "handshake/authentication12.hpp"
#include "support/authority.hpp"

namespace handfast::handshake {
namespace {

using test::must;

TEST(SignedContent, NamesTheSide) {
  keys::Transcript transcript(crypto::HashAlgorithm::sha256);
  transcript.add(as_bytes("messages"));
  const auto hash = must(crypto::hash(crypto::HashAlgorithm::sha256, {as_bytes("messages")}));
  for (const Side side : {Side::client, Side::server}) {
    const ByteString content = must(signed_content(side, transcript));
    std::string expected(64, ' ');
    expected +=
        side == Side::client ? "TLS 1.3, client CertificateVerify" : "TLS 1.3, server CertificateVerify";
    expected += '\0';
    expected += as_text(hash.view());
    EXPECT_EQ(as_text(content), expected);
  }
}

// ServerKeyExchange: both randoms, so that it is good for one handshake.
TEST(SignedContent, OfTls12HasBothRandoms) {
  keys::Randoms randoms;
  randoms.client.fill('c');
  randoms.server.fill('s');
  std::string expected(32, 'c');
  expected += std::string(32, 's');
  expected += "params";
  EXPECT_EQ(as_text(signed_params(randoms, as_bytes("params"))), expected);
}

}  // namespace
}  // namespace handfast::handshake
