// Workshop: makes the certificates, keys and files of the lab, in a temporary folder that is gone with it.
// Keys are good for nothing else: they never leave the folder, and only clients that were told to trust its
// ca.pem believe them. RFC 5280.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <handfast/clock.hpp>
#include <handfast/config.hpp>
#include <handfast/error.hpp>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/private_key.hpp"
#include "pki/issue.hpp"

namespace handfast::apps::lab {

// A key and its certificate.
struct Entity {
  std::shared_ptr<const crypto::PrivateKey> key;
  ByteString certificate;  // DER
};

// A chain of root, intermediate and leaf as everybody accepts it; a scenario changes what is to be wrong.
struct ChainPlan {
  Time now;
  pki::IssueSpec root;  // used if `foreign_root`
  pki::IssueSpec intermediate;
  std::optional<pki::IssueSpec> sub;  // one more authority, between intermediate and leaf
  pki::IssueSpec leaf;
  crypto::KeyType leaf_key = crypto::KeyType::ec_p256;
  bool foreign_root = false;  // a root of its own instead of the lab's
  bool self_signed = false;   // the leaf alone, signed with its own key
  ByteString leaf_spki;       // instead of that of the leaf's key
  bool send_intermediate = true;
  bool send_root = false;
  // The last change to what is sent: `sent` is leaf, intermediate, root.
  std::function<void(std::vector<ByteString>& sent)> rearrange;
};

// What came of it.
struct Chain {
  Credential credential;  // to be sent
  Entity root;
  Entity intermediate;  // the leaf's issuer
  ByteString leaf;      // DER
};

class Workshop {
 public:
  using Change = std::function<void(ChainPlan&)>;

  // Makes the folder, the lab's root and ca.pem. Errors: io_failed, crypto_failed.
  static Result<std::unique_ptr<Workshop>> open();
  Workshop(const Workshop&) = delete;
  Workshop& operator=(const Workshop&) = delete;
  ~Workshop();

  [[nodiscard]] Time now() const { return now_; }
  [[nodiscard]] const std::string& folder() const { return folder_; }
  [[nodiscard]] std::string path(std::string_view name) const { return folder_ + "/" + std::string(name); }
  [[nodiscard]] std::string authority_file() const { return path("ca.pem"); }
  [[nodiscard]] const Entity& root() const { return root_; }

  // For localhost, 127.0.0.1 and ::1, valid for 30 days.
  Result<Chain> chain(const Change& change = {}) const;
  // A client's certificate with its key, as a file in the folder; from the lab's root unless changed.
  Result<void> write_client(std::string_view name, const Change& change = {}) const;
  // An authority as the lab's are, for `sub`.
  [[nodiscard]] pki::IssueSpec authority_spec(std::string name) const;
  // Errors: io_failed.
  Result<void> write(std::string_view name, std::string_view content) const;

 private:
  Workshop(std::string folder, Time now) : folder_(std::move(folder)), now_(now) {}
  [[nodiscard]] ChainPlan good_plan() const;
  Result<Entity> authority_below(const pki::IssueSpec& spec, const Entity& issuer) const;
  Result<std::shared_ptr<const crypto::PrivateKey>> key(crypto::KeyType type) const;

  std::string folder_;
  Time now_;
  Entity root_;
  mutable std::mutex mutex_;
  // Making an RSA key takes a tenth of a second: one does for all.
  mutable std::shared_ptr<const crypto::PrivateKey> rsa_;
};

// Answers about revocation, signed by `issuer`. RFC 6960, RFC 5280 §5.
struct RevocationSpec {
  bool revoked = false;
  Time this_update;
  Time next_update;
};
Result<ByteString> make_ocsp_response(const RevocationSpec& spec, Bytes certificate, const Entity& issuer);
// A list that names nobody.
Result<ByteString> make_empty_list(const RevocationSpec& spec, const Entity& issuer);

}  // namespace handfast::apps::lab
