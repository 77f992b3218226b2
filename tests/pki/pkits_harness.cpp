// pkits-harness CASES.json CERTDIR CRLDIR: PKITS cases, results in limbo's format on standard output; `id` is
// the number of the test ("4.4.7"). certs[0] is the anchor, the last one the leaf, and CRLs are needed (hard
// fail). Of `settings` it reads initial_policy_set, initial_explicit_policy, initial_policy_mapping_inhibit
// and initial_inhibit_any_policy, with PKITS' defaults.
#include <cstdio>
#include <iostream>

#include "pki/vectors.hpp"

int main(int argc, char** argv) {
  using nlohmann::ordered_json;
  if (argc != 4) {
    std::fputs("usage: pkits-harness CASES.json CERTDIR CRLDIR\n", stderr);
    return 2;
  }
  nlohmann::json cases;
  try {
    cases = handfast::test::load_json(argv[1]);
  } catch (const nlohmann::json::exception&) {
  }
  if (!cases.is_array()) {
    std::fprintf(stderr, "pkits-harness: %s is not a JSON list of cases\n", argv[1]);
    return 2;
  }
  ordered_json results = ordered_json::array();
  for (const auto& testcase : cases) {
    handfast::test::PkitsResult result;
    try {
      result = handfast::test::run_pkits_case(testcase, argv[2], argv[3]);
    } catch (const std::exception& malformed) {
      result.title = testcase.is_object() ? testcase.value("title", "") : "";
      result.number = result.title;
      result.actual = handfast::test::Outcome::skipped;
      result.context = std::string("the case cannot be read: ") + malformed.what();
    }
    ordered_json row = {{"id", result.number},
                        {"title", result.title},
                        {"actual_result", handfast::test::name_of(result.actual)}};
    row["context"] = result.context.empty() ? ordered_json(nullptr) : ordered_json(result.context);
    results.push_back(std::move(row));
  }
  const ordered_json out = {{"version", 1}, {"harness", "handfast"}, {"results", std::move(results)}};
  std::cout << out.dump(2, ' ', false, ordered_json::error_handler_t::replace) << "\n";
  return 0;
}
