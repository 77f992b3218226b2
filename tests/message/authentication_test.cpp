// Certificate, CertificateVerify, Finished, NewSessionTicket, KeyUpdate, EndOfEarlyData.
// RFC 9846 §4.5, §4.6, §4.7.
#include <gtest/gtest.h>

#include "message/builders.hpp"
#include "message/checks.hpp"
#include "message/decode.hpp"
#include "message/golden.hpp"
#include "support/hex.hpp"

namespace handfast::message::test {
namespace {

using handfast::test::from_hex;
using handfast::test::to_hex;
using enum ExtensionType;

TEST(Certificate, RoundTripWithStaples) {
  const std::vector<ByteString> chain{{0x30, 0x01, 0xaa}, {0x30, 0x00}};
  const ByteString ocsp{0x30, 0x03};
  const ByteString scts = from_hex("0003 0001 cc");
  const ByteString context{1, 2};
  ByteString list;
  ASSERT_TRUE(encode_certificate_list(chain, ocsp, scts, list));
  ByteString out;
  ASSERT_TRUE(encode_certificate(context, list, out));
  EXPECT_EQ(to_hex(out),
            "0b000028"
            "020102"
            "000022"
            "0000033001aa"
            "0013"
            "0005"
            "0006"
            "01"
            "000002"
            "3003"
            "0012"
            "0005"
            "0003"
            "0001"
            "cc"
            "0000023000"
            "0000");
  const Result<Certificate> decoded = decode_certificate(out);
  ASSERT_TRUE(decoded) << decoded.error().to_string();
  EXPECT_EQ(copy_of(decoded->certificate_request_context), context);
  std::vector<CertificateEntry> entries;
  for (const CertificateEntry& entry : decoded->certificate_list) entries.push_back(entry);
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(copy_of(entries[0].cert_data), chain[0]);
  EXPECT_EQ(copy_of(entries[0].ocsp_response.value()), ocsp);
  EXPECT_EQ(copy_of(entries[0].signed_certificate_timestamp.value()), scts);
  EXPECT_EQ(entries[0].offset, 10U);
  EXPECT_EQ((*entries[0].extensions.begin()).offset, 18U);
  EXPECT_EQ(copy_of(entries[1].cert_data), chain[1]);
  EXPECT_FALSE(entries[1].ocsp_response);
  EXPECT_TRUE(entries[1].extensions.empty());
}

TEST(CompressedCertificate, RoundTrip) {
  ByteString out;
  ASSERT_TRUE(encode_compressed_certificate(CertificateCompressionAlgorithm::brotli, 0x012345,
                                            from_hex("aabbcc"), out));
  EXPECT_EQ(to_hex(out),
            "1900000b"
            "0002"
            "012345"
            "000003aabbcc");
  const Result<CompressedCertificate> decoded = decode_compressed_certificate(out);
  ASSERT_TRUE(decoded) << decoded.error().to_string();
  EXPECT_EQ(decoded->algorithm, CertificateCompressionAlgorithm::brotli);
  EXPECT_EQ(decoded->uncompressed_length, 0x012345U);
  EXPECT_EQ(to_hex(decoded->compressed_certificate_message), "aabbcc");
  EXPECT_EQ(to_hex(decoded->raw), to_hex(out));
  // Nothing, and more than its length can say.
  EXPECT_FALSE(encode_compressed_certificate(CertificateCompressionAlgorithm::zlib, 1, {}, out));
  EXPECT_FALSE(
      encode_compressed_certificate(CertificateCompressionAlgorithm::zlib, 0x1000000, from_hex("aa"), out));
  EXPECT_EQ(out.size(), 15U);
}

TEST(CompressedCertificate, IsCheckedToTheByte) {
  const auto run = [](std::string_view body) {
    return outcome(
        decode_compressed_certificate(message_of(HandshakeType::compressed_certificate, from_hex(body))));
  };
  EXPECT_EQ(run(""), "message_malformed at algorithm+4 in CompressedCertificate");
  EXPECT_EQ(run("0002"), "message_malformed at uncompressed_length+6 in CompressedCertificate");
  EXPECT_EQ(run("0002 000010"),
            "message_malformed at compressed_certificate_message+9 in CompressedCertificate");
  EXPECT_EQ(run("0002 000010 000000"),
            "message_malformed at compressed_certificate_message+9 in CompressedCertificate");
  EXPECT_EQ(run("0002 000010 000002 aa"),
            "message_malformed at compressed_certificate_message+9 in CompressedCertificate");
  EXPECT_EQ(run("0002 000010 000001 aa"), "ok");
  EXPECT_EQ(run("0002 000010 000001 aa bb"),
            "message_malformed at trailing bytes+13 in CompressedCertificate");
}

TEST(Certificate, EmptyListIsLegalSyntax) {
  ByteString out;
  ASSERT_TRUE(encode_certificate({}, {}, out));
  EXPECT_EQ(to_hex(out), "0b00000400000000");
  const Result<Certificate> decoded = decode_certificate(out);
  ASSERT_TRUE(decoded);
  EXPECT_TRUE(decoded->certificate_list.empty());
}

TEST(Certificate, IsCheckedToTheByte) {
  const auto run = [](std::string_view body) {
    return outcome(decode_certificate(message_of(HandshakeType::certificate, from_hex(body))));
  };
  EXPECT_EQ(run(""), "message_malformed at certificate_request_context+4 in Certificate");
  EXPECT_EQ(run("00"), "message_malformed at certificate_list+5 in Certificate");
  EXPECT_EQ(run("00 000001 00"), "message_malformed at cert_data+8 in Certificate");
  EXPECT_EQ(run("00 000005 000000 0000"), "message_malformed at cert_data+8 in Certificate");
  EXPECT_EQ(run("00 000004 000001 aa"), "message_malformed at extensions+12 in Certificate");
  EXPECT_EQ(run("00 000006 000001 aa 0000"), "ok");
  EXPECT_EQ(run("00 000006 000001 aa 0000 00"), "message_malformed at trailing bytes+14 in Certificate");
  const auto with = [](ExtensionType type, std::string_view body) {
    return outcome(decode_certificate(message_with(ExtensionPlace::certificate, {extension(type, body)})));
  };
  EXPECT_EQ(with(status_request, ""), "message_malformed at status_type+18 in Certificate");
  EXPECT_EQ(with(status_request, "02 000001 aa"), "message_illegal_value at status_type+18 in Certificate");
  EXPECT_EQ(with(status_request, "01 000000"), "message_malformed at response+19 in Certificate");
  EXPECT_EQ(with(status_request, "01 000001 aa bb"), "message_malformed at extension_data+23 in Certificate");
  EXPECT_EQ(with(signed_certificate_timestamp, ""), "message_malformed at sct_list+18 in Certificate");
  EXPECT_EQ(with(signed_certificate_timestamp, "0000"), "message_malformed at sct_list+18 in Certificate");
  EXPECT_EQ(with(signed_certificate_timestamp, "0002 0000"),
            "message_malformed at serialized_sct+20 in Certificate");
}

TEST(Certificate, EncoderRefusesEmptyCertificates) {
  const std::vector<ByteString> chain{{0x30}, {}};
  ByteString out{5};
  EXPECT_EQ(outcome(encode_certificate_list(chain, {}, {}, out)), "internal_error at +0 in Certificate");
  const std::vector<ByteString> good{{0x30}};
  EXPECT_EQ(outcome(encode_certificate_list(good, {}, ByteString(0x10000), out)),
            "internal_error at +0 in Certificate");
  EXPECT_EQ(outcome(encode_certificate(ByteString(256), {}, out)), "internal_error at +0 in Certificate");
  EXPECT_EQ(out, ByteString{5});
}

TEST(CertificateVerify, DecodesAndEncodesTheTraceOfRfc8448) {
  const ByteString bytes = from_hex(kCertificateVerify);
  const Result<CertificateVerify> decoded = decode_certificate_verify(bytes);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->algorithm, SignatureScheme::rsa_pss_rsae_sha256);
  EXPECT_EQ(decoded->signature.size(), 128U);
  ByteString out;
  ASSERT_TRUE(encode_certificate_verify(decoded->algorithm, decoded->signature, out));
  EXPECT_EQ(out, bytes);
  EXPECT_FALSE(encode_certificate_verify(decoded->algorithm, ByteString(0x10000), out));
  EXPECT_EQ(out, bytes);
  EXPECT_EQ(outcome(decode_certificate_verify(from_hex("0f00000104"))),
            "message_malformed at algorithm+4 in CertificateVerify");
  EXPECT_EQ(outcome(decode_certificate_verify(from_hex("0f000005080400020a"))),
            "message_malformed at signature+6 in CertificateVerify");
  EXPECT_EQ(outcome(decode_certificate_verify(from_hex("0f0000040804 0000"))), "ok");
  EXPECT_EQ(outcome(decode_certificate_verify(from_hex("0f0000050804 0000 00"))),
            "message_malformed at trailing bytes+8 in CertificateVerify");
}

TEST(Finished, LengthIsThatOfTheHash) {
  const ByteString bytes = from_hex(kFinished);
  const Result<Finished> decoded = decode_finished(bytes);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->verify_data.size(), 32U);
  EXPECT_EQ(outcome(check_finished_length(*decoded, 32)), "ok");
  EXPECT_EQ(outcome(check_finished_length(*decoded, 48)), "message_malformed at verify_data+4 in Finished");
  ByteString out;
  ASSERT_TRUE(encode_finished(decoded->verify_data, out));
  EXPECT_EQ(out, bytes);
}

