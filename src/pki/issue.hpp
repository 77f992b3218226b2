// A small certificate maker: for throw-away CAs and tests. RFC 5280 §4.
// What it makes passes strict verifiers; it must not be used where certificates have to be accounted for.
#pragma once

#include <cstdint>
#include <handfast/bytes.hpp>
#include <handfast/clock.hpp>
#include <handfast/error.hpp>
#include <optional>
#include <string>
#include <vector>

#include "crypto/private_key.hpp"

namespace handfast::pki {

struct IssueSpec {
  std::string common_name;  // with `organization` the subject; both empty: an empty subject
  std::string organization;
  std::vector<std::string> dns_names;    // wildcards allowed
  std::vector<ByteString> ip_addresses;  // 4 or 16 bytes
  Time not_before;
  Time not_after;

  bool is_ca = false;
  std::optional<unsigned> path_len;  // CA only
  // Name constraints (CA only): "example.org" holds what is below it, too. Addresses are followed by their
  // mask.
  std::vector<std::string> permitted_dns;
  std::vector<ByteString> permitted_ips;
  std::vector<std::string> excluded_dns;

  bool server_auth = false;
  bool client_auth = false;
  // Empty: keyCertSign and cRLSign for a CA, digitalSignature for others.
  std::optional<std::uint16_t> key_usage;
  std::string ca_issuers_url;  // authorityInfoAccess
  // Whole Extension elements to add.
  std::vector<ByteString> more_extensions;

  ByteString serial;  // unsigned, at most 20 bytes; empty: taken from a hash of everything else
  // Empty: what fits the issuer's key (SHA-256, for P-384 SHA-384, for P-521 SHA-512).
  std::optional<crypto::SignatureMethod> signature_method;
};

// A certificate (DER) for the holder of `subject_spki`, signed with `issuer_key`, the key of
// `issuer_certificate`; an empty `issuer_certificate` makes a self-signed one. Errors: configuration_invalid
// (a name too long, times that are not in order), configuration_key_mismatch, signer_failed,
// certificate_malformed for the issuer.
Result<ByteString> issue(const IssueSpec& spec, Bytes subject_spki, const crypto::PrivateKey& issuer_key,
                         Bytes issuer_certificate = {});

// An Extension element, for IssueSpec::more_extensions. `value` is the DER inside extnValue.
ByteString encode_extension(Bytes type, bool critical, Bytes value);

}  // namespace handfast::pki
