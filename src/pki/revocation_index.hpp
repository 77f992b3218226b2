// The inside of RevocationLists: lists by issuer, their entries by serial number. RFC 5280 §5.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <handfast/revocation.hpp>
#include <optional>
#include <unordered_map>
#include <vector>

#include "crypto/public_key.hpp"
#include "pki/comparisons.hpp"
#include "pki/crl.hpp"

namespace handfast::pki {

class RevocationList {
 public:
  // `parsed` views into `bytes`.
  RevocationList(ByteString bytes, const Crl& parsed);
  RevocationList(const RevocationList&) = delete;
  RevocationList& operator=(const RevocationList&) = delete;
  ~RevocationList();

  [[nodiscard]] const Crl& crl() const { return crl_; }
  // The entry of the certificate with this serial number (content octets) and issuer (Name); of several the
  // one that revokes for good, then one that holds, then one that removes. Says nothing if `comparisons` are
  // exhausted on the way: ask them.
  [[nodiscard]] std::optional<CrlEntry> find(Bytes serial, Bytes issuer, Comparisons& comparisons) const;

  // Which key made the signature is found out once: the first SubjectPublicKeyInfo that did is kept, so that
  // a long list is not hashed for each connection. Thread-safe.
  [[nodiscard]] bool is_signed_by(Bytes spki) const;
  void remember_signer(Bytes spki) const;

 private:
  struct Position {
    std::uint32_t offset;  // of the entry in crl_.entries
    std::uint32_t issuer;  // in issuers_
  };
  [[nodiscard]] CrlEntry entry_at(const Position& position) const;

  ByteString der_;
  Crl crl_;
  std::vector<Bytes> issuers_;
  std::vector<Position> by_serial_;
  mutable std::atomic<const ByteString*> signer_{nullptr};  // owned, set once
};

}  // namespace handfast::pki

namespace handfast {

struct RevocationLists::Index {
  std::deque<pki::RevocationList> lists;  // in the order in which they came; their addresses stay
  std::unordered_multimap<std::uint64_t, const pki::RevocationList*> by_issuer;  // by name_hash()
};

}  // namespace handfast
