// NIST's PKITS cases that are at hand, with their CRLs.
#include <gtest/gtest.h>

#include <cstdio>
#include <map>

#include "pki/vectors.hpp"

namespace handfast::test {
namespace {

// Valid chains that are refused on purpose: number → why.
const std::map<std::string, std::string> kRefusedByPolicy = {
    {"4.1.4", "DSA is not supported"},
    {"4.1.5", "DSA is not supported"},
};

TEST(Pkits, EveryCaseAgreesOrIsListed) {
  const std::string folder = std::string(HANDFAST_VECTORS) + "/pkits";
  const nlohmann::json cases = load_json(folder + "/cases.json");
  if (cases.is_null()) GTEST_SKIP() << "no vectors";
  for (const auto& testcase : cases) {
    const PkitsResult result = run_pkits_case(testcase, folder + "/certs", folder + "/crls");
    const bool refused = kRefusedByPolicy.contains(result.number);
    EXPECT_EQ(result.actual == result.expected, !refused)
        << result.title << ": " << (result.context.empty() ? "accepted" : result.context);
    if (refused) {
      EXPECT_TRUE(result.refused_by_policy) << result.context;
    }
  }
  std::printf("%zu cases\n", cases.size());
}

}  // namespace
}  // namespace handfast::test
