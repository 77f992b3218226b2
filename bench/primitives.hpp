// The libcrypto primitives that a handshake or a record cannot do without, called through EVP as anybody
// would.
#pragma once

#include "measure.hpp"

namespace handfast::bench {

// {client, server, both} microseconds: X25519 key generation and agreement on each side, one P-256 signature
// on the server, two P-256 verifications (certificate, CertificateVerify) on the client; with `rsa` the
// server has a key of RSA with 2048 bits, certified by a key on P-256.
Costs handshake_primitives(int count, bool rsa = false);
// The same of a resumed handshake: X25519 key generation and agreement on each side.
Costs exchange_primitives(int count);
// {seal, open} microseconds of AES-128-GCM over `size` bytes with TLS 1.3's additional data.
Costs record_primitives(std::size_t size, int count);

}  // namespace handfast::bench
