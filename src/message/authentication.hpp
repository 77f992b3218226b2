// CertificateVerify and Finished: decoders and encoders. RFC 9846 §4.5.2, §4.5.3.
// Must not verify anything.
#pragma once

#include <cstddef>
#include <handfast/bytes.hpp>
#include <handfast/codepoints.hpp>
#include <handfast/error.hpp>
#include <handfast/observer.hpp>

namespace handfast::message {

// Views into `raw`.
struct CertificateVerify {
  static constexpr HandshakeType kType = HandshakeType::certificate_verify;

  Bytes raw;  // header and body
  SignatureScheme algorithm{};
  Bytes signature;
};

struct Finished {
  static constexpr HandshakeType kType = HandshakeType::finished;

  Bytes raw;  // header and body
  Bytes verify_data;
};

// Errors: message_malformed.
Result<CertificateVerify> decode_certificate_verify(Bytes message, FieldSink* sink = nullptr);
// The length of verify_data depends on the suite's hash: check_finished_length comes next.
Result<Finished> decode_finished(Bytes message, FieldSink* sink = nullptr);
// Errors: message_malformed unless verify_data has exactly `hash_length` bytes.
Result<void> check_finished_length(const Finished& finished, std::size_t hash_length);

// Append the whole message. Errors: internal_error if something is too long; then `out` is as it was.
Result<void> encode_certificate_verify(SignatureScheme algorithm, Bytes signature, ByteString& out);
Result<void> encode_finished(Bytes verify_data, ByteString& out);

}  // namespace handfast::message
