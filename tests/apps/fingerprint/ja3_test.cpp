// JA3 against the examples of its public description, MD5 against RFC 1321 §A.5.
#include "fingerprint/ja3.hpp"

#include <gtest/gtest.h>

#include "common/escape.hpp"
#include "fingerprint/md5.hpp"
#include "message/server_hello.hpp"

namespace handfast::apps {
namespace {

std::string md5_hex(std::string_view text) {
  const auto digest = md5(text);
  return to_hex(Bytes(digest));
}

TEST(Md5, MatchesTheSuiteOfRfc1321) {
  EXPECT_EQ(md5_hex(""), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(md5_hex("abc"), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(md5_hex("message digest"), "f96b697d7cb7938d525a2f31aaf161d0");
  EXPECT_EQ(md5_hex("12345678901234567890123456789012345678901234567890123456789012345678901234567890"),
            "57edf4a22be3c955ac49da2e2107b67a");
}

TEST(Ja3, MatchesThePublishedExamples) {
  ClientOffer offer;
  offer.legacy_version = 769;
  offer.suites = {47, 53, 5, 10, 49161, 49162, 49171, 49172, 50, 56, 19, 4};
  offer.extensions = {{0, 0}, {10, 0}, {11, 0}};
  offer.groups = {23, 24, 25};
  offer.point_formats = {0};
  EXPECT_EQ(ja3_of(offer).text, "769,47-53-5-10-49161-49162-49171-49172-50-56-19-4,0-10-11,23-24-25,0");
  EXPECT_EQ(ja3_of(offer).hash, "ada70206e40642a3e4461f35503241d5");
  offer = {};
  offer.legacy_version = 769;
  offer.suites = {4, 5, 10, 9, 100, 98, 3, 6, 19, 18, 99};
  EXPECT_EQ(ja3_of(offer).text, "769,4-5-10-9-100-98-3-6-19-18-99,,,");
  EXPECT_EQ(ja3_of(offer).hash, "de350869b8c85de67a350c8d186f11e6");
}

TEST(Ja3, DoesNotCountGrease) {
  ClientOffer offer;
  offer.suites = {0x1a1a, 0x1301};
  offer.extensions = {{0x2a2a, 0}, {10, 0}};
  offer.groups = {0x3a3a, 29};
  EXPECT_EQ(ja3_of(offer).text, "0,4865,10,29,");
}

}  // namespace
}  // namespace handfast::apps
