// verify_chain: from the certificates a peer sent to a trust anchor, or the reason why not.
// RFC 5280 §6 (path validation), RFC 4158 (path building), RFC 9525 (names), RFC 6960 (stapled responses),
// RFC 9846 §4.5.1.
// Takes the time and the anchors as arguments; must not look at a clock, a file or the network.
#pragma once

#include <cstddef>
#include <handfast/bytes.hpp>
#include <handfast/clock.hpp>
#include <handfast/codepoints.hpp>
#include <handfast/error.hpp>
#include <handfast/revocation.hpp>
#include <handfast/server_name.hpp>
#include <handfast/trust.hpp>
#include <span>
#include <vector>

#include "pki/validation_policy.hpp"

namespace handfast::pki {

struct VerifyInput {
  std::span<const ByteString> chain;  // the peer's own first; the others in any order, some may be useless
  const TrustAnchors& anchors;
  Time now;
  Side peer;  // server: serverAuth and, if `name` is not null, the name; client: clientAuth
  const ServerName* name = nullptr;  // whom the client means; null: any name (clients have none)
  ValidationPolicy policy{};
  const RevocationLists* crls = nullptr;
  RevocationMode revocation = RevocationMode::soft_fail;
  Bytes stapled_response{};      // OCSPResponse for the peer's own certificate (RFC 6066 §8); empty: none
  bool staple_requested = true;  // whether the peer was asked for it: only then a certificate may demand it
};

// The path that convinced: leaf first, anchor last; the leaf alone if it is an anchor itself.
// Errors: the most informative failure over all paths, of category certificate, with the depth in its path
// and the subject of the certificate at fault (for one that cannot be parsed its place in `chain`).
Result<std::vector<ByteString>> verify_chain(const VerifyInput& input);

}  // namespace handfast::pki
