// ML-KEM against the CCTV collection: keys with coefficients too large, a comparison that stops at a zero
// byte, matrix entries that need unusually many blocks, and one exchange step by step. Skipped where the
// vectors are not installed.
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#ifdef HANDFAST_TEST_ZLIB
#include <zlib.h>
#endif

#include <gtest/gtest.h>

#include "mlkem_draft_key.hpp"
#include "mlkem_test_support.hpp"

namespace handfast::crypto::mlkem::test {
namespace {

class MlkemCctv : public testing::TestWithParam<Parameters> {
 protected:
  static std::string path(const std::string& folder, const std::string& extension) {
    if (std::string_view(HANDFAST_VECTORS).empty()) return {};
    return std::filesystem::path(HANDFAST_VECTORS) / "mlkem/cctv" / folder / (name(GetParam()) + extension);
  }

  // Lines of the form "name = hexadecimal". The first of several with one name counts; other lines are left
  // out.
  static std::map<std::string, ByteString> load(const std::string& folder) {
    std::map<std::string, ByteString> fields;
    std::ifstream file(path(folder, ".txt"));
    for (std::string line; std::getline(file, line);) {
      const std::size_t separator = line.find(" = ");
      if (separator == std::string::npos) continue;
      const std::string value = line.substr(separator + 3);
      if (value.find_first_not_of("0123456789abcdef") != std::string::npos) continue;
      fields.emplace(line.substr(0, separator), from_hex(value));
    }
    return fields;
  }

  // A whole exchange from its random inputs, with the draft's key generation that this collection used.
  static void check_exchange(std::map<std::string, ByteString>& fields) {
    ByteString seed = fields.at("d");
    seed.insert(seed.end(), fields.at("z").begin(), fields.at("z").end());
    const auto key = draft_key(GetParam(), seed);
    ASSERT_TRUE(key);
    EXPECT_EQ(copy_of(key->encapsulation_key()), fields.at("ek"));
    EXPECT_EQ(expanded(GetParam(), *key), fields.at("dk"));
    const auto sent = encapsulate(GetParam(), fields.at("ek"), fields.at("m"));
    ASSERT_TRUE(sent);
    EXPECT_EQ(sent->ciphertext, fields.at("c"));
    EXPECT_EQ(sent->secret, fields.at("K"));
    EXPECT_EQ(decapsulate(*key, fields.at("c")), fields.at("K"));
  }
};

TEST_P(MlkemCctv, UnluckySample) {
  auto fields = load("unluckysample");
  if (fields.empty()) GTEST_SKIP() << "no vectors";
  check_exchange(fields);
}

TEST_P(MlkemCctv, IntermediateValues) {
  auto fields = load("intermediate");
  if (fields.empty()) GTEST_SKIP() << "no vectors";
  check_exchange(fields);
}

TEST_P(MlkemCctv, StringComparison) {
  auto fields = load("strcmp");
  if (fields.empty()) GTEST_SKIP() << "no vectors";
  const auto key = DecapsulationKey::from_expanded(GetParam(), fields.at("dk"));
  ASSERT_TRUE(key);
  EXPECT_EQ(decapsulate(*key, fields.at("c")), fields.at("K"));
}

TEST_P(MlkemCctv, CoefficientsTooLarge) {
#ifdef HANDFAST_TEST_ZLIB
  gzFile file = gzopen(path("modulus", ".txt.gz").c_str(), "rb");
  if (file == nullptr) GTEST_SKIP() << "no vectors";
  std::size_t count = 0;
  std::vector<char> line(2 * kMaxEncapsulationKeySize + 2);
  while (gzgets(file, line.data(), static_cast<int>(line.size())) != nullptr) {
    const ByteString key = from_hex(std::string_view(line.data(), 2 * encapsulation_key_size(GetParam())));
    EXPECT_FALSE(check_encapsulation_key(GetParam(), key));
    EXPECT_FALSE(encapsulate(GetParam(), key, ByteString(kMessageSize)));
    ++count;
  }
  gzclose(file);
  EXPECT_GE(count, 767u);
#else
  GTEST_SKIP() << "built without zlib";
#endif
}

INSTANTIATE_TEST_SUITE_P(Sets, MlkemCctv, testing::ValuesIn(kBothParameters), set_name);

}  // namespace
}  // namespace handfast::crypto::mlkem::test
