// Reads the test vectors of project Wycheproof: groups of cases, each with the result that is expected.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "support/hex.hpp"

namespace handfast::test {

using Json = nlohmann::json;

// Null if the vectors are not there.
inline Json load_wycheproof(const std::string& file) {
  std::ifstream in(std::string(HANDFAST_VECTORS) + "/wycheproof/" + file);
  return in ? Json::parse(in) : Json();
}

inline ByteString hex_field(const Json& object, const char* name) {
  return from_hex(object.at(name).get<std::string>());
}

inline bool has_flag(const Json& test, const char* flag) {
  if (!test.contains("flags")) return false;
  for (const Json& entry : test.at("flags")) {
    if (entry == flag) return true;
  }
  return false;
}

// Calls check(group, test) for every case of the file.
template <class Check>
void for_each_case(const std::string& file, Check check) {
  const Json root = load_wycheproof(file);
  if (root.is_null()) GTEST_SKIP() << file << " is not in HANDFAST_VECTORS";
  std::size_t count = 0;
  for (const Json& group : root.at("testGroups")) {
    for (const Json& test : group.at("tests")) {
      SCOPED_TRACE(file + " case " + std::to_string(test.at("tcId").get<int>()) + ": " +
                   test.value("comment", std::string()));
      check(group, test);
      ++count;
    }
  }
  EXPECT_EQ(count, root.at("numberOfTests").get<std::size_t>());
}

}  // namespace handfast::test
