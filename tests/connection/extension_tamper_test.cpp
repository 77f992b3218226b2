// Each extension of each message: removed, sent twice, with bytes too many, and in each message where it may
// not stand. RFC 9846 §4.3, §9.2, §6.2.
#include <gtest/gtest.h>

#include "message/extension.hpp"
#include "support/hostile.hpp"
#include "support/message_parts.hpp"

namespace handfast {
namespace {

using test::Item;
using test::Middleman;
using test::Parts;
using enum Direction;
using enum ExtensionType;
using E = ErrorCode;
using M = HandshakeType;
using P = message::ExtensionPlace;

struct Target {
  const char* name;
  Direction direction;
  M message;
  P place;
  bool retry;
};
constexpr std::array kTargets = {
    Target{"ClientHello", sent, M::client_hello, P::client_hello, false},
    Target{"ServerHello", received, M::server_hello, P::server_hello, false},
    Target{"HelloRetryRequest", received, M::server_hello, P::hello_retry_request, true},
    Target{"EncryptedExtensions", received, M::encrypted_extensions, P::encrypted_extensions, false},
    Target{"CertificateRequest", received, M::certificate_request, P::certificate_request, false},
    Target{"Certificate of the server", received, M::certificate, P::certificate, false},
    Target{"Certificate of the client", sent, M::certificate, P::certificate, false},
};

class ExtensionTamper : public test::Hostile {
 protected:
  // Both ends with all extensions that they know to send.
  Middleman talkative(const Target& target) {
    ClientSettings client = client_settings();
    client.application_protocols = {"h2"};
    client.record_size_limit = 4000;
    client.compress_certificates.clear();
    client.accept_compressed_certificates = {CertificateCompressionAlgorithm::zlib};
    client.credentials = {client_};
    ServerSettings server = target.retry ? retrying_server() : server_settings();
    server.hello_retry_cookie = true;
    server.application_protocols = {"h2"};
    server.record_size_limit = 4000;
    server.compress_certificates.clear();  // extensions are found in Certificate
    server.accept_compressed_certificates = {CertificateCompressionAlgorithm::zlib};
    // An OCSPResponse: tryLater.
    server.credentials.front().ocsp_response = {0x30, 3, 0x0a, 1, 3};
    server.credentials.front().signed_certificate_timestamps = {0, 3, 0, 1, 9};
    server.client_authentication = ClientAuthentication::required;
    server.client_verifier = authority_.verifier();
    return {std::move(client), std::move(server)};
  }

  // The types of the extensions in the message, as its honest sender chose them.
  std::vector<ExtensionType> types_in(const Target& target) {
    std::vector<ExtensionType> types;
    Middleman middleman = talkative(target);
    tamper(middleman, target, [&](Parts& parts) {
      for (const auto& extension : parts.extensions) types.push_back(extension.type);
    });
    EXPECT_TRUE(middleman.established()) << target.name;
    return types;
  }

  static void tamper(Middleman& middleman, const Target& target, const std::function<void(Parts&)>& change) {
    bool done = false;
    middleman.run([&](Direction direction, std::vector<Item>& items) {
      for (Item& item : items) {
        if (done || direction != target.direction || !item.is(target.message)) continue;
        Parts parts = Parts::of(item.content);
        change(parts);
        item.content = parts.join();
        done = true;
      }
    });
    EXPECT_TRUE(done);
  }

