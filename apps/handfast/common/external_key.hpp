// A pre-shared key from a file: the command line is no place for a secret, others can read it.
#pragma once

#include <handfast/error.hpp>
#include <handfast/external_psk.hpp>
#include <string>

namespace handfast::apps {

// What --psk, --psk-identity, --psk-ends and --danger-bare-psk say. Empty `file`: there is none.
struct ExternalKeyOptions {
  std::string file;
  std::string identity;
  std::string ends;  // "CLIENT,SERVER": who is who, for the import (RFC 9258)
  bool bare = false;
};

// The key, imported unless it is to be bare. The file holds the secret in hexadecimal digits or, if it is not
// that, in base64. Errors: io_failed, configuration_invalid; the detail says which option.
Result<ExternalPsk> read_external_key(const ExternalKeyOptions& options);

// What of these options does not go together. Errors: configuration_invalid.
Result<void> check_external_key(const ExternalKeyOptions& options);

}  // namespace handfast::apps
