// PreSharedKey: a key that this end holds already when the handshake begins. RFC 9846 §2.2, §4.3.11.
#pragma once

#include <handfast/bytes.hpp>
#include <handfast/connection_info.hpp>
#include <handfast/secret.hpp>
#include <memory>

#include "crypto/hash.hpp"
#include "handshake/session_state.hpp"
#include "keys/key_schedule.hpp"

namespace handfast::handshake {

inline constexpr std::size_t kMaxPskSecret = 64;
using PskSecret = Secret<kMaxPskSecret>;

struct PreSharedKey {
  ByteString identity;  // as it is on the wire
  keys::PskKind kind = keys::PskKind::resumption;
  crypto::HashAlgorithm hash{};
  PskSecret secret;
  std::shared_ptr<const SessionState> session = nullptr;  // of kind resumption; else null
  ByteString external_identity = {};                      // of the others, as the two ends call it

  [[nodiscard]] PreSharedKey clone() const {
    return {identity, kind, hash, secret.clone(), session, external_identity};
  }
};

// What protects and what is exported from early data (§7.1).
struct EarlyDataSecrets {
  HashSecret traffic;
  HashSecret exporter;
  EarlyDataInfo info = {};
};

// A pre-shared key that both ends agreed on.
struct SelectedPsk {
  PreSharedKey key;
  std::uint16_t index = 0;  // among the client's identities
  keys::EarlySecret early;
  bool early_data = false;  // server: accepted
};

// The key schedule's first stage. Uses up that of `psk`.
Result<keys::EarlySecret> take_early_secret(std::optional<SelectedPsk>& psk, crypto::HashAlgorithm hash);

}  // namespace handfast::handshake
