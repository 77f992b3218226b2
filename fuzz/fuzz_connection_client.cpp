// A whole connection, client side, with a hostile peer. What is tried and demanded: connection_harness.hpp.
#include <cstddef>
#include <cstdint>

#include "connection_harness.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static handfast::fuzz::Harness harness(handfast::Side::client);
  harness.run({data, size});
  return 0;
}