TEST(NewSessionTicket, RoundTrip) {
  const ByteString bytes = from_hex(kNewSessionTicket);
  const Result<NewSessionTicket> decoded = decode_new_session_ticket(bytes);
  ASSERT_TRUE(decoded) << decoded.error().to_string();
  EXPECT_EQ(decoded->ticket_lifetime, 30U);
  EXPECT_EQ(decoded->ticket_age_add, 0xfad6aac5U);
  EXPECT_EQ(decoded->ticket_nonce.size(), 2U);
  EXPECT_EQ(decoded->max_early_data_size, 1024U);
  ByteString out;
  ASSERT_TRUE(encode_new_session_ticket({decoded->ticket_lifetime,
                                         decoded->ticket_age_add,
                                         decoded->ticket_nonce,
                                         decoded->ticket,
                                         decoded->max_early_data_size,
                                         {}},
                                        out));
  EXPECT_EQ(out, bytes);
  EXPECT_FALSE(encode_new_session_ticket({1, 2, {}, {}, std::nullopt, {}}, out));
}

TEST(NewSessionTicket, IsCheckedToTheByte) {
  const auto run = [](std::string_view body) {
    return outcome(decode_new_session_ticket(message_of(HandshakeType::new_session_ticket, from_hex(body))));
  };
  EXPECT_EQ(run("000000"), "message_malformed at ticket_lifetime+4 in NewSessionTicket");
  EXPECT_EQ(run("00000001 00"), "message_malformed at ticket_age_add+8 in NewSessionTicket");
  EXPECT_EQ(run("00000001 00000002 01"), "message_malformed at ticket_nonce+12 in NewSessionTicket");
  EXPECT_EQ(run("00000001 00000002 00 0000 0000"), "message_malformed at ticket+13 in NewSessionTicket");
  EXPECT_EQ(run("00000001 00000002 00 0001aa"), "message_malformed at extensions+16 in NewSessionTicket");
  EXPECT_EQ(run("00000001 00000002 00 0001aa 0007 002a 0003 000000"),
            "message_malformed at max_early_data_size+22 in NewSessionTicket");
  EXPECT_EQ(run("00000001 00000002 00 0001aa 0009 002a 0005 0000000000"),
            "message_malformed at extension_data+26 in NewSessionTicket");
}

