// The one decision of TLS 1.2's RSA key exchange that nobody may observe: is this a well-formed premaster
// secret? RFC 5246 §7.4.7.1. A file of its own, so that a check under memcheck can hold it to that.
#pragma once

#include <handfast/bytes.hpp>
#include <handfast/codepoints.hpp>

#include "crypto/private_key.hpp"

namespace handfast::crypto::rsa {

// The premaster secret in `encoded` (the raw decryption, as long as the modulus), or `fallback` if padding,
// length or version are wrong, in the same time. fallback.size() == kRsaPremasterSize.
RsaPremaster select_premaster(Bytes encoded, ProtocolVersion offered, Bytes fallback);

}  // namespace handfast::crypto::rsa
