// Certificate compression: see the header. RFC 8879 §4, §5.
#include "handshake/certificate_compression.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/limits.hpp"
#include "compress/compress.hpp"
#include "handshake/selection.hpp"
#include "message/certificate.hpp"
#include "message/handshake_header.hpp"

namespace handfast::handshake {

Result<std::vector<CompressedForm>> compress_certificate_list(
    Bytes certificate_list, std::span<const CertificateCompressionAlgorithm> algorithms) {
  ByteString certificate;
  HANDFAST_TRY(message::encode_certificate({}, certificate_list, certificate));
  const Bytes body = Bytes(certificate).subspan(message::kHandshakeHeaderSize);
  std::vector<CompressedForm> forms;
  for (const CertificateCompressionAlgorithm algorithm : algorithms) {
    HANDFAST_TRY_ASSIGN(const ByteString packed, compress::pack(algorithm, body));
    CompressedForm form{.algorithm = algorithm, .message = {}};
    HANDFAST_TRY(message::encode_compressed_certificate(algorithm, body.size(), packed, form.message));
    forms.push_back(std::move(form));
  }
  return forms;
}

std::optional<CertificateCompressionAlgorithm> choose_compression(
    std::span<const CertificateCompressionAlgorithm> own,
    const std::optional<message::CodepointList<CertificateCompressionAlgorithm>>& accepted) {
  if (!accepted) return std::nullopt;
  const auto found = std::ranges::find_if(
      own, [&](CertificateCompressionAlgorithm algorithm) { return accepted->contains(algorithm); });
  return found == own.end() ? std::nullopt : std::optional(*found);
}

Result<ByteString> unpack_certificate(const message::CompressedCertificate& compressed,
                                      std::span<const CertificateCompressionAlgorithm> offered) {
  const auto type = message::CompressedCertificate::kType;
  // "If the received CompressedCertificate message [uses] an algorithm [that] does not appear in the
  // compress_certificate extension, the endpoint MUST … [send] an "illegal_parameter" alert" (§4)
  if (std::ranges::find(offered, compressed.algorithm) == offered.end()) {
    return failure(Error(ErrorCode::certificate_compression_not_offered)
                       .in(type)
                       .at("algorithm", 4)
                       .with_sets(numbers(std::vector(offered.begin(), offered.end())),
                                  {static_cast<std::uint16_t>(compressed.algorithm)}));
  }
  // "implementations MUST limit the size of the resulting decompressed chain to the specified uncompressed
  // length" (§5), and that is the peer's word.
  if (compressed.uncompressed_length > limits::kMaxCertificateMessage) {
    return failure(
        Error(ErrorCode::certificate_decompression_failed)
            .in(type)
            .at("uncompressed_length", 6)
            .with_detail(fmt::format("{} bytes are announced, at most {} accepted",
                                     compressed.uncompressed_length, limits::kMaxCertificateMessage)));
  }
  ByteString certificate = message::blank_message(HandshakeType::certificate, compressed.uncompressed_length);
  // "If the received CompressedCertificate message cannot be decompressed, the connection MUST be terminated
  // with the "bad_certificate" alert." (§4)
  if (auto unpacked = compress::unpack(compressed.algorithm, compressed.compressed_certificate_message,
                                       MutableBytes(certificate).subspan(message::kHandshakeHeaderSize));
      !unpacked) {
    return failure(unpacked.error().in(type).at("compressed_certificate_message", 9));
  }
  return certificate;
}

}  // namespace handfast::handshake
