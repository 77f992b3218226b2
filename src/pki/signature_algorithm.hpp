// AlgorithmIdentifiers of signatures: which method they name. RFC 3279 §2.2, RFC 4055 §3, RFC 5758 §3.2,
// RFC 8410 §3.
#pragma once

#include <handfast/bytes.hpp>
#include <optional>
#include <string>

#include "crypto/public_key.hpp"

namespace handfast::pki {

// Nothing for algorithms that Handfast does not check (MD5, DSA, SHA-224, RSA-PSS with uneven parameters, …)
// and for wrong parameters.
std::optional<crypto::SignatureMethod> signature_method_of(Bytes algorithm_identifier);
// The AlgorithmIdentifier (DER) of a method.
ByteString algorithm_identifier_of(crypto::SignatureMethod method);
// "ecdsa-with-SHA256", or the OID of an unknown one.
std::string signature_algorithm_to_text(Bytes algorithm_identifier);

}  // namespace handfast::pki
