// Somebody who knows the keys but cannot prove who he is: wrong, reflected, borrowed and missing proofs.
// RFC 9846 §4.5; attack rows 1, 4, 10, 11, 12, 16.
#include <gtest/gtest.h>

#include "message/certificate.hpp"
#include "pki/certificate.hpp"
#include "support/hostile.hpp"

namespace handfast {
namespace {

using test::back;
using test::Item;
using test::kDirections;
using test::Middleman;
using enum Direction;
using E = ErrorCode;
using M = HandshakeType;

class ProofTamper : public test::Hostile {
 protected:
  // Both sides present a certificate.
  [[nodiscard]] Middleman mutual() const {
    ClientSettings client = client_settings();
    client.credentials = {client_};
    ServerSettings server = server_settings();
    server.client_authentication = ClientAuthentication::required;
    server.client_verifier = authority_.verifier();
    return {std::move(client), std::move(server)};
  }
  using Change = std::function<void(std::vector<Item>& items, std::size_t at)>;
  // Changes the message of that type and asks what its receiver says.
  void check(Direction direction, M type, E code, const Change& change) const {
    SCOPED_TRACE(std::string(test::text_of(direction)) + std::string(name_of(type)));
    Middleman middleman = mutual();
    bool done = false;
    middleman.run([&](Direction way, std::vector<Item>& items) {
      for (std::size_t i = 0; i < items.size() && !done; ++i) {
        if (way != direction || !items[i].is(type) || items[i].epoch != Epoch::handshake) continue;
        done = true;
        change(items, i);
        return;
      }
    });
    ASSERT_TRUE(done);
    expect_refused(middleman, direction, code);
    EXPECT_FALSE(middleman.receiver(direction).connection.is_established());
  }
  static Change byte(std::size_t at) {
    return [at](std::vector<Item>& items, std::size_t i) {
      items[i].forge = false;
      items[i].content[at] ^= 1U;
    };
  }
  static Change replace(ByteString message) {
    return [message](std::vector<Item>& items, std::size_t i) {
      items[i].forge = false;
      items[i].content = message;
    };
  }
  static ByteString certificates(const std::vector<ByteString>& chain, std::string_view context = "") {
    ByteString list;
    if (!chain.empty()) {
      EXPECT_TRUE(message::encode_certificate_list(chain, {}, {}, list));
    }
    ByteString out;
    EXPECT_TRUE(message::encode_certificate(as_bytes(context), list, out));
    return out;
  }
  static Change erase(std::initializer_list<M> types) {
    return [types = std::vector<M>(types)](std::vector<Item>& items, std::size_t) {
      std::erase_if(items, [&](const Item& item) {
        return std::any_of(types.begin(), types.end(), [&](M type) { return item.is(type); });
      });
    };
  }
};

TEST_F(ProofTamper, FinishedWithAWrongBit) {
  for (const Direction direction : kDirections) {
    for (const std::size_t at : {4U, 5U, 20U, 35U})
      check(direction, M::finished, E::finished_mismatch, byte(at));
    check(direction, M::finished, E::finished_mismatch,
          replace(test::handshake_message(M::finished, ByteString(32))));
    check(direction, M::finished, E::message_malformed,
          replace(test::handshake_message(M::finished, ByteString(48))));
    check(direction, M::finished, E::message_malformed,
          replace(test::handshake_message(M::finished, ByteString(0))));
  }
}

// The server's proof is not the client's.
TEST_F(ProofTamper, FinishedReflected) {
  Middleman middleman = mutual();
  ByteString of_server;
  middleman.run([&](Direction, std::vector<Item>& items) {
    for (Item& item : items) {
      if (!item.is(M::finished)) continue;
      if (of_server.empty()) {
        of_server = item.content;
      } else {
        item.forge = false;
        item.content = of_server;
      }
    }
  });
  expect_refused(middleman, sent, E::finished_mismatch);
}

// "the digitalSignature bit MUST be set if the Key Usage extension is present" (§4.5.1.2), even if the
// verifier does not care.
TEST_F(ProofTamper, CertificateThatIsNotForSignatures) {
  pki::IssueSpec spec = authority_.leaf_spec("server.test");
  spec.key_usage = static_cast<std::uint16_t>(pki::KeyUsage::key_agreement);
  const Credential wrong = authority_.credential(spec, crypto::KeyType::ed25519);
  for (const Direction direction : kDirections) {
    ClientSettings client = client_settings();
    client.verifier = danger::accept_any_certificate();
    client.credentials = {direction == sent ? wrong : client_};
    ServerSettings server = server_settings();
    server.credentials = {direction == sent ? server_ : wrong};
    server.client_authentication = ClientAuthentication::required;
    server.client_verifier = danger::accept_any_certificate();
    Middleman middleman(std::move(client), std::move(server));
    middleman.run();
    expect_refused(middleman, direction, E::certificate_bad_key_usage);
  }
}

TEST_F(ProofTamper, CertificateVerifyWithAWrongBit) {
  for (const Direction direction : kDirections) {
    for (const std::size_t at : {8U, 40U, 71U}) {
      check(direction, M::certificate_verify, E::certificate_verify_mismatch, byte(at));
    }
    for (const std::size_t size : {0U, 63U, 65U}) {
      ByteString body = {0x08, 0x07, 0, static_cast<std::uint8_t>(size)};
      body.resize(4 + size);
      check(direction, M::certificate_verify, E::certificate_verify_mismatch,
            replace(test::handshake_message(M::certificate_verify, body)));
    }
  }
}

TEST_F(ProofTamper, CertificateVerifyWithAnotherScheme) {
  for (const Direction direction : kDirections) {
    for (const auto& [first, second, code] : {std::tuple{0x08, 0x08, E::signature_scheme_not_offered},
                                              std::tuple{0x04, 0x01, E::signature_scheme_not_offered},
                                              std::tuple{0x02, 0x01, E::signature_scheme_not_offered},
                                              std::tuple{0, 0, E::signature_scheme_not_offered},
                                              std::tuple{0x04, 0x03, E::certificate_key_unsuitable},
                                              std::tuple{0x08, 0x04, E::certificate_key_unsuitable}}) {
      check(direction, M::certificate_verify, code,
            [high = first, low = second](std::vector<Item>& items, std::size_t i) {
              items[i].forge = false;
              items[i].content[4] = static_cast<std::uint8_t>(high);
              items[i].content[5] = static_cast<std::uint8_t>(low);
            });
    }
  }
}

// What the server signed, sent back by a client; and what was signed in another handshake.
TEST_F(ProofTamper, CertificateVerifyReflectedOrReplayed) {
  ClientSettings client = client_settings();
  client.credentials = {
      server_};  // the client holds the server's certificate, not its key, as far as it proves
  ServerSettings server = server_settings();
  server.client_authentication = ClientAuthentication::required;
  server.client_verifier = authority_.verifier();
  Middleman reflected(std::move(client), std::move(server));
  ByteString of_server;
  reflected.run([&](Direction direction, std::vector<Item>& items) {
    for (Item& item : items) {
      if (!item.is(M::certificate_verify)) continue;
      if (direction == received) {
        of_server = item.content;
      } else {
        item.forge = false;
        item.content = of_server;
      }
    }
  });
  expect_refused(reflected, sent, E::certificate_verify_mismatch);

  for (const Direction direction : kDirections) {
    ByteString old;
    Middleman first = mutual();
    first.run([&](Direction way, std::vector<Item>& items) {
      for (const Item& item : items) {
        if (way == direction && item.is(M::certificate_verify)) old = item.content;
      }
    });
    EXPECT_TRUE(first.established());
    check(direction, M::certificate_verify, E::certificate_verify_mismatch, replace(old));
  }
}

// A certificate that is good, but not for the key that signs.
TEST_F(ProofTamper, BorrowedCertificate) {
  const Credential other_server = authority_.credential("server.test", crypto::KeyType::ed25519);
  const Credential other_client = authority_.credential("client.test", crypto::KeyType::ed25519);
  check(received, M::certificate, E::certificate_verify_mismatch, replace(certificates(other_server.chain)));
  check(sent, M::certificate, E::certificate_verify_mismatch, replace(certificates(other_client.chain)));
}

TEST_F(ProofTamper, MessagesLeftOut) {
  check(received, M::certificate, E::message_unexpected, erase({M::certificate, M::certificate_verify}));
  check(received, M::certificate, E::message_unexpected, erase({M::certificate}));
  check(received, M::certificate, E::message_unexpected, erase({M::certificate_verify}));
  check(received, M::encrypted_extensions, E::message_unexpected,
        erase({M::encrypted_extensions, M::certificate_request, M::certificate, M::certificate_verify}));
  check(sent, M::certificate, E::message_unexpected, erase({M::certificate, M::certificate_verify}));
  check(sent, M::certificate, E::message_unexpected, erase({M::certificate}));
  check(sent, M::certificate, E::message_unexpected, erase({M::certificate_verify}));
}

TEST_F(ProofTamper, ListsOfCertificates) {
  std::vector<ByteString> many(17, server_.chain.front());
  for (const Direction direction : kDirections) {
    check(direction, M::certificate, E::certificate_chain_too_long, replace(certificates(many)));
    check(direction, M::certificate, E::message_illegal_value,
          replace(certificates(server_.chain, "context")));
    check(direction, M::certificate, E::certificate_malformed, replace(certificates({ByteString{0x30, 0}})));
    check(direction, M::certificate, E::message_malformed,
          replace(test::handshake_message(M::certificate, ByteString{0, 0, 0, 5, 0, 0, 0, 0, 0})));
  }
  check(received, M::certificate, E::certificate_list_empty, replace(certificates({})));
  // Even if the verifier would believe nobody at all.
  ClientSettings careless = client_settings();
  careless.verifier = danger::accept_any_certificate();
  Middleman empty(std::move(careless), server_settings());
  empty.run([&](Direction direction, std::vector<Item>& items) {
    for (Item& item : items) {
      if (direction == received && item.is(M::certificate)) item.content = certificates({});
    }
  });
  expect_refused(empty, received, E::certificate_list_empty);
  check(sent, M::certificate, E::certificate_required, replace(certificates({})));
}

// The verifier's no is the end, whatever proof follows.
TEST_F(ProofTamper, NotBelieved) {
  // A root of the same name with another key.
  const test::Authority stranger;
  const Credential unknown = stranger.credential("server.test", crypto::KeyType::ed25519);
  const Credential other_name = authority_.credential("other.test", crypto::KeyType::ed25519);
  pki::IssueSpec spec = authority_.leaf_spec("server.test");
  spec.not_after = authority_.clock.time - std::chrono::hours(1);
  const Credential expired = authority_.credential(spec, crypto::KeyType::ed25519);
  for (const auto& [credential, code, alert] :
       {std::tuple{unknown, E::certificate_wrong_intermediate, AlertDescription::unknown_ca},
        std::tuple{other_name, E::certificate_name_mismatch, AlertDescription::bad_certificate},
        std::tuple{expired, E::certificate_expired, AlertDescription::certificate_expired}}) {
    ServerSettings server;
    server.policy = Policy::modern();
    server.credentials = {credential};
    Middleman middleman(client_settings(), std::move(server));
    middleman.run();
    expect_refused(middleman, received, code, alert);
    EXPECT_FALSE(middleman.client.connection.is_established());
    EXPECT_FALSE(middleman.server.connection.is_established());
  }
  ClientSettings client = client_settings();
  client.credentials = {unknown};
  for (const auto mode : {ClientAuthentication::optional, ClientAuthentication::required}) {
    ServerSettings server = server_settings();
    server.client_authentication = mode;
    server.client_verifier = authority_.verifier();
    Middleman middleman(client, std::move(server));
    middleman.run();
    expect_refused(middleman, sent, E::certificate_wrong_intermediate);
  }
}

// "No overlap": the code, the alert that the client hears, and what each side had brought.
TEST_F(ProofTamper, NothingInCommon) {
  struct Case {
    E code;
    std::function<void(ClientSettings&, ServerSettings&)> change;
    std::vector<std::uint16_t> offered;
    std::vector<std::uint16_t> accepted;
  };
  const std::vector<Case> cases = {
      {E::no_common_suite,
       [](ClientSettings& c, ServerSettings& s) {
         c.policy.suites = {CipherSuite::TLS_AES_128_GCM_SHA256};
         s.policy.suites = {CipherSuite::TLS_AES_256_GCM_SHA384};
       },
       {0x1301},
       {0x1302}},
      {E::no_common_group,
       [](ClientSettings&, ServerSettings& s) {
         s.policy.groups = {NamedGroup::secp521r1};
         s.policy.key_shares = {};
       },
       {0x1d, 0x17},
       {0x19}},
      {E::no_common_signature_scheme,
       [](ClientSettings& c, ServerSettings& s) {
         c.policy.signature_schemes = {SignatureScheme::rsa_pss_rsae_sha256};
         s.policy.signature_schemes = {SignatureScheme::ed25519};
       },
       {0x0804},
       {0x0807}},
      {E::no_common_application_protocol,
       [](ClientSettings& c, ServerSettings& s) {
         c.application_protocols = {"h2"};
         s.application_protocols = {"http/1.1"};
       },
       {},
       {}},
      {E::no_certificate_for_name,
       [this](ClientSettings&, ServerSettings& s) {
         s.credentials = {authority_.credential("other.test", crypto::KeyType::ed25519)};
         s.reject_unknown_name = true;
       },
       {},
       {}},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(info_of(one.code).name);
    ClientSettings client = client_settings();
    client.grease = false;
    ServerSettings server = server_settings();
    one.change(client, server);
    Middleman middleman(std::move(client), std::move(server));
    middleman.run();
    ASSERT_TRUE(middleman.server.error);
    EXPECT_EQ(middleman.server.error->code(), one.code);
    EXPECT_EQ(middleman.server.error->offered(), one.offered);
    EXPECT_EQ(middleman.server.error->accepted(), one.accepted);
    if (one.offered.empty()) {
      EXPECT_FALSE(middleman.server.error->detail().empty());
    }
    ASSERT_TRUE(middleman.client.error);
    EXPECT_EQ(middleman.client.error->code(), E::alert_received);
    EXPECT_EQ(middleman.client.error->alert(), info_of(one.code).alert);
  }
}

}  // namespace
}  // namespace handfast
