// Raw public keys: who shows and believes them, what goes on with sessions, and peers that bend the rules.
// RFC 7250, RFC 9846 §4.5.1.
#include <gtest/gtest.h>

#include "crypto/pem.hpp"
#include "message/certificate.hpp"
#include "support/hostile.hpp"
#include "support/message_parts.hpp"

namespace handfast {
namespace {

using test::Item;
using test::Middleman;
using test::must;
using test::Parts;
using enum Direction;
using enum ExtensionType;
using E = ErrorCode;
using M = HandshakeType;

class RawPublicKeys : public test::Hostile {
 protected:
  RawPublicKeys() {
    client = client_settings();
    server = server_settings();
  }
  static Credential raw(const Credential& credential) {
    Credential out;
    out.signer = credential.signer;
    out.type = CertificateType::RawPublicKey;
    return out;
  }
  static std::shared_ptr<const CertificateVerifier> trusting(const std::vector<Credential>& credentials) {
    std::vector<ByteString> keys;
    for (const Credential& credential : credentials) keys.push_back(copy_of(credential.signer->public_key()));
    return must(trust_raw_public_keys(keys));
  }
  // The server shows its key alone, and the client knows it; nothing else is believed.
  void only_raw() {
    server.credentials = {raw(server_)};
    client.verifier = nullptr;
    client.raw_key_verifier = trusting({server_});
  }
  // The client shows its key, too.
  void mutual_raw() {
    only_raw();
    client.credentials = {raw(client_)};
    server.client_authentication = ClientAuthentication::required;
    server.raw_key_verifier = trusting({client_});
  }
  struct Outcome {
    std::optional<CertificateType> of_server;  // as the client saw it; nothing if there was none
    std::optional<CertificateType> of_client;
    bool resumed = false;
  };
  static Outcome outcome_of(const Middleman& middleman) {
    Outcome out;
    EXPECT_TRUE(middleman.established())
        << (middleman.client.error ? middleman.client.error->to_string() : "client: no error") << " / "
        << (middleman.server.error ? middleman.server.error->to_string() : "server: no error");
    if (!middleman.established()) return out;
    if (const auto* shown = middleman.client.connection.peer_certificates()) out.of_server = shown->type;
    if (const auto* shown = middleman.server.connection.peer_certificates()) out.of_client = shown->type;
    out.resumed = middleman.client.connection.info()->resumed;
    return out;
  }
  Outcome connect() const {
    ConnectionOptions keep;
    keep.keep_peer_certificates = true;
    Middleman middleman(client, server, keep, keep);
    middleman.run();
    return outcome_of(middleman);
  }
  void refused(Direction toward, E code, AlertDescription alert, const Middleman::Edit& edit = {}) const {
    Middleman middleman(client, server);
    middleman.run(edit);
    expect_refused(middleman, toward, code, alert);
  }
  // Changes the first message of that type, seen as parts.
  static Middleman::Edit change(M type, std::function<void(Parts&)> how) {
    return [type, how](Direction, std::vector<Item>& items) {
      for (Item& item : items) {
        if (!item.is(type)) continue;
        Parts parts = Parts::of(item.content);
        how(parts);
        item.content = parts.join();
      }
    };
  }

