// The messages of TLS 1.2: there and back, and damaged at every byte.
#include "message/messages12.hpp"

#include <gtest/gtest.h>

#include "message/key_exchange12.hpp"
#include "support/hex.hpp"

namespace handfast::message {
namespace {

using handfast::test::from_hex;

template <class Decode>
void expect_exact(const ByteString& message, Decode decode) {
  EXPECT_TRUE(decode(message)) << decode(message).error().to_string();
  for (std::size_t size = 0; size < message.size(); ++size) {
    EXPECT_FALSE(decode(Bytes(message).first(size))) << size;
  }
  ByteString longer = message;
  longer.push_back(0);
  EXPECT_FALSE(decode(longer));
  if (longer.size() > 4) {
    longer[3] = static_cast<std::uint8_t>(longer[3] + 1);
    EXPECT_FALSE(decode(longer)) << "a byte too much inside";
  }
}

TEST(Messages12, ServerKeyExchangeOfCurves) {
  const ByteString point = from_hex("04010203");
  const auto params = encode_server_ecdh_params(NamedGroup::secp256r1, point);
  ASSERT_TRUE(params);
  EXPECT_EQ(*params, from_hex("03 0017 04 04010203"));
  ByteString message;
  ASSERT_TRUE(encode_server_key_exchange(*params, SignatureScheme::ecdsa_secp256r1_sha256, from_hex("aabb"),
                                         message));
  const auto decoded = decode_server_ecdh_params(message);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->group, NamedGroup::secp256r1);
  EXPECT_EQ(copy_of(decoded->public_key), point);
  EXPECT_EQ(decoded->public_offset, 8U);
  EXPECT_EQ(copy_of(decoded->signature.params), *params);
  EXPECT_EQ(decoded->signature.algorithm, SignatureScheme::ecdsa_secp256r1_sha256);
  EXPECT_EQ(decoded->signature.algorithm_offset, 4U + params->size());
  EXPECT_EQ(copy_of(decoded->signature.signature), from_hex("aabb"));
  expect_exact(message, [](Bytes bytes) { return decode_server_ecdh_params(bytes); });
  ByteString explicit_curve = message;
  explicit_curve[4] = 1;
  EXPECT_EQ(decode_server_ecdh_params(explicit_curve).error().code(), ErrorCode::message_illegal_value);
}

TEST(Messages12, ServerKeyExchangeOfFiniteFields) {
  const auto params = encode_server_dh_params(from_hex("0b"), from_hex("02"), from_hex("0405"));
  ASSERT_TRUE(params);
  EXPECT_EQ(*params, from_hex("0001 0b 0001 02 0002 0405"));
  ByteString message;
  ASSERT_TRUE(
      encode_server_key_exchange(*params, SignatureScheme::rsa_pkcs1_sha256, from_hex("aa"), message));
  const auto decoded = decode_server_dh_params(message);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(copy_of(decoded->prime), from_hex("0b"));
  EXPECT_EQ(copy_of(decoded->generator), from_hex("02"));
  EXPECT_EQ(copy_of(decoded->public_key), from_hex("0405"));
  EXPECT_EQ(copy_of(decoded->signature.params), *params);
  expect_exact(message, [](Bytes bytes) { return decode_server_dh_params(bytes); });
}

TEST(Messages12, ClientKeyExchangeInThreeForms) {
  for (const KeyExchange exchange : {KeyExchange::ecdhe, KeyExchange::dhe, KeyExchange::rsa}) {
    ByteString message;
    ASSERT_TRUE(encode_client_key_exchange(exchange, from_hex("040506"), message));
    const auto keys = decode_client_exchange_keys(exchange, message);
    ASSERT_TRUE(keys);
    EXPECT_EQ(copy_of(*keys), from_hex("040506"));
    expect_exact(message, [&](Bytes bytes) { return decode_client_exchange_keys(exchange, bytes); });
  }
}

TEST(Messages12, TheOthers) {
  ByteString certificate;
  ASSERT_TRUE(encode_certificate12(std::vector<ByteString>{from_hex("0102"), from_hex("03")}, certificate));
  EXPECT_EQ(certificate, from_hex("0b 00000c 000009 000002 0102 000001 03"));
  EXPECT_EQ(decode_certificate12(certificate)->certificate_list.size(), 2U);
  expect_exact(certificate, [](Bytes bytes) { return decode_certificate12(bytes); });

  ByteString status;
  ASSERT_TRUE(encode_certificate_status_message(from_hex("0102"), status));
  EXPECT_EQ(copy_of(decode_certificate_status(status)->ocsp_response), from_hex("0102"));
  expect_exact(status, [](Bytes bytes) { return decode_certificate_status(bytes); });
  EXPECT_FALSE(encode_certificate_status_message({}, status));

  ByteString request;
  const std::vector<SignatureScheme> schemes = {SignatureScheme::ed25519, SignatureScheme::rsa_pkcs1_sha256};
  ASSERT_TRUE(encode_certificate_request12(schemes, std::vector<ByteString>{from_hex("3000")}, request));
  EXPECT_EQ(request, from_hex("0d 00000f 02 40 01 0004 0807 0401 0004 0002 3000"));
  const auto decoded = decode_certificate_request12(request);
  ASSERT_TRUE(decoded);
  EXPECT_TRUE(decoded->signature_algorithms.contains(SignatureScheme::rsa_pkcs1_sha256));
  EXPECT_EQ(decoded->certificate_authorities.size(), 1U);
  expect_exact(request, [](Bytes bytes) { return decode_certificate_request12(bytes); });

  ByteString done;
  ASSERT_TRUE(encode_server_hello_done(done));
  expect_exact(done, [](Bytes bytes) { return decode_server_hello_done(bytes); });
  EXPECT_FALSE(decode_server_hello_done(from_hex("0e000001 00")));

  ByteString ticket;
  ASSERT_TRUE(encode_new_session_ticket12(7200, from_hex("0102"), ticket));
  EXPECT_EQ(decode_new_session_ticket12(ticket)->ticket_lifetime_hint, 7200U);
  expect_exact(ticket, [](Bytes bytes) { return decode_new_session_ticket12(bytes); });
}

}  // namespace
}  // namespace handfast::message
