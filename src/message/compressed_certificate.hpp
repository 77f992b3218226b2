// CompressedCertificate: decoder and encoder. RFC 8879 §4. Must not unpack: that is the flow's.
#pragma once

#include <cstdint>
#include <handfast/bytes.hpp>
#include <handfast/codepoints.hpp>
#include <handfast/error.hpp>
#include <handfast/observer.hpp>

namespace handfast::message {

// Views into `raw`.
struct CompressedCertificate {
  static constexpr HandshakeType kType = HandshakeType::compressed_certificate;

  Bytes raw;  // header and body
  CertificateCompressionAlgorithm algorithm{};
  std::uint32_t uncompressed_length = 0;  // of the body of Certificate, as announced
  Bytes compressed_certificate_message;
};

// Errors: message_malformed.
Result<CompressedCertificate> decode_compressed_certificate(Bytes message, FieldSink* sink = nullptr);

// Appends the whole message. Errors: internal_error if something is too long or empty; then `out` is as it
// was.
Result<void> encode_compressed_certificate(CertificateCompressionAlgorithm algorithm,
                                           std::size_t uncompressed_length,
                                           Bytes compressed_certificate_message, ByteString& out);

}  // namespace handfast::message
