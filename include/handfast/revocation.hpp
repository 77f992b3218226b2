// RevocationLists: lists of revoked certificates (CRLs) that a verifier asks. RFC 5280 §5, §6.3.
// Takes bytes; nothing is fetched, and files are read by whoever has them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <handfast/bytes.hpp>
#include <handfast/error.hpp>
#include <memory>
#include <string_view>
#include <vector>

namespace handfast {

// What it means when the lists do not say whether a certificate was revoked.
enum class RevocationMode : std::uint8_t {
  soft_fail,  // nothing: only a list or a stapled response that says "revoked" counts
  hard_fail,  // a failure: each certificate but the anchor needs a list that is in date and covers it (for
              // the peer's own certificate a good stapled OCSP response does as well)
};

// Immutable once built and shared by verifiers. Thread-safety: const functions from any thread.
class RevocationLists {
 public:
  // What went wrong with single entries of a bundle: they are left out, the others count.
  struct Loaded {
    std::size_t accepted = 0;
    std::vector<Error> refused;
  };

  RevocationLists();
  RevocationLists(RevocationLists&&) noexcept;
  RevocationLists& operator=(RevocationLists&&) noexcept;
  ~RevocationLists();

  // Adds every "X509 CRL" block of a PEM text; other blocks are skipped. Errors: pem_malformed if there is no
  // usable list at all.
  Result<Loaded> add_pem(std::string_view pem);
  // Adds one list (DER); its syntax is checked at once, its signature when it is used. Errors: crl_malformed.
  Result<void> add_list(Bytes der);
  // The content of a file: DER if it begins like it, else PEM. Errors: as above.
  Result<Loaded> add(Bytes file);

  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] bool empty() const { return size() == 0; }

  struct Index;  // for pki only
  [[nodiscard]] const Index& index() const { return *index_; }

 private:
  std::unique_ptr<Index> index_;
};

// What a verifier knows of revocation.
struct RevocationSettings {
  std::shared_ptr<const RevocationLists> lists;  // null: none
  RevocationMode mode = RevocationMode::soft_fail;
};

}  // namespace handfast
