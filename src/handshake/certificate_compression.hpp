// Certificate compression: own certificates are packed when a configuration is built, a peer's unpacked
// within limits. RFC 8879.
#pragma once

#include <handfast/bytes.hpp>
#include <handfast/codepoints.hpp>
#include <handfast/error.hpp>
#include <optional>
#include <span>
#include <vector>

#include "message/compressed_certificate.hpp"
#include "message/views.hpp"

namespace handfast::handshake {

// A whole CompressedCertificate message.
struct CompressedForm {
  CertificateCompressionAlgorithm algorithm{};
  ByteString message;
};

// What may be sent instead of the Certificate message around `certificate_list`, when its context is empty.
// Errors: out_of_memory, internal_error.
Result<std::vector<CompressedForm>> compress_certificate_list(
    Bytes certificate_list, std::span<const CertificateCompressionAlgorithm> algorithms);

// The first of this end's algorithms that the peer takes, too.
std::optional<CertificateCompressionAlgorithm> choose_compression(
    std::span<const CertificateCompressionAlgorithm> own,
    const std::optional<message::CodepointList<CertificateCompressionAlgorithm>>& accepted);

// The whole Certificate message. Errors: certificate_compression_not_offered,
// certificate_decompression_failed, also for more than kMaxCertificateMessage, before anything is allocated.
Result<ByteString> unpack_certificate(const message::CompressedCertificate& compressed,
                                      std::span<const CertificateCompressionAlgorithm> offered);

}  // namespace handfast::handshake
