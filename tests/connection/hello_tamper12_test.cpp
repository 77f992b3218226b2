// TLS 1.2: hellos and certificates that somebody changed, each with the error it must end in. RFC 5246
// §7.4.1, §7.4.2, RFC 5746, RFC 7627. The transcript would show each change in the end; here the check itself
// answers.
#include <gtest/gtest.h>

#include <functional>

#include "message/messages12.hpp"
#include "pki/certificate.hpp"
#include "support/message_parts.hpp"
#include "support/stepwise12.hpp"

namespace handfast {
namespace {

using crypto::KeyType;
using test::Parts;
using test::Stepwise;
using test::tls12_policy;
using E = ErrorCode;
using M = HandshakeType;

using Change = std::function<void(ByteString& message)>;

class HelloTamper12 : public testing::Test {
 protected:
  HelloTamper12() {
    client_.policy = tls12_policy();
    client_.policy.suites = {CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
                             CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256};
    client_.credentials = {authority_.credential("client.test")};
    server_.policy = tls12_policy();
    server_.credentials = {authority_.credential("server.test")};
  }

  // What `target` says when it gets the message of this type changed; internal_error stands for nothing.
  E code_of(Side target, M type, const Change& change) const {
    Stepwise stepwise(target, client_, server_);
    while (auto piece = stepwise.next()) {
      if (piece->is(type)) change(piece->content);
      stepwise.give(*piece);
      if (stepwise.end().error) return stepwise.end().error->code();
    }
    return E::internal_error;
  }
  [[nodiscard]] ByteString certificate_of(std::uint16_t usage, KeyType type) const {
    pki::IssueSpec spec = authority_.leaf_spec("server.test");
    spec.key_usage = usage;
    const std::vector<ByteString> chain = authority_.credential(spec, type).chain;
    ByteString message;
    EXPECT_TRUE(message::encode_certificate12(chain, message));
    return message;
  }

  test::Authority authority_;
  ClientSettings client_ = authority_.client_settings();
  ServerSettings server_;
};

// The byte after the session id of a hello.
std::size_t behind_session_id(const ByteString& hello) { return 4 + 2 + 32 + 1 + hello[4 + 2 + 32]; }

Change extension(ExtensionType type, ByteString body) {
  return [=](ByteString& message) {
    Parts parts = Parts::of(message);
    parts.remove(type);
    parts.extensions.push_back({type, body});
    message = parts.join();
  };
}

constexpr auto kSignatures = static_cast<std::uint16_t>(pki::KeyUsage::digital_signature);
constexpr auto kEncryption = static_cast<std::uint16_t>(pki::KeyUsage::key_encipherment);

TEST_F(HelloTamper12, ServerHello) {
  const auto code = [&](const Change& change) { return code_of(Side::client, M::server_hello, change); };
  EXPECT_EQ(code([](ByteString&) {}), E::internal_error);
  EXPECT_EQ(code([](ByteString& m) { m[behind_session_id(m) + 1] = 0x2c; }), E::suite_not_offered);
  EXPECT_EQ(code([](ByteString& m) { m[behind_session_id(m) + 2] = 1; }), E::compression_not_null);
  EXPECT_EQ(code(extension(ExtensionType::renegotiation_info, {1, 7})), E::renegotiation_info_invalid);
  EXPECT_EQ(code(extension(ExtensionType{0x1234}, {})), E::extension_not_offered);
  EXPECT_EQ(code(extension(ExtensionType::session_ticket, {})), E::extension_not_offered);
  EXPECT_EQ(code(extension(ExtensionType::ec_point_formats, {1, 1})), E::message_illegal_value);
}

// A session id that stands for no session comes back: nothing was resumed.
TEST_F(HelloTamper12, ASessionThatIsNone) {
  client_.policy = Policy::legacy();  // then the client sends one, for TLS 1.3
  ByteString session_id;
  test::Loopback loopback(test::client_config(client_), test::server_config(server_));
  loopback.run([&](Direction direction, ByteString& bytes) {
    if (direction == Direction::sent && bytes[5] == 1 && session_id.empty()) {
      session_id = copy_of(Bytes(bytes).subspan(44, bytes[43]));
    }
    if (direction != Direction::received || bytes[5] != 2 || bytes[43] != 0) return;
    bytes.insert(bytes.begin() + 44, session_id.begin(), session_id.end());
    bytes[43] = static_cast<std::uint8_t>(session_id.size());
    Parts::set(bytes, 3, 2, Parts::number(bytes, 3, 2) + session_id.size());
    Parts::set(bytes, 6, 3, Parts::number(bytes, 6, 3) + session_id.size());
  });
  ASSERT_EQ(session_id.size(), 32U);
  ASSERT_TRUE(loopback.client.error);
  EXPECT_EQ(loopback.client.error->code(), E::session_resumed_differently)
      << loopback.client.error->to_string();
}

TEST_F(HelloTamper12, ClientHello) {
  server_.require_extended_main_secret = true;
  const auto code = [&](const Change& change) { return code_of(Side::server, M::client_hello, change); };
  EXPECT_EQ(code([](ByteString&) {}), E::internal_error);
  EXPECT_EQ(code([](ByteString& m) { m[Parts::of(m).head.size() - 1] = 1; }), E::compression_not_null);
  EXPECT_EQ(code(extension(ExtensionType::renegotiation_info, {1, 7})), E::renegotiation_info_invalid);
  EXPECT_EQ(code(extension(ExtensionType::ec_point_formats, {1, 1})), E::message_illegal_value);
  EXPECT_EQ(code([](ByteString& m) {
              Parts parts = Parts::of(m);
              parts.remove(ExtensionType::extended_main_secret);
              m = parts.join();
            }),
            E::extended_main_secret_missing);
}

TEST_F(HelloTamper12, CertificateOfTheServer) {
  const auto code = [&](const ByteString& other) {
    return code_of(Side::client, M::certificate, [&](ByteString& message) { message = other; });
  };
  ByteString empty;
  ASSERT_TRUE(message::encode_certificate12({}, empty));
  EXPECT_EQ(code(empty), E::certificate_list_empty);
  EXPECT_EQ(code(certificate_of(kSignatures, KeyType::rsa)), E::certificate_key_unsuitable);
  EXPECT_EQ(code(certificate_of(kEncryption, KeyType::ec_p256)), E::certificate_bad_key_usage);
}

// Whatever the verifier says: a key that may not sign has not signed.
TEST_F(HelloTamper12, CertificateOfTheClient) {
  pki::IssueSpec spec = authority_.leaf_spec("client.test");
  server_.client_authentication = ClientAuthentication::required;
  server_.client_verifier = danger::accept_any_certificate();
  for (const std::uint16_t usage : {kSignatures, kEncryption}) {
    spec.key_usage = usage;
    client_.credentials = {authority_.credential(spec, KeyType::ec_p256)};
    EXPECT_EQ(code_of(Side::server, M::certificate, [](ByteString&) {}),
              usage == kSignatures ? E::internal_error : E::certificate_bad_key_usage);
  }
}

}  // namespace
}  // namespace handfast
