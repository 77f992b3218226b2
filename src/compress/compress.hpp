// Compression of a byte string by one of the algorithms of RFC 8879 §3.
// Must not decide how much a peer may make us unpack: the caller hands over the room.
#pragma once

#include <handfast/bytes.hpp>
#include <handfast/codepoints.hpp>
#include <handfast/error.hpp>

namespace handfast::compress {

bool is_supported(CertificateCompressionAlgorithm algorithm);

// May take milliseconds. Errors: internal_error for an algorithm that is not supported, out_of_memory.
Result<ByteString> pack(CertificateCompressionAlgorithm algorithm, Bytes input);

// Unpacks the whole `input` into the whole `output`. On failure `output` holds anything. Errors:
// certificate_decompression_failed, also if `output` is not filled exactly, if something follows, or if it
// takes more than kMaxDecompressorMemory; internal_error for an algorithm that is not supported.
Result<void> unpack(CertificateCompressionAlgorithm algorithm, Bytes input, MutableBytes output);

}  // namespace handfast::compress
