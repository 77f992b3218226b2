// Certificates as facts. RFC 5280 §4.1. Parsed by pki, judged by nobody here.
#pragma once

#include <handfast/bytes.hpp>
#include <handfast/clock.hpp>
#include <string>

#include "trace/model.hpp"

namespace handfast::apps {

// Never fails: what pki refuses becomes `problem`. `clock` may be null.
// "Ed25519, SHA-256 0f1e…", of the SubjectPublicKeyInfo.
std::string describe_raw_public_key(Bytes spki);
CertificateFact describe_certificate(Bytes der, const Clock* clock);

// The common name of a DER Name, else its organization, else the whole name; escaped.
std::string short_subject(Bytes name);

}  // namespace handfast::apps
