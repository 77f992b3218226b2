// ValidationPolicy: how strict a verification is and how much work it may cost.
#pragma once

#include <cstddef>
#include <cstdint>
#include <handfast/bytes.hpp>
#include <optional>
#include <string_view>
#include <vector>

namespace handfast::pki {

// Which rules hold beyond RFC 5280 §6 (rules.cpp lists them).
enum class Profile : std::uint8_t {
  rfc5280,         // path validation: what a relying party must check. The default, for private PKIs
  rfc5280_strict,  // and what RFC 5280 asks of conforming CAs: every MUST of §4
  webpki,          // and the CA/Browser Forum's Baseline Requirements: what a browser asks of public sites
};

// How much work one verification may cost, so that its time is bounded whatever a peer sends.
struct Budget {
  // P-521 and RSA-8192, the slowest, need about 0.5 ms each.
  std::size_t signature_checks = 64;
  // Attempts to extend a path by a candidate: cycles and cross-signs multiply them.
  std::size_t path_steps = 5'000;
  // Names × constraints, distribution points × lists. About 20 ns each; long names cost more.
  std::size_t name_comparisons = 250'000;
  // Comparisons of policies over all paths; about 5 ns each. Paths without policy constraints need none.
  std::size_t policy_comparisons = 500'000;
};

// Certificates of a list that are looked at; RFC 9846 has no limit, the handshake has one of its own.
inline constexpr std::size_t kMaxPresentedCertificates = 128;
// Certificates of a path: leaf, intermediates, anchor. Public paths have 3 or 4, PKITS' longest 7.
inline constexpr std::size_t kMaxPathLength = 16;

struct ValidationPolicy {
  Profile profile = Profile::rfc5280;
  // Extended key usage must allow the peer's side of TLS, in the leaf and in every CA that has the extension.
  bool check_purpose = true;
  // The leaf's key usage must allow signatures, as TLS 1.3 and (EC)DHE need them (RFC 9846 §4.5.1.2).
  bool require_digital_signature = true;
  std::size_t min_rsa_bits = 2048;
  // webpki only: whether a name is a public suffix ("co.uk"), whose wildcard then matches nothing (CABF BR
  // §3.2.2.6). Null: not asked. Must be callable from any thread.
  bool (*is_public_suffix)(std::string_view name) = nullptr;
  bool allow_sha1 = false;
  // Intermediates that are not self-issued.
  std::size_t max_intermediates = 10;
  // RFC 5280 §6.1.1 (c), (e), (f), (g). Empty set: any policy.
  std::vector<ByteString> initial_policies;  // OIDs, content octets
  bool initial_explicit_policy = false;
  bool initial_policy_mapping_inhibit = false;
  bool initial_any_policy_inhibit = false;
  Budget budget{};
};

}  // namespace handfast::pki
