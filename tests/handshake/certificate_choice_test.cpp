// Which of several certificates a side shows: a server one for the name, and both one whose chain the peer
// can check (signature_algorithms_cert). RFC 9846 §4.3.3, §4.5.1.2.
#include <gtest/gtest.h>

#include "support/tls12.hpp"

namespace handfast {
namespace {

using crypto::KeyType;
using enum SignatureScheme;
using test::Authority;
using test::client_config;
using test::Loopback;
using test::server_config;

// Believes everybody and keeps what was shown.
class Witness final : public CertificateVerifier {
 public:
  explicit Witness(ByteString& shown) : shown_(shown) {}
  void verify(const VerificationRequest& request, Completion<Verdict> done) const override {
    shown_ = request.certificates->chain.front();
    done.complete(Verdict{});
  }

 private:
  ByteString& shown_;
};

class CertificateChoice : public testing::TestWithParam<ProtocolVersion> {
 protected:
  // The certificate that the server shows: its CA's number.
  int shown_to(std::vector<SignatureScheme> certificate_schemes) {
    ClientSettings client;
    ByteString shown;
    client.verifier = std::make_shared<Witness>(shown);
    client.policy = GetParam() == ProtocolVersion::tls1_3 ? Policy::modern() : test::tls12_policy();
    client.policy.certificate_signature_schemes = std::move(certificate_schemes);
    ServerSettings server;
    server.credentials = {rsa_.credential("server.test", first_key_), ecdsa_.credential("server.test")};
    const ByteString first = server.credentials[0].chain.front();
    Loopback loopback(client_config(std::move(client)), server_config(std::move(server)));
    loopback.run();
    EXPECT_TRUE(loopback.established());
    return shown == first ? 0 : shown.empty() ? -1 : 1;
  }
  Authority rsa_{KeyType::rsa};
  Authority ecdsa_{KeyType::ec_p256};
  KeyType first_key_ = KeyType::ec_p256;
};

TEST_P(CertificateChoice, FollowsWhatTheClientCanCheck) {
  EXPECT_EQ(shown_to({ecdsa_secp256r1_sha256}), 1);
  EXPECT_EQ(shown_to({rsa_pkcs1_sha256}), 0);
  EXPECT_EQ(shown_to({rsa_pkcs1_sha256, ecdsa_secp256r1_sha256}), 0);  // the server's order
  // "If the server cannot produce a certificate chain that is signed only via the indicated supported
  // algorithms, then it SHOULD continue the handshake by sending a certificate chain of its choice."
  EXPECT_EQ(shown_to({ed25519}), 0);
}

// In TLS 1.2 the suite says what kind of key signs; the chain counts across suites, too.
TEST_P(CertificateChoice, AlsoAmongKeysOfDifferentKinds) {
  first_key_ = KeyType::rsa;
  EXPECT_EQ(shown_to({ecdsa_secp256r1_sha256}), 1);
  EXPECT_EQ(shown_to({rsa_pkcs1_sha256}), 0);
}

INSTANTIATE_TEST_SUITE_P(Versions, CertificateChoice,
                         testing::Values(ProtocolVersion::tls1_2, ProtocolVersion::tls1_3),
                         [](const auto& instance) {
                           return instance.param == ProtocolVersion::tls1_2 ? "TLS12" : "TLS13";
                         });

class ClientCertificateChoice : public testing::Test {
 protected:
  // The certificate that the client shows.
  int shown_by_client(std::vector<SignatureScheme> certificate_schemes) {
    ClientSettings client;
    client.verifier = danger::accept_any_certificate();
    client.credentials = {rsa_.credential("client.test"), ecdsa_.credential("client.test")};
    const ByteString first = client.credentials[0].chain.front();
    ServerSettings server;
    ByteString shown;
    server.credentials = {ecdsa_.credential("server.test")};
    server.client_authentication = ClientAuthentication::required;
    server.client_verifier = std::make_shared<Witness>(shown);
    server.policy.certificate_signature_schemes = std::move(certificate_schemes);
    Loopback loopback(client_config(std::move(client)), server_config(std::move(server)));
    loopback.run();
    EXPECT_TRUE(loopback.established());
    return shown == first ? 0 : shown.empty() ? -1 : 1;
  }
  Authority rsa_{KeyType::rsa};
  Authority ecdsa_{KeyType::ec_p256};
};

TEST_F(ClientCertificateChoice, FollowsWhatTheServerCanCheck) {
  EXPECT_EQ(shown_by_client({ecdsa_secp256r1_sha256}), 1);
  EXPECT_EQ(shown_by_client({rsa_pkcs1_sha256}), 0);
  EXPECT_EQ(shown_by_client({rsa_pkcs1_sha256, ecdsa_secp256r1_sha256}), 0);  // the client's order
  // Without the extension signature_algorithms is about certificates, too: PKCS #1 v1.5 is not in it.
  EXPECT_EQ(shown_by_client({}), 1);
  // "If the sender is the client, the client MAY use a fallback chain".
  EXPECT_EQ(shown_by_client({ed25519}), 0);
}

}  // namespace
}  // namespace handfast
