// ML-KEM against NIST's (ACVP) and Wycheproof's vectors. Skipped where the vectors are not installed.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "mlkem_test_support.hpp"

namespace handfast::crypto::mlkem::test {
namespace {

using Json = nlohmann::json;

std::optional<Json> load(const std::string& path) {
  if (std::string_view(HANDFAST_VECTORS).empty()) return std::nullopt;
  std::ifstream file(std::filesystem::path(HANDFAST_VECTORS) / path);
  if (!file) return std::nullopt;
  return Json::parse(file);
}

ByteString bytes(const Json& test, const char* field) { return from_hex(test.at(field).get<std::string>()); }

// Calls check(parameters, group, test) for every test of the parameter sets that this library has; returns
// how many.
template <class Check>
int for_each_test(const Json& document, Check check) {
  int count = 0;
  for (const Json& group : document.at("testGroups")) {
    const auto parameters = parameters_named(group.at("parameterSet").get<std::string>());
    if (!parameters) continue;
    for (const Json& test : group.at("tests")) {
      SCOPED_TRACE(name(*parameters) + " tcId " + std::to_string(test.at("tcId").get<int>()));
      check(*parameters, group, test);
      ++count;
    }
  }
  return count;
}

std::map<int, Json> results_by_id(const Json& document) {
  std::map<int, Json> results;
  for (const Json& group : document.at("testGroups")) {
    for (const Json& test : group.at("tests")) results[test.at("tcId").get<int>()] = test;
  }
  return results;
}

TEST(MlkemNist, KeyGeneration) {
  const auto prompt = load("mlkem/nist/ml_kem_keygen_prompt.json");
  const auto result = load("mlkem/nist/ml_kem_keygen_result.json");
  if (!prompt || !result) GTEST_SKIP() << "no vectors";
  const auto expected = results_by_id(*result);
  const int count = for_each_test(*prompt, [&](Parameters parameters, const Json&, const Json& test) {
    ByteString seed = bytes(test, "d");
    const ByteString z = bytes(test, "z");
    seed.insert(seed.end(), z.begin(), z.end());
    const auto key = key_from_seed(parameters, seed);
    ASSERT_TRUE(key);
    const Json& answer = expected.at(test.at("tcId").get<int>());
    EXPECT_EQ(copy_of(key->encapsulation_key()), bytes(answer, "ek"));
    EXPECT_EQ(expanded(parameters, *key), bytes(answer, "dk"));
  });
  EXPECT_EQ(count, 50);
}

TEST(MlkemNist, EncapsulationAndDecapsulation) {
  const auto prompt = load("mlkem/nist/ml_kem_encap_decap_prompt.json");
  const auto result = load("mlkem/nist/ml_kem_encap_decap_result.json");
  if (!prompt || !result) GTEST_SKIP() << "no vectors";
  const auto expected = results_by_id(*result);
  const int count = for_each_test(*prompt, [&](Parameters parameters, const Json& group, const Json& test) {
    const auto function = group.at("function").get<std::string>();
    const Json& answer = expected.at(test.at("tcId").get<int>());
    if (function == "encapsulation") {
      const auto sent = encapsulate(parameters, bytes(test, "ek"), bytes(test, "m"));
      ASSERT_TRUE(sent);
      EXPECT_EQ(sent->ciphertext, bytes(answer, "c"));
      EXPECT_EQ(sent->secret, bytes(answer, "k"));
    } else if (function == "decapsulation") {
      const auto key = DecapsulationKey::from_expanded(parameters, bytes(test, "dk"));
      ASSERT_TRUE(key);
      EXPECT_EQ(decapsulate(*key, bytes(test, "c")), bytes(answer, "k"));
    } else if (function == "encapsulationKeyCheck") {
      EXPECT_EQ(check_encapsulation_key(parameters, bytes(test, "ek")), answer.at("testPassed").get<bool>());
    } else if (function == "decapsulationKeyCheck") {
      EXPECT_EQ(DecapsulationKey::from_expanded(parameters, bytes(test, "dk")).has_value(),
                answer.at("testPassed").get<bool>());
    } else {
      ADD_FAILURE() << "unknown function " << function;
    }
  });
  EXPECT_EQ(count, 110);
}

class MlkemWycheproof : public testing::TestWithParam<Parameters> {
 protected:
  static std::optional<Json> file(const std::string& kind) {
    const std::string size = GetParam() == Parameters::mlkem768 ? "768" : "1024";
    return load("wycheproof/mlkem_" + size + "_" + kind + ".json");
  }
};

TEST_P(MlkemWycheproof, KeyGeneration) {
  const auto document = file("keygen_seed_test");
  if (!document) GTEST_SKIP() << "no vectors";
  const int count = for_each_test(*document, [](Parameters parameters, const Json&, const Json& test) {
    const auto key = key_from_seed(parameters, bytes(test, "seed"));
    ASSERT_EQ(key.has_value(), test.at("result") == "valid");
    if (!key) return;
    EXPECT_EQ(copy_of(key->encapsulation_key()), bytes(test, "ek"));
    EXPECT_EQ(expanded(parameters, *key), bytes(test, "dk"));
  });
  EXPECT_EQ(count, document->at("numberOfTests").get<int>());
}

TEST_P(MlkemWycheproof, Encapsulation) {
  const auto document = file("encaps_test");
  if (!document) GTEST_SKIP() << "no vectors";
  const int count = for_each_test(*document, [](Parameters parameters, const Json&, const Json& test) {
    const auto sent = encapsulate(parameters, bytes(test, "ek"), bytes(test, "m"));
    ASSERT_EQ(sent.has_value(), test.at("result") == "valid");
    if (!sent) return;
    EXPECT_EQ(sent->ciphertext, bytes(test, "c"));
    EXPECT_EQ(sent->secret, bytes(test, "K"));
  });
  EXPECT_EQ(count, document->at("numberOfTests").get<int>());
}

TEST_P(MlkemWycheproof, Decapsulation) {
  const auto document = file("test");
  if (!document) GTEST_SKIP() << "no vectors";
  const int count = for_each_test(*document, [](Parameters parameters, const Json&, const Json& test) {
    const auto key = key_from_seed(parameters, bytes(test, "seed"));
    const auto secret = key ? decapsulate(*key, bytes(test, "c")) : std::nullopt;
    ASSERT_EQ(secret.has_value(), test.at("result") == "valid");
    if (!secret) return;
    EXPECT_EQ(copy_of(key->encapsulation_key()), bytes(test, "ek"));
    EXPECT_EQ(*secret, bytes(test, "K"));
  });
  EXPECT_EQ(count, document->at("numberOfTests").get<int>());
}

// There is no such file for ML-KEM-1024.
TEST(MlkemWycheproofExpanded, Decapsulation) {
  const auto document = load("wycheproof/mlkem_768_semi_expanded_decaps_test.json");
  if (!document) GTEST_SKIP() << "no vectors";
  const int count = for_each_test(*document, [](Parameters parameters, const Json&, const Json& test) {
    const auto key = DecapsulationKey::from_expanded(parameters, bytes(test, "dk"));
    const auto secret = key ? decapsulate(*key, bytes(test, "c")) : std::nullopt;
    ASSERT_EQ(secret.has_value(), test.at("result") == "valid");
    if (!secret) return;
    EXPECT_EQ(*secret, bytes(test, "K"));
  });
  EXPECT_EQ(count, document->at("numberOfTests").get<int>());
}

INSTANTIATE_TEST_SUITE_P(Sets, MlkemWycheproof, testing::ValuesIn(kBothParameters), set_name);

}  // namespace
}  // namespace handfast::crypto::mlkem::test
