// describe_fields: the fields of any message, from the production decoders, for observers and tools.
// Must not have a parser of its own.
#pragma once

#include <handfast/bytes.hpp>
#include <handfast/codepoints.hpp>
#include <handfast/error.hpp>
#include <handfast/observer.hpp>

namespace handfast::message {

// Decodes `message` (header and body) by its type. What has no decoder is reported as msg_type, length and
// body. `exchange` is the key exchange of a TLS 1.2 suite, on which two messages depend. On failure the sink
// has got the fields before the failure.
Result<void> describe_fields(Bytes message, ProtocolVersion version, FieldSink& sink,
                             KeyExchange exchange = KeyExchange::ecdhe);

// The same without a sink: is it well-formed?
Result<void> decode_any(Bytes message, FieldSink* sink = nullptr);

}  // namespace handfast::message
