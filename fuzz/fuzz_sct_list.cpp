// Lists of signed certificate timestamps (RFC 6962 §3.3): every view lies inside the input.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "pki/describe.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto entries = handfast::pki::parse_sct_list({data, size});
  for (const auto& entry : entries) {
    if (entry.log_id.size() != 32 || entry.log_id.data() < data || entry.log_id.data() + 32 > data + size)
      std::abort();
  }
  // Each has 1 byte of version, 32 of id, 8 of time, in two bytes of length.
  if (entries.size() * 43 > size) std::abort();
  return 0;
}
