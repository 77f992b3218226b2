// Writes DER by value, inner elements first: for keys, certificates of throw-away CAs and tests, never per
// connection. X.690 §8, §10. Must not be given lengths of 2^24 and more.
#pragma once

#include <cstddef>
#include <cstdint>
#include <handfast/bytes.hpp>
#include <initializer_list>

namespace handfast::crypto {

// One element whose content is the concatenated parts. Allocates once, so that no copy of a secret is left
// behind.
ByteString der_encode(std::uint8_t tag, std::initializer_list<Bytes> parts);
// INTEGER from an unsigned big-endian number, leading zeros allowed.
ByteString der_unsigned(Bytes number);
// BIT STRING without unused bits.
ByteString der_bit_string(Bytes bytes);

}  // namespace handfast::crypto
