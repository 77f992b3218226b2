// Revocation lists of a hostile file: parsing and asking must neither crash nor take long, the views of what
// was parsed must lie inside the input, and the index must find every entry that was read.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <handfast/revocation.hpp>

#include "pki/crl.hpp"
#include "pki/distinguished_name.hpp"
#include "pki/revocation_index.hpp"

namespace {

using handfast::Bytes;
namespace pki = handfast::pki;

constexpr std::size_t kEnough = 1'000'000'000;

bool inside(Bytes outer, Bytes inner) {
  return inner.empty() ||
         (inner.data() >= outer.data() && inner.data() + inner.size() <= outer.data() + outer.size());
}

void look_at(const pki::Crl& crl) {
  for (const Bytes view :
       {crl.tbs, crl.issuer, crl.entries, crl.signature_algorithm, crl.signature, crl.extensions,
        crl.number.number, crl.delta_base.number, crl.issuing_distribution_point.name.full_name,
        crl.issuing_distribution_point.name.relative_name}) {
    if (!inside(crl.der, view)) std::abort();
  }
  const pki::RevocationList list(handfast::copy_of(crl.der), crl);
  pki::CrlEntryReader reader(crl.entries, crl.entries_offset);
  pki::CrlEntry entry;
  Bytes issuer = crl.issuer;
  while (reader.next(entry)) {
    if (!entry.certificate_issuer.empty()) issuer = entry.certificate_issuer;
    pki::Comparisons comparisons(kEnough);
    if (!list.find(entry.serial, issuer, comparisons)) std::abort();
  }
  // What parse() has read once can be read again.
  if (!reader.status()) std::abort();
  const auto& scope = crl.issuing_distribution_point;
  pki::Comparisons comparisons(kEnough);
  (void)pki::distribution_names_meet(scope.name, crl.issuer, scope.name, crl.issuer, comparisons);
  (void)handfast::pki::name_to_text(crl.issuer);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input(data, size);
  if (const auto crl = pki::Crl::parse(input)) look_at(*crl);
  handfast::RevocationLists lists;
  if (const auto loaded = lists.add(input); !loaded) (void)loaded.error().to_string();

  pki::DistributionPointReader points(input);
  pki::DistributionPoint point;
  while (points.next(point)) {
    if (!inside(input, point.name.full_name) || !inside(input, point.crl_issuer)) std::abort();
  }
  return 0;
}
