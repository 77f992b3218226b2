// The algorithms behind compress.hpp, which says what they do. RFC 1950, RFC 7932, RFC 8878.
// Must be included by .cpp files of src/compress only.
#pragma once

#include <handfast/bytes.hpp>
#include <handfast/error.hpp>

namespace handfast::compress {

Result<ByteString> pack_zlib(Bytes input);
Result<void> unpack_zlib(Bytes input, MutableBytes output);
Result<ByteString> pack_brotli(Bytes input);
Result<void> unpack_brotli(Bytes input, MutableBytes output);
Result<ByteString> pack_zstd(Bytes input);
Result<void> unpack_zstd(Bytes input, MutableBytes output);

}  // namespace handfast::compress
