// zstd (RFC 8878): one frame. The output is the window, so that a frame's wish for a large one costs nothing.
#include <zstd.h>

#include "compress/algorithms.hpp"

namespace handfast::compress {
namespace {

constexpr int kLevel = 19;  // the best that costs no extraordinary memory

}  // namespace

Result<ByteString> pack_zstd(Bytes input) {
  ByteString out(ZSTD_compressBound(input.size()));
  const std::size_t size = ZSTD_compress(out.data(), out.size(), input.data(), input.size(), kLevel);
  if (ZSTD_isError(size) != 0) return failure(ErrorCode::out_of_memory);
  out.resize(size);
  return out;
}

Result<void> unpack_zstd(Bytes input, MutableBytes output) {
  // ZSTD_decompress() would take any number of frames, those without content too.
  if (ZSTD_findFrameCompressedSize(input.data(), input.size()) != input.size()) {
    return failure(ErrorCode::certificate_decompression_failed);
  }
  const std::size_t size = ZSTD_decompress(output.data(), output.size(), input.data(), input.size());
  // An error is a number that no output is as large as.
  if (size == output.size()) return {};
  return failure(ErrorCode::certificate_decompression_failed);
}

}  // namespace handfast::compress
