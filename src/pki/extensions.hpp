// The extensions of a certificate: syntax only. RFC 5280 §4.2, RFC 6962 §3.3, RFC 7633.
#pragma once

#include "crypto/der.hpp"
#include "pki/certificate.hpp"

namespace handfast::pki {

// Takes `Extensions` from `tagged` (the content of [3]) and fills the extension fields of `certificate`.
// Failures stay in `tagged`.
void parse_extensions(crypto::DerReader& tagged, Certificate& certificate);

}  // namespace handfast::pki
