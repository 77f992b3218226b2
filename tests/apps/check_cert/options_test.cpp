// Arguments of check-cert.
#include "check_cert/options.hpp"

#include <gtest/gtest.h>

namespace handfast::apps {
namespace {

long long seconds_of(std::string_view text) {
  const auto time = parse_time_argument(text);
  return time ? static_cast<long long>(time->time_since_epoch().count()) : -1;
}

TEST(CheckCertOptions, Times) {
  EXPECT_EQ(seconds_of("2026-11-20"), 1'795'132'800);
  EXPECT_EQ(seconds_of("2026-11-20T17:51:02Z"), 1'795'132'800 + 17 * 3600 + 51 * 60 + 2);
  EXPECT_EQ(seconds_of("2026-11-20 17:51"), 1'795'132'800 + 17 * 3600 + 51 * 60);
  EXPECT_EQ(seconds_of("@1795132800"), 1'795'132'800);
  EXPECT_EQ(seconds_of("2024-02-29"), 1'709'164'800);
  for (const char* const bad :
       {"", "now", "2026", "2026-13-01", "2026-02-29", "2026-11-20T", "2026-11-20T25:00",
        "2026-11-20T17:51:02Z!", "@", "@-1", "@99999999999999", "@12x", "20-11-2026"}) {
    EXPECT_EQ(seconds_of(bad), -1) << bad;
  }
}

TEST(CheckCertOptions, Profiles) {
  EXPECT_EQ(*parse_profile("webpki"), pki::Profile::webpki);
  EXPECT_EQ(*parse_profile("rfc5280_strict"), pki::Profile::rfc5280_strict);
  EXPECT_EQ(*parse_profile("rfc5280"), pki::Profile::rfc5280);
  EXPECT_FALSE(parse_profile("strict"));
}

}  // namespace
}  // namespace handfast::apps
