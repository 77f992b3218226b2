// NIST's PKITS cases that are at hand, except revocation. certs[0] is the anchor, the last the leaf.
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>

#include "pki/vectors.hpp"
#include "pki/verify.hpp"

namespace handfast::test {
namespace {

// Valid chains that are refused on purpose: number → why.
const std::map<std::string, std::string> kRefusedByPolicy = {
    {"4.1.4", "DSA is not supported"},
    {"4.1.5", "DSA is not supported"},
};

ByteString read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

TEST(Pkits, EveryCaseAgreesOrIsListed) {
  const std::string folder = std::string(HANDFAST_VECTORS) + "/pkits";
  const nlohmann::json cases = load_json(folder + "/cases.json");
  if (cases.is_null()) GTEST_SKIP() << "no vectors";
  std::size_t count = 0;
  for (const auto& testcase : cases) {
    const auto names = testcase["certs"].get<std::vector<std::string>>();
    std::vector<ByteString> chain;
    for (auto name = names.rbegin(); name != names.rend(); ++name)
      chain.push_back(read_file(folder + "/certs/" + *name));
    TrustAnchors anchors;
    ASSERT_TRUE(anchors.add_certificate(chain.back()).has_value());
    chain.pop_back();
    pki::VerifyInput input{.chain = chain,
                           .anchors = anchors,
                           .now = parse_rfc3339("2015-01-01T00:00:00"),
                           .peer = Side::server};
    input.policy.check_purpose = false;
    input.policy.require_digital_signature = false;
    const auto verdict = pki::verify_chain(input);
    const std::string number = testcase["settings"]["test_number"];
    const bool expected =
        testcase["settings"]["should_validate"] == "true" && !kRefusedByPolicy.contains(number);
    EXPECT_EQ(verdict.has_value(), expected)
        << testcase["title"] << ": " << (verdict ? "accepted" : verdict.error().to_string());
    ++count;
  }
  std::printf("%zu cases\n", count);
}

}  // namespace
}  // namespace handfast::test
