// Revocation in whole handshakes: what the default verifier makes of lists and staples, and which alert goes
// to the peer. RFC 9846 §6.2, §4.5.1; RFC 7633.
#include <gtest/gtest.h>

#include "pki/revocation_maker.hpp"
#include "support/loopback.hpp"

namespace handfast {
namespace {

using test::client_config;
using test::Entity;
using test::kNow;
using test::Loopback;
using test::make_child;
using test::make_list;
using test::make_response;
using test::make_root;
using test::must;
using test::serial_of;
using E = ErrorCode;

struct RevocationInHandshakes : testing::Test {
  RevocationInHandshakes() { clock.time = kNow; }

  static pki::IssueSpec spec(const std::string& name, bool demands_staple) {
    pki::IssueSpec out = test::server_spec(name);
    out.client_auth = true;
    const std::uint8_t status_request = 5;
    if (demands_staple) {
      out.more_extensions = {pki::encode_extension(
          pki::oid::kTlsFeature, false,
          test::der_encode(crypto::der::kSequence,
                           {test::der_encode(crypto::der::kInteger, {Bytes(&status_request, 1)})}))};
    }
    return out;
  }
  // A credential of a new leaf, which stays in `leaf`.
  Credential credential(const ByteString& staple, bool demands_staple = false) {
    Credential out;
    Entity entity = make_child(spec("server.test", demands_staple), ca);
    leaf = entity.certificate;
    out.chain = {entity.certificate, ca.certificate};
    out.signer = crypto::make_signer(std::move(entity.key));
    out.ocsp_response = staple;
    return out;
  }
  [[nodiscard]] std::shared_ptr<const CertificateVerifier> verifier(
      RevocationSettings revocation = {}) const {
    auto anchors = std::make_shared<TrustAnchors>();
    EXPECT_TRUE(anchors->add_certificate(root.certificate).has_value());
    return must(verify_with(std::move(anchors), clock, std::move(revocation)));
  }
  static RevocationSettings lists(const std::vector<ByteString>& ders,
                                  RevocationMode mode = RevocationMode::soft_fail) {
    return {std::make_shared<RevocationLists>(test::lists_of(ders)), mode};
  }
  // What the client makes of the server, or the server of the client: internal_error for "established".
  E run(Loopback& loopback, bool client_decides = true) {
    loopback.run();
    const auto& decider = client_decides ? loopback.client : loopback.server;
    const auto& other = client_decides ? loopback.server : loopback.client;
    if (!decider.error) {
      EXPECT_TRUE(loopback.established());
      return E::internal_error;
    }
    alert = decider.error->alert();
    EXPECT_TRUE(other.error && other.error->code() == E::alert_received);
    if (other.error) {
      EXPECT_EQ(other.error->alert(), alert);
    }
    return decider.error->code();
  }
  E connect(Credential shown, RevocationSettings revocation = {}, bool ask = true) {
    ClientSettings client;
    client.verifier = verifier(std::move(revocation));
    client.request_ocsp_staple = ask;
    ServerSettings server;
    server.credentials = {std::move(shown)};
    Loopback loopback(client_config(std::move(client)), test::server_config(std::move(server)));
    return run(loopback);
  }
  ByteString answer(pki::OcspCertificateStatus status) {
    return make_response({{{copy_of(test::parsed(leaf).serial), status}}}, ca, ca);
  }

