// What TLS 1.2 had and this stack has not, or under one policy only: CBC and older suites, RSA key exchange,
// keys of finite fields that are used again. Attack rows 35, 37, 39.
#include <gtest/gtest.h>

#include <set>

#include "pki/certificate.hpp"
#include "support/stepwise12.hpp"

namespace handfast {
namespace {

using test::must;
using test::Stepwise;
using test::tls12_policy;

struct Material {
  Material() {
    pki::IssueSpec spec = authority.leaf_spec("server.test");
    spec.key_usage = static_cast<std::uint16_t>(static_cast<unsigned>(pki::KeyUsage::digital_signature) |
                                                static_cast<unsigned>(pki::KeyUsage::key_encipherment));
    server = authority.credential(spec, crypto::KeyType::rsa);
  }
  test::Authority authority;
  Credential server;
};
const Material& material() {
  static const Material all;
  return all;
}

ClientSettings client_settings(Policy policy) {
  ClientSettings client = material().authority.client_settings();
  client.policy = std::move(policy);
  return client;
}
ServerSettings server_settings(Policy policy) {
  ServerSettings server;
  server.policy = std::move(policy);
  server.credentials.push_back(material().server);
  return server;
}

std::vector<Policy> policies() { return {Policy::modern(), Policy::intermediate(), Policy::legacy()}; }

// CBC with SHA-1 and SHA-2, 3DES, RC4, NULL, export, anonymous, static Diffie-Hellman, PSK, CCM.
constexpr std::array<std::uint16_t, 14> kOld = {0xc013, 0xc014, 0xc027, 0xc028, 0x002f, 0x0035, 0x003c,
                                                0x000a, 0x0005, 0x003b, 0x0003, 0x00a6, 0xc031, 0x00a8};

// The place of the suites in the record of a ClientHello.
std::size_t suites_at(const ByteString& record) { return 5 + 4 + 2 + 32 + 1 + record[43]; }

TEST(Suites12, OldOnesAreRefusedUnderEveryPolicy) {
  for (const Policy& policy : policies()) {
    for (const std::uint16_t old : kOld) {
      Policy with = policy;
      with.suites.push_back(static_cast<CipherSuite>(old));
      EXPECT_FALSE(ClientConfig::create(client_settings(with))) << old;
      EXPECT_FALSE(ServerConfig::create(server_settings(with))) << old;
    }
    // A client that offers nothing else.
    test::Loopback offered(test::client_config(client_settings(policy)),
                           test::server_config(server_settings(policy)));
    offered.run([](Direction direction, ByteString& bytes) {
      if (direction != Direction::sent || bytes[5] != 1) return;
      const std::size_t at = suites_at(bytes);
      const std::size_t size = static_cast<std::size_t>(bytes[at]) << 8U | bytes[at + 1];
      for (std::size_t i = 0; i < size / 2; ++i) {
        const std::uint16_t old = kOld[i % kOld.size()];
        bytes[at + 2 + 2 * i] = static_cast<std::uint8_t>(old >> 8U);
        bytes[at + 3 + 2 * i] = static_cast<std::uint8_t>(old);
      }
    });
    ASSERT_TRUE(offered.server.error);
    EXPECT_EQ(offered.server.error->code(), ErrorCode::no_common_suite) << offered.server.error->to_string();
    // A server that chooses one.
    for (const std::uint16_t old : kOld) {
      test::Loopback chosen(test::client_config(client_settings(policy)),
                            test::server_config(server_settings(policy)));
      chosen.run([&](Direction direction, ByteString& bytes) {
        if (direction != Direction::received || bytes[5] != 2) return;
        const std::size_t at = 5 + 4 + 2 + 32 + 1 + bytes[43];
        bytes[at] = static_cast<std::uint8_t>(old >> 8U);
        bytes[at + 1] = static_cast<std::uint8_t>(old);
      });
      ASSERT_TRUE(chosen.client.error);
      EXPECT_EQ(chosen.client.error->code(), ErrorCode::suite_not_offered) << old;
    }
  }
}

TEST(Suites12, RsaKeyExchangeNeedsThePolicyLegacy) {
  Policy rsa_only = tls12_policy();
  rsa_only.suites = {CipherSuite::TLS_RSA_WITH_AES_128_GCM_SHA256};
  for (const Policy& policy : policies()) {
    const bool is_legacy = policy.suites == Policy::legacy().suites;
    test::Loopback as_server(test::client_config(client_settings(rsa_only)),
                             test::server_config(server_settings(policy)));
    as_server.run();
    EXPECT_EQ(as_server.established(), is_legacy);
    test::Loopback as_client(test::client_config(client_settings(policy)),
                             test::server_config(server_settings(rsa_only)));
    as_client.run();
    EXPECT_EQ(as_client.established(), is_legacy);
  }
}

// One configuration, many handshakes: each has a key of its own, on both ends.
TEST(Suites12, FiniteFieldKeysAreNeverReused) {
  Policy dhe = tls12_policy();
  dhe.suites = {CipherSuite::TLS_DHE_RSA_WITH_AES_128_GCM_SHA256};
  const auto client = test::client_config(client_settings(dhe));
  const auto server = test::server_config(server_settings(dhe));
  std::set<ByteString> seen;
  constexpr std::size_t kCount = 4;
  // The last bytes of the public values: what stands before them is the same in each message.
  const auto note = [&](const ByteString& bytes, HandshakeType wanted, std::size_t offset) {
    for (std::size_t at = 0; at + 9 <= bytes.size();) {
      const std::size_t length = static_cast<std::size_t>(bytes[at + 3]) << 8U | bytes[at + 4];
      for (std::size_t message = at + 5; bytes[at] == 22 && message + 4 < at + 5 + length;) {
        const std::size_t size =
            4 + (static_cast<std::size_t>(bytes[message + 2]) << 8U | bytes[message + 3]);
        if (bytes[message] == static_cast<std::uint8_t>(wanted)) {
          seen.insert(copy_of(Bytes(bytes).subspan(message + offset, 64)));
        }
        message += size;
      }
      at += 5 + length;
    }
  };
  for (std::size_t i = 0; i < kCount; ++i) {
    test::Loopback loopback(client, server);
    bool protected_yet = false;
    loopback.run([&](Direction direction, ByteString& bytes) {
      if (protected_yet) return;
      if (direction == Direction::sent) note(bytes, HandshakeType::client_key_exchange, 4 + 2 + 64);
      // dh_p and dh_g come before dh_Ys: 2 + 256, 2 + 1, 2 bytes.
      if (direction == Direction::received)
        note(bytes, HandshakeType::server_key_exchange, 4 + 258 + 3 + 2 + 64);
      protected_yet = direction == Direction::sent && bytes[5] != 1;
    });
    ASSERT_TRUE(loopback.established());
    EXPECT_EQ(loopback.client.connection.info()->finite_field_bits, 2048U);
    EXPECT_EQ(seen.size(), 2 * (i + 1));
  }
}

}  // namespace
}  // namespace handfast
