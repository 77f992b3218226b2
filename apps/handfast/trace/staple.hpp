// A stapled OCSP response as facts and as a line. RFC 6960 §4.2. Parsed by pki, judged by the verifier.
#pragma once

#include <handfast/bytes.hpp>
#include <handfast/error.hpp>
#include <string>
#include <string_view>

#include "trace/model.hpp"

namespace handfast::apps {

// What the verifier said of it: an error about something else says nothing about the response.
enum class StapleTrust : std::uint8_t { not_checked, good, refused };
std::string_view name_of(StapleTrust verdict);

struct StapleFact {
  StapleTrust verdict = StapleTrust::not_checked;
  // "good", "revoked" or "unknown" if it is about the certificate, "tryLater" and the like, "absent" if it is
  // about others, "unreadable".
  std::string status;
  std::string this_update;  // "2026-11-20T17:51:02Z"; empty if there is none
  std::string next_update;
  std::string revoked_since;
  std::string produced_at;
  std::string responder;  // its name, or its key's hash in hexadecimal
  std::string problem;    // why it could not be read; empty if it could
};

// Never fails. The answer is found by the certificate's serial number.
StapleFact describe_staple(Bytes response, Bytes certificate);
// `refused`: why the verifier refused the peer; null if it did not.
StapleTrust staple_verdict(const Error* refused);
// One line for the lanes.
Say say_staple(const StapleFact& staple);

}  // namespace handfast::apps
