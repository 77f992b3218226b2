// Configurations that cannot work are refused when they are built, with a sentence that says which setting
// and why.
#include <gtest/gtest.h>

#include <functional>
#include <handfast/connection.hpp>
#include <type_traits>

#include "support/authority.hpp"

namespace handfast {
namespace {

using test::Authority;
using E = ErrorCode;

// A signer that can make nothing.
class Mute final : public Signer {
 public:
  [[nodiscard]] std::span<const SignatureScheme> schemes() const override { return {}; }
  [[nodiscard]] Bytes public_key() const override { return {}; }
  void sign(SignatureScheme, Bytes, Completion<ByteString>) const override {}
};

// A verifier whose list of authorities does not fit.
class Talkative final : public CertificateVerifier {
 public:
  void verify(const VerificationRequest&, Completion<Verdict>) const override {}
  [[nodiscard]] std::vector<ByteString> authorities() const override {
    std::vector<ByteString> names;
    for (int i = 0; i < 2; ++i) names.emplace_back(40000, std::uint8_t{0x30});
    return names;
  }
};

class Configuration : public testing::Test {
 protected:
  template <class Settings>
  struct Case {
    const char* name;
    std::function<void(Settings&)> change;
    std::string_view words;  // in the detail
    E code = E::configuration_invalid;
  };

  // What both sides refuse.
  template <class Settings>
  static std::vector<Case<Settings>> common() {
    return {
        {"no version", [](Settings& s) { s.policy.versions.clear(); }, "policy.versions: the list is empty"},
        {"old version", [](Settings& s) { s.policy.versions = {ProtocolVersion::tls1_0}; },
         "TLS 1.0 is not supported"},
        {"version twice", [](Settings& s) { s.policy.versions.push_back(ProtocolVersion::tls1_3); },
         "policy.versions: a value appears twice"},
        {"no suite", [](Settings& s) { s.policy.suites.clear(); }, "policy.suites: the list is empty"},
        {"unknown suite", [](Settings& s) { s.policy.suites.push_back(static_cast<CipherSuite>(0x1304)); },
         "policy.suites: 0x1304 is not supported"},
        {"suite twice", [](Settings& s) { s.policy.suites.push_back(s.policy.suites.front()); },
         "policy.suites: a value appears twice"},
        {"no group", [](Settings& s) { s.policy.groups.clear(); }, "policy.groups: the list is empty"},
        {"unsupported group", [](Settings& s) { s.policy.groups.push_back(NamedGroup::ffdhe8192); },
         "policy.groups: ffdhe8192 is not supported"},
        {"group twice", [](Settings& s) { s.policy.groups.push_back(s.policy.groups.front()); },
         "policy.groups: a value appears twice"},
        {"share without group", [](Settings& s) { s.policy.key_shares = {NamedGroup::MLKEM1024}; },
         "policy.key_shares: MLKEM1024 is not one of policy.groups"},
        {"share twice", [](Settings& s) { s.policy.key_shares = {NamedGroup::x25519, NamedGroup::x25519}; },
         "policy.key_shares: a group appears twice"},
        {"no scheme", [](Settings& s) { s.policy.signature_schemes.clear(); },
         "policy.signature_schemes: the list is empty"},
        {"PKCS #1 v1.5",
         [](Settings& s) {
           s.policy = Policy::modern();  // TLS 1.2 signs with it
           s.policy.signature_schemes.push_back(SignatureScheme::rsa_pkcs1_sha256);
         },
         "rsa_pkcs1_sha256 is not supported"},
        {"SHA-1", [](Settings& s) { s.policy.signature_schemes.push_back(SignatureScheme::ecdsa_sha1); },
         "is not supported"},
        {"scheme twice",
         [](Settings& s) { s.policy.signature_schemes.push_back(s.policy.signature_schemes.front()); },
         "policy.signature_schemes: a value appears twice"},
        {"empty ALPN name", [](Settings& s) { s.application_protocols = {""}; },
         "application_protocols: a name must have 1 to 255"},
        {"long ALPN name", [](Settings& s) { s.application_protocols = {std::string(256, 'x')}; },
         "application_protocols: a name"},
        {"ALPN name twice", [](Settings& s) { s.application_protocols = {"h2", "h2"}; },
         "application_protocols: a name appears twice"},
        {"small records", [](Settings& s) { s.record_size_limit = 63; },
         "record_size_limit: must be 64 to 16385"},
        {"large records", [](Settings& s) { s.record_size_limit = 16386; }, "record_size_limit"},
        {"short-lived keys", [](Settings& s) { s.key_lifetime = 15; },
         "key_lifetime: must be at least 16 records"},
        {"no padding block", [](Settings& s) { s.padding.block = 0; }, "padding.block: must be 1 to 16384"},
        {"huge padding block", [](Settings& s) { s.padding.block = 16385; }, "padding.block"},
        {"no signer", [](Settings& s) { s.credentials.front().signer = nullptr; },
         "credentials[0]: there is no signer"},
        {"no chain", [](Settings& s) { s.credentials.front().chain.clear(); },
         "credentials[0]: there is no certificate"},
        {"long chain",
         [](Settings& s) { s.credentials.front().chain.resize(17, s.credentials.front().chain.front()); },
         "credentials[0]: the chain is longer"},
        {"broken certificate", [](Settings& s) { s.credentials.front().chain.front().pop_back(); },
         "credentials[0]: certificate 0 of the chain"},
        {"timestamps that are no list",
         [](Settings& s) { s.credentials.front().signed_certificate_timestamps = {0, 1, 0}; },
         "credentials[0]: signed_certificate_timestamps is no SignedCertificateTimestampList"},
        {"key that can sign nothing",
         [](Settings& s) { s.credentials.front().signer = std::make_shared<Mute>(); },
         "the key of a certificate can make none of policy.signature_schemes"},
        {"key of another certificate",
         [](Settings& s) { std::swap(s.credentials[0].signer, s.credentials[1].signer); },
         "credentials[0]: the private key is not the one of the first certificate",
         E::configuration_key_mismatch},
    };
  }

