// Every "pathological" case of x509-limbo, timed.
#include "pathological.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>

#ifdef HANDFAST_VECTORS
#include "pki/vectors.hpp"
#endif

namespace handfast::bench {

void print_pathological() {
#ifdef HANDFAST_VECTORS
  constexpr double kLimit = 50;  // milliseconds
  const std::string path = HANDFAST_VECTORS "/limbo/limbo.json";
  if (std::filesystem::exists(path)) {
    const auto limbo = test::load_json(path);
    std::size_t count = 0;
    std::size_t slow = 0;
    test::LimboResult worst;
    for (const auto& testcase : limbo.at("testcases")) {
      if (testcase.at("id").get<std::string>().find("pathological") == std::string::npos) continue;
      const auto result = test::run_limbo_case(testcase);
      ++count;
      slow += result.milliseconds > kLimit ? 1 : 0;
      if (result.milliseconds >= worst.milliseconds) worst = result;
    }
    fmt::print("\n{} pathological cases, {} above {} ms; the slowest, {}: {:.2f} ms\n", count, slow, kLimit,
               worst.id, worst.milliseconds);
    return;
  }
#endif
  fmt::print("\nno pathological cases: the test vectors are not there\n");
}

}  // namespace handfast::bench
