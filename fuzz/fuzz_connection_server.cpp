// A whole connection, server side, with a hostile peer. What is tried and demanded: connection_harness.hpp.
#include <cstddef>
#include <cstdint>

#include "connection_harness.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static handfast::fuzz::Harness harness(handfast::Side::server);
  harness.run({data, size});
  return 0;
}
