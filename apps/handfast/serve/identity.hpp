// Identity: the certificates a server shows, from files or from a throw-away authority.
// The throw-away authority lives in memory: a root, an intermediate that may sign for this machine's own
// names only, a certificate for them. No key of it is ever written anywhere.
#pragma once

#include <handfast/clock.hpp>
#include <handfast/config.hpp>
#include <handfast/error.hpp>
#include <string>
#include <vector>

namespace handfast::apps::serve {

struct Identity {
  std::vector<Credential> credentials;
  bool throw_away = false;
  std::string root_pem;          // of the throw-away authority; empty otherwise
  std::string root_fingerprint;  // SHA-256, "AA:BB:…"
  std::string valid_until;       // "2026-11-27T17:51:02Z"
};

// For localhost, 127.0.0.1 and ::1. Errors: crypto_failed and what the certificate maker answers.
Result<Identity> make_throw_away_identity(Time now);

// Writes the root of a throw-away authority, its certificate only, to a file. Errors: io_failed;
// configuration_invalid if there is none.
Result<void> write_root(const Identity& identity, const std::string& path);

// Paths.
struct IdentityFiles {
  std::string chain;
  std::string key;
  std::string passphrase;  // empty: none
};

// Errors: io_failed, those of read_passphrase() and of Credential::from_pem; the detail names the file.
Result<Identity> load_identity(const std::vector<IdentityFiles>& files);

// A private key without passphrase whose public key is shown alone (RFC 7250). Errors: as above.
Result<Credential> load_raw_key(const std::string& path);

}  // namespace handfast::apps::serve