  ClientSettings client;
  ServerSettings server;
};

using enum CertificateType;

TEST_F(RawPublicKeys, TheKeyAloneIsEnough) {
  only_raw();
  const Outcome outcome = connect();
  EXPECT_EQ(outcome.of_server, RawPublicKey);
  EXPECT_EQ(outcome.of_client, std::nullopt);
}

TEST_F(RawPublicKeys, Mutual) {
  mutual_raw();
  const Outcome outcome = connect();
  EXPECT_EQ(outcome.of_server, RawPublicKey);
  EXPECT_EQ(outcome.of_client, RawPublicKey);
  // One side each.
  server.credentials = {server_};
  client.verifier = authority_.verifier();
  client.raw_key_verifier = nullptr;
  EXPECT_EQ(connect().of_server, X509);
  EXPECT_EQ(connect().of_client, RawPublicKey);
}

TEST_F(RawPublicKeys, EachKindOfKeyAndCompression) {
  for (const auto type : {crypto::KeyType::ec_p256, crypto::KeyType::ec_p384, crypto::KeyType::rsa}) {
    server_ = authority_.credential("server.test", type);
    only_raw();
    client.accept_compressed_certificates = {CertificateCompressionAlgorithm::zlib};
    EXPECT_EQ(connect().of_server, RawPublicKey);
  }
}

TEST_F(RawPublicKeys, OfTwoThatTheClientTakesTheServersFirst) {
  client.raw_key_verifier = trusting({server_});
  EXPECT_EQ(connect().of_server, X509) << "the server has no other";
  server.credentials = {server_, raw(server_)};
  EXPECT_EQ(connect().of_server, X509);
  server.credentials = {raw(server_), server_};
  EXPECT_EQ(connect().of_server, RawPublicKey);
  client.verifier = nullptr;
  server.credentials = {server_, raw(server_)};
  EXPECT_EQ(connect().of_server, RawPublicKey);
  client.verifier = authority_.verifier();
  client.raw_key_verifier = nullptr;
  EXPECT_EQ(connect().of_server, X509) << "nobody asked for another";
}

TEST_F(RawPublicKeys, AnotherKeyIsNotBelieved) {
  only_raw();
  client.raw_key_verifier = trusting({client_});
  refused(received, E::raw_public_key_unknown, AlertDescription::certificate_unknown);
  mutual_raw();
  server.raw_key_verifier = trusting({server_});
  refused(sent, E::raw_public_key_unknown, AlertDescription::certificate_unknown);
}

// "unsupported_certificate" (RFC 7250 §4.2), and never a certificate that nobody checks.
TEST_F(RawPublicKeys, NothingInCommon) {
  only_raw();
  server.credentials = {server_};
  refused(sent, E::no_common_certificate_type, AlertDescription::unsupported_certificate);
  server.credentials = {raw(server_)};
  client.verifier = authority_.verifier();
  client.raw_key_verifier = nullptr;
  refused(sent, E::no_common_certificate_type, AlertDescription::unsupported_certificate);
  // The client has X.509 to show, the server believes keys only.
  mutual_raw();
  client.credentials = {client_};
  refused(sent, E::no_common_certificate_type, AlertDescription::unsupported_certificate);
  client.credentials.clear();
  refused(sent, E::no_common_certificate_type, AlertDescription::unsupported_certificate);
  server.client_authentication = ClientAuthentication::optional;
  EXPECT_EQ(connect().of_client, std::nullopt);
  client.credentials = {client_};
  refused(sent, E::no_common_certificate_type, AlertDescription::unsupported_certificate);
  // The other way round: the client has a key only, the server would like X.509.
  client.credentials = {raw(client_)};
  server.client_verifier = authority_.verifier();
  server.raw_key_verifier = nullptr;
  EXPECT_EQ(connect().of_client, std::nullopt);
  server.client_authentication = ClientAuthentication::required;
  refused(sent, E::no_common_certificate_type, AlertDescription::unsupported_certificate);
}

TEST_F(RawPublicKeys, AServerThatIgnoresTheQuestionIsNotBelieved) {
  only_raw();
  refused(received, E::no_common_certificate_type, AlertDescription::unsupported_certificate,
          change(M::encrypted_extensions, [](Parts& parts) { parts.remove(server_certificate_type); }));
}

TEST_F(RawPublicKeys, AnAnswerThatWasNotOffered) {
  only_raw();
  for (const std::uint8_t type : ByteString{0, 1, 3, 255}) {
    refused(received, E::certificate_type_not_offered, AlertDescription::illegal_parameter,
            change(M::encrypted_extensions,
                   [&](Parts& parts) { parts.find(server_certificate_type)->body = {type}; }));
  }
  client = client_settings();
  server = server_settings();
  for (const ExtensionType type : {server_certificate_type, client_certificate_type}) {
    refused(received, E::extension_not_offered, AlertDescription::unsupported_extension,
            change(M::encrypted_extensions, [&](Parts& parts) { parts.extensions.push_back({type, {2}}); }));
  }
}

// "If the RawPublicKey certificate type was negotiated, then the certificate_list MUST contain no more than
// one CertificateEntry" (RFC 9846 §4.5.1)
TEST_F(RawPublicKeys, OneKeyWithoutExtensions) {
  mutual_raw();
  const auto replaced = [](Direction direction, ByteString message) -> Middleman::Edit {
    return [direction, message](Direction way, std::vector<Item>& items) {
      for (Item& item : items) {
        if (way == direction && item.is(M::certificate)) item.content = message;
      }
    };
  };
  for (const auto& [direction, credential] : {std::pair(received, server_), std::pair(sent, client_)}) {
    const ByteString key = copy_of(credential.signer->public_key());
    ByteString list;
    ASSERT_TRUE(message::encode_certificate_list({{key, key}}, {}, {}, list));
    ByteString twice;
    ASSERT_TRUE(message::encode_certificate({}, list, twice));
    refused(direction, E::message_illegal_value, AlertDescription::illegal_parameter,
            replaced(direction, twice));
    // A certificate where a key was agreed on.
    list.clear();
    ASSERT_TRUE(message::encode_certificate_list(credential.chain, {}, {}, list));
    ByteString x509;
    ASSERT_TRUE(message::encode_certificate({}, list, x509));
    refused(direction, E::raw_public_key_unknown, AlertDescription::certificate_unknown,
            replaced(direction, x509));
  }
  refused(received, E::extension_not_offered, AlertDescription::unsupported_extension,
          change(M::certificate, [](Parts& parts) {
            parts.extensions.push_back({signed_certificate_timestamp, {0, 3, 0, 1, 9}});
          }));
}

// The key is the right one, but whoever shows it does not hold it.
TEST_F(RawPublicKeys, TheKeyMustSign) {
  mutual_raw();
  for (const Direction direction : test::kDirections) {
    refused(direction, E::certificate_verify_mismatch, AlertDescription::decrypt_error,
            [&](Direction way, std::vector<Item>& items) {
              for (Item& item : items) {
                if (way != direction || !item.is(M::certificate_verify)) continue;
                item.forge = false;
                item.content.back() ^= 1U;
              }
            });
  }
}

TEST_F(RawPublicKeys, SessionsGoOnWithTheSameTrustOnly) {
  mutual_raw();
  test::FixedClock clock;
  client.sessions = std::make_shared<ClientSessions>();
  client.clock = server.clock = &clock;
  server.ticket_keys = must(TicketKeys::rotating(clock));
  EXPECT_FALSE(connect().resumed);
  const Outcome again = connect();
  EXPECT_TRUE(again.resumed);
  EXPECT_EQ(again.of_server, RawPublicKey);
  EXPECT_EQ(again.of_client, RawPublicKey);
  // The client's trust in more keys is another one, and so is the server's.
  client.raw_key_verifier = trusting({server_, client_});
  EXPECT_FALSE(connect().resumed);
  EXPECT_TRUE(connect().resumed);
  server.raw_key_verifier = trusting({server_, client_});
  EXPECT_FALSE(connect().resumed);
  // What was believed as a key is not believed as a certificate.
  client.raw_key_verifier = nullptr;
  client.verifier = authority_.verifier();
  server.credentials = {server_};
  EXPECT_FALSE(connect().resumed);
}

TEST_F(RawPublicKeys, AskedAgainWhenASessionGoesOn) {
  only_raw();
  test::FixedClock clock;
  client.sessions = std::make_shared<ClientSessions>();
  client.clock = server.clock = &clock;
  client.verify_resumed_sessions = true;
  server.ticket_keys = must(TicketKeys::rotating(clock));
  EXPECT_FALSE(connect().resumed);
  EXPECT_TRUE(connect().resumed);
}

TEST_F(RawPublicKeys, SettingsAreChecked) {
  const auto client_error = [&] {
    const auto config = ClientConfig::create(client);
    return config ? std::string() : std::string(config.error().detail());
  };
  const auto server_error = [&] {
    const auto config = ServerConfig::create(server);
    return config ? std::string() : std::string(config.error().detail());
  };
  EXPECT_EQ(trust_raw_public_keys({}).error().code(), E::configuration_invalid);
  EXPECT_EQ(trust_raw_public_keys({ByteString{1, 2, 3}}).error().code(), E::configuration_invalid);
  EXPECT_EQ(trust_raw_public_keys({server_.chain.front()}).error().code(), E::configuration_invalid);
  only_raw();
  EXPECT_EQ(client_error(), "");
  EXPECT_EQ(server_error(), "");
  client.policy = Policy::intermediate();
  EXPECT_NE(client_error().find("TLS 1.2"), std::string::npos);
  server.policy = Policy::intermediate();
  EXPECT_NE(server_error().find("TLS 1.2"), std::string::npos);
  only_raw();
  client.policy = server.policy = Policy::modern();
  client.post_handshake_authentication = true;
  EXPECT_NE(client_error().find("after the handshake"), std::string::npos);
  server.raw_key_verifier = client.raw_key_verifier;
  EXPECT_NE(server_error().find("client_authentication is none"), std::string::npos);
  server.raw_key_verifier = nullptr;
  server.credentials.front().chain = server_.chain;
  EXPECT_NE(server_error().find("has no certificate"), std::string::npos);
  server.credentials = {server_};
  server.credentials.front().chain.clear();
  EXPECT_NE(server_error().find("there is no certificate"), std::string::npos) << "never by omission";
}

TEST_F(RawPublicKeys, FilesWithKeys) {
  const ByteString one = copy_of(server_.signer->public_key());
  const ByteString other = copy_of(client_.signer->public_key());
  const std::string pem = crypto::to_pem("PUBLIC KEY", one) + crypto::to_pem("PUBLIC KEY", other);
  EXPECT_EQ(must(raw_public_keys_from_bytes(as_bytes(pem))), (std::vector{one, other}));
  EXPECT_EQ(must(raw_public_keys_from_bytes(one)), (std::vector<ByteString>{one}));
  const auto code = [](Bytes file) { return raw_public_keys_from_bytes(file).error().code(); };
  EXPECT_EQ(code(server_.chain.front()), E::pem_malformed);
  EXPECT_EQ(code(as_bytes(crypto::to_pem("CERTIFICATE", server_.chain.front()))), E::pem_malformed);
  EXPECT_EQ(code(as_bytes(crypto::to_pem("PUBLIC KEY", server_.chain.front()))), E::key_unsupported);
  EXPECT_EQ(code({}), E::pem_malformed);
}

}  // namespace
}  // namespace handfast
