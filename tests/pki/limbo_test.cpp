// The public limbo cases, all namespaces, against a table of known disagreements.
#include <gtest/gtest.h>

#include <cstdio>
#include <map>
#include <set>

#include "pki/vectors.hpp"

namespace handfast::test {
namespace {

// id → why our verdict differs. A case that agrees must not be listed.
const std::map<std::string, std::string> kDisagreements = {
    // Other webpki:: cases want success although the common name is no alternative name
    // (leftmost-wildcard-san,
    // exact-localhost-ip-san, nc-permits-dns-san-pattern), and no verifier looks at it: a common name that is
    // another host altogether is let through, one that misspells an alternative name is not.
    {"webpki::cn::not-in-san", "a foreign common name is harmless: it is never matched"},
    {"webpki::cn::punycode-not-in-san", "a foreign common name is harmless: it is never matched"},
};

constexpr std::size_t kMostSkipped = 10;

void run_file(const std::string& name) {
  const nlohmann::json file = load_json(std::string(HANDFAST_VECTORS) + "/limbo/" + name);
  if (file.is_null()) GTEST_SKIP() << "no vectors";
  std::size_t skipped = 0;
  std::size_t agreed = 0;
  for (const auto& testcase : file["testcases"]) {
    const LimboResult result = run_limbo_case(testcase);
    if (result.actual == Outcome::skipped) {
      ++skipped;
      std::printf("skipped %s: %s\n", result.id.c_str(), result.context.c_str());
      continue;
    }
    if (result.id.starts_with("pathological::")) {
      std::printf("%7.2f ms %s\n", result.milliseconds, result.id.c_str());
      EXPECT_LT(result.milliseconds, 50 * kSlowdown) << result.id;
    }
    const bool agrees = result.actual == result.expected;
    agreed += agrees ? 1 : 0;
    EXPECT_EQ(agrees, !kDisagreements.contains(result.id))
        << result.id << ": " << (result.context.empty() ? "accepted" : result.context);
  }
  std::printf("%zu agree, %zu skipped of %zu\n", agreed, skipped, file["testcases"].size());
  EXPECT_LE(skipped, kMostSkipped);
}

TEST(Limbo, EveryCaseAgreesOrIsListed) { run_file("limbo.json"); }
TEST(Limbo, BetterTlsSample) { run_file("bettertls-sample.json"); }

}  // namespace
}  // namespace handfast::test
