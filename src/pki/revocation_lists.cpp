// RevocationLists: reading them, and finding an entry. RFC 5280 §5.1, §5.3.3; RFC 7468 §6.
#include <algorithm>
#include <bit>
#include <handfast/revocation.hpp>

#include "crypto/der.hpp"
#include "crypto/pem.hpp"
#include "pki/distinguished_name.hpp"
#include "pki/oid.hpp"
#include "pki/revocation_index.hpp"

namespace handfast {
namespace pki {
namespace {

bool serial_less(Bytes a, Bytes b) {
  if (a.size() != b.size()) return a.size() < b.size();
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
}

// Of several entries for one certificate the one that says most counts.
int weight_of(const CrlEntry& entry) {
  if (entry.reason == RevocationReason::remove_from_crl) return 0;
  return entry.reason == RevocationReason::certificate_hold ? 1 : 2;
}
constexpr int kGreatestWeight = 2;

}  // namespace

RevocationList::RevocationList(ByteString bytes, const Crl& parsed) : der_(std::move(bytes)), crl_(parsed) {
  struct Row {
    Bytes serial;
    Position position;
  };
  std::vector<Row> rows;
  // "If this extension is not present on the first entry in an indirect CRL, the certificate issuer defaults
  // to the CRL issuer. On subsequent entries […] the certificate issuer […] is the same as that for the
  // preceding entry." (§5.3.3)
  issuers_.push_back(crl_.issuer);
  CrlEntryReader reader(crl_.entries);
  CrlEntry entry;
  std::size_t offset = 0;
  while (reader.next(entry)) {
    if (!entry.certificate_issuer.empty()) issuers_.push_back(entry.certificate_issuer);
    const auto issuer = static_cast<std::uint32_t>(issuers_.size() - 1);
    rows.push_back({entry.serial, {static_cast<std::uint32_t>(offset), issuer}});
    offset = reader.offset();
  }
  std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
    if (oid::equal(a.serial, b.serial)) return a.position.offset < b.position.offset;
    return serial_less(a.serial, b.serial);
  });
  by_serial_.reserve(rows.size());
  for (const Row& row : rows) by_serial_.push_back(row.position);
}

RevocationList::~RevocationList() { delete signer_.load(); }

CrlEntry RevocationList::entry_at(const Position& position) const {
  CrlEntryReader reader(crl_.entries.subspan(position.offset));
  CrlEntry entry;
  reader.next(entry);
  return entry;
}

std::optional<CrlEntry> RevocationList::find(Bytes serial, Bytes issuer, Comparisons& comparisons) const {
  // The search among the sorted entries.
  if (!comparisons.spend(1 + static_cast<std::size_t>(std::bit_width(by_serial_.size()))))
    return std::nullopt;
  auto it = std::lower_bound(
      by_serial_.begin(), by_serial_.end(), serial,
      [&](const Position& position, Bytes wanted) { return serial_less(entry_at(position).serial, wanted); });
  std::optional<CrlEntry> found;
  for (; it != by_serial_.end(); ++it) {
    const CrlEntry entry = entry_at(*it);
    if (!oid::equal(entry.serial, serial)) break;
    if (!comparisons.spend()) return std::nullopt;
    if (!comparisons.same_name(issuers_[it->issuer], issuer)) continue;
    if (!found || weight_of(entry) > weight_of(*found)) found = entry;
    if (weight_of(*found) == kGreatestWeight) break;
  }
  return comparisons.exhausted() ? std::nullopt : found;
}

bool RevocationList::is_signed_by(Bytes spki) const {
  const ByteString* const signer = signer_.load(std::memory_order_acquire);
  return signer != nullptr && oid::equal(*signer, spki);
}

void RevocationList::remember_signer(Bytes spki) const {
  if (signer_.load(std::memory_order_acquire) != nullptr) return;
  auto copy = std::make_unique<const ByteString>(copy_of(spki));
  const ByteString* expected = nullptr;
  if (signer_.compare_exchange_strong(expected, copy.get(), std::memory_order_acq_rel)) {
    static_cast<void>(copy.release());
  }
}

}  // namespace pki

RevocationLists::RevocationLists() : index_(std::make_unique<Index>()) {}
RevocationLists::RevocationLists(RevocationLists&&) noexcept = default;
RevocationLists& RevocationLists::operator=(RevocationLists&&) noexcept = default;
RevocationLists::~RevocationLists() = default;

Result<RevocationLists::Loaded> RevocationLists::add_pem(std::string_view pem) {
  HANDFAST_TRY_ASSIGN(const std::vector<crypto::PemBlock> blocks, crypto::parse_pem(pem));
  Loaded loaded;
  std::size_t number = 0;
  for (const crypto::PemBlock& block : blocks) {
    if (block.label != "X509 CRL") continue;
    ++number;
    if (const Result<void> added = add_list(block.der)) {
      ++loaded.accepted;
    } else {
      Error error = added.error();
      loaded.refused.push_back(error.with_detail("list " + std::to_string(number) + " of the file, at byte " +
                                                 std::to_string(block.offset)));
    }
  }
  if (loaded.accepted > 0) return loaded;
  if (!loaded.refused.empty()) return failure(std::move(loaded.refused.front()));
  return failure(Error(ErrorCode::pem_malformed).with_detail("no \"X509 CRL\" block in it"));
}

Result<void> RevocationLists::add_list(Bytes der) {
  ByteString owned = copy_of(der);
  HANDFAST_TRY_ASSIGN(const pki::Crl crl, pki::Crl::parse(owned));
  // Moving a vector keeps its bytes where they are, so that the views stay valid.
  const pki::RevocationList& list = index_->lists.emplace_back(std::move(owned), crl);
  index_->by_issuer.emplace(crl.issuer_hash, &list);
  return {};
}

Result<RevocationLists::Loaded> RevocationLists::add(Bytes file) {
  if (file.empty() || file.front() != crypto::der::kSequence) return add_pem(as_text(file));
  HANDFAST_TRY(add_list(file));
  return Loaded{1, {}};
}

std::size_t RevocationLists::size() const { return index_->lists.size(); }

}  // namespace handfast
