// ClientHello: RFC 8448's, one with everything, and each way to be malformed. RFC 9846 §4.2.2.
#include "message/client_hello.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "message/builders.hpp"
#include "message/extension_encoders.hpp"
#include "message/golden.hpp"
#include "support/hex.hpp"

namespace handfast::message::test {
namespace {

using handfast::test::from_hex;
using handfast::test::to_hex;
using enum ExtensionType;

constexpr auto kPlace = ExtensionPlace::client_hello;

TEST(ClientHello, DecodesTheTraceOfRfc8448) {
  const ByteString bytes = from_hex(kClientHello);
  const Result<ClientHello> hello = decode_client_hello(bytes);
  ASSERT_TRUE(hello) << hello.error().to_string();
  EXPECT_EQ(copy_of(hello->raw), bytes);
  EXPECT_EQ(hello->legacy_version, ProtocolVersion::tls1_2);
  EXPECT_EQ(to_hex(hello->random), "cb34ecb1e78163ba1c38c6dacb196a6dffa21a8d9912ec18a2ef6283024dece7");
  EXPECT_TRUE(hello->legacy_session_id.empty());
  EXPECT_EQ(hello->cipher_suites.numbers(), (std::vector<std::uint16_t>{0x1301, 0x1303, 0x1302}));
  EXPECT_EQ(copy_of(hello->legacy_compression_methods), ByteString{0});
  ASSERT_TRUE(hello->server_name);
  EXPECT_EQ(as_text(*hello->server_name), "server");
  ASSERT_TRUE(hello->supported_groups);
  EXPECT_EQ(hello->supported_groups->size(), 9U);
  EXPECT_EQ((*hello->supported_groups)[0], NamedGroup::x25519);
  ASSERT_TRUE(hello->key_share);
  EXPECT_EQ(hello->key_share->size(), 1U);
  const auto share = hello->key_share->find(NamedGroup::x25519);
  ASSERT_TRUE(share);
  EXPECT_EQ(share->key_exchange.size(), 32U);
  EXPECT_FALSE(hello->key_share->find(NamedGroup::secp256r1));
  ASSERT_TRUE(hello->supported_versions);
  EXPECT_TRUE(hello->supported_versions->contains(ProtocolVersion::tls1_3));
  EXPECT_FALSE(hello->supported_versions->contains(ProtocolVersion::tls1_2));
  EXPECT_EQ(hello->record_size_limit, 0x4001);
  EXPECT_EQ(hello->extensions.size(), 9U);
}

TEST(ClientHello, EncodingWhatWasDecodedGivesTheSameBytes) {
  for (const ByteString& bytes : {from_hex(kClientHello), rich_message(kPlace)}) {
    const Result<ClientHello> hello = decode_client_hello(bytes);
    ASSERT_TRUE(hello) << hello.error().to_string();
    std::vector<CipherSuite> suites(hello->cipher_suites.begin(), hello->cipher_suites.end());
    std::vector<PlannedExtension> extensions;
    for (const Extension& e : hello->extensions) extensions.push_back({e.type, copy_of(e.body), true});
    ByteString out{0xee};
    ASSERT_TRUE(encode_client_hello(
        {hello->legacy_version, hello->random, hello->legacy_session_id, suites, extensions}, out));
    EXPECT_EQ(to_hex(out), "ee" + to_hex(bytes));
  }
}

TEST(ClientHello, DecodesEveryKnownExtension) {
  const ByteString bytes = rich_message(kPlace);
  const Result<ClientHello> hello = decode_client_hello(bytes);
  ASSERT_TRUE(hello) << hello.error().to_string();
  EXPECT_EQ(as_text(hello->server_name.value()), "example.org");
  EXPECT_EQ(hello->max_fragment_length, 4);
  EXPECT_EQ(hello->status_request->status_type, CertificateStatusType::ocsp);
  EXPECT_EQ(to_hex(hello->status_request->request), "00040002abcd0001ee");
  EXPECT_EQ(hello->supported_groups->numbers(), (std::vector<std::uint16_t>{0x11ec, 0x001d, 0x0a0a}));
  EXPECT_EQ(to_hex(*hello->ec_point_formats), "00");
  EXPECT_EQ(hello->signature_algorithms->numbers(), (std::vector<std::uint16_t>{0x0403, 0x0804}));
  EXPECT_EQ(hello->signature_algorithms_cert->size(), 2U);
  ASSERT_EQ(hello->application_layer_protocol_negotiation->size(), 2U);
  EXPECT_TRUE(hello->application_layer_protocol_negotiation->contains(as_bytes("http/1.1")));
  EXPECT_FALSE(hello->application_layer_protocol_negotiation->contains(as_bytes("h3")));
  EXPECT_TRUE(hello->signed_certificate_timestamp);
  EXPECT_EQ(to_hex(*hello->client_certificate_type), "0200");
  EXPECT_EQ(to_hex(*hello->server_certificate_type), "0200");
  EXPECT_EQ(hello->padding->size(), 3U);
  EXPECT_TRUE(hello->encrypt_then_mac);
  EXPECT_TRUE(hello->extended_main_secret);
  EXPECT_TRUE(hello->compress_certificate->contains(CertificateCompressionAlgorithm::brotli));
  EXPECT_EQ(hello->record_size_limit, 0x4001);
  EXPECT_EQ(to_hex(*hello->session_ticket), "a1a2a3");
  EXPECT_TRUE(hello->early_data);
  EXPECT_EQ(hello->supported_versions->numbers(), (std::vector<std::uint16_t>{0x0304, 0x0303}));
  EXPECT_EQ(to_hex(*hello->cookie), "c0c1");
  EXPECT_EQ(to_hex(*hello->psk_key_exchange_modes), "01");
  EXPECT_EQ(hello->certificate_authorities->size(), 2U);
  EXPECT_TRUE(hello->post_handshake_auth);
  EXPECT_EQ(hello->key_share->size(), 2U);
  EXPECT_EQ(hello->ticket_request->new_session_count, 2);
  EXPECT_EQ(hello->ticket_request->resumption_count, 1);
  EXPECT_TRUE(hello->renegotiation_info->empty());
  ASSERT_TRUE(hello->pre_shared_key);
  EXPECT_EQ(hello->pre_shared_key->identities.size(), 2U);
  EXPECT_EQ(hello->pre_shared_key->binders.size(), 2U);
  EXPECT_EQ((*hello->pre_shared_key->identities.begin()).obfuscated_ticket_age, 1U);
  EXPECT_EQ(hello->pre_shared_key->binders_offset, bytes.size() - 0x44);
}

TEST(ClientHello, WithoutExtensionsIsLegalForOlderVersions) {
  const std::string random(64, '0');
  const ByteString bare =
      message_of(HandshakeType::client_hello, from_hex("0301" + random + "00000200ff0100"));
  const Result<ClientHello> hello = decode_client_hello(bare);
  ASSERT_TRUE(hello);
  EXPECT_EQ(hello->legacy_version, ProtocolVersion::tls1_0);
  EXPECT_TRUE(hello->extensions.empty());
  EXPECT_EQ(outcome(decode_client_hello(message_with(kPlace, {}))), "ok");
}

TEST(ClientHello, UnknownValuesAreHandedOn) {
  const ByteString bytes =
      message_with(kPlace, {extension(status_request, "ff 0102"), extension(server_name, "0004 07 0001 aa"),
                            extension(key_share, "0000"), extension(max_fragment_length, "99")});
  const Result<ClientHello> hello = decode_client_hello(bytes);
  ASSERT_TRUE(hello) << hello.error().to_string();
  EXPECT_EQ(static_cast<int>(hello->status_request->status_type), 255);
  EXPECT_TRUE(hello->server_name->empty());
  EXPECT_TRUE(hello->key_share->empty());
}

TEST(ClientHello, FixedPartIsCheckedToTheByte) {
  const std::string random(64, '0');
  const std::string id33(66, '1');
  const std::string id32(64, '1');
  const auto run = [&](const std::string& body) {
    return outcome(decode_client_hello(message_of(HandshakeType::client_hello, from_hex(body))));
  };
  EXPECT_EQ(run(""), "message_malformed at legacy_version+4 in ClientHello");
  EXPECT_EQ(run("0303"), "message_malformed at random+6 in ClientHello");
  EXPECT_EQ(run("0303" + random), "message_malformed at legacy_session_id+38 in ClientHello");
  EXPECT_EQ(run("0303" + random + "20" + id32 + "000213010100"), "ok");
  EXPECT_EQ(run("0303" + random + "21" + id33 + "000213010100"),
            "message_malformed at legacy_session_id+38 in ClientHello");
  EXPECT_EQ(run("0303" + random + "00" + "0000" + "0100"),
            "message_malformed at cipher_suites+39 in ClientHello");
  EXPECT_EQ(run("0303" + random + "00" + "000113" + "0100"),
            "message_malformed at cipher_suites+39 in ClientHello");
  EXPECT_EQ(run("0303" + random + "00" + "0003130113" + "0100"),
            "message_malformed at cipher_suites+39 in ClientHello");
  EXPECT_EQ(run("0303" + random + "00" + "00021301" + "00"),
            "message_malformed at legacy_compression_methods+43 in ClientHello");
  EXPECT_EQ(run("0303" + random + "00" + "00021301" + "0100" + "00"),
            "message_malformed at extensions+45 in ClientHello");
  EXPECT_EQ(run("0303" + random + "00" + "00021301" + "0100" + "0000" + "00"),
            "message_malformed at trailing bytes+47 in ClientHello");
  EXPECT_EQ(run("0303" + random + "00" + "00021301" + "0100" + "0003 1234 00"),
            "message_malformed at extension_data+49 in ClientHello");
}

TEST(ClientHello, LargestCipherSuiteListIsTwoBelowTheLengthFieldsMaximum) {
  ByteString body = from_hex("0303" + std::string(64, '0') + "00" + "fffe");
  body.resize(body.size() + 0xfffe, 0x13);
  body.insert(body.end(), {1, 0});
  EXPECT_EQ(outcome(decode_client_hello(message_of(HandshakeType::client_hello, body))), "ok");
}

struct BadBody {
  ExtensionType type;
  std::string_view body;
  const char* outcome;  // first_extension is 47, its body begins at 51
};

TEST(ClientHello, ExtensionBodiesAreCheckedToTheByte) {
  const std::string binder = "20" + std::string(64, '1');
  const std::string psk_count = "0007 0001b1 00000002 0042" + binder + binder;
  const std::string psk_short_binder = "0007 0001b1 00000002 0020 1f" + std::string(62, '1');
  const BadBody cases[] = {
      {server_name, "", "message_malformed at server_name_list+51"},
      {server_name, "0000", "message_malformed at server_name_list+51"},
      {server_name, "0003 00 0000", "message_malformed at host_name+54"},
      {server_name, "0004 00 0001 61 00", "message_malformed at extension_data+57"},
      {server_name, "0008 00 0001 61 00 0001 62", "message_illegal_value at name_type+57"},
      {server_name, "0008 07 0001 61 07 0001 62", "message_illegal_value at name_type+57"},
      {max_fragment_length, "", "message_malformed at max_fragment_length+51"},
      {max_fragment_length, "0101", "message_malformed at extension_data+52"},
      {status_request, "", "message_malformed at status_type+51"},
      {status_request, "01 0000", "message_malformed at request_extensions+54"},
      {status_request, "01 0002 0000 0000", "message_malformed at responder_id+54"},
      {supported_groups, "0000", "message_malformed at named_group_list+51"},
      {supported_groups, "0001 00", "message_malformed at named_group_list+51"},
      {supported_groups, "0003 001d00", "message_malformed at named_group_list+51"},
      {supported_groups, "0002 001d 00", "message_malformed at extension_data+55"},
      {ec_point_formats, "00", "message_malformed at ec_point_format_list+51"},
      {signature_algorithms, "0000", "message_malformed at supported_signature_algorithms+51"},
      {signature_algorithms, "0003 040304", "message_malformed at supported_signature_algorithms+51"},
      {signature_algorithms_cert, "0000", "message_malformed at supported_signature_algorithms+51"},
      {application_layer_protocol_negotiation, "0000", "message_malformed at protocol_name_list+51"},
      {application_layer_protocol_negotiation, "0002 00 00", "message_malformed at protocol_name+53"},
      {application_layer_protocol_negotiation, "0003 026832 00", "message_malformed at extension_data+56"},
      {application_layer_protocol_negotiation, "0004 0268 3202", "message_malformed at protocol_name+56"},
      {signed_certificate_timestamp, "00", "message_malformed at extension_data+51"},
      {client_certificate_type, "00", "message_malformed at client_certificate_types+51"},
      {server_certificate_type, "00", "message_malformed at server_certificate_types+51"},
      {encrypt_then_mac, "00", "message_malformed at extension_data+51"},
      {extended_main_secret, "00", "message_malformed at extension_data+51"},
      {compress_certificate, "00", "message_malformed at algorithms+51"},
      {compress_certificate, "01 00", "message_malformed at algorithms+51"},
      {compress_certificate, "03 000100", "message_malformed at algorithms+51"},
      {record_size_limit, "40", "message_malformed at record_size_limit+51"},
      {record_size_limit, "003f", "message_illegal_value at record_size_limit+51"},
      {record_size_limit, "400100", "message_malformed at extension_data+53"},
      {pre_shared_key, "0000", "message_malformed at identities+51"},
      {pre_shared_key, "0007 0000 00000002 aa", "message_malformed at identity+53"},
      {pre_shared_key, "0007 0001b1 00000002 0000", "message_malformed at binders+60"},
      {pre_shared_key, psk_short_binder, "message_malformed at binders+60"},
      {pre_shared_key, psk_count, "message_illegal_value at binders+60"},
      {early_data, "00", "message_malformed at extension_data+51"},
      {supported_versions, "00", "message_malformed at versions+51"},
      {supported_versions, "01 03", "message_malformed at versions+51"},
      {supported_versions, "03 030403", "message_malformed at versions+51"},
      {cookie, "0000", "message_malformed at cookie+51"},
      {psk_key_exchange_modes, "00", "message_malformed at ke_modes+51"},
      {certificate_authorities, "0000", "message_malformed at authorities+51"},
      {certificate_authorities, "0002 0000", "message_malformed at authorities+51"},
      {certificate_authorities, "0003 0000 00", "message_malformed at distinguished_name+53"},
      {post_handshake_auth, "00", "message_malformed at extension_data+51"},
      {key_share, "", "message_malformed at client_shares+51"},
      {key_share, "0004 001d 0000", "message_malformed at key_exchange+55"},
      {key_share, "0006 001d 0003 0102", "message_malformed at key_exchange+55"},
      {key_share, "0001 00", "message_malformed at group+53"},
      {ticket_request, "01", "message_malformed at resumption_count+52"},
      {renegotiation_info, "", "message_malformed at renegotiated_connection+51"},
  };
  for (const BadBody& c : cases) {
    SCOPED_TRACE(std::string(name_of(c.type)) + " " + std::string(c.body));
    const ByteString bytes = message_with(kPlace, {extension(c.type, c.body)});
    EXPECT_EQ(outcome(decode_client_hello(bytes)), std::string(c.outcome) + " in ClientHello");
  }
}

TEST(ClientHello, VersionsAtTheirLargest) {
  ByteString body{254};
  body.resize(255, 3);
  EXPECT_EQ(outcome(decode_client_hello(message_with(kPlace, {{supported_versions, body}}))), "ok");
}

TEST(ClientHello, HeaderMustFit) {
  EXPECT_EQ(outcome(decode_client_hello({})), "message_malformed at msg_type+0 in ClientHello");
  EXPECT_EQ(outcome(decode_client_hello(from_hex("02000000"))),
            "message_unexpected at msg_type+0 in ClientHello");
  EXPECT_EQ(outcome(decode_client_hello(from_hex("01000001"))),
            "message_malformed at length+1 in ClientHello");
  EXPECT_EQ(outcome(decode_client_hello(from_hex("0100000000"))),
            "message_malformed at length+1 in ClientHello");
}

TEST(ClientHello, EncoderRefusesPlansThatBreakTheSyntax) {
  const ByteString random(32, 7);
  const ByteString long_id(33, 7);
  const std::array suites = {CipherSuite::TLS_AES_128_GCM_SHA256};
  const std::vector<CipherSuite> too_many(0x8000, CipherSuite::TLS_AES_128_GCM_SHA256);
  const std::vector<PlannedExtension> big{{padding, ByteString(0x10000), true}};
  const std::vector<ProtocolVersion> versions(128, ProtocolVersion::tls1_3);
  const std::vector<PlannedExtension> broken{
      plan_extension(supported_versions, encode_supported_versions, versions)};
  EXPECT_FALSE(broken[0].fits);
  const auto refused = [](const ClientHelloPlan& plan) {
    ByteString out{1, 2, 3};
    const Result<void> result = encode_client_hello(plan, out);
    EXPECT_EQ(out, (ByteString{1, 2, 3}));
    return !result && result.error().code() == ErrorCode::internal_error;
  };
  constexpr auto kVersion = ProtocolVersion::tls1_2;
  EXPECT_TRUE(refused({kVersion, Bytes(random).first(31), {}, suites, {}}));
  EXPECT_TRUE(refused({kVersion, random, long_id, suites, {}}));
  EXPECT_TRUE(refused({kVersion, random, {}, {}, {}}));
  EXPECT_TRUE(refused({kVersion, random, {}, too_many, {}}));
  EXPECT_TRUE(refused({kVersion, random, {}, suites, big}));
  EXPECT_TRUE(refused({kVersion, random, {}, suites, broken}));
}

}  // namespace
}  // namespace handfast::message::test
