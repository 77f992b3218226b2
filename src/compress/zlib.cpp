// zlib (RFC 1950): one stream, and no dictionary but its own.
#include <zlib.h>

#include <limits>

#include "compress/algorithms.hpp"

namespace handfast::compress {
namespace {

bool fits(std::size_t size) { return size <= std::numeric_limits<uInt>::max(); }

}  // namespace

Result<ByteString> pack_zlib(Bytes input) {
  uLongf size = compressBound(static_cast<uLong>(input.size()));
  ByteString out(size);
  if (compress2(out.data(), &size, input.data(), static_cast<uLong>(input.size()), Z_BEST_COMPRESSION) !=
      Z_OK) {
    return failure(ErrorCode::out_of_memory);
  }
  out.resize(size);
  return out;
}

Result<void> unpack_zlib(Bytes input, MutableBytes output) {
  z_stream stream{};
  if (!fits(input.size()) || !fits(output.size()))
    return failure(ErrorCode::certificate_decompression_failed);
  stream.next_in = const_cast<Bytef*>(input.data());  // zlib does not write there
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = output.data();
  stream.avail_out = static_cast<uInt>(output.size());
  if (inflateInit(&stream) != Z_OK) return failure(ErrorCode::out_of_memory);
  const int verdict = inflate(&stream, Z_FINISH);
  inflateEnd(&stream);
  if (verdict == Z_MEM_ERROR) return failure(ErrorCode::out_of_memory);
  if (verdict == Z_STREAM_END && stream.avail_in == 0 && stream.avail_out == 0) return {};
  return failure(ErrorCode::certificate_decompression_failed);
}

}  // namespace handfast::compress
