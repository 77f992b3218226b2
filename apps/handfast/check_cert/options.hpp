// What `handfast check-cert` was asked to do. Plain data; command.cpp fills it from the command line.
#pragma once

#include <handfast/clock.hpp>
#include <handfast/error.hpp>
#include <handfast/server_name.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pki/checker.hpp"
#include "pki/validation_policy.hpp"

namespace handfast::apps {

struct CheckCertCommand {
  std::vector<std::string> files;
  std::optional<ServerName> name;
  std::vector<std::string> authorities;  // --ca; empty: the system's
  std::string key;                       // --key
  std::string passphrase_file;           // --passphrase-file
  std::optional<Time> at;                // --at; empty: now
  pki::Profile profile = pki::Profile::rfc5280;
  bool client = false;  // judged as a client's certificate
  pki::Severity fail_on = pki::Severity::error;
  bool json = false;
  bool ascii = false;
};

// "2026-11-20", "2026-11-20T17:51:02Z" (UTC), "@1795197062". Errors: configuration_invalid.
Result<Time> parse_time_argument(std::string_view text);
// "rfc5280", "rfc5280_strict", "webpki". Errors: configuration_invalid.
Result<pki::Profile> parse_profile(std::string_view text);
std::string_view name_of(pki::Profile profile);

}  // namespace handfast::apps
