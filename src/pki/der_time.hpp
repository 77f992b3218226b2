// UTCTime and GeneralizedTime as RFC 5280 §4.1.2.5 narrows them: seconds, "Z", no fractions.
#pragma once

#include <handfast/bytes.hpp>
#include <handfast/clock.hpp>
#include <string>

#include "crypto/der.hpp"

namespace handfast::pki {

// The next element, a Time.
Time read_time(crypto::DerReader& reader, const char* field);
// The whole DER element: UTCTime until 2049, GeneralizedTime from 2050 on.
ByteString write_time(Time time);
// "2026-11-20T23:41:59Z"
std::string time_to_text(Time time);

}  // namespace handfast::pki
