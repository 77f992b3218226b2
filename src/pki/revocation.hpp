// Revocation: what the lists at hand say of one certificate of a path. RFC 5280 §6.3.
// Nothing is fetched: every list was given, and each is tried for each distribution point.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <handfast/clock.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pki/path.hpp"
#include "pki/revocation_index.hpp"
#include "pki/verify.hpp"
#include "pki/work.hpp"

namespace handfast::pki {

// How far the clock of whoever issues lists may be ahead or behind, as for stapled responses.
inline constexpr std::chrono::minutes kListClockSkew{5};

// How deep the question "is whoever signed this list revoked itself?" may go.
inline constexpr std::size_t kMaxCrlSignerDepth = 4;

// Distribution points of a certificate that are looked at: public ones have one or two, and a peer may send
// as many as fit.
inline constexpr std::size_t kMaxDistributionPoints = 64;

// The lists whose signer is being validated right now, innermost first.
struct CrlSignerNest {
  const Presented* signer = nullptr;
  const RevocationList* list = nullptr;
  const CrlSignerNest* outer = nullptr;
  std::size_t depth = 0;
};

// Why no list could answer; the later one says more.
enum class RevocationObstacle : std::uint8_t {
  no_list,
  out_of_scope,
  unusable,
  not_in_date,
  signer_unknown,
  signer_not_allowed,
  bad_signature,
  some_reasons_only,
};

struct RevocationVerdict {
  enum class Kind : std::uint8_t { good, revoked, unknown, budget_exhausted };
  Kind kind = Kind::unknown;
  // revoked:
  Time since;
  std::optional<RevocationReason> reason;
  // unknown:
  RevocationObstacle obstacle = RevocationObstacle::no_list;
  // The list that decided or came nearest; null for no_list.
  const Crl* list = nullptr;
};

class RevocationCheck {
 public:
  // All outlive it. `nest` is null outside of lists' signers.
  RevocationCheck(const VerifyInput& input, std::span<Presented> presented, Work& work,
                  const CrlSignerNest* nest)
      : input_(input), presented_(presented), work_(work), nest_(nest) {}

  // Of path[depth], which is not the anchor.
  RevocationVerdict check(const Path& path, std::size_t depth);

 private:
  enum class Signer : std::uint8_t { found, not_found, budget_exhausted };

  void try_all();
  void try_point(const DistributionPoint& point);
  void try_issuer(Bytes issuer, const DistributionPoint& point);
  void try_list(const RevocationList& list, const DistributionPoint& point);
  [[nodiscard]] bool is_in_scope(const Crl& crl, const DistributionPoint& point);
  [[nodiscard]] bool is_usable(const Crl& crl) const;
  [[nodiscard]] std::vector<const RevocationList*> find_deltas(const RevocationList& complete);
  [[nodiscard]] bool is_delta_of(const Crl& base, const Crl& delta);
  Signer pick_delta(const RevocationList& complete, const Certificate& signer,
                    const Result<crypto::PublicKey>& key, const RevocationList*& delta);
  void look_up(const RevocationList& complete, const RevocationList* delta, bool in_date, ReasonMask reasons);
  // Sets `delta` to the delta CRL that goes with `list`, if there is one of the same key.
  Signer find_signer(const RevocationList& list, const RevocationList*& delta);
  Signer try_signer(const RevocationList& list, const Certificate& signer,
                    const Result<crypto::PublicKey>& key);
  bool is_trusted(Presented& signer, const RevocationList& list);
  void obstacle(RevocationObstacle obstacle, const Crl& crl);
  [[nodiscard]] bool is_done() const;
  // False if the budget is at its end, which is no answer to the question.
  bool spend(std::size_t cost = 1);
  bool within_budget() { return spend(0); }
  bool same_name(Bytes a, Bytes b);
  bool ran_out(const char* budget);

  const VerifyInput& input_;
  std::span<Presented> presented_;
  Work& work_;
  const CrlSignerNest* nest_;
  const Path* path_ = nullptr;
  std::size_t depth_ = 0;
  const Certificate* target_ = nullptr;
  ReasonMask covered_ = 0;
  // A list may answer for its own signer, but only if no other list does.
  bool own_list_seen_ = false;
  bool own_list_counts_ = false;
  RevocationVerdict verdict_;
};

// For a person: "revoked since 2026-05-01T00:00:00Z (keyCompromise), says the list of 'CN=CA'".
std::string explain(const RevocationVerdict& verdict, const Certificate& target, Time now);

}  // namespace handfast::pki