  test::FixedClock clock;
  Entity root = make_root(test::ca_spec("Root"));
  Entity ca = make_child(test::ca_spec("CA"), root);
  ByteString leaf;
  AlertDescription alert{};
};

TEST_F(RevocationInHandshakes, ListsOfTheClient) {
  Credential shown = credential({});
  const ByteString serial = copy_of(test::parsed(leaf).serial);
  const ByteString clean = make_list({}, ca);
  const ByteString of_root = make_list({}, root);
  EXPECT_EQ(connect(shown, lists({clean})), E::internal_error);
  EXPECT_EQ(connect(shown, lists({clean, of_root}, RevocationMode::hard_fail)), E::internal_error);
  EXPECT_EQ(connect(shown, lists({clean}, RevocationMode::hard_fail)), E::certificate_revocation_unknown);
  EXPECT_EQ(alert, AlertDescription::certificate_unknown);
  EXPECT_EQ(connect(shown, lists({make_list({{{serial}}}, ca)})), E::certificate_revoked);
  EXPECT_EQ(alert, AlertDescription::certificate_revoked);
  EXPECT_EQ(connect(shown, lists({make_list({{{serial_of(ca)}}}, root)})), E::certificate_revoked);
}

TEST_F(RevocationInHandshakes, StapledResponses) {
  Credential shown = credential({});
  shown.ocsp_response = answer(pki::OcspCertificateStatus::good);
  EXPECT_EQ(connect(shown), E::internal_error);
  shown.ocsp_response = answer(pki::OcspCertificateStatus::revoked);
  EXPECT_EQ(connect(shown), E::certificate_revoked);
  EXPECT_EQ(alert, AlertDescription::certificate_revoked);
  shown.ocsp_response = answer(pki::OcspCertificateStatus::unknown);
  EXPECT_EQ(connect(shown), E::certificate_staple_invalid);
  EXPECT_EQ(alert, AlertDescription::bad_certificate_status_response);
  // Who asks for none gets none.
  EXPECT_EQ(connect(shown, {}, false), E::internal_error);
  clock.time += std::chrono::days(4);
  shown.ocsp_response = answer(pki::OcspCertificateStatus::good);
  EXPECT_EQ(connect(shown), E::certificate_staple_invalid);
}

TEST_F(RevocationInHandshakes, ACertificateThatDemandsAStaple) {
  Credential shown = credential({}, true);
  EXPECT_EQ(connect(shown), E::certificate_staple_missing);
  EXPECT_EQ(alert, AlertDescription::bad_certificate_status_response);
  EXPECT_EQ(connect(shown, {}, false), E::internal_error);
  shown.ocsp_response = answer(pki::OcspCertificateStatus::good);
  EXPECT_EQ(connect(shown), E::internal_error);
}

TEST_F(RevocationInHandshakes, CertificatesOfClients) {
  for (const bool demands_staple : {false, true}) {
    const Credential shown = credential({}, demands_staple);
    const ByteString serial = copy_of(test::parsed(leaf).serial);
    const auto accepts = [&](RevocationSettings revocation) {
      ClientSettings client;
      client.verifier = verifier();
      client.credentials = {shown};
      ServerSettings server;
      server.credentials = {credential({})};
      server.client_authentication = ClientAuthentication::required;
      server.client_verifier = verifier(std::move(revocation));
      Loopback loopback(client_config(std::move(client)), test::server_config(std::move(server)));
      return run(loopback, false);
    };
    // Clients were not asked for a staple.
    EXPECT_EQ(accepts({}), E::internal_error);
    EXPECT_EQ(accepts(lists({make_list({}, ca)})), E::internal_error);
    EXPECT_EQ(accepts(lists({make_list({{{serial}}}, ca)})), E::certificate_revoked);
    EXPECT_EQ(alert, AlertDescription::certificate_revoked);
  }
}

TEST_F(RevocationInHandshakes, ListsThatAreNeededMustBeThere) {
  auto anchors = std::make_shared<TrustAnchors>();
  ASSERT_TRUE(anchors->add_certificate(root.certificate).has_value());
  const auto without = verify_with(anchors, clock, {nullptr, RevocationMode::hard_fail});
  ASSERT_FALSE(without.has_value());
  EXPECT_EQ(without.error().code(), E::configuration_invalid);
  EXPECT_FALSE(verify_with(anchors, clock, lists({}, RevocationMode::hard_fail)).has_value());
}

}  // namespace
}  // namespace handfast