  void check(const Target& target, std::optional<E> code, const std::function<void(Parts&)>& change) {
    Middleman middleman = talkative(target);
    tamper(middleman, target, change);
    if (code) {
      expect_refused(middleman, target.direction, *code);
    } else {
      // The sender may refuse what follows from the change: it never meant it.
      const auto& error = middleman.receiver(target.direction).error;
      EXPECT_TRUE(!error || error->code() == E::alert_received) << error->to_string();
    }
  }
};

std::string text_of(const Target& target, ExtensionType type) {
  return std::string(target.name) + ", extension " + std::to_string(static_cast<unsigned>(type)) + " " +
         std::string(name_of(type));
}

// What a receiver must have.
std::optional<E> without(const Target& target, ExtensionType type) {
  switch (target.place) {
    case P::client_hello:
      if (type == supported_versions) return E::no_common_version;
      if (type == signature_algorithms || type == supported_groups || type == key_share)
        return E::extension_missing;
      return {};
    case P::server_hello:
      // Then it is one of TLS 1.2, which has no shares.
      if (type == supported_versions) return E::extension_wrong_message;
      return E::extension_missing;
    case P::hello_retry_request:
      if (type == supported_versions) return E::extension_missing;
      return {};  // the cookie alone is reason enough, and so is the group
    case P::certificate_request:
      if (type == signature_algorithms) return E::extension_missing;
      return {};
    default:
      return {};
  }
}

TEST_F(ExtensionTamper, Removed) {
  for (const Target& target : kTargets) {
    for (const ExtensionType type : types_in(target)) {
      if (is_grease(static_cast<std::uint16_t>(type))) continue;
      SCOPED_TRACE(text_of(target, type));
      check(target, without(target, type), [type](Parts& parts) { parts.remove(type); });
    }
  }
}

TEST_F(ExtensionTamper, Twice) {
  for (const Target& target : kTargets) {
    for (const ExtensionType type : types_in(target)) {
      if (is_grease(static_cast<std::uint16_t>(type))) continue;
      SCOPED_TRACE(text_of(target, type));
      check(target, E::extension_duplicate,
            [type](Parts& parts) { parts.extensions.push_back(Parts::Extension(*parts.find(type))); });
    }
    SCOPED_TRACE(target.name);
    const auto unknown = static_cast<ExtensionType>(0x1234);
    check(target, E::extension_duplicate, [=](Parts& parts) {
      parts.extensions.push_back({unknown, {}});
      parts.extensions.push_back({unknown, {}});
    });
  }
}

// "receivers MUST abort the handshake with a "decode_error" alert if there is data left over after parsing
// the structure." (§4.3)
TEST_F(ExtensionTamper, TrailingByte) {
  for (const Target& target : kTargets) {
    for (const ExtensionType type : types_in(target)) {
      if (is_grease(static_cast<std::uint16_t>(type))) continue;
      SCOPED_TRACE(text_of(target, type));
      check(target, E::message_malformed, [type](Parts& parts) { parts.find(type)->body.push_back(0); });
      check(target, E::message_malformed, [type](Parts& parts) {
        ByteString& body = parts.find(type)->body;
        if (body.empty()) {
          body.push_back(0);
        } else {
          body.pop_back();
        }
      });
    }
  }
}

// "If an implementation receives an extension which it recognizes and which is not specified for the message
// in which it appears, it MUST abort the handshake with an "illegal_parameter" alert." (§4.3)
TEST_F(ExtensionTamper, InTheWrongMessage) {
  for (const Target& target : kTargets) {
    for (const message::ExtensionRule& rule : message::extension_table()) {
      if (message::is_allowed(rule.type, target.place)) continue;
      SCOPED_TRACE(text_of(target, rule.type));
      check(target, E::extension_wrong_message,
            [&](Parts& parts) { parts.extensions.insert(parts.extensions.begin(), {rule.type, {}}); });
    }
  }
}

// Answers to what nobody asked; "a client receiving a CertificateRequest … MUST also ignore all unrecognized
// extensions" (§9.3), and so must a server with a ClientHello.
TEST_F(ExtensionTamper, UnknownOrNotAsked) {
  const auto unknown = static_cast<ExtensionType>(0x1234);
  for (const Target& target : kTargets) {
    SCOPED_TRACE(target.name);
    const bool asks = target.place == P::client_hello || target.place == P::certificate_request;
    check(target, asks ? std::optional<E>() : E::extension_not_offered,
          [&](Parts& parts) { parts.extensions.push_back({unknown, {1, 2, 3}}); });
    if (!asks) {
      check(target, E::extension_not_offered,
            [&](Parts& parts) { parts.extensions.push_back({static_cast<ExtensionType>(0x3a3a), {}}); });
    }
  }
  const Target& encrypted = kTargets[3];
  const std::array<Parts::Extension, 6> unasked = {{{max_fragment_length, {1}},
                                                    {use_srtp, {0, 2, 0, 1, 0}},
                                                    {heartbeat, {1}},
                                                    {client_certificate_type, {2}},
                                                    {early_data, {}},
                                                    {ticket_request, {1}}}};
  for (const Parts::Extension& extension : unasked) {
    SCOPED_TRACE(name_of(extension.type));
    check(encrypted, E::extension_not_offered, [&](Parts& parts) { parts.extensions.push_back(extension); });
  }
  // The server asked for neither.
  check(kTargets[6], E::extension_not_offered,
        [&](Parts& parts) { parts.extensions.push_back({status_request, {1, 0, 0, 1, 7}}); });
  check(kTargets[6], E::extension_not_offered,
        [&](Parts& parts) { parts.extensions.push_back({signed_certificate_timestamp, {0, 3, 0, 1, 9}}); });
}

TEST_F(ExtensionTamper, TooMany) {
  for (const Target& target : kTargets) {
    SCOPED_TRACE(target.name);
    check(target, E::extension_too_many, [](Parts& parts) {
      for (unsigned i = 0; i <= message::kMaxExtensions; ++i) {
        parts.extensions.push_back({static_cast<ExtensionType>(0x2000 + i), {}});
      }
    });
  }
}

// Values that are well-formed and wrong.
TEST_F(ExtensionTamper, EncryptedExtensionsValues) {
  const Target& target = kTargets[3];
  const auto alpn = application_layer_protocol_negotiation;
  const auto set = [&](ExtensionType type, ByteString body) {
    return [=](Parts& parts) { parts.find(type)->body = body; };
  };
  check(target, E::application_protocol_not_offered, set(alpn, {0, 3, 2, 'h', '3'}));
  check(target, E::message_illegal_value, set(alpn, {0, 6, 2, 'h', '2', 2, 'h', '2'}));
  check(target, E::message_malformed, set(alpn, {0, 1, 0}));
  check(target, E::message_malformed, set(alpn, {0, 0}));
  check(target, E::message_illegal_value, set(record_size_limit, {0, 63}));
  check(target, {}, set(record_size_limit, {0, 64}));
}

// RFC 6066 §4 holds in TLS 1.3, too: a hello that may end in TLS 1.2 carries the extension.
TEST_F(ExtensionTamper, MaxFragmentLengthInEncryptedExtensions) {
  const auto run = [&](ByteString body, bool with_limit) {
    ClientSettings client = client_settings();
    client.policy.versions.push_back(ProtocolVersion::tls1_2);
    client.policy.suites.push_back(CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256);
    client.max_fragment_length = 512;
    if (with_limit) client.record_size_limit = 4000;
    auto middleman = std::make_unique<Middleman>(std::move(client), server_settings());
    middleman->run([&](Direction, std::vector<Item>& items) {
      for (Item& item : items) {
        if (!item.is(M::encrypted_extensions)) continue;
        Parts parts = Parts::of(item.content);
        parts.extensions.push_back({max_fragment_length, body});
        if (with_limit) parts.extensions.push_back({record_size_limit, {0x10, 0}});
        item.content = parts.join();
      }
    });
    return middleman;
  };
  const auto agreed = run({1}, false);
  ASSERT_TRUE(agreed->established());
  EXPECT_EQ(agreed->client.connection.info()->peer_record_size_limit, 512U);
  expect_refused(*run({2}, false), received, E::message_illegal_value);
  expect_refused(*run({9}, false), received, E::message_illegal_value);
  expect_refused(*run({1}, true), received, E::message_illegal_value);
}

}  // namespace
}  // namespace handfast
