// An inspection as JSON, schema handfast.check-cert/1: additive changes only.
#pragma once

#include <nlohmann/json.hpp>

#include "check_cert/inspection.hpp"

namespace handfast::apps {

nlohmann::ordered_json inspection_json(const Inspection& inspection, const CheckCertCommand& command);

}  // namespace handfast::apps
