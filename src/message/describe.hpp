// describe_fields: the fields of any message, from the production decoders, for observers and tools.
// Must not have a parser of its own.
#pragma once

#include <handfast/bytes.hpp>
#include <handfast/codepoints.hpp>
#include <handfast/error.hpp>
#include <handfast/observer.hpp>

namespace handfast::message {

// Decodes `message` (header and body) by its type. Hellos are decoded in every version; other messages in
// TLS 1.3 only. What has no decoder is reported as msg_type, length and body. On failure the sink has got the
// fields before the failure.
Result<void> describe_fields(Bytes message, ProtocolVersion version, FieldSink& sink);

// The same without a sink: is it well-formed?
Result<void> decode_any(Bytes message, FieldSink* sink = nullptr);

}  // namespace handfast::message
