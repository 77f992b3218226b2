// Any text as a key log, whole and line by line: both find the same secrets.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "explain/capture/key_store.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace handfast::apps::capture;
  const handfast::Bytes input(data, size);
  KeyStore whole;
  whole.add_text(handfast::as_text(input));
  KeyStore by_line;
  MemorySource source(input);
  if (!by_line.add_source(source)) std::abort();
  if (whole.size() != by_line.size()) std::abort();
  return 0;
}
