// The OCSP response that a peer stapled to its certificate: whether it may be believed and what it says.
// RFC 6960 §3.2, §4.2.2; RFC 6066 §8. Must not ask a responder.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>

#include "pki/ocsp.hpp"
#include "pki/path.hpp"
#include "pki/verify.hpp"
#include "pki/work.hpp"

namespace handfast::pki {

// How far the responder's clock may be ahead or behind.
inline constexpr std::chrono::minutes kStapleClockSkew{5};
// For how long a response without nextUpdate holds: it says that newer ones are there all the time (RFC 6960
// §4.2.2.1), and a server that staples one fetches it once a day.
inline constexpr std::chrono::hours kMaxStapleAgeWithoutNextUpdate{24};
// Certificates in a response that may be the responder's: public ones have one.
inline constexpr std::size_t kMaxStapleCertificates = 4;

struct StapleVerdict {
  enum class Kind : std::uint8_t {
    none,  // nothing came, or the responder's regret (tryLater, …), which nobody signs
    good,  // in date, of an authorized responder, about this certificate
    revoked,
    invalid,  // one that must not be believed, or that says "unknown"
    // "good", but whether its signer's own certificate was revoked is not known, and must be (hard_fail).
    unconfirmed,
    budget_exhausted,
  };
  Kind kind = Kind::none;
  std::string detail;
};

// Of path[0], the peer's own certificate, which path[1] issued. `presented` may hold who signs lists that the
// responder's own certificate is looked up in.
StapleVerdict check_staple(const VerifyInput& input, std::span<Presented> presented, const Path& path,
                           Work& work);

// Until when a good verdict that relied on this response holds, at most: the earliest end of its answers and
// of the certificates that came with it. Empty: nobody can rely on it, since it has no answers.
std::optional<Time> end_of_staple(Bytes response);

// Whether `single` is about `leaf`, which `issuer` issued.
bool is_about(const OcspSingleResponse& single, const Certificate& leaf, const Certificate& issuer);

}  // namespace handfast::pki