TEST(KeyUpdate, HasTwoValues) {
  for (const auto request : {KeyUpdateRequest::update_not_requested, KeyUpdateRequest::update_requested}) {
    ByteString out;
    ASSERT_TRUE(encode_key_update(request, out));
    const Result<KeyUpdate> decoded = decode_key_update(out);
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->request_update, request);
  }
  const Result<KeyUpdate> other = decode_key_update(from_hex("1800000102"));
  EXPECT_EQ(outcome(other), "message_illegal_value at request_update+4 in KeyUpdate");
  EXPECT_EQ(other.error().alert(), AlertDescription::illegal_parameter);
  EXPECT_EQ(outcome(decode_key_update(from_hex("18000000"))),
            "message_malformed at request_update+4 in KeyUpdate");
  EXPECT_EQ(outcome(decode_key_update(from_hex("180000020000"))),
            "message_malformed at trailing bytes+5 in KeyUpdate");
}

TEST(EndOfEarlyData, IsEmpty) {
  ByteString out;
  ASSERT_TRUE(encode_end_of_early_data(out));
  EXPECT_EQ(to_hex(out), "05000000");
  EXPECT_EQ(outcome(decode_end_of_early_data(out)), "ok");
  EXPECT_EQ(outcome(decode_end_of_early_data(from_hex("0500000100"))),
            "message_malformed at trailing bytes+4 in EndOfEarlyData");
}

}  // namespace
}  // namespace handfast::message::test
