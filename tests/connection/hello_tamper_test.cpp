// Hellos of a hostile peer, field by field: ServerHello, HelloRetryRequest, the second ClientHello.
// RFC 9846 §4.2, §4.3.1, §4.3.8.
#include <gtest/gtest.h>

#include "message/server_hello.hpp"
#include "support/hostile.hpp"
#include "support/message_parts.hpp"

namespace handfast {
namespace {

using test::handshake_message;
using test::Item;
using test::Middleman;
using test::Parts;
using enum Direction;
using enum ExtensionType;
using E = ErrorCode;
using M = HandshakeType;

constexpr std::size_t kRandom = 4 + 2;
constexpr std::size_t kSessionId = kRandom + 32;     // its length byte
constexpr std::size_t kSuite = kSessionId + 1 + 32;  // of a ServerHello that echoes 32 bytes
constexpr std::size_t kCompression = kSuite + 2;

using Change = std::function<void(ByteString& message)>;
// A change of the extensions.
Change extensions(const std::function<void(Parts&)>& change) {
  return [change](ByteString& message) {
    Parts parts = Parts::of(message);
    change(parts);
    message = parts.join();
  };
}
Change body_of(ExtensionType type, ByteString body) {
  return extensions([type, body](Parts& parts) { parts.find(type)->body = body; });
}
Change without(ExtensionType type) {
  return extensions([type](Parts& parts) { parts.remove(type); });
}
Change with(ExtensionType type, ByteString body) {
  return extensions([type, body](Parts& parts) { parts.extensions.push_back({type, body}); });
}
Change byte(std::size_t at, std::uint8_t value) {
  return [=](ByteString& message) { message[at] = value; };
}
Change suite(std::uint16_t value) {
  return [=](ByteString& message) { Parts::set(message, kSuite, 2, value); };
}
Change session_id(std::size_t size) {
  return [=](ByteString& message) {
    Parts parts = Parts::of(message);
    const ByteString tail(
        parts.head.begin() + static_cast<std::ptrdiff_t>(kSessionId + 1 + parts.head[kSessionId]),
        parts.head.end());
    parts.head.resize(kSessionId);
    parts.head.push_back(static_cast<std::uint8_t>(size));
    parts.head.resize(kSessionId + 1 + size, 7);
    parts.head.insert(parts.head.end(), tail.begin(), tail.end());
    message = parts.join();
  };
}
ByteString share(std::uint16_t group, ByteString key) {
  ByteString out;
  Parts::put(out, group, 2);
  Parts::put(out, key.size(), 2);
  out.insert(out.end(), key.begin(), key.end());
  return out;
}
ByteString list16(const ByteString& content) {
  ByteString out;
  Parts::put(out, content.size(), 2);
  out.insert(out.end(), content.begin(), content.end());
  return out;
}

struct Case {
  const char* name;
  Change change;
  std::optional<E> code;  // none: accepted
  std::optional<AlertDescription> alert = {};
};

class HelloTamper : public test::Hostile {
 protected:
  // Changes the hello number `which` in `direction` and asks what its receiver says.
  void check(const std::vector<Case>& cases, Direction direction, std::size_t which, bool retry,
             bool cookie = false) {
    for (const Case& one : cases) {
      SCOPED_TRACE(one.name);
      ServerSettings settings = retry ? retrying_server() : server_settings();
      settings.hello_retry_cookie = cookie;
      Middleman middleman(client_settings(), std::move(settings));
      std::size_t seen = 0;
      middleman.run([&](Direction way, std::vector<Item>& items) {
        for (Item& item : items) {
          const bool hello = item.is(M::client_hello) || item.is(M::server_hello);
          if (way == direction && hello && item.epoch == Epoch::plaintext && seen++ == which)
            one.change(item.content);
        }
      });
      EXPECT_GT(seen, which);
      if (one.code) {
        expect_refused(middleman, direction, *one.code, one.alert);
        EXPECT_FALSE(middleman.receiver(direction).connection.is_established());
      } else {
        EXPECT_TRUE(middleman.established());
      }
    }
  }
};

// A ServerHello of TLS 1.2 with these last bytes of its random.
Change tls12(const char* sentinel, std::uint8_t minor = 3) {
  return [=](ByteString& message) {
    Parts parts = Parts::of(message);
    parts.extensions.clear();
    parts.head[5] = minor;
    std::copy_n(sentinel, 8, parts.head.begin() + kSessionId - 8);
    message = parts.join();
  };
}

TEST_F(HelloTamper, ServerHello) {
  const ByteString good(32, 9);
  check(
      {
          {"legacy_version 0x0302", byte(5, 2), E::message_illegal_value, AlertDescription::protocol_version},
          {"legacy_version 0x0304", byte(5, 4), E::message_illegal_value, AlertDescription::protocol_version},
          {"session id changed", byte(kSessionId + 5, 0), E::session_id_not_echoed},
          {"session id dropped", session_id(0), E::session_id_not_echoed},
          {"session id cut", session_id(31), E::session_id_not_echoed},
          {"session id too long", session_id(33), E::message_malformed},
          {"suite of nobody", suite(0x1399), E::suite_not_offered},
          {"suite that was not offered", suite(0x1304), E::suite_not_offered},
          {"suite of TLS 1.2", suite(0xc02b), E::suite_not_offered},
          {"signalling suite", suite(0x00ff), E::suite_not_offered},
          {"no suite", suite(0), E::suite_not_offered},
          {"compression", byte(kCompression, 1), E::compression_not_null},
          {"TLS 1.2 as selected_version", body_of(supported_versions, {3, 3}), E::version_not_offered},
          {"future version", body_of(supported_versions, {3, 5}), E::version_not_offered},
          {"draft version", body_of(supported_versions, {0x7f, 28}), E::version_not_offered},
          {"two versions", body_of(supported_versions, {3, 4, 3, 4}), E::message_malformed},
          {"no version but shares", without(supported_versions), E::extension_wrong_message},
          {"TLS 1.2", tls12("12345678"), E::no_common_version},
          {"TLS 1.1", tls12("12345678", 2), E::no_common_version},
          {"downgrade to TLS 1.2", tls12("DOWNGRD\1"), E::downgrade_detected},
          {"downgrade to TLS 1.1", tls12("DOWNGRD\0", 2), E::downgrade_detected},
          {"downgrade to TLS 1.0", tls12("DOWNGRD\0", 1), E::downgrade_detected},
          {"almost the sentinel", tls12("DOWNGRD\2"), E::no_common_version},
          {"no share", without(key_share), E::extension_missing},
          {"group that was not offered", body_of(key_share, share(0x18, good)), E::group_not_offered},
          {"group without a share", body_of(key_share, share(0x17, good)), E::group_not_offered},
          {"group of nobody", body_of(key_share, share(0x2a2a, good)), E::group_not_offered},
          {"share of zeros", body_of(key_share, share(0x1d, ByteString(32, 0))), E::key_share_invalid},
          {"short share", body_of(key_share, share(0x1d, ByteString(31, 9))), E::key_share_invalid},
          {"long share", body_of(key_share, share(0x1d, ByteString(33, 9))), E::key_share_invalid},
          {"empty share", body_of(key_share, share(0x1d, {})), E::message_malformed},
          {"two shares", body_of(key_share, list16(share(0x1d, good))), E::message_malformed},
          {"unasked pre_shared_key", with(pre_shared_key, {0, 0}), E::extension_not_offered},
          {"unasked unknown extension", with(static_cast<ExtensionType>(0x1234), {}),
           E::extension_not_offered},
          {"cookie", with(cookie, {0, 1, 7}), E::extension_wrong_message},
          {"extension of another message", with(server_name, {}), E::extension_wrong_message},
          {"random of a retry",
           [](ByteString& m) {
             std::copy_n(message::kHelloRetryRequestRandom.begin(), 32, m.begin() + kRandom);
           },
           E::message_malformed},
          {"sentinel in TLS 1.3",
           [](ByteString& m) { std::copy_n("DOWNGRD\1", 8, m.begin() + kSessionId - 8); },
           {}},
      },
      received, 0, false);
}

// A suite that this client knows, and did not offer.
TEST_F(HelloTamper, SuiteThatAPolicyLeavesOut) {
  ClientSettings narrow = client_settings();
  narrow.policy.suites = {CipherSuite::TLS_AES_128_GCM_SHA256};
  Middleman middleman(std::move(narrow), server_settings());
  middleman.run([](Direction way, std::vector<Item>& items) {
    for (Item& item : items) {
      if (way == received && item.is(M::server_hello)) suite(0x1303)(item.content);
    }
  });
  expect_refused(middleman, received, E::suite_not_offered, AlertDescription::illegal_parameter);
}

// RFC 8701 §3.1: whatever GREASE the client sent, a server that picks it up is refused.
TEST_F(HelloTamper, GreaseIsNeverChosen) {
  for (unsigned nibble = 0; nibble < 16; ++nibble) {
    const auto grease = static_cast<std::uint16_t>((nibble << 12U | nibble << 4U) | 0x0a0aU);
    const auto half = static_cast<std::uint8_t>(grease);
    check({{"suite", suite(grease), E::suite_not_offered},
           {"version", body_of(supported_versions, {half, half}), E::version_not_offered},
           {"group", body_of(key_share, share(grease, {0})), E::group_not_offered},
           {"extension", with(static_cast<ExtensionType>(grease), {}), E::extension_not_offered}},
          received, 0, false);
  }
}

TEST_F(HelloTamper, HelloRetryRequest) {
  check(
      {
          {"legacy_version", byte(5, 4), E::message_illegal_value, AlertDescription::protocol_version},
          {"session id", byte(kSessionId + 5, 0), E::session_id_not_echoed},
          {"suite", suite(0x1304), E::suite_not_offered},
          {"compression", byte(kCompression, 1), E::compression_not_null},
          {"version", body_of(supported_versions, {3, 3}), E::version_not_offered},
          {"no version", without(supported_versions), E::extension_missing},
          {"nothing to change", without(key_share), E::hello_retry_useless},
          {"empty cookie", with(cookie, {0, 0}), E::message_malformed},
          {"group that was not offered", body_of(key_share, {0, 0x18}), E::hello_retry_group_not_offered},
          {"GREASE group", body_of(key_share, {0x2a, 0x2a}), E::hello_retry_group_not_offered},
          {"group with a share", body_of(key_share, {0, 0x1d}), E::hello_retry_group_not_offered},
          {"a share", body_of(key_share, share(0x17, ByteString(65, 4))), E::message_malformed},
          {"unasked extension", with(encrypted_client_hello, ByteString(8)), E::extension_not_offered},
          {"unknown extension", with(static_cast<ExtensionType>(0x1234), {}), E::extension_not_offered},
          {"extension of another message", with(server_name, {}), E::extension_wrong_message},
      },
      received, 0, true);
}

TEST_F(HelloTamper, ServerHelloAfterRetry) {
  check(
      {
          {"another suite", suite(0x1302), E::hello_retry_suite_changed},
          {"suite that was not offered", suite(0x1304), E::hello_retry_suite_changed},
          {"another version", body_of(supported_versions, {3, 3}), E::version_not_offered},
          {"TLS 1.2", tls12("12345678"), E::version_not_offered},
          {"downgrade", tls12("DOWNGRD\1"), E::version_not_offered},
          {"the first group", body_of(key_share, share(0x1d, ByteString(32, 9))), E::group_not_offered},
          {"session id", byte(kSessionId + 5, 0), E::session_id_not_echoed},
          {"compression", byte(kCompression, 1), E::compression_not_null},
          {"legacy_version", byte(5, 4), E::message_illegal_value, AlertDescription::protocol_version},
          {"not on the curve", body_of(key_share, share(0x17, ByteString(65, 4))), E::key_share_invalid},
      },
      received, 1, true);
}

TEST_F(HelloTamper, ClientHello) {
  const ByteString good = share(0x1d, ByteString(32, 9));
  ByteString twice = good;
  twice.insert(twice.end(), good.begin(), good.end());
  check(
      {
          {"legacy_version 0x0302", byte(5, 2), E::message_illegal_value, AlertDescription::protocol_version},
          {"legacy_version 0x0304", byte(5, 4), E::message_illegal_value, AlertDescription::protocol_version},
          {"another compression", extensions([](Parts& parts) { parts.head.back() = 1; }),
           E::compression_not_null},
          {"two compressions", extensions([](Parts& parts) {
             parts.head.back() = 1;
             parts.head[parts.head.size() - 2] = 2;
             parts.head.push_back(0);
           }),
           E::compression_not_null},
          {"older versions only", body_of(supported_versions, {4, 3, 3, 3, 2}), E::no_common_version},
          {"no version", without(supported_versions), E::no_common_version},
          {"no versions", body_of(supported_versions, {0}), E::message_malformed},
          {"half a version", body_of(supported_versions, {3, 3, 4, 3}), E::message_malformed},
          {"session id too long", session_id(33), E::message_malformed},
          {"two shares of a group", body_of(key_share, list16(twice)), E::key_share_duplicate},
          {"share for a group that is not offered",
           body_of(key_share, list16(share(0x18, ByteString(97, 4)))), E::key_share_not_in_groups},
          {"share of zeros", body_of(key_share, list16(share(0x1d, ByteString(32, 0)))),
           E::key_share_invalid},
          {"short share", body_of(key_share, list16(share(0x1d, ByteString(31, 9)))), E::key_share_invalid},
          {"empty share", body_of(key_share, list16(share(0x1d, {}))), E::message_malformed},
          {"pre_shared_key not last", extensions([](Parts& parts) {
             parts.extensions.insert(parts.extensions.begin(), {pre_shared_key, ByteString(60)});
           }),
           E::message_malformed},
          {"address as server name",
           body_of(server_name, {0, 12, 0, 0, 9, '1', '2', '7', '.', '0', '.', '0', '.', '1'}),
           {}},
          {"name with a zero", body_of(server_name, {0, 6, 0, 0, 3, 'a', 0, 'b'}), E::message_illegal_value},
          {"two host names", body_of(server_name, {0, 8, 0, 0, 1, 'a', 0, 0, 1, 'b'}),
           E::message_illegal_value},
      },
      sent, 0, false);
}

// Attack row 14: "the client MUST send the same ClientHello without modification, except …" (§4.2.2)
TEST_F(HelloTamper, SecondClientHello) {
  const auto changed = E::second_hello_changed;
  const ByteString p256 = share(0x17, ByteString(65, 4));
  ByteString both = p256;
  const ByteString x25519 = share(0x1d, ByteString(32, 9));
  both.insert(both.end(), x25519.begin(), x25519.end());
  const auto suites = [](std::uint8_t value) {
    return [=](ByteString& m) { m[kSessionId + 1 + 32 + 2 + 3] = value; };  // the first after GREASE
  };
  const auto compression = [](ByteString& m) {
    Parts parts = Parts::of(m);
    parts.head.back() = 0;
    parts.head[parts.head.size() - 2] = 2;
    parts.head.push_back(1);
    m = parts.join();
  };
  const ByteString psk_identity = {0, 7, 0, 1, 'i', 0, 0, 0, 0};
  ByteString psk = psk_identity;
  Parts::put(psk, 33, 2);
  psk.push_back(32);
  psk.resize(psk.size() + 32);
  for (const bool cookied : {false, true}) {
    std::vector<Case> cases = {
        {"legacy_version", byte(5, 2), changed},
        {"random", byte(kRandom + 7, 0), changed},
        {"session id", byte(kSessionId + 5, 0), changed},
        {"session id dropped", session_id(0), changed},
        {"suite", suites(0x04), changed},
        {"compression", compression, changed},
        {"older versions", body_of(supported_versions, {4, 3, 3, 3, 2}), changed},
        {"no versions", without(supported_versions), changed},
        {"other groups", body_of(supported_groups, {0, 2, 0, 0x17}), changed},
        {"other schemes", body_of(signature_algorithms, {0, 2, 4, 3}), changed},
        {"other name", body_of(server_name, {0, 4, 0, 0, 1, 'a'}), changed},
        {"early data", with(early_data, {}), changed},
        {"new extension", with(static_cast<ExtensionType>(0x1234), {}), changed},
        {"extensions in another order",
         extensions([](Parts& parts) { std::swap(parts.extensions.front(), parts.extensions[3]); }), changed},
        {"no share", without(key_share), E::extension_missing},
        {"empty shares", body_of(key_share, {0, 0}), changed},
        {"the first share again", body_of(key_share, list16(x25519)), changed},
        {"both shares", body_of(key_share, list16(both)), changed},
        {"bad share", body_of(key_share, list16(p256)), E::key_share_invalid},
        {"new pre_shared_key", extensions([&](Parts& parts) {
           parts.extensions.push_back({psk_key_exchange_modes, {1, 1}});
           parts.extensions.push_back({pre_shared_key, psk});
         }),
         changed},
        {"padding", with(padding, ByteString(9)), {}},
    };
    if (cookied) {
      cases.push_back({"cookie changed", body_of(cookie, {0, 1, 7}), E::cookie_mismatch});
      cases.push_back({"cookie missing", without(cookie), E::extension_missing});
      cases.push_back({"cookie empty", body_of(cookie, {0, 0}), E::message_malformed});
    } else {
      cases.push_back({"cookie from nowhere", with(cookie, {0, 1, 7}), E::cookie_mismatch});
    }
    check(cases, sent, 1, true, cookied);
  }
}

// Nobody can have begun a message that answers one which is not sent yet.
TEST_F(HelloTamper, BytesAfterAHelloThatWaitsForAnAnswer) {
  for (const Direction direction : {sent, received}) {
    Middleman middleman(client_settings(), retrying_server());
    bool done = false;
    middleman.run([&](Direction way, std::vector<Item>& items) {
      for (Item& item : items) {
        if (way != direction || done || item.type != ContentType::handshake) continue;
        done = true;
        item.tail = {static_cast<std::uint8_t>(direction == sent ? M::client_hello : M::server_hello)};
      }
    });
    expect_refused(middleman, direction, E::message_across_key_change);
  }
}

}  // namespace
}  // namespace handfast
