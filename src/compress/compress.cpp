// Which library does which algorithm: see the header.
#include "compress/compress.hpp"

#include "compress/algorithms.hpp"

namespace handfast::compress {

bool is_supported(CertificateCompressionAlgorithm algorithm) {
  using enum CertificateCompressionAlgorithm;
  return algorithm == zlib || algorithm == brotli || algorithm == zstd;
}

Result<ByteString> pack(CertificateCompressionAlgorithm algorithm, Bytes input) {
  switch (algorithm) {
    case CertificateCompressionAlgorithm::zlib:
      return pack_zlib(input);
    case CertificateCompressionAlgorithm::brotli:
      return pack_brotli(input);
    case CertificateCompressionAlgorithm::zstd:
      return pack_zstd(input);
  }
  return failure(ErrorCode::internal_error);
}

Result<void> unpack(CertificateCompressionAlgorithm algorithm, Bytes input, MutableBytes output) {
  switch (algorithm) {
    case CertificateCompressionAlgorithm::zlib:
      return unpack_zlib(input, output);
    case CertificateCompressionAlgorithm::brotli:
      return unpack_brotli(input, output);
    case CertificateCompressionAlgorithm::zstd:
      return unpack_zstd(input, output);
  }
  return failure(ErrorCode::internal_error);
}

}  // namespace handfast::compress
