// The table of message × extension, held against a second copy that was typed from RFC 9846 §4.3; duplicates,
// numbers and order of extensions.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "message/builders.hpp"
#include "message/decode.hpp"
#include "message/describe.hpp"

namespace handfast::message::test {
namespace {

using enum ExtensionPlace;
using Places = std::set<ExtensionPlace>;

// RFC 9846 §4.3; the second half is what the RFC's table leaves out: IANA's column "TLS 1.3" and TLS 1.2.
const std::map<ExtensionType, Places>& expected_places() {
  using enum ExtensionType;
  static const std::map<ExtensionType, Places> kPlaces = {
      {server_name, {client_hello, encrypted_extensions, certificate_request, server_hello_tls12}},
      {status_request, {client_hello, certificate_request, certificate, server_hello_tls12}},
      {supported_groups, {client_hello, encrypted_extensions, server_hello_tls12}},
      {signature_algorithms, {client_hello, certificate_request}},
      {use_srtp, {client_hello, encrypted_extensions, server_hello_tls12}},
      {heartbeat, {client_hello, encrypted_extensions, server_hello_tls12}},
      {application_layer_protocol_negotiation, {client_hello, encrypted_extensions, server_hello_tls12}},
      {client_certificate_type, {client_hello, encrypted_extensions, server_hello_tls12}},
      {server_certificate_type, {client_hello, encrypted_extensions, server_hello_tls12}},
      {padding, {client_hello}},
      {compress_certificate, {client_hello, certificate_request}},
      {record_size_limit, {client_hello, encrypted_extensions, server_hello_tls12}},
      {pre_shared_key, {client_hello, server_hello}},
      {early_data, {client_hello, encrypted_extensions, new_session_ticket}},
      {supported_versions, {client_hello, server_hello, hello_retry_request}},
      {cookie, {client_hello, hello_retry_request}},
      {psk_key_exchange_modes, {client_hello}},
      {certificate_authorities, {client_hello, certificate_request}},
      {oid_filters, {certificate_request}},
      {post_handshake_auth, {client_hello}},
      {signature_algorithms_cert, {client_hello, certificate_request}},
      {key_share, {client_hello, server_hello, hello_retry_request}},
      {ticket_request, {client_hello, encrypted_extensions}},
      {encrypted_client_hello, {client_hello, hello_retry_request, encrypted_extensions}},

      {max_fragment_length, {client_hello, encrypted_extensions, server_hello_tls12}},
      {signed_certificate_timestamp, {client_hello, certificate_request, certificate, server_hello_tls12}},
      {ec_point_formats, {client_hello, server_hello_tls12}},
      {encrypt_then_mac, {client_hello, server_hello_tls12}},
      {extended_main_secret, {client_hello, server_hello_tls12}},
      {session_ticket, {client_hello, server_hello_tls12}},
      {renegotiation_info, {client_hello, server_hello_tls12}},
  };
  return kPlaces;
}

TEST(ExtensionTable, HasTheRowsOfTheRfcAndNoOthers) {
  std::set<ExtensionType> rows;
  for (const ExtensionRule& rule : extension_table()) rows.insert(rule.type);
  std::set<ExtensionType> expected;
  for (const auto& [type, places] : expected_places()) expected.insert(type);
  EXPECT_EQ(rows, expected);
  EXPECT_EQ(rows.size(), extension_table().size());
}

TEST(ExtensionTable, EveryCodePointInEveryPlaceIsAnsweredAsTheRfcSays) {
  for (unsigned number = 0; number <= 0xffff; ++number) {
    const auto type = static_cast<ExtensionType>(number);
    const auto row = expected_places().find(type);
    for (const ExtensionPlace place : all_places()) {
      const bool allowed = row == expected_places().end() || row->second.contains(place);
      ASSERT_EQ(is_allowed(type, place), allowed) << number << " in " << to_string(place);
    }
  }
}

TEST(ExtensionTable, DecodersRefuseEveryKnownExtensionInTheWrongMessage) {
  for (const ExtensionPlace place : all_places()) {
    for (const auto& [type, places] : expected_places()) {
      // A ServerHello with supported_versions is one of TLS 1.3.
      if (place == server_hello_tls12 && type == ExtensionType::supported_versions) continue;
      SCOPED_TRACE(std::string(name_of(type)) + " in " + to_string(place));
      const ByteString bytes = message_with(place, {{type, valid_body(type, place)}});
      const Result<void> result = decode_any(bytes);
      if (places.contains(place)) {
        EXPECT_EQ(outcome(result), "ok");
        continue;
      }
      ASSERT_FALSE(result);
      EXPECT_EQ(result.error().code(), ErrorCode::extension_wrong_message);
      EXPECT_EQ(result.error().alert(), AlertDescription::illegal_parameter);
      EXPECT_STREQ(result.error().field(), "extension_type");
      EXPECT_EQ(result.error().offset(), first_extension(place));
      EXPECT_EQ(result.error().message(), type_of(place));
    }
  }
}

TEST(ExtensionTable, DuplicatesAreRefusedInEveryMessage) {
  for (const ExtensionPlace place : all_places()) {
    SCOPED_TRACE(to_string(place));
    std::vector<RawExtension> types{extension(0x1234, "aa"), extension(0x0a0a)};
    for (const ExtensionRule& rule : extension_table()) {
      if (rule.type == ExtensionType::pre_shared_key && place == client_hello) continue;
      if (is_allowed(rule.type, place)) types.push_back({rule.type, valid_body(rule.type, place)});
    }
    for (const RawExtension& twice : types) {
      SCOPED_TRACE(static_cast<int>(twice.type));
      const RawExtension between = extension(0x4321, "00");
      const Result<void> result = decode_any(message_with(place, {twice, between, twice}));
      ASSERT_FALSE(result);
      EXPECT_EQ(result.error().code(), ErrorCode::extension_duplicate);
      EXPECT_EQ(result.error().alert(), AlertDescription::illegal_parameter);
      EXPECT_EQ(result.error().offset(), first_extension(place) + 4 + twice.body.size() + 5);
      EXPECT_EQ(result.error().message(), type_of(place));
    }
  }
}

TEST(ExtensionTable, ManyExtensionsAreReadAndTooManyAreRefused) {
  for (const ExtensionPlace place : all_places()) {
    SCOPED_TRACE(to_string(place));
    std::vector<RawExtension> extensions;
    if (place == server_hello) extensions.push_back(extension(ExtensionType::supported_versions, "0304"));
    for (unsigned i = static_cast<unsigned>(extensions.size()); i < kMaxExtensions; ++i) {
      extensions.push_back(extension(0x2000 + i));
    }
    EXPECT_EQ(outcome(decode_any(message_with(place, extensions))), "ok");

    extensions.push_back(extension(0x1fff));
    const ByteString bytes = message_with(place, extensions);
    const Result<void> result = decode_any(bytes);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code(), ErrorCode::extension_too_many);
    EXPECT_EQ(result.error().alert(), AlertDescription::decode_error);
    EXPECT_EQ(result.error().offset(), bytes.size() - 4);
  }
}

TEST(ExtensionTable, PreSharedKeyMustBeLastInClientHelloOnly) {
  const RawExtension psk{ExtensionType::pre_shared_key,
                         valid_body(ExtensionType::pre_shared_key, client_hello)};
  EXPECT_EQ(outcome(decode_any(message_with(client_hello, {extension(0x1234), psk}))), "ok");
  EXPECT_EQ(outcome(decode_any(message_with(client_hello, {psk, extension(0x1234)}))),
            "psk_not_last at extension_type+47 in ClientHello");
  EXPECT_EQ(info_of(ErrorCode::psk_not_last).alert, AlertDescription::illegal_parameter);
  EXPECT_EQ(outcome(decode_any(message_with(
                server_hello, {extension(ExtensionType::pre_shared_key, "0000"), extension(0x1234)}))),
            "ok");
}

TEST(ExtensionBlock, KeepsOrderBodiesAndOffsets) {
  const ByteString bytes = message_with(
      encrypted_extensions, {extension(0x1234, "aabb"), extension(0xffff), extension(0x0a0a, "01")});
  const Result<EncryptedExtensions> decoded = decode_encrypted_extensions(bytes);
  ASSERT_TRUE(decoded);
  std::vector<std::pair<unsigned, std::size_t>> seen;
  for (const Extension& extension : decoded->extensions) {
    seen.emplace_back(static_cast<unsigned>(extension.type), extension.offset);
  }
  EXPECT_EQ(seen, (std::vector<std::pair<unsigned, std::size_t>>{{0x1234, 6}, {0xffff, 12}, {0x0a0a, 16}}));
  const auto found = decoded->extensions.find(static_cast<ExtensionType>(0x0a0a));
  ASSERT_TRUE(found);
  EXPECT_EQ(copy_of(found->body), ByteString{1});
  EXPECT_FALSE(decoded->extensions.contains(ExtensionType::server_name));
}

}  // namespace
}  // namespace handfast::message::test
