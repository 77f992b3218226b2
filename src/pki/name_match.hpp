// Whether a certificate is for the server that the client means. RFC 9525 §6: subject alternative names only,
// never the common name.
#pragma once

#include <handfast/error.hpp>
#include <handfast/server_name.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "pki/certificate.hpp"

namespace handfast::pki {

// Success, or why not, in the order of how much it explains: certificate_no_subject_alternative_name,
// certificate_ip_mismatch, certificate_wildcard_mismatch, certificate_name_mismatch. Does not allocate unless
// `explain`, which adds the names of the certificate as detail.
Result<void> match_server_name(const Certificate& certificate, const ServerName& name, bool explain = true);

// RFC 9525 §6.3: `pattern` is a name, or a wildcard that is the whole left-most label and stands for one
// label.
bool dns_pattern_matches(std::string_view pattern, std::string_view name);

// The subject alternative names as text, at most `limit` of them.
std::vector<std::string> subject_alt_names(const Certificate& certificate, std::size_t limit = SIZE_MAX);

}  // namespace handfast::pki
