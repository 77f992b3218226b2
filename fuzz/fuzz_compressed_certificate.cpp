// Fuzz target: a CompressedCertificate message from decoder to certificates: unpacking must stay inside what
// was announced, and give the same twice. The input is the message's body; the header's length is made to
// match. What is unpacked is packed again and must come back.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>

#include "base/limits.hpp"
#include "compress/compress.hpp"
#include "handshake/certificate_compression.hpp"
#include "message/certificate.hpp"
#include "message/handshake_header.hpp"

namespace {

using namespace handfast;  // NOLINT(google-build-using-namespace)
using enum CertificateCompressionAlgorithm;

constexpr std::array kAll = {zlib, brotli, zstd};

void demand(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > limits::kMaxCertificateMessage) return 0;
  ByteString message = message::blank_message(HandshakeType::compressed_certificate, size);
  std::ranges::copy(Bytes(data, size), message.begin() + message::kHandshakeHeaderSize);
  const auto compressed = message::decode_compressed_certificate(message);
  if (!compressed) return 0;
  const auto certificate = handshake::unpack_certificate(*compressed, kAll);
  const auto twice = handshake::unpack_certificate(*compressed, kAll);
  demand(certificate.has_value() == twice.has_value());
  if (!certificate) {
    const ErrorCode code = certificate.error().code();
    demand(code == ErrorCode::certificate_compression_not_offered ||
           code == ErrorCode::certificate_decompression_failed);
    return 0;
  }
  demand(*certificate == *twice);
  demand(certificate->size() == message::kHandshakeHeaderSize + compressed->uncompressed_length);
  (void)message::decode_certificate(*certificate);
  const Bytes body = Bytes(*certificate).subspan(message::kHandshakeHeaderSize);
  for (const auto algorithm : kAll) {
    ByteString again(body.size());
    demand(compress::unpack(algorithm, *compress::pack(algorithm, body), again).has_value());
    demand(again == copy_of(body));
  }
  return 0;
}
