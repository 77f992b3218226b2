// limbo-harness: cases in x509-limbo's format on standard input, results in its format on standard output.
// Which profile a namespace runs under is in vectors.hpp.
#include <cstdio>
#include <iostream>

#include "pki/vectors.hpp"

int main() {
  using nlohmann::ordered_json;
  const auto cases = nlohmann::json::parse(std::cin, nullptr, false);
  if (cases.is_discarded() || !cases.contains("testcases")) {
    std::fputs("limbo-harness: standard input is not a JSON object with \"testcases\"\n", stderr);
    return 2;
  }
  ordered_json results = ordered_json::array();
  for (const auto& testcase : cases["testcases"]) {
    handfast::test::LimboResult result;
    try {
      result = handfast::test::run_limbo_case(testcase);
    } catch (const nlohmann::json::exception& malformed) {
      result.id = testcase.is_object() ? testcase.value("id", "") : "";
      result.actual = handfast::test::Outcome::skipped;
      result.context = std::string("the case cannot be read: ") + malformed.what();
    }
    ordered_json row = {{"id", result.id}, {"actual_result", handfast::test::name_of(result.actual)}};
    row["context"] = result.context.empty() ? ordered_json(nullptr) : ordered_json(result.context);
    results.push_back(std::move(row));
  }
  const ordered_json out = {{"version", 1}, {"harness", "handfast"}, {"results", std::move(results)}};
  std::cout << out.dump(2, ' ', false, ordered_json::error_handler_t::replace) << "\n";
  return 0;
}
