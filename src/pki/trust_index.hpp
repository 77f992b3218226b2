// The inside of TrustAnchors: certificates by subject, with their keys read once. RFC 5280 §6.1.1 (d).
#pragma once

#include <cstdint>
#include <deque>
#include <handfast/trust.hpp>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "crypto/public_key.hpp"
#include "pki/certificate.hpp"

namespace handfast::pki {

struct Anchor {
  Anchor(ByteString bytes, const Certificate& parsed) : der(std::move(bytes)), certificate(parsed) {}

  // Read at the first use and kept. Thread-safe.
  const Result<crypto::PublicKey>& key() const {
    std::call_once(key_once_, [this] { key_.emplace(crypto::PublicKey::from_spki(certificate.spki)); });
    return *key_;
  }

  ByteString der;
  Certificate certificate;  // views into `der`

 private:
  mutable std::once_flag key_once_;
  mutable std::optional<Result<crypto::PublicKey>> key_;
};

}  // namespace handfast::pki

namespace handfast {

struct TrustAnchors::Index {
  // Another number for every content: no two sets of anchors of a process ever have the same, unless they are
  // the same.
  std::uint64_t identity = 0;
  std::deque<pki::Anchor> anchors;  // in the order in which they came; their addresses stay
  std::unordered_multimap<std::uint64_t, const pki::Anchor*> by_subject;  // by name_hash()
};

}  // namespace handfast
