// What `handfast serve` was asked for, and the Site that follows from it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <handfast/config.hpp>
#include <handfast/error.hpp>
#include <handfast/system.hpp>
#include <memory>
#include <string>
#include <vector>

#include "common/external_key.hpp"
#include "identity.hpp"
#include "session.hpp"

namespace handfast::apps::serve {

struct ServeOptions {
  std::string listen = "127.0.0.1:8443";
  std::vector<std::string> certificates;  // PEM files, paired with `keys` in their order
  std::vector<std::string> keys;
  std::string raw_key;                        // a private key whose public key is shown alone
  std::vector<std::string> client_raw_keys;   // public keys that visitors may show
  std::vector<std::string> passphrase_files;  // one for each of `keys`, or one for all of them
  std::vector<std::string>
      ocsp_responses;  // DER files, stapled to `certificates` in their order; may be fewer
  std::string client_authentication = "none";
  std::string client_ca;
  std::vector<std::string> client_crls;  // PEM or DER files
  std::vector<std::string> application_protocols = {"http/1.1"};
  std::string groups;  // "X25519MLKEM768,x25519"; empty: the policy's
  std::string suites;  // "AES-256-GCM"; empty: the policy's
  std::string key_log;
  std::string write_ca;
  std::size_t max_connections = 0;      // 0: no end
  std::string policy = "intermediate";  // modern, intermediate, legacy
  bool tls12 = false;                   // TLS 1.2 at most
  bool no_tickets = false;              // every handshake is a full one
  ExternalKeyOptions psk;
  bool danger_psk_ke = false;
  std::uint32_t early_data = 0;  // bytes of 0-RTT data that visitors may send
};

// "127.0.0.1:8443", "[::1]:8443", "::1" and ":8443" (loopback). Errors: configuration_invalid.
struct ListenAddress {
  std::string address;
  std::uint16_t port = 0;
};
Result<ListenAddress> parse_listen(std::string_view text);

// True for 127.0.0.0/8, ::1 and localhost.
bool is_loopback(std::string_view address);

// Everything that a server needs, made from options; the key log must outlive the site.
struct Prepared {
  Site site;
  Identity identity;
  std::unique_ptr<danger::KeyLogFile> key_log;
  std::vector<std::string> notes;  // roots that were left out; escaped
};
// Errors: those of the files, the certificate maker and ServerConfig::create.
Result<Prepared> prepare(const ServeOptions& options, const Clock& clock);

// "https://localhost:8443/" for a listening endpoint.
std::string address_of(const Endpoint& endpoint);

}  // namespace handfast::apps::serve
