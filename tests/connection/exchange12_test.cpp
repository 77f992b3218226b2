// TLS 1.2 key exchange against hostile peers: parameters that are signed rightly and wrong all the same,
// forged signatures, malformed premaster secrets (Bleichenbacher), downgrades, missing bindings.
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "crypto/finite_field.hpp"
#include "handshake/authentication12.hpp"
#include "message/key_exchange12.hpp"
#include "pki/certificate.hpp"
#include "support/stepwise12.hpp"

namespace handfast {
namespace {

using crypto::KeyType;
using test::Authority;
using test::must;
using test::Piece;
using test::Stepwise;
using test::tls12_policy;

struct Material {
  Material() {
    pki::IssueSpec spec = authority.leaf_spec("server.test");
    spec.key_usage = static_cast<std::uint16_t>(static_cast<unsigned>(pki::KeyUsage::digital_signature) |
                                                static_cast<unsigned>(pki::KeyUsage::key_encipherment));
    server = authority.credential(spec, KeyType::rsa);
  }
  Authority authority;
  Credential server;
};
const Material& material() {
  static const Material all;
  return all;
}

ClientSettings client_settings() {
  ClientSettings client = material().authority.client_settings();
  client.policy = tls12_policy();
  return client;
}
ServerSettings server_settings(CipherSuite suite) {
  ServerSettings server;
  server.policy = tls12_policy();
  server.policy.suites = {suite};
  server.credentials.push_back(material().server);
  return server;
}

ByteString sign(SignatureScheme scheme, Bytes content) {
  auto pending = std::make_shared<PendingDecision<ByteString>>([] {});
  material().server.signer->sign(scheme, content, Completion<ByteString>(pending));
  return must(*pending->take());
}

// A ServerKeyExchange with these parameters, rightly signed.
ByteString signed_exchange(const Stepwise& stepwise, Bytes params) {
  constexpr auto kScheme = SignatureScheme::rsa_pss_rsae_sha256;
  ByteString message;
  EXPECT_TRUE(message::encode_server_key_exchange(
      params, kScheme, sign(kScheme, handshake::signed_params(stepwise.randoms(), params)), message));
  return message;
}

// Gives the client everything, with the ServerKeyExchange that `make` makes of the right one; its error.
template <class Make>
Error error_after(CipherSuite suite, Make make) {
  Stepwise stepwise(Side::client, client_settings(), server_settings(suite));
  while (auto piece = stepwise.next()) {
    if (piece->is(HandshakeType::server_key_exchange)) piece->content = make(stepwise, piece->content);
    stepwise.give(*piece);
    if (stepwise.end().error) return *stepwise.end().error;
  }
  ADD_FAILURE() << "the client was content";
  return ErrorCode::internal_error;
}

constexpr auto kEcdhe = CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256;
constexpr auto kDhe = CipherSuite::TLS_DHE_RSA_WITH_AES_128_GCM_SHA256;

ByteString point(std::size_t size, std::uint8_t first, std::uint8_t rest = 1) {
  ByteString out(size, rest);
  out[0] = first;
  return out;
}

TEST(ServerKeyExchange12, BadCurvesAndPointsAreRefused) {
  struct Case {
    const char* name;
    NamedGroup group;
    ByteString point;
    ErrorCode code;
  };
  const std::vector<Case> cases = {
      {"a curve that was not offered", NamedGroup{0x0016}, point(65, 4), ErrorCode::group_not_offered},
      {"a hybrid", NamedGroup::X25519MLKEM768, point(200, 4), ErrorCode::group_not_offered},
      {"a finite field", NamedGroup::ffdhe2048, point(200, 4), ErrorCode::group_not_offered},
      {"off the curve", NamedGroup::secp256r1, point(65, 4), ErrorCode::key_share_invalid},
      {"compressed", NamedGroup::secp256r1, point(33, 2), ErrorCode::key_share_invalid},
      {"infinity", NamedGroup::secp256r1, point(1, 0), ErrorCode::key_share_invalid},
      {"too short", NamedGroup::secp384r1, point(65, 4), ErrorCode::key_share_invalid},
      {"low order", NamedGroup::x25519, point(32, 0, 0), ErrorCode::key_share_invalid},
      {"low order, one", NamedGroup::x25519, point(32, 1, 0), ErrorCode::key_share_invalid},
      {"31 bytes", NamedGroup::x25519, point(31, 9), ErrorCode::key_share_invalid},
  };
  for (const Case& item : cases) {
    SCOPED_TRACE(item.name);
    const Error error = error_after(kEcdhe, [&](const Stepwise& stepwise, const ByteString&) {
      return signed_exchange(stepwise, must(message::encode_server_ecdh_params(item.group, item.point)));
    });
    EXPECT_EQ(error.code(), item.code) << error.to_string();
    EXPECT_EQ(error.alert(), AlertDescription::illegal_parameter);
    EXPECT_EQ(error.message(), HandshakeType::server_key_exchange);
  }
  const Error explicit_curve = error_after(kEcdhe, [&](const Stepwise& stepwise, const ByteString&) {
    ByteString params = must(message::encode_server_ecdh_params(NamedGroup::secp256r1, point(65, 4)));
    params[0] = 1;
    return signed_exchange(stepwise, params);
  });
  EXPECT_EQ(explicit_curve.code(), ErrorCode::message_illegal_value);
}

TEST(ServerKeyExchange12, BadFiniteFieldsAreRefused) {
  const auto group = must(crypto::FiniteFieldGroup::named(NamedGroup::ffdhe2048));
  const ByteString prime = copy_of(group.prime());
  const ByteString two = {2};
  ByteString composite = prime;  // the next odd numbers are no primes
  composite.back() = static_cast<std::uint8_t>(composite.back() - 2);
  ByteString even = prime;
  even.back() &= 0xfe;
  ByteString last = prime;
  last.back() = static_cast<std::uint8_t>(last.back() - 1);
  const ByteString value(256, 7);
  struct Case {
    const char* name;
    ByteString prime, generator, value;
    ErrorCode code;
  };
  const std::vector<Case> cases = {
      {"512 bits", ByteString(64, 0xff), two, value, ErrorCode::dh_group_too_small},
      {"1024 bits", ByteString(128, 0xff), two, value, ErrorCode::dh_group_too_small},
      {"2047 bits", point(256, 0x7f, 0xff), two, value, ErrorCode::dh_group_too_small},
      {"2048 bits claimed by zeros", point(256, 0, 0), two, value, ErrorCode::dh_group_too_small},
      {"8192 bits", ByteString(1024, 0xff), two, value, ErrorCode::no_common_group},
      {"composite", composite, two, value, ErrorCode::dh_group_invalid},
      {"even", even, two, value, ErrorCode::dh_group_invalid},
      {"generator 0", prime, {0}, value, ErrorCode::dh_group_invalid},
      {"generator 1", prime, {1}, value, ErrorCode::dh_group_invalid},
      {"generator p-1", prime, last, value, ErrorCode::dh_group_invalid},
      {"value 0", prime, two, {0}, ErrorCode::key_share_invalid},
      {"value 1", prime, two, {1}, ErrorCode::key_share_invalid},
      {"value p-1", prime, two, last, ErrorCode::key_share_invalid},
      {"value p", prime, two, prime, ErrorCode::key_share_invalid},
      {"value too long", prime, two, ByteString(257, 1), ErrorCode::key_share_invalid},
  };
  for (const Case& item : cases) {
    SCOPED_TRACE(item.name);
    const Error error = error_after(kDhe, [&](const Stepwise& stepwise, const ByteString&) {
      return signed_exchange(stepwise,
                             must(message::encode_server_dh_params(item.prime, item.generator, item.value)));
    });
    EXPECT_EQ(error.code(), item.code) << error.to_string();
    const bool small = item.code == ErrorCode::dh_group_too_small;
    const bool large = item.code == ErrorCode::no_common_group;
    EXPECT_EQ(error.alert(), small   ? AlertDescription::insufficient_security
                             : large ? AlertDescription::handshake_failure
                                     : AlertDescription::illegal_parameter);
    if (small) {
      EXPECT_EQ(error.info().catalogue, "P-14");
    }
  }
}

TEST(ServerKeyExchange12, SignaturesAreChecked) {
  for (const CipherSuite suite : {kEcdhe, kDhe}) {
    const auto flipped = error_after(suite, [](const Stepwise&, ByteString message) {
      message.back() ^= 1;
      return message;
    });
    EXPECT_EQ(flipped.code(), ErrorCode::certificate_verify_mismatch);
    EXPECT_EQ(flipped.alert(), AlertDescription::decrypt_error);
    const auto other_randoms = error_after(suite, [](const Stepwise& stepwise, const ByteString& message) {
      const Bytes params = Bytes(message).subspan(4, message.size() - 4 - 2 - 2 - 256);
      auto randoms = stepwise.randoms();
      randoms.client[0] ^= 1;
      constexpr auto kScheme = SignatureScheme::rsa_pss_rsae_sha256;
      ByteString out;
      EXPECT_TRUE(message::encode_server_key_exchange(
          params, kScheme, sign(kScheme, handshake::signed_params(randoms, params)), out));
      return out;
    });
    EXPECT_EQ(other_randoms.code(), ErrorCode::certificate_verify_mismatch);
    for (const auto& [scheme, code] :
         {std::pair{SignatureScheme::rsa_pkcs1_sha1, ErrorCode::signature_scheme_not_offered},
          std::pair{SignatureScheme{0x0101}, ErrorCode::signature_scheme_not_offered},
          std::pair{SignatureScheme::ecdsa_secp256r1_sha256, ErrorCode::certificate_key_unsuitable},
          std::pair{SignatureScheme::rsa_pss_pss_sha256, ErrorCode::certificate_key_unsuitable}}) {
      const auto wrong = error_after(suite, [wanted = scheme](const Stepwise&, ByteString message) {
        const std::size_t at = message.size() - 256 - 4;
        message[at] = static_cast<std::uint8_t>(static_cast<std::uint16_t>(wanted) >> 8U);
        message[at + 1] = static_cast<std::uint8_t>(wanted);
        return message;
      });
      EXPECT_EQ(wrong.code(), code) << wrong.to_string();
      EXPECT_EQ(wrong.alert(), AlertDescription::illegal_parameter);
    }
  }
}

// RSA without padding, to the server's certificate.
ByteString encrypt_raw(const ByteString& encoded) {
  const Bytes spki = material().server.signer->public_key();
  const std::uint8_t* at = spki.data();
  EVP_PKEY* const key = d2i_PUBKEY(nullptr, &at, static_cast<long>(spki.size()));
  EVP_PKEY_CTX* const context = EVP_PKEY_CTX_new(key, nullptr);
  std::size_t size = encoded.size();
  ByteString out(size);
  EXPECT_EQ(EVP_PKEY_encrypt_init(context), 1);
  EXPECT_EQ(EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING), 1);
  EXPECT_EQ(EVP_PKEY_encrypt(context, out.data(), &size, encoded.data(), encoded.size()), 1);
  EVP_PKEY_CTX_free(context);
  EVP_PKEY_free(key);
  return out;
}

struct Seen {
  ErrorCode code;
  std::size_t offset;
  std::string text;
  ByteString answer;  // everything that the server sent from ClientKeyExchange on
  bool operator==(const Seen&) const = default;
};

// What a server with RSA key exchange does with these bytes as ClientKeyExchange, when the rest is as it
// should be.
Seen seen_with(const ByteString& encrypted) {
  Stepwise stepwise(Side::server, client_settings(),
                    server_settings(CipherSuite::TLS_RSA_WITH_AES_128_GCM_SHA256));
  ByteString answer;
  while (auto piece = stepwise.next()) {
    if (piece->is(HandshakeType::client_key_exchange)) {
      piece->content.clear();
      EXPECT_TRUE(message::encode_client_key_exchange(KeyExchange::rsa, encrypted, piece->content));
    }
    stepwise.give(*piece);
    if (stepwise.end().error) break;
    // Nothing may be said before the client's Finished was looked at.
    if (piece->type == ContentType::change_cipher_spec) {
      answer = stepwise.end().drain();
    }
  }
  const ByteString last = stepwise.end().drain();
  answer.insert(answer.end(), last.begin(), last.end());
  EXPECT_TRUE(stepwise.end().error);
  const Error error = stepwise.end().error.value_or(ErrorCode::internal_error);
  return {error.code(), error.offset(), error.to_string(), answer};
}

TEST(RsaKeyExchange12, AllMalformedPremasterSecretsLookAlike) {
  constexpr std::size_t kSize = 256;
  ByteString good(kSize, 0x5a);
  good[0] = 0;
  good[1] = 2;
  good[kSize - 49] = 0;
  good[kSize - 48] = 3;
  good[kSize - 47] = 3;
  // Well-formed, but not what the client of this connection made: its Finished cannot be opened.
  const Seen reference = seen_with(encrypt_raw(good));
  EXPECT_EQ(reference.code, ErrorCode::record_bad_mac);
  const auto changed = [&](std::size_t at, std::uint8_t value) {
    ByteString bad = good;
    bad[at] = value;
    return bad;
  };
  std::vector<std::pair<std::string, ByteString>> cases = {
      {"block type 1", encrypt_raw(changed(1, 1))},
      {"first byte", encrypt_raw(changed(0, 1))},
      {"zero in the first bytes of the padding", encrypt_raw(changed(2, 0))},
      {"zero in the padding", encrypt_raw(changed(100, 0))},
      {"zero at its end: the secret has 49 bytes", encrypt_raw(changed(kSize - 50, 0))},
      {"no separator", encrypt_raw(changed(kSize - 49, 1))},
      {"a secret of 47 bytes", encrypt_raw([&] {
         ByteString bad = changed(kSize - 49, 1);
         bad[kSize - 48] = 0;
         return bad;
       }())},
      {"version 3.2", encrypt_raw(changed(kSize - 47, 2))},
      {"version 3.4", encrypt_raw(changed(kSize - 47, 4))},
      {"version 2.3", encrypt_raw(changed(kSize - 48, 2))},
      {"zeros", ByteString(kSize, 0)},
      {"above the modulus", ByteString(kSize, 0xff)},
      {"too short", ByteString(kSize - 1, 1)},
      {"too long", ByteString(kSize + 1, 1)},
      {"empty", {}},
  };
  for (const auto& [name, encrypted] : cases) {
    const Seen seen = seen_with(encrypted);
    EXPECT_EQ(seen.code, reference.code) << name << ": " << seen.text;
    EXPECT_EQ(seen.text, reference.text) << name;
    EXPECT_EQ(seen.answer, reference.answer) << name;
  }
}

// An extension of the first message of the peer is removed on its way; the transcript would notice it, too,
// so the client's own check is what answers first.
TEST(Bindings12, TheyAreDemandedWhereTheyAreRequired) {
  const auto established = [](ClientSettings client, ServerSettings server) {
    test::Loopback loopback(test::client_config(std::move(client)), test::server_config(std::move(server)));
    loopback.run();
    return loopback.established();
  };
  for (const bool of_client : {false, true}) {
    ClientSettings client = client_settings();
    ServerSettings server = server_settings(kEcdhe);
    (of_client ? client.require_extended_main_secret : server.require_extended_main_secret) = true;
    EXPECT_TRUE(established(std::move(client), std::move(server)));
  }
}

ByteString hello_without(const ByteString& message, ExtensionType type) {
  // server_hello: header 4, version 2, random 32, session id, suite 2, compression 1, extensions.
  std::size_t at = 4 + 2 + 32;
  at += 1 + message[at] + 2 + 1;
  ByteString out(message.begin(), message.begin() + static_cast<std::ptrdiff_t>(at + 2));
  for (std::size_t i = at + 2; i + 4 <= message.size();) {
    const auto found = static_cast<ExtensionType>(message[i] << 8U | message[i + 1]);
    const std::size_t size = 4 + (static_cast<std::size_t>(message[i + 2]) << 8U | message[i + 3]);
    if (found != type) {
      out.insert(out.end(), message.begin() + static_cast<std::ptrdiff_t>(i),
                 message.begin() + static_cast<std::ptrdiff_t>(i + size));
    }
    i += size;
  }
  const std::size_t extensions = out.size() - at - 2;
  out[at] = static_cast<std::uint8_t>(extensions >> 8U);
  out[at + 1] = static_cast<std::uint8_t>(extensions);
  out[2] = static_cast<std::uint8_t>((out.size() - 4) >> 8U);
  out[3] = static_cast<std::uint8_t>(out.size() - 4);
  return out;
}

TEST(Bindings12, AServerWithoutThemIsRefused) {
  const auto error_without = [](ExtensionType type, bool required) {
    ClientSettings client = client_settings();
    client.require_extended_main_secret = required;
    client.require_secure_renegotiation = required;
    Stepwise stepwise(Side::client, std::move(client), server_settings(kEcdhe));
    Piece hello = *stepwise.next();
    hello.content = hello_without(hello.content, type);
    stepwise.give(hello);
    return stepwise.end().error ? stepwise.end().error->code() : ErrorCode::internal_error;
  };
  EXPECT_EQ(error_without(ExtensionType::renegotiation_info, true), ErrorCode::secure_renegotiation_missing);
  EXPECT_EQ(error_without(ExtensionType::extended_main_secret, true),
            ErrorCode::extended_main_secret_missing);
  // Not required: it goes on.
  EXPECT_EQ(error_without(ExtensionType::renegotiation_info, false), ErrorCode::internal_error);
  EXPECT_EQ(error_without(ExtensionType::extended_main_secret, false), ErrorCode::internal_error);
}

// RFC 7507: the client says that it fell back; a server that could do better says no.
TEST(Downgrade12, AFallbackIsRefusedWhereBetterIsPossible) {
  for (const bool better : {false, true}) {
    ServerSettings server = server_settings(kEcdhe);
    if (better) server.policy = Policy::legacy();
    test::Loopback loopback(test::client_config(client_settings()), test::server_config(std::move(server)));
    loopback.run([](Direction direction, ByteString& bytes) {
      if (direction != Direction::sent || bytes[5] != 1) return;
      const std::size_t suites = 5 + 4 + 2 + 32 + 1 + bytes[43] + 2;  // the first one is GREASE
      bytes[suites] = 0x56;
      bytes[suites + 1] = 0x00;
    });
    ASSERT_TRUE(loopback.server.error);
    // Without: the hello goes through, and Finished shows that it was changed.
    EXPECT_EQ(loopback.server.error->alert(),
              better ? AlertDescription::inappropriate_fallback : AlertDescription::bad_record_mac);
  }
}

// The same if the version it fell back to is none of the server's.
TEST(Downgrade12, AFallbackBelowEveryVersionIsRefusedAsOne) {
  test::Loopback loopback(test::client_config(client_settings()),
                          test::server_config(server_settings(kEcdhe)));
  loopback.run([](Direction direction, ByteString& bytes) {
    if (direction != Direction::sent || bytes[5] != 1) return;
    bytes[10] = 2;  // legacy_version: TLS 1.1
    const std::size_t suites = 5 + 4 + 2 + 32 + 1 + bytes[43] + 2;
    bytes[suites] = 0x56;
    bytes[suites + 1] = 0x00;
  });
  ASSERT_TRUE(loopback.server.error);
  EXPECT_EQ(loopback.server.error->code(), ErrorCode::inappropriate_fallback);
}

TEST(Downgrade12, ItIsSeenByTheSentinel) {
  ClientSettings client = material().authority.client_settings();
  client.policy = Policy::legacy();
  ServerSettings server = server_settings(kEcdhe);
  server.policy = Policy::legacy();
  // A ClientHello whose supported_versions somebody took away.
  test::Loopback loopback(test::client_config(std::move(client)), test::server_config(std::move(server)));
  loopback.run([](Direction direction, ByteString& bytes) {
    if (direction != Direction::sent || bytes[5] != 1) return;
    for (std::size_t i = 0; i + 1 < bytes.size(); ++i) {
      // supported_versions with GREASE, 1.3 and 1.2: renamed to an extension that nobody knows
      if (bytes[i] == 0 && bytes[i + 1] == 43 && bytes[i + 2] == 0 && bytes[i + 3] == 7) {
        bytes[i] = 0x7f;
        return;
      }
    }
    ADD_FAILURE() << "no supported_versions";
  });
  ASSERT_TRUE(loopback.client.error);
  EXPECT_EQ(loopback.client.error->code(), ErrorCode::downgrade_detected);
  EXPECT_EQ(loopback.client.error->alert(), AlertDescription::illegal_parameter);
}

}  // namespace
}  // namespace handfast
