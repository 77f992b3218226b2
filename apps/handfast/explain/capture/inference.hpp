// What the sizes of hidden records allow to say. RFC 9846 §5.2: content, one byte for its type, 16 of the
// tag.
#pragma once

#include <cstddef>
#include <cstdint>

#include "explain/capture/tls_facts.hpp"

namespace handfast::apps::capture {

enum class Guess : std::uint8_t { unknown, alert, padded_alert, finished, empty_certificate };

// A record of TLS 1.3 by the size of its fragment.
Guess guess_of(std::size_t size);

// Of one side, in order; null where there are fewer.
const HiddenRecord* hidden_of(const TlsFacts& facts, unsigned side, std::size_t index);

// Whether the hidden records look like a handshake that came to its end: both sides sent Finished, or data.
bool looks_established(const TlsFacts& facts);
// The first thing that this side said under protection looks like an alert; its size, or 0.
std::size_t hidden_alert_size(const TlsFacts& facts, unsigned side);
// The client answered a request with an empty list, and the server's next record looks like an alert.
bool looks_refused_without_certificate(const TlsFacts& facts);

}  // namespace handfast::apps::capture
