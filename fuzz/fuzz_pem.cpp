// PEM texts and bundles: what is read must be what is written, places must lie inside the text, and reading
// block after block must end.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "crypto/pem.hpp"
#include "pki/bundle.hpp"
#include "pki/describe.hpp"

namespace {

void demand(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace handfast;
  const Bytes input(data, size);
  const std::string_view text = as_text(input);

  const auto all = crypto::parse_pem(text);
  crypto::PemReader reader(text);
  std::size_t good = 0;
  std::size_t bad = 0;
  while (const auto block = reader.next()) {
    demand(good + bad <= size);
    if (!*block) {
      demand(block->error().offset() <= size);
      ++bad;
      continue;
    }
    demand((*block)->offset < size);
    if (all && bad == 0) demand((*all)[good].der == (*block)->der);
    ++good;
    const auto again = crypto::parse_pem(crypto::to_pem("X", (*block)->der));
    demand(again && again->size() == 1 && again->front().der == (*block)->der);
  }
  demand(all.has_value() == (bad == 0));
  if (all) demand(all->size() == good);
  if (const auto bytes = crypto::from_base64(text))
    demand(crypto::from_base64(crypto::to_base64(*bytes)) == bytes);

  if (const auto entries = pki::read_bundle(input)) {
    for (const auto& entry : *entries) demand(entry.offset < size);
  } else {
    (void)entries.error().to_string();
  }
  (void)pki::parse_sct_list(input);
  return 0;
}
