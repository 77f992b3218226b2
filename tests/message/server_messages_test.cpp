// ServerHello, HelloRetryRequest, EncryptedExtensions, CertificateRequest. RFC 9846 §4.2.3, §4.2.4, §4.4.
#include <gtest/gtest.h>

#include <array>

#include "message/builders.hpp"
#include "message/decode.hpp"
#include "message/golden.hpp"
#include "support/hex.hpp"

namespace handfast::message::test {
namespace {

using handfast::test::from_hex;
using handfast::test::to_hex;
using enum ExtensionType;

TEST(ServerHello, DecodesAndEncodesTheTraceOfRfc8448) {
  const ByteString bytes = from_hex(kServerHello);
  const Result<ServerHello> hello = decode_server_hello(bytes);
  ASSERT_TRUE(hello) << hello.error().to_string();
  EXPECT_FALSE(hello->is_hello_retry_request);
  EXPECT_EQ(hello->type(), HandshakeType::server_hello);
  EXPECT_EQ(hello->selected_version, ProtocolVersion::tls1_3);
  EXPECT_EQ(hello->cipher_suite, CipherSuite::TLS_AES_128_GCM_SHA256);
  ASSERT_TRUE(hello->key_share);
  EXPECT_EQ(hello->key_share->group, NamedGroup::x25519);
  EXPECT_EQ(to_hex(hello->key_share->key_exchange),
            "c9828876112095fe66762bdbf7c672e156d6cc253b833df1dd69b1b04e751f0f");
  EXPECT_FALSE(hello->selected_identity);
  EXPECT_FALSE(hello->cookie);

  ServerHelloPlan plan;
  plan.random = hello->random;
  plan.cipher_suite = hello->cipher_suite;
  plan.key_share = hello->key_share;
  ByteString out;
  ASSERT_TRUE(encode_server_hello(plan, out));
  EXPECT_EQ(to_hex(out), kServerHello);
}

TEST(ServerHello, OfTls12IsReadAsFarAsVersionNegotiationNeedsIt) {
  const ByteString bytes = message_with(ExtensionPlace::server_hello_tls12,
                                        {extension(renegotiation_info, "00"), extension(extended_main_secret),
                                         extension(application_layer_protocol_negotiation, "0003026832")});
  const Result<ServerHello> hello = decode_server_hello(bytes);
  ASSERT_TRUE(hello) << hello.error().to_string();
  EXPECT_FALSE(hello->selected_version);
  EXPECT_EQ(hello->extensions.size(), 3U);

  const ByteString bare =
      message_of(HandshakeType::server_hello, from_hex("0301" + std::string(64, '0') + "00" + "c02f" + "00"));
  const Result<ServerHello> old = decode_server_hello(bare);
  ASSERT_TRUE(old);
  EXPECT_EQ(old->legacy_version, ProtocolVersion::tls1_0);
  EXPECT_TRUE(old->extensions.empty());
}

TEST(ServerHello, IsCheckedToTheByte) {
  const std::string random(64, '0');
  const auto run = [&](const std::string& body) {
    return outcome(decode_server_hello(message_of(HandshakeType::server_hello, from_hex(body))));
  };
  EXPECT_EQ(run("0303" + random + "21" + std::string(66, '1') + "130100"),
            "message_malformed at legacy_session_id_echo+38 in ServerHello");
  EXPECT_EQ(run("0303" + random + "00" + "13"), "message_malformed at cipher_suite+39 in ServerHello");
  EXPECT_EQ(run("0303" + random + "00" + "1301"),
            "message_malformed at legacy_compression_method+41 in ServerHello");
  EXPECT_EQ(run("0303" + random + "00" + "130100" + "00"),
            "message_malformed at extensions+42 in ServerHello");
  EXPECT_EQ(run("0303" + random + "00" + "130100" + "0006 002b 0002 0304 00"),
            "message_malformed at trailing bytes+50 in ServerHello");
  EXPECT_EQ(run("0303" + random + "00" + "130100" + "0005 002b 0001 03"),
            "message_malformed at selected_version+48 in ServerHello");
  EXPECT_EQ(run("0303" + random + "00" + "130100" + "0007 002b 0003 030403"),
            "message_malformed at extension_data+50 in ServerHello");
  const auto with = [](ExtensionType type, std::string_view body) {
    return outcome(decode_server_hello(message_with(ExtensionPlace::server_hello, {extension(type, body)})));
  };
  EXPECT_EQ(with(key_share, "001d 0000"), "message_malformed at key_exchange+50 in ServerHello");
  EXPECT_EQ(with(key_share, "001d"), "message_malformed at key_exchange+50 in ServerHello");
  EXPECT_EQ(with(key_share, "001d 0001 aa bb"), "message_malformed at extension_data+53 in ServerHello");
  EXPECT_EQ(with(pre_shared_key, "00"), "message_malformed at selected_identity+48 in ServerHello");
  EXPECT_EQ(with(cookie, "0001aa"), "extension_wrong_message at extension_type+44 in ServerHello");
}

TEST(HelloRetryRequest, RoundTrip) {
  const ByteString cookie_bytes(40, 0xc0);
  const ByteString session_id(32, 0x11);
  HelloRetryRequestPlan plan;
  plan.legacy_session_id_echo = session_id;
  plan.cipher_suite = CipherSuite::TLS_AES_256_GCM_SHA384;
  plan.selected_group = NamedGroup::secp384r1;
  plan.cookie = cookie_bytes;
  ByteString out;
  ASSERT_TRUE(encode_hello_retry_request(plan, out));
  EXPECT_TRUE(is_hello_retry_request(out));

  const Result<ServerHello> retry = decode_server_hello(out);
  ASSERT_TRUE(retry) << retry.error().to_string();
  EXPECT_TRUE(retry->is_hello_retry_request);
  EXPECT_EQ(retry->type(), HandshakeType::hello_retry_request);
  EXPECT_EQ(copy_of(retry->legacy_session_id_echo), session_id);
  EXPECT_EQ(retry->selected_group, NamedGroup::secp384r1);
  EXPECT_FALSE(retry->key_share);
  EXPECT_EQ(copy_of(retry->cookie.value()), cookie_bytes);
  EXPECT_EQ(retry->selected_version, ProtocolVersion::tls1_3);
}

TEST(HelloRetryRequest, IsCheckedToTheByte) {
  const auto with = [](ExtensionType type, std::string_view body) {
    return outcome(
        decode_server_hello(message_with(ExtensionPlace::hello_retry_request, {extension(type, body)})));
  };
  EXPECT_EQ(with(key_share, "00"), "message_malformed at selected_group+48 in HelloRetryRequest");
  EXPECT_EQ(with(key_share, "001d 0001 aa"), "message_malformed at extension_data+50 in HelloRetryRequest");
  EXPECT_EQ(with(cookie, "0000"), "message_malformed at cookie+48 in HelloRetryRequest");
  EXPECT_EQ(with(pre_shared_key, "0000"),
            "extension_wrong_message at extension_type+44 in HelloRetryRequest");
}

TEST(HelloRetryRequest, IsRecognisedByItsRandomOnly) {
  ByteString bytes = message_with(ExtensionPlace::hello_retry_request, {});
  EXPECT_TRUE(is_hello_retry_request(bytes));
  EXPECT_FALSE(is_hello_retry_request(Bytes(bytes).first(37)));
  EXPECT_FALSE(is_hello_retry_request({}));
  for (std::size_t i = 6; i < 38; ++i) {
    bytes[i] ^= 1;
    EXPECT_FALSE(is_hello_retry_request(bytes)) << i;
    bytes[i] ^= 1;
  }
  bytes[0] = 1;
  EXPECT_FALSE(is_hello_retry_request(bytes));
}

TEST(EncryptedExtensions, DecodesAndEncodesTheTraceOfRfc8448) {
  const ByteString bytes = from_hex(kEncryptedExtensions);
  const Result<EncryptedExtensions> decoded = decode_encrypted_extensions(bytes);
  ASSERT_TRUE(decoded) << decoded.error().to_string();
  EXPECT_TRUE(decoded->server_name);
  EXPECT_EQ(decoded->record_size_limit, 0x4001);
  EXPECT_FALSE(decoded->application_protocol);
  const std::vector<NamedGroup> groups(decoded->supported_groups->begin(), decoded->supported_groups->end());
  EXPECT_EQ(groups.size(), 9U);

  EncryptedExtensionsPlan plan;
  plan.supported_groups = groups;
  plan.record_size_limit = decoded->record_size_limit;
  plan.server_name = true;
  ByteString out;
  ASSERT_TRUE(encode_encrypted_extensions(plan, out));
  EXPECT_EQ(to_hex(out), kEncryptedExtensions);
}

TEST(EncryptedExtensions, RoundTripOfTheRest) {
  EncryptedExtensionsPlan plan;
  plan.application_protocol = "h2";
  plan.early_data = true;
  const std::vector<PlannedExtension> extra{{static_cast<ExtensionType>(0x1a1a), {1}, true}};
  plan.extra = extra;
  ByteString out;
  ASSERT_TRUE(encode_encrypted_extensions(plan, out));
  EXPECT_EQ(to_hex(out),
            "08000014"
            "0012"
            "0010"
            "0005"
            "0003026832"
            "002a0000"
            "1a1a000101");
  const Result<EncryptedExtensions> decoded = decode_encrypted_extensions(out);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(as_text(decoded->application_protocol.value()), "h2");
  EXPECT_TRUE(decoded->early_data);
  EXPECT_FALSE(decoded->server_name);
  EXPECT_FALSE(decoded->supported_groups);
  EXPECT_TRUE(decoded->extensions.contains(static_cast<ExtensionType>(0x1a1a)));

  const ByteString rich = rich_message(ExtensionPlace::encrypted_extensions);
  const Result<EncryptedExtensions> all = decode_encrypted_extensions(rich);
  ASSERT_TRUE(all);
  EXPECT_EQ(all->max_fragment_length, 4);
  EXPECT_EQ(all->client_certificate_type, CertificateType::RawPublicKey);
  EXPECT_EQ(all->server_certificate_type, CertificateType::RawPublicKey);
  EXPECT_EQ(all->ticket_request_expected_count, 2);
}

TEST(EncryptedExtensions, IsCheckedToTheByte) {
  const auto with = [](ExtensionType type, std::string_view body) {
    return outcome(decode_encrypted_extensions(
        message_with(ExtensionPlace::encrypted_extensions, {extension(type, body)})));
  };
  EXPECT_EQ(outcome(decode_encrypted_extensions(from_hex("08000000"))),
            "message_malformed at extensions+4 in EncryptedExtensions");
  EXPECT_EQ(outcome(decode_encrypted_extensions(from_hex("080000020000"))), "ok");
  EXPECT_EQ(with(server_name, "00"), "message_malformed at extension_data+10 in EncryptedExtensions");
  EXPECT_EQ(with(application_layer_protocol_negotiation, "0006 026832 026833"),
            "message_illegal_value at protocol_name_list+10 in EncryptedExtensions");
  EXPECT_EQ(with(application_layer_protocol_negotiation, "0000"),
            "message_malformed at protocol_name_list+10 in EncryptedExtensions");
  EXPECT_EQ(with(application_layer_protocol_negotiation, "0002 0000"),
            "message_malformed at protocol_name+12 in EncryptedExtensions");
  EXPECT_EQ(with(record_size_limit, "003f"),
            "message_illegal_value at record_size_limit+10 in EncryptedExtensions");
  EXPECT_EQ(with(record_size_limit, "0040"), "ok");
  EXPECT_EQ(with(early_data, "00000000"), "message_malformed at extension_data+10 in EncryptedExtensions");
  EXPECT_EQ(with(supported_groups, "0000"),
            "message_malformed at named_group_list+10 in EncryptedExtensions");
  EXPECT_EQ(with(client_certificate_type, "0200"),
            "message_malformed at extension_data+11 in EncryptedExtensions");
  EXPECT_EQ(with(ticket_request, ""), "message_malformed at expected_count+10 in EncryptedExtensions");
}

TEST(CertificateRequest, DecodesAndEncodesTheTraceOfRfc8448) {
  const ByteString bytes = from_hex(kCertificateRequest);
  const Result<CertificateRequest> decoded = decode_certificate_request(bytes);
  ASSERT_TRUE(decoded) << decoded.error().to_string();
  EXPECT_TRUE(decoded->certificate_request_context.empty());
  const std::vector<SignatureScheme> schemes(decoded->signature_algorithms->begin(),
                                             decoded->signature_algorithms->end());
  EXPECT_EQ(schemes.size(), 15U);
  CertificateRequestPlan plan;
  plan.signature_algorithms = schemes;
  ByteString out;
  ASSERT_TRUE(encode_certificate_request(plan, out));
  EXPECT_EQ(to_hex(out), kCertificateRequest);
}

TEST(CertificateRequest, RoundTripOfTheRest) {
  const ByteString context{9, 8, 7};
  const std::array schemes = {SignatureScheme::ed25519};
  const std::array cert_schemes = {SignatureScheme::rsa_pkcs1_sha256, SignatureScheme::ed25519};
  const std::vector<ByteString> names{{0x30, 0x00}, {0x30, 0x01, 0x00}};
  ByteString out;
  ASSERT_TRUE(encode_certificate_request({context, schemes, cert_schemes, names, true, true, {}}, out));
  const Result<CertificateRequest> decoded = decode_certificate_request(out);
  ASSERT_TRUE(decoded) << decoded.error().to_string();
  EXPECT_EQ(copy_of(decoded->certificate_request_context), context);
  EXPECT_TRUE(decoded->signature_algorithms->contains(SignatureScheme::ed25519));
  EXPECT_EQ(decoded->signature_algorithms_cert->size(), 2U);
  std::vector<ByteString> read;
  for (const DistinguishedName& name : *decoded->certificate_authorities) read.push_back(copy_of(name.der));
  EXPECT_EQ(read, names);
  EXPECT_TRUE(decoded->status_request);
  EXPECT_TRUE(decoded->signed_certificate_timestamp);

  const ByteString rich = rich_message(ExtensionPlace::certificate_request);
  const Result<CertificateRequest> all = decode_certificate_request(rich);
  ASSERT_TRUE(all);
  EXPECT_EQ(all->oid_filters->size(), 2U);
  EXPECT_EQ(to_hex((*all->oid_filters->begin()).oid), "5513");
  EXPECT_EQ(all->compress_certificate->size(), 2U);
}

TEST(CertificateRequest, IsCheckedToTheByte) {
  const auto with = [](ExtensionType type, std::string_view body) {
    return outcome(decode_certificate_request(
        message_with(ExtensionPlace::certificate_request, {extension(type, body)})));
  };
  EXPECT_EQ(outcome(decode_certificate_request(from_hex("0d000000"))),
            "message_malformed at certificate_request_context+4 in CertificateRequest");
  EXPECT_EQ(outcome(decode_certificate_request(from_hex("0d00000100"))),
            "message_malformed at extensions+5 in CertificateRequest");
  EXPECT_EQ(with(signature_algorithms, "0000"),
            "message_malformed at supported_signature_algorithms+11 in CertificateRequest");
  EXPECT_EQ(with(status_request, "0100000000"),
            "message_malformed at extension_data+11 in CertificateRequest");
  EXPECT_EQ(with(oid_filters, "0003 00 0000"),
            "message_malformed at certificate_extension_oid+13 in CertificateRequest");
  EXPECT_EQ(with(oid_filters, "0000"), "ok");
  EXPECT_EQ(with(certificate_authorities, "0000"),
            "message_malformed at authorities+11 in CertificateRequest");
  EXPECT_EQ(with(signed_certificate_timestamp, "00"),
            "message_malformed at extension_data+11 in CertificateRequest");
}

TEST(ServerEncoders, RefusePlansThatBreakTheSyntax) {
  const ByteString random(32, 7);
  const ByteString huge(0x10000, 1);
  ByteString out{5};
  ServerHelloPlan hello;
  hello.random = random;
  hello.key_share = KeyShareEntry{NamedGroup::x25519, huge, 0};
  EXPECT_EQ(outcome(encode_server_hello(hello, out)), "internal_error at +0 in ServerHello");
  hello.key_share.reset();
  hello.random = Bytes(random).first(31);
  EXPECT_EQ(outcome(encode_server_hello(hello, out)), "internal_error at +0 in ServerHello");
  HelloRetryRequestPlan retry;
  retry.cookie = huge;
  EXPECT_EQ(outcome(encode_hello_retry_request(retry, out)), "internal_error at +0 in HelloRetryRequest");
  EncryptedExtensionsPlan encrypted;
  const std::string name(256, 'a');
  encrypted.application_protocol = name;
  EXPECT_EQ(outcome(encode_encrypted_extensions(encrypted, out)),
            "internal_error at +0 in EncryptedExtensions");
  CertificateRequestPlan request;
  request.certificate_request_context = Bytes(huge).first(256);
  EXPECT_EQ(outcome(encode_certificate_request(request, out)), "internal_error at +0 in CertificateRequest");
  EXPECT_EQ(out, ByteString{5});
}

}  // namespace
}  // namespace handfast::message::test
