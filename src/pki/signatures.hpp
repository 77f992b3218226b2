// Signatures between the certificates of one verification: each pair is checked once, within a budget.
// RFC 5280 §6.1.3 (a) (1).
#pragma once

#include <array>
#include <cstddef>

#include "pki/path.hpp"

namespace handfast::pki {

class SignatureChecks {
 public:
  explicit SignatureChecks(std::size_t budget) : left_(budget < kMost ? budget : kMost) {}

  enum class Verdict : std::uint8_t { good, bad, key_unusable, budget_exhausted };

  // Whether the key of `issuer` made the signature of `child`, which has a signature_method.
  Verdict check(const Certificate& child, const PathStep& issuer);
  // Any other signature, of a CRL or an OCSP response. `item` and `issuer` are what it is remembered by: they
  // must stay where they are.
  Verdict check(const void* item, crypto::SignatureMethod method, Bytes message, Bytes signature,
                const void* issuer, const Result<crypto::PublicKey>& key);
  // The same for a key that is loaded.
  Verdict check(const Certificate& child, const Certificate& issuer, const Result<crypto::PublicKey>& key);

 private:
  struct Edge {
    const void* child;
    const void* issuer;
    bool good;
  };
  // No budget goes beyond it, so that the memory needs no heap.
  static constexpr std::size_t kMost = 256;

  std::array<Edge, kMost> edges_;  // the first count_ are set
  std::size_t count_ = 0;
  std::size_t left_;
};

}  // namespace handfast::pki