  template <class Config, class Settings>
  static void refuse(const Settings& good, const std::vector<Case<Settings>>& cases) {
    EXPECT_TRUE(Config::create(Settings(good)));
    for (const Case<Settings>& one : cases) {
      SCOPED_TRACE(one.name);
      Settings settings = good;
      one.change(settings);
      const auto config = Config::create(std::move(settings));
      ASSERT_FALSE(config);
      EXPECT_EQ(config.error().code(), one.code);
      EXPECT_EQ(config.error().category(), ErrorCategory::local);
      EXPECT_NE(config.error().detail().find(one.words), std::string_view::npos) << config.error().detail();
    }
  }

  Authority authority_;
};

TEST_F(Configuration, Client) {
  ClientSettings good = authority_.client_settings();
  good.credentials = {authority_.credential("one.test"), authority_.credential("two.test")};
  std::vector<Case<ClientSettings>> cases = common<ClientSettings>();
  cases.push_back({"no verifier", [](ClientSettings& s) { s.verifier = nullptr; },
                   "verifier: a client must know whom it trusts"});
  cases.push_back({"too many ALPN names",
                   [](ClientSettings& s) {
                     for (int i = 0; i < 300; ++i)
                       s.application_protocols.push_back(std::string(250, 'x') + std::to_string(i));
                   },
                   "application_protocols: the list is too long"});
  refuse<ClientConfig>(good, cases);
}

TEST_F(Configuration, Server) {
  ServerSettings good;
  good.credentials = {authority_.credential("one.test"), authority_.credential("two.test")};
  std::vector<Case<ServerSettings>> cases = common<ServerSettings>();
  cases.push_back({"no credential", [](ServerSettings& s) { s.credentials.clear(); },
                   "credentials: a server needs a certificate"});
  cases.push_back({"scheme of another key",
                   [](ServerSettings& s) { s.policy.signature_schemes = {SignatureScheme::ed25519}; },
                   "the key of a certificate can make none"});
  cases.push_back({"nobody to judge clients",
                   [](ServerSettings& s) { s.client_authentication = ClientAuthentication::required; },
                   "client_verifier: clients are asked, but nothing"});
  cases.push_back({"verifier without a question",
                   [this](ServerSettings& s) { s.client_verifier = authority_.verifier(); },
                   "client_verifier: it would never be asked"});
  cases.push_back({"too many authorities",
                   [](ServerSettings& s) {
                     s.client_authentication = ClientAuthentication::optional;
                     s.client_verifier = std::make_shared<Talkative>();
                   },
                   "client_verifier: its list of authorities does not fit"});
  refuse<ServerConfig>(good, cases);
}

// Attack row 17: a client's connection cannot be made without the name of the server, nor with an empty one.
TEST_F(Configuration, NoClientWithoutAName) {
  static_assert(!std::is_default_constructible_v<ServerName>);
  static_assert(!std::is_invocable_v<decltype(&Connection::client), std::shared_ptr<const ClientConfig>>);
  for (const char* const name : {"", ".", " "}) EXPECT_FALSE(ServerName::parse(name)) << '"' << name << '"';
}

TEST_F(Configuration, EmptyTrust) {
  for (const auto& anchors : {std::shared_ptr<const TrustAnchors>(),
                              std::shared_ptr<const TrustAnchors>(std::make_shared<TrustAnchors>())}) {
    const auto verifier = verify_with(anchors, authority_.clock);
    ASSERT_FALSE(verifier);
    EXPECT_EQ(verifier.error().code(), E::configuration_invalid);
    EXPECT_NE(verifier.error().detail().find("the trust store is empty"), std::string_view::npos);
  }
}

TEST_F(Configuration, CredentialFromPem) {
  const auto key = test::must(crypto::PrivateKey::generate(crypto::KeyType::ec_p256));
  const std::string pem = test::must(key.to_pem());
  const auto refused = [](std::string_view chain, std::string_view key_pem) {
    return Credential::from_pem(chain, key_pem).error().code();
  };
  EXPECT_EQ(refused("", pem), E::pem_malformed);
  EXPECT_EQ(refused("no certificate", pem), E::pem_malformed);
  EXPECT_EQ(refused(pem, pem), E::pem_malformed);
}

}  // namespace
}  // namespace handfast
