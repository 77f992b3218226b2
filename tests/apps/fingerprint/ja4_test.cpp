// JA4 against the examples of its public description (FoxIO, "JA4: TLS Client Fingerprinting").
#include "fingerprint/ja4.hpp"

#include <gtest/gtest.h>

#include "apps/serve/sample_visit.hpp"

namespace handfast::apps::serve {
namespace {

using test::published_offer;

std::string fingerprint(const ClientOffer& offer) {
  const auto ja4 = ja4_of(offer);
  return ja4 ? ja4->text() : "failed";
}

TEST(Ja4, MatchesThePublishedExample) {
  EXPECT_EQ(fingerprint(published_offer()), "t13d1516h2_8daaf6152771_e5627efa2ab1");
}

TEST(Ja4, MatchesThePublishedRawForm) {
  const auto ja4 = ja4_of(published_offer());
  ASSERT_TRUE(ja4);
  EXPECT_EQ(ja4->raw(),
            "t13d1516h2_002f,0035,009c,009d,1301,1302,1303,c013,c014,c02b,c02c,c02f,c030,cca8,cca9_"
            "0005,000a,000b,000d,0012,0015,0017,001b,0023,002b,002d,0033,4469,ff01_"
            "0403,0804,0401,0503,0805,0501,0806,0601");
}

TEST(Ja4, WithoutSignatureSchemesEndsWithoutUnderscore) {
  ClientOffer offer = published_offer();
  offer.signature_schemes.clear();
  EXPECT_EQ(fingerprint(offer), "t13d1516h2_8daaf6152771_6d807ffa2a79");
}

TEST(Ja4, DoesNotCountGrease) {
  ClientOffer offer = published_offer();
  offer.suites.insert(offer.suites.begin(), 0x8a8a);
  offer.extensions.push_back({0x1a1a, 1});
  offer.versions.insert(offer.versions.begin(), 0xfafa);
  offer.signature_schemes.push_back(0x2a2a);
  EXPECT_EQ(fingerprint(offer), fingerprint(published_offer()));
}

TEST(Ja4, DoesNotDependOnTheOrderOfSuitesAndExtensions) {
  ClientOffer offer = published_offer();
  std::swap(offer.suites.front(), offer.suites.back());
  std::swap(offer.extensions.front(), offer.extensions.back());
  EXPECT_EQ(fingerprint(offer), fingerprint(published_offer()));
  std::swap(offer.signature_schemes.front(), offer.signature_schemes.back());
  EXPECT_NE(fingerprint(offer), fingerprint(published_offer()));
}

TEST(Ja4, SaysWhetherAServerWasNamed) {
  ClientOffer offer = published_offer();
  std::erase_if(offer.extensions, [](const OfferedExtension& extension) { return extension.type == 0; });
  EXPECT_EQ(fingerprint(offer), "t13i1515h2_8daaf6152771_e5627efa2ab1");
}

TEST(Ja4, TakesTheVersionFromSupportedVersionsFirst) {
  ClientOffer offer;
  offer.legacy_version = 0x0303;
  EXPECT_EQ(fingerprint(offer).substr(0, 3), "t12");
  offer.versions = {0x0303, 0x0304};
  EXPECT_EQ(fingerprint(offer).substr(0, 3), "t13");
  offer.versions.clear();
  offer.legacy_version = 0x0300;
  EXPECT_EQ(fingerprint(offer).substr(0, 3), "ts3");
  offer.legacy_version = 0x7f17;
  EXPECT_EQ(fingerprint(offer).substr(0, 3), "t00");
}

TEST(Ja4, OfNothingIsZeros) { EXPECT_EQ(fingerprint({}), "t00i000000_000000000000_000000000000"); }

TEST(Ja4, CountsAtMostNinetyNine) {
  ClientOffer offer;
  for (std::uint16_t i = 1; i <= 120; ++i) offer.suites.push_back(i);
  EXPECT_EQ(fingerprint(offer).substr(4, 2), "99");
}

TEST(Ja4, TakesFirstAndLastCharacterOfTheProtocol) {
  const auto characters = [](std::string_view protocol) {
    ClientOffer offer;
    offer.application_protocols = {std::string(protocol)};
    return fingerprint(offer).substr(8, 2);
  };
  EXPECT_EQ(characters("h2"), "h2");
  EXPECT_EQ(characters("http/1.1"), "h1");
  EXPECT_EQ(characters("x"), "xx");
  EXPECT_EQ(characters(""), "00");
  EXPECT_EQ(characters("\xab"), "ab");
  EXPECT_EQ(characters("\xab\xcd"), "ad");
  EXPECT_EQ(characters("0\xab"), "3b");
  EXPECT_EQ(characters("01\xab\xcd"), "3d");
  EXPECT_EQ(characters("0\xab\xcd"
                       "1"),
            "01");
}

}  // namespace
}  // namespace handfast::apps::serve
