// X25519 of the base point: a public key from its private key. RFC 7748 §6.1.
// libcrypto (3.0) computes it like any other agreement, or slower; with a table of multiples of the base
// point it costs a third. Must not branch on, or index by, the scalar.
#pragma once

#include <handfast/bytes.hpp>

#include "crypto/field25519.hpp"

namespace handfast::crypto::x25519 {

#ifdef HANDFAST_FIELD25519
// scalar.size() == 32, clamped inside (RFC 7748 §5); out.size() == 32. The first call makes the table.
void multiply_base_point(Bytes scalar, MutableBytes out);
#endif

}  // namespace handfast::crypto::x25519
