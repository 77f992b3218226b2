// What `handfast connect` was asked to do. Plain data; command.cpp fills it from the command line.
#pragma once

#include <chrono>
#include <cstdint>
#include <handfast/codepoints.hpp>
#include <handfast/error.hpp>
#include <handfast/policy.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/external_key.hpp"

namespace handfast::apps {

// HOST[:PORT], taken apart.
struct Target {
  std::string host;  // without brackets
  std::uint16_t port = 443;

  // "example.org", "example.org:8443", "192.0.2.1:443", "[2001:db8::1]:443", "2001:db8::1",
  // "https://example.org/path". Errors: name_invalid.
  static Result<Target> parse(std::string_view text);
  // "example.org:443".
  [[nodiscard]] std::string to_string() const;
};

struct ConnectCommand {
  std::string input;
  int verbosity = 0;  // -v, -vv
  bool hex = false;   // -x
  bool json = false;
  bool ascii = false;
  bool insecure = false;
  std::vector<std::string> authorities;       // --ca
  std::vector<std::string> revocation_lists;  // --crl
  bool revocation_lists_required = false;     // --crl-required
  // Not from the command line: roots that the caller has at hand (PEM), trusted instead of the system's, and
  // what to call them.
  std::string own_authorities;
  std::string own_authorities_name;
  std::vector<std::string> raw_keys;  // --raw-key: public keys that the server may show instead
  std::string certificate;            // --cert
  std::string key;                    // --key
  std::string passphrase_file;
  bool post_handshake_auth = false;  // --post-handshake-auth: the server may ask for it later
  ExternalKeyOptions psk;
  bool danger_psk_ke = false;
  std::string server_name;  // --sni
  std::vector<std::string> application_protocols;
  bool application_protocols_given = false;
  std::string policy = "intermediate";                       // --policy: modern, intermediate, legacy
  bool tls12 = false;                                        // offer TLS 1.2 at most
  std::vector<NamedGroup> groups;                            // empty: the policy's
  std::vector<CipherSuite> suites;                           // empty: the policy's
  std::vector<CertificateCompressionAlgorithm> compression;  // --compress
  bool resume = false;     // --resume: a second handshake with the first one's session
  std::string early_data;  // --early-data: a file whose content goes with the second one's first flight
  std::string key_log;
  std::optional<std::string> send;  // "-": standard input
  bool send_server_name = true;     // --no-sni
  bool require_extended_main_secret = false;
  bool probes = true;                         // --no-probes: ask nothing more after a failure
  bool save_missing = false;                  // --save-missing
  std::chrono::milliseconds timeout{10'000};  // how long the handshake may take
  std::chrono::milliseconds max_time{0};      // zero: none
  std::chrono::milliseconds idle{5000};       // how long to wait for an answer to --send
};

// "X25519MLKEM768,x25519,P-256", "TLS_AES_128_GCM_SHA256,…" and "brotli,zstd", in any case. Errors:
// configuration_invalid; the detail names the wrong one and what is known.
Result<std::vector<NamedGroup>> parse_groups(std::string_view text);
Result<std::vector<CipherSuite>> parse_suites(std::string_view text);
Result<std::vector<CertificateCompressionAlgorithm>> parse_compression(std::string_view text);
// "modern", "intermediate" or "legacy"; with `tls12` without TLS 1.3. Errors: configuration_invalid.
Result<Policy> parse_policy(std::string_view name, bool tls12);
// At commas; empty parts are left out.
std::vector<std::string> split_list(std::string_view text);
// "\r\n", "\t", "\\", "\x1b" in what --send was given. Errors: configuration_invalid.
Result<std::string> unescape_argument(std::string_view text);

}  // namespace handfast::apps
