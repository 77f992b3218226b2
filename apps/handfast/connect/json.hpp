// A session as JSON, schema handfast.connect/1 (docs/json-connect.md). Changes are additive only.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "connect/options.hpp"
#include "connect/session.hpp"

namespace handfast::apps {

// `answer` is what came back for --send.
nlohmann::ordered_json session_json(const SessionResult& result, const ConnectCommand& command,
                                    const std::string& answer);

// Also for the JSON of others: one step, one certificate.
nlohmann::ordered_json step_json(const TraceStep& step, Microseconds since, bool with_fields,
                                 bool with_bytes);
nlohmann::ordered_json certificate_json(const CertificateFact& certificate);

}  // namespace handfast::apps
